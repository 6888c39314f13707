package function

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var own *Error
	if !errors.As(err, &own) || own.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

const shellBootstrap = "#!/bin/sh\nexit 5\n"

func TestCatalogue_survivesRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openService(t, Config{Dir: dir})
	create(t, s, "a", "provided.al2023", "x", "bootstrap", shellBootstrap, "data/x.txt", "x")
	create(t, s, "b", "provided.al2023", "x", "bootstrap", shellBootstrap)
	before, err := s.Function("a", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("b", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Debris of crashes: a creation and a code update that never ended.
	for _, debris := range []string{"functions/half/code/new-1", "functions/a/code/new-2", "functions/a/code/0123"} {
		if err := os.MkdirAll(filepath.Join(dir, debris), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s = openService(t, Config{Dir: dir})
	after, err := s.Function("a", "")
	if err != nil || after.Configuration.RevisionId != before.Configuration.RevisionId || after.Configuration.Timeout != 20 {
		t.Errorf("got %+v, %v", after, err)
	}
	list, _, err := s.List("", 0)
	if err != nil || len(list) != 1 {
		t.Errorf("listed %+v, %v", list, err)
	}
	var left []string
	filepath.WalkDir(filepath.Join(dir, "functions"), func(path string, d fs.DirEntry, err error) error {
		if rel, err := filepath.Rel(dir, path); err == nil && strings.Count(rel, "/") == 3 {
			left = append(left, d.Name())
		}
		return nil
	})
	if len(left) != 2 { // the code and its zip
		t.Errorf("left %v", left)
	}
	wantPayload(t, invoke(t, s, "a", `{}`), true, `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 5"}`)
}

func TestCatalogue_refusals(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	create(t, s, "f", "provided.al2023", "x", "bootstrap", shellBootstrap)
	declare(t, s, Declared{Name: "own"}, "orders")
	good := zipOf(t, "bootstrap", shellBootstrap)
	with := func(change func(*CreateInput)) error {
		in := CreateInput{FunctionName: "g", ZipFile: good, Settings: Settings{Runtime: "python3.12", Handler: "h.h"}}
		change(&in)
		_, err := s.Create(in)
		return err
	}
	variables := func(kv ...string) *Environment {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return &Environment{m}
	}
	wantCode(t, with(func(in *CreateInput) { in.FunctionName = "f" }), "ResourceConflictException")
	wantCode(t, with(func(in *CreateInput) { in.FunctionName = "own" }), "ResourceConflictException")
	wantCode(t, with(func(in *CreateInput) { in.FunctionName = "../x" }), "ValidationException")
	wantCode(t, with(func(in *CreateInput) { in.Runtime = "cobol85" }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.Runtime = "" }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.Handler = "" }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.PackageType = "Image" }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.MemorySize = new(int) }), "ValidationException")
	wantCode(t, with(func(in *CreateInput) { in.Environment = variables("AWS_REGION", "x") }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.Environment = variables("A", strings.Repeat("x", 4097)) }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.Environment = variables("a=b", "x") }), "InvalidParameterValueException")
	wantCode(t, with(func(in *CreateInput) { in.ZipFile = make([]byte, maxZipBytes+1) }), "RequestEntityTooLargeException")
	wantCode(t, s.Delete("own", ""), "InvalidParameterValueException")
	wantCode(t, s.Delete("nobody", ""), "ResourceNotFoundException")
	wantCode(t, s.Delete("f", "$LATEST"), "InvalidParameterValueException")
	if err := with(func(*CreateInput) {}); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(s.storage.dir); err != nil || len(entries) != 2 {
		t.Errorf("folders of refused functions: %v, %v", entries, err)
	}
}

// Code and configuration change while invocations run: none is lost, and the
// old code goes when nobody uses it.
func TestUpdateCode_underLoad(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 2})
	createPython(t, s, "f", "def handler(e, c): return 0\n")
	answers := make(chan Response, 2000)
	submitted := 0
	for round := range 4 {
		for range 300 {
			if _, err := s.InvokeAsync(Request{Function: "f"}, func(r Response, err error) {
				if err != nil {
					t.Error(err)
				}
				answers <- r
			}); err != nil {
				t.Fatal(err)
			}
			submitted++
		}
		source := "def handler(e, c): return " + string(rune('1'+round)) + "\n"
		if _, err := s.UpdateCode(UpdateCodeInput{FunctionName: "f", ZipFile: zipOf(t, "handler.py", source)}); err != nil {
			t.Fatal(err)
		}
	}
	for range submitted {
		if r := <-answers; r.FunctionError != "" {
			t.Fatalf("got %s", r.Payload)
		}
	}
	wantPayload(t, invoke(t, s, "f", `{}`), false, `4`)
	timeout := 7
	if _, err := s.UpdateConfiguration(UpdateConfigurationInput{FunctionName: "f", Settings: Settings{Timeout: &timeout, Environment: &Environment{map[string]string{"AB": "c"}}}}); err != nil {
		t.Fatal(err)
	}
	wantPayload(t, invoke(t, s, "f", `{}`), false, `4`)
	eventually(t, "only the last code is left", func() bool {
		entries, err := os.ReadDir(filepath.Join(s.storage.dir, "f", "code"))
		return err == nil && len(entries) == 2
	})
}

func TestDelete_answersWhatWaits(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 1})
	createPython(t, s, "f", "import time\ndef handler(e, c):\n    time.sleep(0.3)\n    return 1\n")
	runs := start(t, s, "f", `{}`, 1)
	eventually(t, "one runs", func() bool { st := s.Stats("f"); return st.Processes == 1 && st.Starting == 0 && st.Waiting == 0 })
	failed := make(chan error, 1)
	if _, err := s.InvokeAsync(Request{Function: "f"}, func(_ Response, err error) { failed <- err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("f", ""); err != nil {
		t.Fatal(err)
	}
	wantCode(t, <-failed, "ResourceNotFoundException")
	wantPayload(t, <-runs, false, `1`) // what ran has ended in peace
	if _, err := s.Invoke(t.Context(), Request{Function: "f"}); err == nil {
		t.Error("a deleted function answered")
	}
}

func TestUnpack_refusesHostileZips(t *testing.T) {
	t.Parallel()
	link := func(name, target string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: name}
		h.SetMode(fs.ModeSymlink | 0o777)
		f, _ := w.CreateHeader(h)
		f.Write([]byte(target))
		f, _ = w.Create(name + "/inside")
		f.Write([]byte("x"))
		w.Close()
		return b.Bytes()
	}
	lying := zipOf(t, "big", strings.Repeat("0", 1<<20))
	tests := map[string][]byte{
		"not a zip":     []byte("PK nonsense"),
		"parent":        zipOf(t, "../evil", "x"),
		"deep parent":   zipOf(t, "a/../../evil", "x"),
		"absolute":      zipOf(t, "/evil", "x"),
		"backslashes":   zipOf(t, `..\evil`, "x"),
		"link upwards":  link("l", "../.."),
		"absolute link": link("l", "/tmp"),
		"file as dir":   zipOf(t, "a", "x", "a/b", "y"),
		"cut off":       append(bytes.Clone(lying[:40]), lying[60:]...),
		"empty":         zipOf(t),
	}
	for name, zipped := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outer := t.TempDir()
			err := unpack(zipped, filepath.Join(outer, "in"))
			wantCode(t, err, "InvalidParameterValueException")
			if entries, _ := os.ReadDir(outer); len(entries) > 1 {
				t.Errorf("escaped: %v", entries)
			}
		})
	}
}

func TestUnpack_stopsBombs(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a", "b", "c"} {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: name, UncompressedSize64: 100 << 20}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	_, err := checkZip(b.Bytes())
	wantCode(t, err, "InvalidParameterValueException")
	if err == nil || !strings.Contains(err.Error(), "Unzipped size must be smaller than 262144000 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestUnpack_keepsModesAndLinks(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name string, mode fs.FileMode, content string) {
		h := &zip.FileHeader{Name: name}
		h.SetMode(mode)
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(content))
	}
	add("bin/", fs.ModeDir|0o700, "")
	add("bin/run", 0o500, "x")
	add("bin/data", 0o400, "x")
	add("run", fs.ModeSymlink|0o777, "bin/run")
	w.Close()
	dir := t.TempDir()
	if err := unpack(b.Bytes(), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"bin/run": 0o755, "bin/data": 0o644, "run": 0o755} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()|0o022 != want|0o022 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestLog_keepsItsBound(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	l := newFunctionLog(t.TempDir(), "f", 16<<10, clock)
	defer l.close()
	for i := range 5000 {
		l.add(clock.Now().Add(time.Duration(i)*time.Millisecond), "stream", []byte("a message with\ta tab"))
		if i%100 == 0 {
			clock.advance(time.Second) // flushes
		}
	}
	lines, err := l.read(LogOptions{})
	if err != nil || len(lines) < 50 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	last := lines[len(lines)-1]
	if last.Stream != "stream" || last.Message != "a message with\ta tab" {
		t.Errorf("got %+v", last)
	}
	size := int64(0)
	for _, name := range []string{l.path, l.path + ".1"} {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	if size > 16<<10+logBufferBytes {
		t.Errorf("%d bytes are kept", size)
	}
	if tail, err := l.read(LogOptions{Last: 3}); err != nil || len(tail) != 3 || tail[2] != last {
		t.Errorf("got %+v, %v", tail, err)
	}
}
