package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAccess_readsKeys(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "keys.yaml")
	if err := os.WriteFile(file, []byte("- {accessKeyId: A, secretAccessKey: hush}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file, id, secret string
		mode             os.FileMode
		keys             bool
		says             string // error or warning
	}{
		"none":           {"", "", "", 0o600, false, ""},
		"a file":         {file, "", "", 0o600, true, ""},
		"an open file":   {file, "", "", 0o644, true, "chmod"},
		"the variables":  {"", "B", "hush", 0o600, true, ""},
		"both":           {file, "B", "hush", 0o600, true, ""},
		"the same twice": {file, "A", "hush", 0o600, false, "twice"},
		"no secret":      {"", "B", "", 0o600, false, "both"},
		"no file":        {filepath.Join(dir, "none"), "", "", 0o600, false, "read access keys"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(keyIDVariable, test.id)
			t.Setenv(secretVariable, test.secret)
			if err := os.Chmod(file, test.mode); err != nil {
				t.Fatal(err)
			}
			var log strings.Builder
			verifier, err := (&accessConfig{file: test.file}).verifier(nodeConfig{log: slog.New(slog.NewTextHandler(&log, nil))})
			said := log.String()
			if err != nil {
				said += err.Error()
			}
			if (verifier != nil) != test.keys || (said != "") != (test.says != "") || !strings.Contains(said, test.says) || strings.Contains(said, "hush") {
				t.Errorf("keys: %t, said %q", verifier != nil, said)
			}
		})
	}
}

func TestExecutionLog_goesWhereTheEnvironmentSays(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL_LOGS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://all")
	c := &nodeConfig{}
	want := func(url string) {
		t.Helper()
		if got := c.cloudWatchEndpoint(); got != url {
			t.Errorf("got %q, want %q", got, url)
		}
	}
	want("http://all")
	t.Setenv("AWS_ENDPOINT_URL_LOGS", "http://logs")
	want("http://logs")
	t.Setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
	want("")
	c.logsEndpoint = "http://flag"
	want("http://flag")
}
