package function

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// folder writes name, content pairs below dir and makes their times differ
// from what was there.
func folder(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDeclared_followsItsFiles(t *testing.T) {
	t.Parallel()
	needPython(t)
	clock, dir := newHandClock(), t.TempDir()
	s := openService(t, Config{Declared: dir, Clock: clock})
	_, err := s.Invoke(t.Context(), Request{Function: "f"})
	wantCode(t, err, "ResourceNotFoundException")
	folder(t, dir, "f/handler.py", "def handler(e, c): return 1\n")
	wantPayload(t, invoke(t, s, "f", `{}`), false, `1`)
	folder(t, dir, "f/handler.py", "def handler(e, c): return 'two'\n")
	clock.advance(time.Second)
	wantPayload(t, invoke(t, s, "f", `{}`), false, `"two"`)
	folder(t, dir, "f/function.json", `{"Timeout": 60, "MemorySize": 256, "Environment": {"Variables": {"AB": "c"}}, "Handler": "handler.other"}`)
	folder(t, dir, "f/handler.py", "import os\ndef other(e, c): return os.environ['AB']\n")
	clock.advance(time.Second)
	wantPayload(t, invoke(t, s, "f", `{}`), false, `"c"`)
	d, err := s.Function("f", "")
	if err != nil || d.Configuration.Timeout != 60 || d.Configuration.MemorySize != 256 || d.Declared != filepath.Join(dir, "f") {
		t.Errorf("got %+v, %v", d, err)
	}
	folder(t, dir, "f/function.json", `{"Timeout": 6000}`)
	clock.advance(time.Second)
	_, err = s.Invoke(t.Context(), Request{Function: "f"})
	wantCode(t, err, "InvalidParameterValueException")
	if err := os.RemoveAll(filepath.Join(dir, "f")); err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Second)
	_, err = s.Invoke(t.Context(), Request{Function: "f"})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestDeclared_command(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := openService(t, Config{Declared: dir})
	folder(t, dir, "f/run.sh", "#!/bin/sh\n"+bootstrapVariable+"=orders exec "+exe+"\n", "f/function.json", `{"Command": ["./run.sh"], "MaxConcurrency": 3}`)
	wantPayload(t, invoke(t, s, "f", `{"Echo": 7}`), false, `7`)
	list, _, err := s.List("", 10)
	if err != nil || len(list) != 1 || list[0].FunctionName != "f" {
		t.Errorf("listed %+v, %v", list, err)
	}
	_, err = s.UpdateCode(UpdateCodeInput{FunctionName: "f", ZipFile: zipOf(t, "x", "y")})
	wantCode(t, err, "InvalidParameterValueException")
}

func TestGuess(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, runtime, handler string
		files                  []string
	}{
		{"bootstrap", "provided.al2023", "bootstrap", []string{"bootstrap", "#!/bin/sh", "handler.py", ""}},
		{"lambda_function", "python3.12", "lambda_function.lambda_handler", []string{"lambda_function.py", "def lambda_handler(e, c): pass"}},
		{"handler", "python3.12", "handler.handler", []string{"handler.py", "def helper(): pass\ndef handler(e, c): pass", "other.py", ""}},
		{"only file", "python3.12", "resize.main", []string{"resize.py", "def main(e, c): pass", "requirements.txt", ""}},
		{"index", "nodejs22.x", "index.handler", []string{"index.mjs", "export const handler = async () => 1", "lib.mjs", ""}},
		{"commonjs", "nodejs22.x", "app.lambdaHandler", []string{"app.js", "exports.lambdaHandler = async () => 1"}},
		{"nothing", "", "", []string{"README.md", ""}},
		{"too many", "", "", []string{"a.py", "", "b.py", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			folder(t, dir, test.files...)
			runtime, handler, err := guess(dir)
			if runtime != test.runtime || handler != test.handler || (err != nil) != (test.runtime == "") {
				t.Errorf("got %s %s %v", runtime, handler, err)
			}
		})
	}
}

func TestEnvironment_isCleanAndComplete(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{Region: "eu-west-1", Environment: map[string]string{"AWS_ACCESS_KEY_ID": "AKIA", "SHARED": "1"}})
	declareEcho(t, s)
	r := invoke(t, s, "echo", `{"Env": true}`)
	env := string(r.Payload)
	for _, want := range []string{`"AWS_REGION=eu-west-1"`, `"AWS_ACCESS_KEY_ID=AKIA"`, `"SHARED=1"`, `"AWS_LAMBDA_FUNCTION_NAME=echo"`, `"TZ=:UTC"`, `"LANG=en_US.UTF-8"`,
		`"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/echo"`, `"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512"`, `"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand"`} {
		if !contains(env, want) {
			t.Errorf("no %s in %s", want, env)
		}
	}
	for _, forbidden := range []string{`"USER=`, `"PWD=`, `"GOPATH=`, `"AWS_EXECUTION_ENV`, `"HOME=/root`} {
		if contains(env, forbidden) {
			t.Errorf("%s in %s", forbidden, env)
		}
	}
}
