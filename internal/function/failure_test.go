package function

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestInvoke_failuresOfProcesses(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	declare(t, s, Declared{Name: "f"}, "orders")
	declare(t, s, Declared{Name: "quick", Timeout: 150 * time.Millisecond}, "orders")
	tests := []struct{ name, function, event, want string }{
		{"reported", "f", `{"Fail":"{\"errorMessage\":\"m\"}"}`, `{"errorMessage":"m"}`},
		{"exit status", "f", `{"Exit":7}`, `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 7"}`},
		{"exit without reason", "f", `{"Exit":0}`, `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}`},
		{"killed", "f", `{"Signal":true}`, `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: killed"}`},
		{"hang", "quick", `{"SleepMS":60000}`, `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 0.15 seconds"}`},
		{"too large", "f", `{"Big":6291557}`, `{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}`},
		{"too large in chunks", "f", `{"Big":7000000,"Chunked":true}`, `{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}`},
		{"broken stream", "f", `{"Trailers":true}`, `{"errorType":"Boom"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			began := time.Now()
			wantPayload(t, invoke(t, s, test.function, test.event), true, test.want)
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("took %s", took)
			}
			// The next one finds a process again.
			wantPayload(t, invoke(t, s, test.function, `{"Echo":1}`), false, `1`)
		})
	}
}

func TestInvoke_passesOnWhateverComes(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	f := declareEcho(t, s)
	wantPayload(t, invoke(t, s, f, `{"Raw":"<html>"}`), false, "<html>")
	for _, event := range []string{`{"Big":6291556}`, `{"Big":300000,"Chunked":true}`} {
		r := invoke(t, s, f, event)
		if n, _ := strconv.Atoi(strings.Trim(strings.Split(event[7:], ",")[0], "}")); len(r.Payload) != n || r.FunctionError != "" {
			t.Errorf("%s: got %d bytes, %s", event, len(r.Payload), r.FunctionError)
		}
	}
	large := `{"Echo":"` + strings.Repeat("x", 3<<20) + `"}`
	if r := invoke(t, s, f, large); len(r.Payload) != 3<<20+2 {
		t.Errorf("large event: got %d bytes", len(r.Payload))
	}
}

func TestInvoke_failuresOfInit(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{InitTimeout: 300 * time.Millisecond})
	declare(t, s, Declared{Name: "exits"}, "exit")
	declare(t, s, Declared{Name: "reports"}, "init-error")
	declare(t, s, Declared{Name: "hangs", Timeout: 100 * time.Millisecond}, "init-hang")
	if err := s.Declare(Declared{Name: "missing", Command: []string{"/no/such/program"}}); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, want string }{
		{"exits", `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3"}`},
		{"reports", `{"errorMessage":"no database","errorType":"Boom"}`},
		{"hangs", `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 0.10 seconds"}`},
		{"missing", `{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ID Error: fork/exec /no/such/program: no such file or directory"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantPayload(t, invoke(t, s, test.name, `{}`), true, test.want)
		})
	}
}

func TestInvoke_killsAboveMemorySize(t *testing.T) {
	t.Parallel()
	if memoryOf(os.Getpid()).total == 0 {
		t.Skip("the memory of processes is not known here")
	}
	s := openService(t, Config{})
	declare(t, s, Declared{Name: "f", Memory: 128}, "orders")
	r := invoke(t, s, "f", `{"Alloc":200}`)
	wantPayload(t, r, true, `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: killed"}`)
	if !strings.Contains(string(r.LogResult), "used more than its 128 MB") {
		t.Errorf("log does not say why:\n%s", r.LogResult)
	}
}

func TestClose_answersWhatRunsAndWaits(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 1})
	f := declareEcho(t, s)
	invoke(t, s, f, `{}`)
	answers := make(chan error, 3)
	for range 3 {
		if _, err := s.InvokeAsync(Request{Function: f, Payload: []byte(`{"SleepMS":60000}`)},
			func(_ Response, err error) { answers <- err }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		var own *Error
		if err := <-answers; !errors.As(err, &own) || own.Code != "ServiceException" {
			t.Errorf("got %v", err)
		}
	}
	if _, err := s.Invoke(t.Context(), Request{Function: f}); err == nil {
		t.Error("a closed service took an invocation")
	}
}

// A function that prints without end from another thread gets its answer out.
func TestInvoke_endlessPrinting(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxLogBytes: 1 << 20})
	createPython(t, s, "f", "import threading, os\n"+
		"def spam():\n    while True: os.write(1, b'spam spam spam spam spam\\n' * 100)\n"+
		"def handler(e, c):\n    if e: threading.Thread(target=spam, daemon=True).start()\n    return 1\n")
	for _, event := range []string{`{}`, `{"start":1}`, `{}`, `{}`} {
		wantPayload(t, invoke(t, s, "f", event), false, `1`)
	}
}
