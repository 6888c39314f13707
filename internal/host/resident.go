package host

import (
	"fmt"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// resident is an execution in memory, with what the store knows of it.
type resident struct {
	id      store.LogID
	x       *engine.Execution
	program *asl.Program
	summary store.Summary

	// memory: Express, whose turns are not stored but for its start and end.
	// silent: started synchronously, nothing is stored at all.
	memory, silent bool
	// fresh: it starts anew on a log that holds a former run of it.
	fresh bool

	// As stored so far.
	position uint64
	status   store.Status
	wake     time.Time
	open     bool

	// Of the batch in hand.
	events  []history.Event
	effects []engine.Effect
	replies []reply
	touched bool
	yielded bool
	bytes   int // of payloads, as the cache counts them

	timer   time.Time // memory: the wake-up in the shard's timers
	timerAt int       // its place there, from 1; 0: none

	onEnd []func(result) // synchronous starters
	early []message      // answers by token that wait for their call's report
}

type reply struct {
	to func(result)
	result
}

func (r *resident) answerEnd(res result) {
	for _, f := range r.onEnd {
		f(res)
	}
	r.onEnd = nil
}

// load returns the execution id, from the cache or folded from its log; nil when
// there is none.
func (s *shard) load(id store.LogID) (*resident, error) {
	if r := s.cache[id]; r != nil {
		return r, nil
	}
	x := engine.New()
	var turns uint64
	var decodeErr error
	err := s.h.config.Store.Turns(s.h.ctx, id, 0, func(turn []byte) bool {
		var events []history.Event
		if events, decodeErr = history.DecodeTurn(turn); decodeErr != nil {
			return false
		}
		for i := range events {
			x.Apply(&events[i])
		}
		turns++
		return true
	})
	if err == nil {
		err = decodeErr
	}
	if err != nil {
		return nil, fmt.Errorf("load execution %s: %w", id, err)
	}
	if turns == 0 {
		return nil, nil
	}
	summary, err := s.h.config.Store.Summary(s.h.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load summary of %s: %w", id, err)
	}
	program, err := s.h.programs.of(x.Start)
	if err != nil {
		return nil, fmt.Errorf("load execution %s: %w", id, err)
	}
	r := &resident{
		id: id, x: x, program: program, summary: *summary, memory: x.Start.Express,
		position: turns, status: summary.Status, wake: x.NextWake(), open: x.Open(),
	}
	s.measure(r)
	if r.memory {
		r.wake = time.Time{}
		s.timers.set(r, x.NextWake())
	}
	s.keep(r)
	return r, nil
}

// loadIfAny is load for an execution that most likely does not exist.
func (s *shard) loadIfAny(id store.LogID) (*resident, error) {
	if r := s.cache[id]; r != nil {
		return r, nil
	}
	known, err := s.h.config.Store.Exists(s.h.ctx, id)
	if err != nil || !known {
		return nil, err
	}
	return s.load(id)
}

// keep puts r into the cache and makes room.
func (s *shard) keep(r *resident) {
	s.cache[r.id] = r
	s.makeRoom()
}

// measure notes what r holds on to.
func (s *shard) measure(r *resident) {
	before := r.bytes
	r.bytes = r.x.Size()
	s.cached += r.bytes - before
}

// drop takes r out of the cache.
func (s *shard) drop(r *resident) {
	if s.cache[r.id] == r {
		delete(s.cache, r.id)
		s.cached -= r.bytes
		s.timers.set(r, time.Time{})
	}
}

// makeRoom drops executions at rest, which can be folded from their logs again,
// when the cache holds too many of them or too many bytes.
func (s *shard) makeRoom() {
	if len(s.cache) <= s.h.config.CacheMax && s.cached <= s.h.config.CacheBytes {
		return
	}
	for _, r := range s.cache {
		if len(s.cache) <= s.h.config.CacheMax*3/4 && s.cached <= s.h.config.CacheBytes*3/4 {
			return
		}
		if !r.touched && !r.memory && len(r.early) == 0 {
			s.drop(r)
		}
	}
}

// statusOf maps the engine's statuses to those of summaries.
func statusOf(x *engine.Execution) store.Status {
	switch x.Status {
	case engine.Succeeded:
		return store.Succeeded
	case engine.Failed:
		return store.Failed
	case engine.TimedOut:
		return store.TimedOut
	case engine.Aborted:
		return store.Aborted
	case engine.Pending, engine.Running:
	}
	return store.Running
}
