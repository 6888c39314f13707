package function

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func openService(t testing.TB, c Config) *Service {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// zipOf packs name, content pairs.
func zipOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(files[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// declare makes the test binary a function.
func declare(t testing.TB, s *Service, d Declared, mode string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	d.Command = []string{exe}
	d.Environment = map[string]string{bootstrapVariable: mode}
	d.Timeout = or(d.Timeout, 30*time.Second)
	d.Memory = or(d.Memory, 512)
	if err := s.Declare(d); err != nil {
		t.Fatal(err)
	}
}

func declareEcho(t testing.TB, s *Service) string {
	declare(t, s, Declared{Name: "echo"}, "orders")
	return "echo"
}

func needPython(t testing.TB) {
	t.Helper()
	if realPath("python3", "-c", "import sys; print(sys.executable)") == "" {
		t.Skip("python3 is not installed")
	}
}

func needNode(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
}

func createPython(t testing.TB, s *Service, name, source string) {
	t.Helper()
	needPython(t)
	create(t, s, name, "python3.12", "handler.handler", "handler.py", source)
}

func createNode(t testing.TB, s *Service, name, source string) {
	t.Helper()
	needNode(t)
	create(t, s, name, "nodejs22.x", "index.handler", "index.mjs", source)
}

func create(t testing.TB, s *Service, name, runtime, handler string, files ...string) {
	t.Helper()
	timeout := 20
	_, err := s.Create(CreateInput{
		FunctionName: name, ZipFile: zipOf(t, files...),
		Settings: Settings{Runtime: runtime, Handler: handler, Role: "arn:aws:iam::123456789012:role/r", Timeout: &timeout},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func createPythonEcho(t testing.TB, s *Service) string {
	createPython(t, s, "echo", "def handler(event, context):\n    return event\n")
	return "echo"
}

func createNodeEcho(t testing.TB, s *Service) string {
	createNode(t, s, "echo", "export const handler = async (event) => event;\n")
	return "echo"
}

func invoke(t testing.TB, s *Service, name, payload string) Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := s.Invoke(ctx, Request{Function: name, Payload: []byte(payload), LogTail: true})
	if err != nil {
		t.Fatalf("invoke %s: %v", name, err)
	}
	return r
}

// wantPayload compares after replacing the request id by ID.
func wantPayload(t testing.TB, r Response, failed bool, want string) {
	t.Helper()
	got := strings.ReplaceAll(string(r.Payload), r.RequestID, "ID")
	if got != want || (r.FunctionError != "") != failed {
		t.Errorf("got %s (error %q)\nwant %s (failed %v)", got, r.FunctionError, want, failed)
	}
}

func TestInvoke_languages(t *testing.T) {
	t.Parallel()
	for name, setUp := range map[string]func(testing.TB, *Service) string{
		"go": declareEcho, "python": createPythonEcho, "node": createNodeEcho,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openService(t, Config{})
			f := setUp(t, s)
			for range 3 {
				r := invoke(t, s, f, `{"a":[1,2,"ü"]}`)
				want := `{"a":[1,2,"ü"]}`
				if name == "python" {
					want = `{"a": [1, 2, "ü"]}`
				}
				wantPayload(t, r, false, want)
				if r.StatusCode != 200 || r.ExecutedVersion != "$LATEST" || len(r.RequestID) != 36 {
					t.Errorf("got %+v", r)
				}
				for _, line := range []string{"START RequestId: " + r.RequestID + " Version: $LATEST\n", "END RequestId: " + r.RequestID + "\n", "REPORT RequestId: "} {
					if !strings.Contains(string(r.LogResult), line) {
						t.Errorf("log misses %q:\n%s", line, r.LogResult)
					}
				}
			}
			if st := s.Stats(f); st.Processes != 1 {
				t.Errorf("stats %+v", st)
			}
		})
	}
}
