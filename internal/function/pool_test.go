package function

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// handClock is a clock that tests move; timers run on the goroutine that moves it.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*handTimer]struct{}
}

type handTimer struct {
	c  *handClock
	at time.Time
	f  func()
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), timers: map[*handTimer]struct{}{}}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) Timer {
	t := &handTimer{c: c, f: f}
	t.Reset(d)
	return t
}

func (t *handTimer) Stop() bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	_, armed := t.c.timers[t]
	delete(t.c.timers, t)
	return armed
}

func (t *handTimer) Reset(d time.Duration) bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	_, armed := t.c.timers[t]
	t.at = t.c.now.Add(d)
	t.c.timers[t] = struct{}{}
	return armed
}

// advance moves the time and runs what is due, earliest first.
func (c *handClock) advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		var due *handTimer
		for t := range c.timers {
			if !t.at.After(end) && (due == nil || t.at.Before(due.at)) {
				due = t
			}
		}
		if due == nil {
			break
		}
		delete(c.timers, due)
		c.now = due.at
		c.mu.Unlock()
		due.f()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

// eventually waits for something that happens on another goroutine or process.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (s *Service) statsAre(name string, want Stats) func() bool {
	return func() bool { return s.Stats(name) == want }
}

// start submits n invocations of the same event and returns their answers.
func start(t *testing.T, s *Service, name, event string, n int) chan Response {
	t.Helper()
	answers := make(chan Response, n)
	for range n {
		_, err := s.InvokeAsync(Request{Function: name, Payload: []byte(event)}, func(r Response, err error) {
			if err != nil {
				t.Error(err)
			}
			answers <- r
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return answers
}

func TestPool_growsToTheConcurrencyAskedFor(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 5, MaxStarting: 2})
	f := declareEcho(t, s)
	file := filepath.Join(t.TempDir(), "go")
	answers := start(t, s, f, `{"Wait":`+strconv.Quote(file)+`}`, 8)
	eventually(t, "5 processes, 3 waiting", s.statsAre(f, Stats{Processes: 5, Waiting: 3}))
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		<-answers
	}
	eventually(t, "all idle", s.statsAre(f, Stats{Processes: 5, Idle: 5}))
}

func TestPool_startsNoMoreThanTheQueueNeeds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                     string
		waiting, ready, starting int
		duration                 time.Duration
		want                     bool
	}{
		{"nobody waits", 0, 1, 0, time.Hour, false},
		{"nobody is there", 1, 0, 0, time.Hour, true},
		{"one is coming for each", 2, 0, 2, 0, false},
		{"one more waits", 3, 0, 2, 0, true},
		{"durations unknown", 5, 3, 0, 0, true},
		{"quick ones are done sooner", 100, 1, 0, 400 * time.Microsecond, false},
		{"unless there are too many", 200, 1, 0, 400 * time.Microsecond, true},
		{"slow ones", 1, 1, 0, time.Second, true},
		{"no room", 100, 4, 6, time.Second, false},
	}
	for _, test := range tests {
		s := openService(t, Config{Clock: newHandClock()})
		p := newPool(s, runnable{maxConcurrency: 10}, nil)
		for range test.waiting {
			p.queue.push(&Invocation{})
		}
		for range test.ready + test.starting {
			p.all[newInstance(p)] = struct{}{}
		}
		p.ready, p.starting, p.duration, p.startCost = test.ready, test.starting, test.duration, 50*time.Millisecond
		if got := p.wantsMoreLocked(false); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

// The estimate can be wrong; the queue must not starve for it.
func TestPool_growsImpatient(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	f := declareEcho(t, s)
	for range 20 {
		invoke(t, s, f, `{}`)
	}
	file := filepath.Join(t.TempDir(), "go")
	blocked := start(t, s, f, `{"Wait":`+strconv.Quote(file)+`}`, 1)
	wantPayload(t, invoke(t, s, f, `{"Echo":2}`), false, `2`)
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	<-blocked
}

func TestPool_shrinksWhenIdle(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	s := openService(t, Config{Clock: clock, IdleTimeout: time.Minute})
	f := declareEcho(t, s)
	file := filepath.Join(t.TempDir(), "go")
	answers := start(t, s, f, `{"Wait":`+strconv.Quote(file)+`}`, 3)
	eventually(t, "3 processes", s.statsAre(f, Stats{Processes: 3}))
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		<-answers
	}
	eventually(t, "3 idle", s.statsAre(f, Stats{Processes: 3, Idle: 3}))
	clock.advance(40 * time.Second)
	invoke(t, s, f, `{}`) // the newest is used again
	eventually(t, "3 idle", s.statsAre(f, Stats{Processes: 3, Idle: 3}))
	clock.advance(30 * time.Second)
	eventually(t, "the used one is left", s.statsAre(f, Stats{Processes: 1, Idle: 1}))
	clock.advance(30 * time.Second)
	eventually(t, "none is left", s.statsAre(f, Stats{}))
	wantPayload(t, invoke(t, s, f, `{"Echo":3}`), false, `3`)
}

func TestPool_refusesBeyondItsQueue(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 1, MaxQueue: 2})
	f := declareEcho(t, s)
	file := filepath.Join(t.TempDir(), "go")
	first := start(t, s, f, `{"Wait":`+strconv.Quote(file)+`}`, 1)
	eventually(t, "one runs", s.statsAre(f, Stats{Processes: 1}))
	rest := start(t, s, f, `{}`, 2)
	_, err := s.InvokeAsync(Request{Function: f}, func(Response, error) { t.Error("answered") })
	var own *Error
	if !errors.As(err, &own) || own.HTTPStatus != 429 {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	<-first
	<-rest
	<-rest
}

func TestInvoke_withdrawsWhatWaits(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 1})
	f := declareEcho(t, s)
	file := filepath.Join(t.TempDir(), "go")
	first := start(t, s, f, `{"Wait":`+strconv.Quote(file)+`}`, 1)
	eventually(t, "one runs", s.statsAre(f, Stats{Processes: 1}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Invoke(ctx, Request{Function: f}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if st := s.Stats(f); st.Waiting != 0 {
		t.Errorf("stats %+v", st)
	}
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	<-first
	wantPayload(t, invoke(t, s, f, `{"Echo":4}`), false, `4`)
}

func TestInvoke_manyAtOnce(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{MaxConcurrency: 4})
	f := declareEcho(t, s)
	answers := start(t, s, f, `{"Echo":{"x":"y"}}`, 3000)
	for range 3000 {
		if r := <-answers; string(r.Payload) != `{"x":"y"}` {
			t.Fatalf("got %s", r.Payload)
		}
	}
}

func TestInvoke_eventIsTriedAgain(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	s := openService(t, Config{Clock: clock})
	f := declareEcho(t, s)
	r, err := s.Invoke(t.Context(), Request{Function: f, Type: Event, Payload: []byte(`{"Print":"try","Fail":"{}"}`)})
	if err != nil || r.StatusCode != 202 || len(r.Payload) != 0 {
		t.Fatalf("got %+v, %v", r, err)
	}
	tries := func(n int) func() bool {
		return func() bool {
			lines, err := s.Logs(f, LogOptions{RequestID: r.RequestID})
			if err != nil {
				t.Fatal(err)
			}
			reports := 0
			for _, l := range lines {
				if len(l.Message) > 6 && l.Message[:6] == "REPORT" {
					reports++
				}
			}
			s.mu.RLock()
			defer s.mu.RUnlock()
			return reports == n && (len(s.retries) == 1 || n == 3)
		}
	}
	eventually(t, "first try", tries(1))
	clock.advance(time.Minute)
	eventually(t, "second try", tries(2))
	clock.advance(2 * time.Minute)
	eventually(t, "third try", tries(3))
	if r, err := s.Invoke(t.Context(), Request{Function: f, Type: DryRun}); err != nil || r.StatusCode != 204 {
		t.Errorf("dry run: %+v, %v", r, err)
	}
}
