// Package execlog writes the execution log: the events of executions whose state
// machine has a LoggingConfiguration, as AWS Step Functions writes them to
// CloudWatch Logs.
//
// It decides nothing and never holds up an execution: what its bounded queue
// cannot take is dropped and counted. Delivery is best effort, as AWS's is: a
// crash loses what was not written yet. It must not be read to find out what an
// execution did; the history is the truth.
package execlog

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
)

// Record is one line of a log.
type Record struct {
	Group   Group
	Machine string // name of the state machine
	At      time.Time
	Text    []byte // JSON without a line break
}

// Group is a log group.
type Group struct{ Region, Name string }

// groupOf reads the ARN arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*.
func groupOf(arn string) Group {
	parts := strings.SplitN(arn, ":", 8)
	if len(parts) < 7 {
		return Group{}
	}
	return Group{Region: parts[3], Name: parts[6]}
}

// Sink takes records.
type Sink interface {
	// Write writes records, which may be of several groups, in order. It returns
	// how many were lost, and why: an error of the last loss. It may block.
	Write(ctx context.Context, records []Record) (lost int, err error)
	Close() error
}

// Config is what a Logger needs. Sink is required.
type Config struct {
	Sink Sink
	// QueueBytes bounds the payloads that wait to be written; default 64 MiB.
	QueueBytes int
	// Linger is how long a record may wait for others, to be written together;
	// default 100 ms.
	Linger time.Duration
	Log    *slog.Logger // default slog.Default()
}

// Logger writes what it observes to a sink. It is a host.Observer.
type Logger struct {
	config Config

	mu      sync.Mutex
	queue   []host.ObservedTurn
	bytes   int
	closed  bool
	dropped int64 // since New

	signal chan struct{} // capacity 1: there is something in the queue
	stop   chan struct{}
	done   chan struct{}
}

var _ host.Observer = (*Logger)(nil)

// New returns a Logger that writes until it is closed.
func New(c Config) *Logger {
	if c.QueueBytes == 0 {
		c.QueueBytes = 64 << 20
	}
	if c.Linger == 0 {
		c.Linger = 100 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	l := &Logger{config: c, signal: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

// eventBytes is about what an event without payload takes in memory.
const eventBytes = 512

// Observe implements host.Observer.
func (l *Logger) Observe(t host.ObservedTurn) {
	t.Events = loggedEvents(t.Start.Logging.Level, t.Events)
	if len(t.Events) == 0 {
		return
	}
	size := bytesOf(&t)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.bytes+size > l.config.QueueBytes {
		l.dropped += int64(len(t.Events))
		return
	}
	l.queue = append(l.queue, t)
	l.bytes += size
	select {
	case l.signal <- struct{}{}:
	default:
	}
}

// loggedEvents returns those that are logged, in a slice of their own if that
// holds on to less.
func loggedEvents(level string, events []history.Event) []history.Event {
	n := 0
	for i := range events {
		if logged(level, events[i].Type) {
			n++
		}
	}
	if n == len(events) || n == 0 {
		return events[:n]
	}
	kept := make([]history.Event, 0, n)
	for i := range events {
		if logged(level, events[i].Type) {
			kept = append(kept, events[i])
		}
	}
	return kept
}

// bytesOf is about what a turn takes in memory.
func bytesOf(t *host.ObservedTurn) int {
	size := len(t.Events) * eventBytes
	for i := range t.Events {
		size += len(t.Events[i].Payload)
	}
	return size
}

// Dropped is how many records were lost: the queue was full, or the sink did not
// take them.
func (l *Logger) Dropped() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

// closeFor is how long Close lets the sink write what is queued.
const closeFor = 5 * time.Second

// Close writes what is queued, for at most 5 seconds, and closes the sink. No
// turn is observed after it.
func (l *Logger) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()
	close(l.stop)
	<-l.done
	return l.config.Sink.Close()
}

func (l *Logger) run() {
	defer close(l.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-l.stop
		timer := time.NewTimer(closeFor)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-ctx.Done():
		}
	}()
	warning := warning{log: l.config.Log}
	for open := true; open; {
		select {
		case <-l.signal:
			select {
			case <-time.After(l.config.Linger):
			case <-l.stop:
			}
		case <-l.stop:
			open = false
		}
		for l.writeBatch(ctx, &warning) {
		}
	}
}

// batchEvents bounds how many records are in memory as texts.
const batchEvents = 2000

// writeBatch writes a part of the queue; false when it is empty.
func (l *Logger) writeBatch(ctx context.Context, w *warning) bool {
	turns := l.take()
	if len(turns) == 0 {
		w.tell(l.Dropped(), nil)
		return false
	}
	var records []Record
	for i := range turns {
		records = appendRecords(records, &turns[i])
	}
	lost, err := l.config.Sink.Write(ctx, records)
	if errors.Is(err, context.Canceled) {
		err = nil // the end: what is left is lost, and counted
	}
	l.mu.Lock()
	l.dropped += int64(lost)
	dropped := l.dropped
	l.mu.Unlock()
	w.tell(dropped, err)
	return true
}

// take takes turns from the queue, at least one if there is one.
func (l *Logger) take() []host.ObservedTurn {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, events := 0, 0
	for n < len(l.queue) && (n == 0 || events+len(l.queue[n].Events) <= batchEvents) {
		events += len(l.queue[n].Events)
		n++
	}
	turns := slices.Clone(l.queue[:n])
	clear(l.queue[:n]) // the array must not hold on to them
	if l.queue = l.queue[n:]; len(l.queue) == 0 {
		l.queue = nil
	}
	for i := range turns {
		l.bytes -= bytesOf(&turns[i])
	}
	return turns
}

// appendRecords appends the records of a turn.
func appendRecords(records []Record, t *host.ObservedTurn) []Record {
	group := groupOf(t.Start.Logging.Group)
	for i := range t.Events {
		e := &t.Events[i]
		records = append(records, Record{Group: group, Machine: t.Start.Machine, At: e.Time, Text: appendRecord(nil, t, e)})
	}
	return records
}

// warning tells the operator of losses, at most once a minute.
type warning struct {
	log  *slog.Logger
	told int64 // losses
	last time.Time
	err  error // not told yet
}

func (w *warning) tell(dropped int64, err error) {
	if err != nil {
		w.err = err
	}
	if dropped == w.told && w.err == nil || time.Since(w.last) < time.Minute {
		return
	}
	w.log.Warn("records of the execution log are lost", "lost", dropped-w.told, "lostSinceStart", dropped, "error", w.err)
	w.told, w.err, w.last = dropped, nil, time.Now()
}
