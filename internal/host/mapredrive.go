package host

import (
	"fmt"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
)

// redriveMapRun lets a map run do again what has not succeeded.
func (h *Host) redriveMapRun(e engine.RedriveMapRun) {
	id, err := store.RunOf(e.UUID)
	if err != nil {
		panic("host: " + err.Error()) // made by the engine
	}
	log := store.MapRunID(id)
	_ = h.shard(log).offer(message{id: log, run: runRedrive{e.Count}}) // refused at the end only: found again by recovery
}

// redrive begins redrive number count. It reports whether there is something to
// do now: a run that has yet to end, because its execution was stopped a moment
// ago, is redriven then, and one that was redriven before says what became of it.
func (run *mapRun) redrive(b *batch, count int) bool {
	st := run.state
	switch {
	case st.Redrive != nil && st.Redrive.Count >= count:
		if st.Ended != nil {
			run.tellParent()
		}
		return false
	case st.Ended == nil:
		run.again = count
		return false
	}
	run.again, run.writing, run.feed = 0, false, nil
	run.s.runs[run.id] = run
	run.summary.Status, run.summary.Stop = store.Running, time.Time{}
	run.summary.RedriveCount, run.summary.RedriveDate = count, b.now
	run.summary.Turns = run.position + 1
	run.note(b, maprun.Fact{Redriven: &maprun.Redriven{Count: count, At: b.now}})
	return true
}

// resumeChildren redrives as many children of former runs as there is room for.
func (run *mapRun) resumeChildren(b *batch) error {
	d := run.state.Redrive
	room := min(run.state.Room(), childrenPerStep)
	resumed := &maprun.Resumed{Next: d.Next}
	var again []*store.Summary
	looked := 0
	err := run.s.h.config.Store.Children(run.s.h.ctx, run.id, d.Next, func(child *store.Summary) bool {
		_, index, _ := child.ID.Child()
		if index >= d.Until || int64(len(again)) == room || looked == batchMax {
			return false
		}
		looked++
		resumed.Next = index + 1
		switch child.Status {
		case store.Failed, store.TimedOut, store.Aborted:
			c := maprun.ResumedChild{Index: index, Items: child.ItemCount, Was: outcomeOf(child.Status)}
			if c.Kept = !redrivable(child, b.now); !c.Kept {
				again = append(again, child)
			}
			resumed.Children = append(resumed.Children, c)
		default:
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("redrive children of map run %s: %w", run.id, err)
	}
	if looked == 0 && room > 0 { // nothing is left behind Next
		resumed.Next = d.Until
	}
	if resumed.Next == d.Next {
		return nil
	}
	run.note(b, maprun.Fact{Resumed: resumed})
	for _, child := range again {
		if err := run.resumeChild(b, child); err != nil {
			return err
		}
	}
	run.wakeUp() // for the children behind, or for new ones
	return nil
}

// redrivePeriod is how long after its end a child can be redriven.
// Source: Step Functions, "Redriving Map Runs".
const redrivePeriod = 14 * 24 * time.Hour

func redrivable(child *store.Summary, now time.Time) bool {
	return child.Events < asl.MaxHistoryEvents-1 && now.Sub(child.Stop) <= redrivePeriod
}

// resumeChild lets a Standard child go on from where it was, and starts an
// Express one again.
func (run *mapRun) resumeChild(b *batch, child *store.Summary) error {
	s := run.s
	known, err := s.load(child.ID)
	if err != nil {
		return err
	}
	if known == nil {
		return fmt.Errorf("child %s of map run %s has no log", child.ID, run.id)
	}
	if !child.Express {
		s.decide(b, known, engine.Redrive{})
		return nil
	}
	s.drop(known)
	r := &resident{
		id: known.id, x: engine.New(), program: known.program, summary: *child, memory: true, fresh: true,
		position: known.position, status: child.Status,
	}
	r.summary.RedriveCount++
	r.summary.RedriveDate, r.summary.Stop = b.now, time.Time{}
	s.keep(r)
	s.decide(b, r, engine.Begin{Input: known.x.Input, Role: known.x.Role, Start: known.x.Start})
	return nil
}
