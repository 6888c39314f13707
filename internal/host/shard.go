package host

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/store"
	"pawl.dev/value"
)

// message is one input on its way to a log of a shard.
type message struct {
	id    store.LogID
	input engine.Input // for an execution that exists
	start *start       // for a new execution
	run   runInput     // for a map run
	wake  time.Time    // the wake-up row that caused it, zero when none did
	reply func(result) // called once the batch is durable; may be nil
	// answers is the attempt that a worker answers by its token. Before the
	// attempt's call is reported the answer waits: AWS shows the call first.
	answers *attempt
}

// result is what became of a message.
type result struct {
	err       error
	decided   bool          // it was not late, early or repeated
	open      bool          // heartbeats: the task is open, even if it demands none
	summary   store.Summary // of the execution
	execution *Execution    // ended: answers to onEnd only
}

// batchMax is how many messages one commit takes at most.
const batchMax = 1024

// shard is the single writer of its logs. Everything below the inbox is touched
// by the shard's goroutine only.
type shard struct {
	h     *Host
	lease store.Lease

	mu     sync.Mutex
	inbox  []message
	closed bool
	signal chan struct{} // capacity 1: there is something in the inbox

	cache  map[store.LogID]*resident
	cached int           // payload bytes in the cache
	past   []store.LogID // Express executions that have ended: their starts can go
	runs   map[store.RunID]*mapRun
	timers timers    // wake-ups of executions that live in memory
	next   time.Time // earliest wake-up row in the store; zero: none
	rand   *rand.Rand
	arena  value.Arena
	buf    []byte
	clock  time.Time // when the decision in progress started, for JSONata's guard
}

func newShard(h *Host, lease store.Lease) *shard {
	return &shard{
		h: h, lease: lease, signal: make(chan struct{}, 1),
		cache: make(map[store.LogID]*resident), runs: make(map[store.RunID]*mapRun), rand: newRand(),
	}
}

// offer puts messages into the inbox. It never blocks: what feeds a shard is
// bounded where it comes from (requests, tasks in flight, map run buffers).
func (s *shard) offer(ms ...message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.inbox = append(s.inbox, ms...)
	select {
	case s.signal <- struct{}{}:
	default:
	}
	return nil
}

func (s *shard) run() {
	if err := s.recover(); err != nil {
		s.h.fail(err)
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for s.h.ctx.Err() == nil {
		batch := s.take()
		batch, err := s.due(batch)
		if err == nil && len(batch) > 0 {
			err = s.process(batch)
		}
		if err == nil && (len(batch) == 0 || len(s.past) >= forgetMax) {
			err = s.forget()
		}
		if err != nil {
			s.h.fail(err)
			break
		}
		if len(batch) == 0 {
			s.sleep(timer)
		}
	}
	s.close()
}

// forgetMax is how many ended Express executions are deleted at once.
const forgetMax = 512

// forget deletes the starts of Express executions that have ended: nobody can
// ask for them. A crash before it runs them again (at least once).
func (s *shard) forget() error {
	if len(s.past) == 0 {
		return nil
	}
	if err := s.h.config.Store.Delete(s.h.commitContext(), s.past); err != nil {
		return fmt.Errorf("delete ended Express executions: %w", err)
	}
	s.past = s.past[:0]
	return nil
}

// sleep waits for a message, the next wake-up or the end.
func (s *shard) sleep(timer *time.Timer) {
	wait := time.Hour
	if at := s.nextWake(); !at.IsZero() {
		wait = max(at.Sub(s.h.now()), 0)
	}
	timer.Reset(wait)
	select {
	case <-s.signal:
	case <-timer.C:
	case <-s.h.ctx.Done():
	}
}

func (s *shard) nextWake() time.Time {
	at := s.next
	if len(s.timers) > 0 && (at.IsZero() || s.timers[0].timer.Before(at)) {
		at = s.timers[0].timer
	}
	return at
}

func (s *shard) take() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.inbox), batchMax)
	batch := append([]message(nil), s.inbox[:n]...)
	rest := copy(s.inbox, s.inbox[n:])
	clear(s.inbox[rest:])
	s.inbox = s.inbox[:rest]
	if rest > 0 {
		select {
		case s.signal <- struct{}{}:
		default:
		}
	}
	return batch
}

// due adds the wake-ups whose time has come to a batch.
func (s *shard) due(batch []message) ([]message, error) {
	now := s.h.now()
	for len(s.timers) > 0 && !s.timers[0].timer.After(now) && len(batch) < batchMax {
		r := s.timers[0]
		s.timers.set(r, time.Time{}) // set again once this is decided
		batch = append(batch, message{id: r.id, input: engine.Wake{}})
	}
	if s.next.IsZero() || s.next.After(now) || len(batch) >= batchMax {
		return batch, nil
	}
	rows, err := s.h.config.Store.Due(s.h.ctx, s.lease.Shard, now, batchMax)
	if err != nil {
		return batch, ignoreCancelled(err)
	}
	for _, row := range rows {
		batch = append(batch, message{id: row.ID, input: engine.Wake{}, wake: row.At})
	}
	s.next = time.Time{} // read again once these are committed
	return batch, nil
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// close refuses new messages and answers those that are left.
func (s *shard) close() {
	s.mu.Lock()
	s.closed = true
	left := s.inbox
	s.inbox = nil
	s.mu.Unlock()
	for _, m := range left {
		if m.reply != nil {
			m.reply(result{err: ErrClosed})
		}
	}
	for _, run := range s.runs {
		run.stopReading()
	}
	for _, r := range s.cache {
		r.answerEnd(result{err: ErrClosed})
	}
}

// recover finds what was running and hands its outstanding effects out again
// (I9).
func (s *shard) recover() error {
	ctx := s.h.ctx
	next, err := s.h.config.Store.NextWake(ctx, s.lease.Shard)
	if err != nil {
		return ignoreCancelled(err)
	}
	s.next = next
	var after store.LogID
	for ctx.Err() == nil {
		ids, err := s.h.config.Store.Open(ctx, s.lease.Shard, after, batchMax)
		if err != nil {
			return ignoreCancelled(err)
		}
		if len(ids) == 0 {
			return nil
		}
		after = ids[len(ids)-1]
		for _, id := range ids {
			if err := s.recoverLog(id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shard) recoverLog(id store.LogID) error {
	if runID, ok := id.Run(); ok {
		_, err := s.loadRun(runID)
		return err
	}
	r, err := s.load(id)
	if err != nil || r == nil {
		return err
	}
	r.open = true // as the row that led here says
	for _, e := range r.x.Outstanding() {
		s.release(r, e)
	}
	return s.offer(message{id: id, input: engine.Continue{}})
}
