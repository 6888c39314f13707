package host

import (
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
)

// step takes a map run as far as it can go: stop it, start children, or collect
// its results.
func (run *mapRun) step(b *batch) error {
	st := run.state
	if st.Ended != nil || run.writing {
		return nil
	}
	if st.Stop == nil && st.Exceeded() {
		run.note(b, maprun.Fact{Stop: &maprun.Stop{Failure: maprun.ThresholdExceeded()}})
	}
	if st.Stop != nil {
		if err := run.stopChildren(b); err != nil {
			return err
		}
	} else if st.Redriving() {
		if err := run.resumeChildren(b); err != nil {
			return err
		}
	} else if err := run.startChildren(b); err != nil {
		return err
	}
	if st.Quiet() {
		if st.Stop == nil && st.Exceeded() { // the total is known only now
			run.note(b, maprun.Fact{Stop: &maprun.Stop{Failure: maprun.ThresholdExceeded()}})
		}
		run.collect()
	}
	return nil
}

// stopChildren aborts all children that run.
func (run *mapRun) stopChildren(b *batch) error {
	run.stopReading()
	for index := range run.state.Running {
		child, err := run.s.load(store.ChildID(run.id, index))
		if err != nil {
			return err
		}
		if child != nil {
			run.s.decide(b, child, engine.Stop{})
		}
	}
	return nil
}

func (run *mapRun) stopReading() {
	if run.feed != nil {
		run.feed.stop()
	}
}

// childrenPerStep bounds what one commit starts, so that other logs of the shard
// get their turn.
const childrenPerStep = 1024

// startChildren starts as many children as there is room and input for.
func (run *mapRun) startChildren(b *batch) error {
	if run.state.AllTaken {
		return nil
	}
	if run.feed == nil {
		run.feed = newFeed(run)
	}
	room := min(run.state.Room(), childrenPerStep)
	started := &maprun.Started{}
	first := run.state.Next
	var inputs []*prepared
	for int64(len(inputs)) < room {
		p := run.feed.take()
		if p == nil {
			break
		}
		inputs = append(inputs, p)
		started.Items = append(started.Items, p.items)
		started.Cursor = p.cursor
	}
	if len(inputs) > 0 {
		run.note(b, maprun.Fact{Started: started})
		for i, p := range inputs {
			run.s.beginChild(b, run, first+uint64(i), p)
		}
		if int64(len(inputs)) == childrenPerStep {
			run.wakeUp()
		}
	}
	if run.feed.exhausted() {
		run.note(b, maprun.Fact{AllTaken: true})
	}
	return nil
}

// beginChild starts child index of a run.
func (s *shard) beginChild(b *batch, run *mapRun, index uint64, p *prepared) {
	c := run.created
	name := maprun.ChildName(string(run.id), index)
	full := name
	if c.Express {
		full += ":" + engine.NewUUID(s.rand)
	}
	id := store.ChildID(run.id, index)
	r := &resident{
		id: id, x: engine.New(), program: run.program, memory: c.Express,
		summary: store.Summary{
			ID: id, Machine: c.Machine, Label: c.Label, Name: full, Status: store.Running, Start: b.now,
			Express: c.Express, Version: c.Version, Alias: c.Alias, ItemCount: p.items, MapRun: c.UUID,
		},
	}
	s.keep(r)
	s.decide(b, r, engine.Begin{
		Input: p.input, Role: c.Role,
		Start: &history.Start{
			Definition: c.Definition, Revision: c.Revision, Machine: c.Machine, Label: c.Label,
			Execution: name, StateMachine: s.h.stateMachineARN(c.Machine, c.Label),
			ARN:      s.h.executionARN(c.Machine, c.Label, full, c.Express),
			MapState: c.MapState, Express: c.Express, Logging: c.Logging,
		},
	})
}

// finish ends the run with its results.
func (run *mapRun) finish(b *batch, in runFinished) {
	st := run.state
	if st.Ended != nil {
		return
	}
	ended := &maprun.Ended{
		Status: string(store.Succeeded), At: b.now, Output: in.output, Written: in.written, Pending: in.pending,
	}
	ended.Items, ended.Children = st.Totals()
	failure := in.failure
	if st.Stop != nil && st.Stop.Failure != nil {
		failure = st.Stop.Failure
	}
	switch {
	case failure != nil:
		ended.Status, ended.Failure, ended.Output = string(store.Failed), failure, ""
	case st.Stop != nil:
		ended.Status, ended.Output = string(store.Aborted), ""
	}
	run.summary.Status, run.summary.Stop = store.Status(ended.Status), b.now
	run.summary.Turns = run.position + 1
	run.note(b, maprun.Fact{Ended: ended})
}
