package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/internal/api"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
)

// sink is a ResponseWriter that keeps nothing.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// benchmark measures what an operation costs beside the host and net/http.
func benchmark(b *testing.B, operation, body string, reset func(h *servicetest.Host)) {
	st, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			b.Error(err)
		}
	}()
	fake := &servicetest.Host{}
	s := service.New(st, fake, service.Config{})
	if _, err := s.CreateStateMachine(b.Context(), service.CreateStateMachineInput{Name: "m", Definition: passing, RoleARN: role}); err != nil {
		b.Fatal(err)
	}
	h := api.New(s, api.Options{})
	reset(fake)
	w := &sink{header: make(http.Header)}
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:5"
		r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
		h.ServeHTTP(w, r)
	}
	if w.status != 0 {
		b.Fatalf("status %d", w.status)
	}
}

func BenchmarkStartExecution(b *testing.B) {
	benchmark(b, "StartExecution", `{"stateMachineArn":"`+prefix+`stateMachine:m","input":"{\"order\":{\"id\":\"A-1001\",\"total\":129.5}}"}`,
		func(h *servicetest.Host) { h.Forgetful = true })
}

func BenchmarkDescribeExecution(b *testing.B) {
	benchmark(b, "DescribeExecution", `{"executionArn":"`+prefix+`execution:m:x"}`, func(h *servicetest.Host) {
		h.Put(host.Execution{
			Summary: store.Summary{Machine: "m", Name: "x", Status: store.Succeeded, Start: time.UnixMilli(1), Stop: time.UnixMilli(2)},
			Input:   `{"a":1}`, Output: `{"a":1}`,
		})
	})
}

func BenchmarkGetExecutionHistory(b *testing.B) {
	var events []history.Event
	for id := history.EventID(1); id <= 100; id++ {
		events = append(events, history.Event{
			ID: id, Previous: id - 1, Type: history.PassStateEntered, Time: time.UnixMilli(1), Name: "State", Payload: `{"order":{"id":"A-1001"}}`, HasPayload: true,
		})
	}
	benchmark(b, "GetExecutionHistory", `{"executionArn":"`+prefix+`execution:m:x"}`, func(h *servicetest.Host) {
		h.Put(host.Execution{Summary: store.Summary{Machine: "m", Name: "x"}}, events...)
	})
}
