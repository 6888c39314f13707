package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
)

// TestStory tells a Parallel state with a Map in one branch and a retry in the
// other.
func TestStory(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	var lines []string
	s := newStory(func(at time.Time, kind lineKind, text string) {
		lines = append(lines, fmt.Sprintf("%d %d %s", at.Sub(start)/time.Second, kind, text))
	})
	after := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	boom, cause := "Boom", `{"errorMessage":"out of\npaper","errorType":"Boom"}`
	tell := func(events ...history.Event) {
		for i := range events {
			s.add(&events[i])
		}
	}
	tell(
		history.Event{Type: history.ExecutionStarted, Time: start},
		history.Event{Type: history.ParallelStateEntered, Time: start, Name: "Both"},
		history.Event{Type: history.ParallelStateStarted, Time: start},
		history.Event{Type: history.MapStateEntered, Time: start, Frame: 1, Name: "Each"},
		history.Event{Type: history.MapStateStarted, Time: start, Frame: 1, Length: 2},
		history.Event{Type: history.MapIterationStarted, Time: start, Frame: 3, Parent: 1, Index: 0},
		history.Event{Type: history.WaitStateEntered, Time: start, Frame: 3, Name: "Hold"},
		history.Event{Type: history.WaitStarted, Time: start, Frame: 3, Until: after(9)},
		history.Event{Type: history.TaskStateEntered, Time: start, Frame: 2, Name: "Print"},
		history.Event{Type: history.LambdaFunctionScheduled, Time: start, Frame: 2, Resource: "arn:aws:lambda:us-east-1:123456789012:function:print"},
	)
	if diff := cmp.Diff([]string{"Each: 0/2 items", "Each[0] / Hold: 7s left", "Print: runs 2s"}, s.now(after(2))); diff != "" {
		t.Errorf("now after 2 s: %s", diff)
	}
	tell(
		history.Event{Type: history.LambdaFunctionFailed, Time: after(2), Frame: 2, Error: &boom, Cause: &cause},
		history.Event{Type: history.RetryScheduled, Time: after(2), Frame: 2, Until: after(5)},
		history.Event{Type: history.WaitStateExited, Time: after(3), Frame: 3, Name: "Hold"},
		history.Event{Type: history.MapIterationSucceeded, Time: after(3), Frame: 3},
	)
	if diff := cmp.Diff([]string{"Each: 1/2 items", "Print: retry 1 in 2s"}, s.now(after(3))); diff != "" {
		t.Errorf("now after 3 s: %s", diff)
	}
	tell(
		history.Event{Type: history.TaskScheduled, Time: after(5), Frame: 2, ResourceType: "lambda", Resource: "invoke"},
		history.Event{Type: history.TaskTimedOut, Time: after(6), Frame: 2, Error: &boom},
		history.Event{Type: history.MapStateAborted, Time: after(6), Frame: 1},
		history.Event{Type: history.ParallelStateFailed, Time: after(6)},
	)
	if got := s.now(after(6)); len(got) != 0 {
		t.Errorf("after the end goes on: %q", got)
	}
	want := []string{
		"0 0 Both: entered (Parallel)",
		"0 0 Each: entered (Map)",
		"0 0 Each[0] / Hold: entered (Wait)",
		"0 0 Each[0] / Hold: waits 9s",
		"0 0 Print: entered (Task)",
		"0 0 Print: attempt 1 of function print",
		"2 1 Print: failed: Boom: out of paper",
		"2 1 Print: retry 1 in 3s",
		"5 0 Print: attempt 2 of lambda:invoke",
		"6 1 Print: failed: Boom",
		"6 1 Each: aborted",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if len(s.threads) != 1 || len(s.order) != 1 {
		t.Errorf("%d threads are left, %d in order", len(s.threads), len(s.order))
	}
}

func TestRunWatch_measuresTheLastSeconds(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	r := &runWatch{marks: []mark{{at: start}}}
	var got float64
	for second := 1; second <= 10; second++ {
		got = r.measure(start.Add(time.Duration(second)*time.Second), int64(second*second))
	}
	if want := float64(100-36) / 4; got != want {
		t.Errorf("%v items/s, want %v", got, want)
	}
	if len(r.marks) > 6 {
		t.Errorf("%d marks are kept", len(r.marks))
	}
}

func TestScreen_redrawsTheStatus(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := &screen{out: &out, terminal: true, width: func() int { return 12 }}
	s.setStatus("0123456789abcdef")
	s.line(1500*time.Millisecond, badLine, "bad\x1b[2J news")
	s.setStatus("")
	want := "\r\x1b[K0123456789…" + "\r\x1b[K" + "    1.50s  bad [2J news\n" + "\r\x1b[K0123456789…" + "\r\x1b[K"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStatusText_namesTheFirst(t *testing.T) {
	t.Parallel()
	if got, want := statusText([]string{"a", "b", "c", "d", "e", "f"}), "a  b  c  d  +2 more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndText(t *testing.T) {
	t.Parallel()
	d := &host.MapRun{Items: host.MapRunCounts{Succeeded: 4990, Failed: 9, TimedOut: 1}}
	d.Stop = d.Start.Add(2500 * time.Millisecond)
	if got, want := endText(d), "5,000 items in 2.5s (2,000/s), 10 failed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
