package host

import (
	"fmt"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// batch is what one commit of a shard will hold.
type batch struct {
	now     time.Time
	env     engine.Env
	touched []*resident
	runs    []*mapRun // with something to store
	failed  []reply   // messages that could not be decided
}

// process decides every message, commits what came of them at once and releases
// it (I3).
func (s *shard) process(messages []message) error {
	b := &batch{now: s.h.now()}
	b.env = engine.Env{
		Now: b.now, Rand: s.rand, Arena: &s.arena, Region: s.h.config.Region,
		Refuse:  s.h.refuse,
		Expired: func() bool { return time.Since(s.clock) > time.Second },
	}
	for _, m := range messages {
		if err := s.handle(b, m); err != nil {
			s.h.log.Error("an input could not be decided", "log", string(m.id), "error", err)
			if m.reply != nil {
				b.failed = append(b.failed, reply{m.reply, result{err: err}})
			}
		}
	}
	if err := s.commit(b); err != nil {
		return err
	}
	s.releaseAll(b)
	return nil
}

func (s *shard) handle(b *batch, m message) error {
	switch {
	case m.run != nil:
		return s.handleRun(b, m)
	case m.start != nil:
		return s.begin(b, m)
	}
	if run, ok := m.id.Run(); ok { // a wake-up row of a map run: they have none
		return fmt.Errorf("map run %s has no such input", run)
	}
	r, err := s.load(m.id)
	if err != nil {
		return err
	}
	if r == nil {
		if m.reply != nil {
			b.failed = append(b.failed, reply{m.reply, result{err: ErrNotFound}})
		}
		return nil
	}
	if !m.wake.IsZero() {
		r.wake = m.wake // the row that is really there
	}
	if a := m.answers; a != nil && r.x.Uncalled(a.task, a.nonce) {
		r.early = append(r.early, m)
		return nil
	}
	res := result{decided: s.decide(b, r, m.input)}
	if len(r.early) > 0 && m.answers == nil {
		early := r.early
		r.early = nil
		_ = s.offer(early...) // refused at the end only: the worker is told so
	}
	if beat, ok := m.input.(engine.Beat); ok {
		_, _, res.open = r.x.OpenTask(beat.Task, beat.Nonce)
	}
	if m.reply != nil {
		r.replies = append(r.replies, reply{m.reply, res})
	}
	return nil
}

// decide lets the engine carry r on by one input.
func (s *shard) decide(b *batch, r *resident, in engine.Input) bool {
	s.clock = time.Now()
	b.env.MachineDeleted = s.h.deleted.has(r.summary.Machine)
	b.env.Token = func(task history.EventID, nonce uint64, resource string) string {
		return attempt{r.id, task, nonce, resource}.String()
	}
	turn := engine.Decide(r.program, r.x, in, &b.env)
	s.arena.Reset()
	s.measure(r)
	r.events = append(r.events, turn.Events...)
	r.effects = append(r.effects, turn.Effects...)
	r.yielded = turn.Yielded
	s.touch(b, r)
	return len(turn.Events) > 0
}

func (s *shard) touch(b *batch, r *resident) {
	if !r.touched {
		r.touched = true
		b.touched = append(b.touched, r)
	}
}

// commit stores the batch.
func (s *shard) commit(b *batch) error {
	s.buf = s.buf[:0]
	records := make([]store.Record, 0, len(b.touched)+len(b.runs))
	spans := make([][2]int, 0, cap(records))
	for _, r := range b.touched {
		if rec, ok := s.record(r); ok {
			from := len(s.buf)
			s.buf = appendStored(s.buf, r)
			spans = append(spans, [2]int{from, len(s.buf)})
			records = append(records, rec)
		}
	}
	for _, run := range b.runs {
		from := len(s.buf)
		s.buf = run.appendTurn(s.buf)
		spans = append(spans, [2]int{from, len(s.buf)})
		records = append(records, run.storeRecord())
	}
	if len(records) == 0 {
		return nil
	}
	for i, span := range spans {
		if span[0] < span[1] {
			records[i].Turn = s.buf[span[0]:span[1]]
		}
	}
	if err := s.h.config.Store.Commit(s.h.commitContext(), s.lease, records); err != nil {
		return fmt.Errorf("commit %d logs of shard %d: %w", len(records), s.lease.Shard, err)
	}
	for i := range records {
		if at := records[i].Wake; !at.IsZero() && (s.next.IsZero() || at.Before(s.next)) {
			s.next = at
		}
	}
	if s.next.IsZero() {
		next, err := s.h.config.Store.NextWake(s.h.commitContext(), s.lease.Shard)
		if err != nil {
			return fmt.Errorf("next wake-up of shard %d: %w", s.lease.Shard, err)
		}
		s.next = next
	}
	if cap(s.buf) > 8<<20 {
		s.buf = nil
	}
	return nil
}

// record is what the batch does to the log of r; false when nothing.
func (s *shard) record(r *resident) (store.Record, bool) {
	ended := r.x.Ended()
	if r.silent || r.memory && !r.unborn() && !ended || r.passing() && ended {
		return store.Record{}, false
	}
	rec := store.Record{
		ID: r.id, Position: r.position, OldStatus: r.status,
		OldWake: r.wake, OldOpen: r.open,
	}
	if r.memory {
		rec.Open = !ended
	} else {
		rec.Wake, rec.Open = r.x.NextWake(), r.x.Open()
	}
	if len(r.events) == 0 && rec.Wake.Equal(rec.OldWake) && rec.Open == rec.OldOpen {
		return store.Record{}, false
	}
	if status := statusOf(r.x); status != r.status || r.fresh || !r.memory && r.x.RedriveCount != r.summary.RedriveCount {
		r.summary.Status = status
		r.summary.Stop = r.x.StopTime
		r.summary.Events = int(r.x.Last)
		r.summary.Turns = r.position + 1
		if !r.memory {
			r.summary.RedriveCount, r.summary.RedriveDate = r.x.RedriveCount, r.x.RedriveTime
		}
		rec.Summary = &r.summary
	}
	return rec, true
}

// appendStored appends the turn as it is stored: all of it, or an Express
// execution's first and last events.
func appendStored(dst []byte, r *resident) []byte {
	events := r.events
	if len(events) == 0 {
		return dst
	}
	if r.memory {
		kept := make([]history.Event, 0, 2)
		if r.unborn() {
			kept = append(kept, events[0])
		}
		if r.x.Ended() {
			kept = append(kept, events[len(events)-1])
		}
		events = kept
	}
	return history.AppendTurn(dst, events)
}

// unborn reports whether its start is not stored yet.
func (r *resident) unborn() bool { return r.position == 0 || r.fresh }

// passing reports whether nothing of r is kept once it has ended: Express
// executions that are no children of a map run.
func (r *resident) passing() bool {
	_, _, child := r.id.Child()
	return r.memory && !child
}

// releaseAll lets out what is durable now: effects, answers, ends.
func (s *shard) releaseAll(b *batch) {
	for _, f := range b.failed {
		f.to(f.result)
	}
	for _, r := range b.touched {
		s.settle(r)
		s.observe(r)
		for _, e := range r.effects {
			s.release(r, e)
		}
		for _, rep := range r.replies {
			rep.summary = r.summary
			rep.to(rep.result)
		}
		if r.x.Ended() {
			s.ended(r)
		} else if r.yielded {
			// Offered rather than decided here, so that others get their turn.
			_ = s.offer(message{id: r.id, input: engine.Continue{}}) // refused only at the end
		}
		r.events, r.effects, r.replies, r.touched, r.yielded = nil, nil, nil, false, false
	}
	s.makeRoom()
	for _, run := range b.runs {
		run.committed()
	}
}

// settle notes what the store holds of r now.
func (s *shard) settle(r *resident) {
	switch {
	case r.silent:
		s.timers.set(r, r.x.NextWake())
	case r.memory:
		if stored := r.unborn() || r.x.Ended(); stored && !(r.passing() && r.x.Ended()) {
			r.position++
			r.status, r.open, r.fresh = statusOf(r.x), !r.x.Ended(), false
		}
		s.timers.set(r, r.x.NextWake())
	default:
		if len(r.events) > 0 {
			r.position++
		}
		r.status, r.wake, r.open = statusOf(r.x), r.x.NextWake(), r.x.Open()
	}
}

// ended lets go of an execution and tells those who wait for it.
func (s *shard) ended(r *resident) {
	s.drop(r)
	if r.passing() && r.open {
		s.past = append(s.past, r.id)
	}
	r.answerEnd(result{summary: r.summary, execution: r.describe()})
	if !r.silent {
		s.h.ends.tell(r.id)
	}
	// A late input to a child that ended before counts for nothing: the child
	// may be redriven by now.
	if run, index, ok := r.id.Child(); ok && len(r.events) > 0 {
		s.childEnded(run, index, r)
	}
	s.h.deleted.ended(r.summary.Machine)
}
