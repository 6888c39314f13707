package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a running pawl serve.
type server struct {
	url  string
	cmd  *exec.Cmd
	read sync.WaitGroup // of its output
	logs bytes.Buffer   // standard error; read it after the end only
}

var servedAt = regexp.MustCompile(`on (http://\S+)`)

// pawl is the command as a process of its own: this test binary, under another
// name (see TestMain).
func pawl(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"pawl"}, args...), Env: append(os.Environ(), "AWS_ENDPOINT_URL_LAMBDA=")}
}

// startServer runs pawl serve on a free port until the test ends.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{cmd: pawl(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)}
	s.cmd.Stderr = &s.logs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	if m := servedAt.FindStringSubmatch(first); m != nil {
		s.url = m[1]
	} else {
		t.Fatalf("pawl serve said %q first; %v; %s", first, s.cmd.Wait(), s.logs.String())
	}
	s.read.Go(func() { _, _ = io.Copy(io.Discard, lines) })
	return s
}

// end signals the server and returns how it ended.
func (s *server) end(t *testing.T, signal os.Signal) error {
	t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	s.read.Wait()
	return s.cmd.Wait()
}

// call makes a Step Functions request.
func (s *server) call(t *testing.T, action string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "AWSStepFunctions."+action)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s (%v)", action, res.Status, answer, err)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatal(err)
	}
}

// TestServe_goesOnAfterItsEnd: an execution that waits when the server is shut
// down, or killed, goes on in the next server.
func TestServe_goesOnAfterItsEnd(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"shut down": os.Interrupt, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			s := startServer(t, "--data", data, "--functions", "")
			res, err := http.Get(s.url + "/healthz")
			if err != nil || res.StatusCode != http.StatusOK {
				t.Fatalf("healthz: %v, %v", res, err)
			}
			res.Body.Close()
			var machine struct{ StateMachineArn string }
			s.call(t, "CreateStateMachine", map[string]string{
				"name": "wait", "roleArn": "arn:aws:iam::123456789012:role/r",
				"definition": `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","Result":7,"End":true}}}`,
			}, &machine)
			var execution struct{ ExecutionArn string }
			s.call(t, "StartExecution", map[string]string{"stateMachineArn": machine.StateMachineArn}, &execution)
			if err := s.end(t, signal); (err == nil) != (signal == os.Interrupt) {
				t.Fatalf("after %v: %v; %s", signal, err, s.logs.String())
			}

			s = startServer(t, "--data", data, "--functions", "")
			if status, output := s.outcome(t, execution.ExecutionArn); status != "SUCCEEDED" || output != "7" {
				t.Fatalf("the execution ended %s with %s", status, output)
			}
			if err := s.end(t, os.Interrupt); err != nil {
				t.Fatalf("the second server: %v; %s", err, s.logs.String())
			}
		})
	}
}

// outcome waits for the end of an execution.
func (s *server) outcome(t *testing.T, arn string) (status, output string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		var d struct{ Status, Output string }
		s.call(t, "DescribeExecution", map[string]string{"executionArn": arn}, &d)
		if d.Status != "RUNNING" {
			return d.Status, d.Output
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the execution does not end")
		}
	}
}

// TestFunctionCommands lists and invokes functions of a server.
func TestFunctionCommands(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is missing")
	}
	data, functions := t.TempDir(), t.TempDir()
	code := "def lambda_handler(event, context):\n    print('asked')\n    return {'answer': 1 / event['by']}\n"
	if err := os.MkdirAll(filepath.Join(functions, "divide"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(functions, "divide", "lambda_function.py"), []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "--data", data, "--functions", functions)
	tests := []struct {
		args                   []string
		status                 int
		wantStdout, wantStderr string
	}{
		{args: []string{"list"}, wantStdout: "divide  python3"},
		{args: []string{"list", "--output", "json"}, wantStdout: `"FunctionName": "divide"`},
		{args: []string{"invoke", "divide", "--payload", `{"by": 4}`, "--logs"}, wantStdout: `{"answer": 0.25}`, wantStderr: "asked"},
		{args: []string{"invoke", "divide", "--payload", `{"by": 0}`}, status: 1, wantStderr: `"errorType": "ZeroDivisionError"`},
		{args: []string{"invoke", "divide", "--payload", `by`}, status: 2, wantStderr: "the payload is no JSON"},
		{args: []string{"invoke", "multiply"}, status: 1, wantStderr: "pawl function list shows what there is"},
	}
	for _, tt := range tests {
		cmd := pawl(t, append(append([]string{"function"}, tt.args...), "--endpoint", s.url)...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run() // the status tells
		if got := cmd.ProcessState.ExitCode(); got != tt.status {
			t.Errorf("%q: status %d, want %d; %s", tt.args, got, tt.status, stderr.String())
		}
		if !strings.Contains(stdout.String(), tt.wantStdout) || !strings.Contains(stderr.String(), tt.wantStderr) {
			t.Errorf("%q:\n%s%s\nwant %q and %q", tt.args, stdout.String(), stderr.String(), tt.wantStdout, tt.wantStderr)
		}
	}
	if err := s.end(t, os.Interrupt); err != nil {
		t.Fatalf("the server: %v; %s", err, s.logs.String())
	}
	cmd := pawl(t, "function", "list", "--endpoint", s.url)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "start one with pawl serve") {
		t.Errorf("without a server: %v, %s", err, out)
	}
}

// TestRun_stopsAtInterrupt: Ctrl-C stops the execution and is told by the exit
// status.
func TestRun_stopsAtInterrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "hold.asl.json")
	if err := os.WriteFile(file, []byte(`{"StartAt":"Hold","States":{"Hold":{"Type":"Wait","Seconds":3600,"End":true}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := pawl(t, "run", file, "--output", "json")
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(progress)
	for lines.Scan() && !strings.Contains(lines.Text(), "Hold: waits 1h0m0s") {
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(progress)
	_ = cmd.Wait() // the status tells
	if got := cmd.ProcessState.ExitCode(); got != exitInterrupted || !strings.Contains(stdout.String(), `"status": "ABORTED"`) {
		t.Errorf("status %d, output %s%s", got, stdout.String(), rest)
	}
}
