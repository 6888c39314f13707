package execlog

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pawl.dev/internal/history"
)

// memory is a sink that keeps records, or blocks and fails.
type memory struct {
	mu      sync.Mutex
	records []Record
	block   chan struct{} // nil: never
	err     error
	closed  bool
}

func (m *memory) Write(ctx context.Context, records []Record) (int, error) {
	if m.block != nil {
		select {
		case <-m.block:
		case <-ctx.Done():
			return len(records), ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return len(records), m.err
	}
	m.records = append(m.records, records...)
	return 0, nil
}

func (m *memory) Close() error {
	m.closed = true
	return nil
}

func started() history.Event {
	return history.Event{Type: history.ExecutionStarted, Payload: "{}", HasPayload: true}
}

func TestLogger_writesWhatIsLoggedAndAllOfItAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sink := new(memory)
		l := New(Config{Sink: sink, Log: slog.New(slog.DiscardHandler)})
		l.Observe(turn("ERROR", true, started(), history.Event{Type: history.FailStateEntered, Name: "F"}, history.Event{Type: history.ExecutionFailed}))
		l.Observe(turn("FATAL", true, started()))
		time.Sleep(time.Second)
		synctest.Wait()
		if len(sink.records) != 2 || sink.records[0].Group != (Group{"eu-west-1", "/aws/vendedlogs/states/g"}) || sink.records[0].Machine != "m" ||
			!strings.HasPrefix(string(sink.records[1].Text), `{"id":"3","type":"ExecutionFailed"`) {
			t.Errorf("got %+v", sink.records)
		}
		for range 5000 {
			l.Observe(turn("ALL", true, started()))
		}
		if err := l.Close(); err != nil || len(sink.records) != 5002 || !sink.closed || l.Dropped() != 0 {
			t.Errorf("%d records, %d dropped, %v", len(sink.records), l.Dropped(), err)
		}
		l.Observe(turn("ALL", true, started()))
		if l.Dropped() != 1 {
			t.Error("what comes after the end is not counted")
		}
	})
}

func TestLogger_dropsWhatItCannotHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		sink := &memory{block: make(chan struct{})}
		l := New(Config{Sink: sink, QueueBytes: 10 * (eventBytes + 2), Log: slog.New(slog.NewTextHandler(&log, nil))})
		for range 15 {
			l.Observe(turn("ALL", true, started())) // returns at once though nothing is written
		}
		if l.Dropped() != 5 {
			t.Errorf("%d dropped", l.Dropped())
		}
		begun := time.Now()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took != closeFor || l.Dropped() != 15 {
			t.Errorf("the end took %v, %d dropped", took, l.Dropped())
		}
		if !strings.Contains(log.String(), "lost=") {
			t.Errorf("the operator is told %q", log.String())
		}
	})
}

func TestLogger_tellsWhyOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		l := New(Config{Sink: &memory{err: errors.New("disk full")}, Log: slog.New(slog.NewTextHandler(&log, nil))})
		for range 60 {
			l.Observe(turn("ALL", true, started()))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if n := strings.Count(log.String(), `error="disk full"`); n != 1 {
			t.Errorf("told %d times:\n%s", n, log.String())
		}
		if err := l.Close(); err != nil || l.Dropped() != 60 {
			t.Errorf("%d dropped, %v", l.Dropped(), err)
		}
	})
}
