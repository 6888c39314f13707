package console

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// record replaces the history of a running execution of "one".
func (f *fixture) record(name string, events ...history.Event) {
	f.host.Put(f.executionNamed(name), events...)
}

// end ends an execution of "one" with the history.
func (f *fixture) end(name string, events ...history.Event) {
	x := f.executionNamed(name)
	x.Status, x.Stop, x.Output = store.Succeeded, time.Now(), `"done"`
	f.host.Put(x, events...)
}

func (f *fixture) executionNamed(name string) host.Execution {
	f.t.Helper()
	x, err := f.host.Describe(context.Background(), host.ExecutionRef{Machine: "one", Name: name})
	if err != nil {
		f.t.Fatal(err)
	}
	return *x
}

func passes(n int) []history.Event {
	events := make([]history.Event, n)
	for i := range events {
		events[i] = history.Event{
			ID: history.EventID(i + 1), Previous: history.EventID(i), Type: history.PassStateEntered, Name: "S" + strconv.Itoa(i),
			Time: time.UnixMilli(int64(1_800_000_000_000 + i)), Payload: `{}`, HasPayload: true, Frame: history.FrameID(i % 2),
		}
	}
	return events
}

// message is a server-sent event.
type message struct{ id, kind, data string }

// follow opens a stream; next returns its next message, false at its end.
func (f *fixture) follow(arn string, change ...func(*http.Request)) (next func() (message, bool)) {
	f.t.Helper()
	server := httptest.NewServer(f.handler)
	f.t.Cleanup(server.Close)
	r, err := http.NewRequest(http.MethodGet, server.URL+api+"/execution/stream?arn="+arn, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, c := range change {
		c(r)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = response.Body.Close() }) // read to its end or given up
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		f.t.Fatalf("got %d %s", response.StatusCode, kind)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return func() (m message, ok bool) {
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				m.id = value
			case "event":
				m.kind = value
			case "data":
				m.data = value
			}
			if lines.Text() == "" && m.kind != "" {
				return m, true
			}
		}
		return m, false
	}
}

func eventIDs(t *testing.T, m message) (ids []int) {
	t.Helper()
	var data struct{ Events []struct{ ID int } }
	if err := json.Unmarshal([]byte(m.data), &data); err != nil {
		t.Fatalf("%s: %v", m.data, err)
	}
	for _, e := range data.Events {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestStream_sendsAllThenNews(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	history := passes(1300)
	arn := f.start("live", history[:1100]...)
	next := f.follow(arn)
	seen := 0
	for seen < 1100 {
		m, ok := next()
		if !ok || m.kind != "events" {
			t.Fatalf("got %v", m)
		}
		for _, id := range eventIDs(t, m) {
			if seen++; id != seen {
				t.Fatalf("event %d after %d", id, seen-1)
			}
		}
		if m.id != strconv.Itoa(seen) {
			t.Errorf("id %s, want %d", m.id, seen)
		}
	}
	f.record("live", history[:1200]...) // more than a look backwards
	for seen < 1200 {
		m, _ := next()
		seen += len(eventIDs(t, m))
	}
	f.end("live", history...)
	for {
		m, ok := next()
		if !ok {
			t.Fatal("the stream ended without saying so")
		}
		if m.kind == "end" {
			if seen != 1300 || !strings.Contains(m.data, `"SUCCEEDED"`) {
				t.Errorf("end after %d events: %s", seen, m.data)
			}
			break
		}
		seen += len(eventIDs(t, m))
	}
	if m, ok := next(); ok {
		t.Errorf("after the end: %v", m)
	}
}

func TestStream_goesOnWhereAClientWas(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	arn := f.start("x", passes(10)...)
	f.end("x", passes(10)...)
	next := f.follow(arn, func(r *http.Request) { r.Header.Set("Last-Event-ID", "7") })
	m, _ := next()
	if got := fmt.Sprint(eventIDs(t, m)); got != "[8 9 10]" {
		t.Errorf("got %s", got)
	}
	if m, _ := next(); m.kind != "end" {
		t.Errorf("got %v", m)
	}
}

func TestStream_endsWithTheServer(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	f := newFixture(t, func(o *Options) { o.Done = done })
	next := f.follow(f.start("x", passes(1)...))
	if m, _ := next(); m.kind != "events" {
		t.Fatalf("got %v", m)
	}
	close(done)
	if m, ok := next(); ok {
		t.Errorf("got %v", m)
	}
}

func TestStream_endsWithTheClient(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	next := f.follow(f.start("x", passes(1)...), func(r *http.Request) { *r = *r.WithContext(ctx) })
	if m, _ := next(); m.kind != "events" {
		t.Fatalf("got %v", m)
	}
	cancel()
	h := f.handler.(*handler)
	for deadline := time.Now().Add(10 * time.Second); h.streams.Load() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the stream goes on without its client")
		}
		f.call("GET", "/info", "", 200) // gives way
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	events := passes(100)
	long, thrown := strings.Repeat("ä", 400), `{"errorMessage":"no luck","stackTrace":[]}`
	events[1] = history.Event{ID: 2, Previous: 1, Type: history.TaskFailed, Time: events[1].Time, Error: new("E"), Cause: &long}
	events[2] = history.Event{ID: 3, Previous: 2, Type: history.LambdaFunctionFailed, Time: events[2].Time, Error: new("E"), Cause: &thrown}
	arn := f.start("x", events...)
	page := f.call("GET", "/execution/events?limit=3&arn="+arn, "", 200)
	rows := page["items"].([]any)
	if len(rows) != 3 || page["next"] == "" {
		t.Fatalf("got %v", page)
	}
	if first := rows[0].(map[string]any); first["bytes"] != 2.0 || first["payload"] != nil || first["name"] != "S0" {
		t.Errorf("first: %v", first)
	}
	if cause := rows[1].(map[string]any)["cause"].(string); len([]rune(cause)) != causeShown+1 {
		t.Errorf("long cause: %d characters", len([]rune(cause)))
	}
	if cause := rows[2].(map[string]any)["cause"]; cause != "no luck" {
		t.Errorf("thrown: %v", cause)
	}
	for _, query := range []string{"id=99&last=100", "id=99", "id=1", "id=1&last=100"} {
		whole := f.call("GET", "/execution/event?"+query+"&arn="+arn, "", 200)
		if whole["payload"] != "{}" {
			t.Errorf("%s: %v", query, whole)
		}
	}
	if whole := f.call("GET", "/execution/event?id=3&arn="+arn, "", 200); whole["cause"] != thrown || whole["payload"] != nil {
		t.Errorf("whole: %v", whole)
	}
	f.call("GET", "/execution/event?id=101&arn="+arn, "", 404)
	f.call("GET", "/execution/event?id=x&arn="+arn, "", 400)
}
