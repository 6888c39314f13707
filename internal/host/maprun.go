package host

import (
	"context"
	"encoding/json"
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
)

// mapRun is a map run in memory. It belongs to the shard that its children are
// in: one commit starts a batch of children and moves the reader's cursor, so
// that a crash neither skips nor doubles an item.
type mapRun struct {
	s       *shard
	id      store.RunID
	state   *maprun.State
	created *maprun.Created
	spec    *engine.MapRunSpec
	def     *asl.Map
	program *asl.Program // of the children
	summary store.Summary

	feed    *feed // reads ahead; nil when there is nothing to read
	stepped bool  // a step is in the inbox
	again   int   // the redrive that follows once the run has ended; 0: none
	writing bool  // results are being collected

	position uint64
	stored   store.Status
	open     bool          // as stored
	facts    []maprun.Fact // of the batch in hand
	queued   bool          // in the batch in hand
	replies  []reply
}

// runInput is what reaches a map run.
type runInput interface{ isRunInput() }

type (
	runCreate   struct{ created *maprun.Created }
	runStep     struct{} // something has changed: go on
	runLimits   struct{ change MapRunChange }
	runAbort    struct{}
	runRedrive  struct{ count int }
	runBroken   struct{ failure *maprun.Reason } // the source can't be read
	runFinished struct {
		output  string
		failure *maprun.Reason
		written int64
		pending int64
	}
	runDescribe struct{ to func(*MapRun) }
)

func (runCreate) isRunInput()   {}
func (runStep) isRunInput()     {}
func (runLimits) isRunInput()   {}
func (runAbort) isRunInput()    {}
func (runRedrive) isRunInput()  {}
func (runBroken) isRunInput()   {}
func (runFinished) isRunInput() {}
func (runDescribe) isRunInput() {}

// startMapRun creates the map run of a state, or finds it again after a crash.
func (h *Host) startMapRun(r *resident, e engine.StartMapRun) {
	spec := e.Spec
	if spec == nil {
		var err error
		if spec, err = h.findSpec(r.id, e.UUID); err != nil {
			h.log.Error("a map run could not be started", "execution", string(r.id), "error", err)
			return
		}
	}
	id, err := store.RunOf(e.UUID)
	if err != nil {
		panic("host: " + err.Error()) // made by the engine
	}
	body, err := json.Marshal(spec)
	if err != nil {
		panic("host: map run spec does not encode: " + err.Error())
	}
	m := r.program.State(spec.State).Map
	start := r.x.Start
	created := &maprun.Created{
		UUID: e.UUID, Parent: string(r.id), Machine: start.Machine, Label: m.Label, Role: r.x.Role,
		Definition: start.Definition, Revision: start.Revision, Version: r.summary.Version, Alias: r.summary.Alias,
		MapState: spec.State, ParentState: start.MapState, ExecutionARN: start.ARN, Express: m.ExpressChildren, Logging: start.Logging,
		Limits: maprun.Limits{
			Concurrency: spec.MaxConcurrency, ToleratedCount: spec.ToleratedCount, ToleratedPercentage: spec.ToleratedPercentage,
		},
		Spec: body,
	}
	log := store.MapRunID(id)
	_ = h.shard(log).offer(message{id: log, run: runCreate{created}}) // refused at the end only: found again by recovery
}

// findSpec reads a map run's spec from the log of its execution.
func (h *Host) findSpec(id store.LogID, uuid string) (spec *engine.MapRunSpec, err error) {
	var failed error
	err = h.config.Store.Turns(h.ctx, id, 0, func(turn []byte) bool {
		events, err := history.DecodeTurn(turn)
		if err != nil {
			failed = err
			return false
		}
		for i := range events {
			if events[i].Type == history.MapRunStarted && events[i].MapRun == uuid {
				spec, failed = engine.SpecOf(&events[i])
				return false
			}
		}
		return true
	})
	if err == nil {
		err = failed
	}
	if err == nil && spec == nil {
		err = fmt.Errorf("map run %s is not in the log", uuid)
	}
	return spec, err
}

func (h *Host) stopMapRun(uuid string) {
	id, err := store.RunOf(uuid)
	if err != nil {
		return
	}
	log := store.MapRunID(id)
	_ = h.shard(log).offer(message{id: log, run: runAbort{}})
}

// handleRun lets a map run take one input.
func (s *shard) handleRun(b *batch, m message) error {
	id, _ := m.id.Run()
	run, err := s.loadRun(id)
	if err != nil {
		return err
	}
	if in, ok := m.run.(runCreate); ok {
		if run == nil {
			return s.createRun(b, m.id, id, in.created)
		}
		if run.state.Ended != nil {
			run.tellParent()
		}
		return nil
	}
	if run == nil {
		if m.reply != nil {
			b.failed = append(b.failed, reply{m.reply, result{err: ErrNotFound}})
		}
		return nil
	}
	switch in := m.run.(type) {
	case runStep:
		run.stepped = false
	case runAbort:
		if run.state.Stop == nil && run.state.Ended == nil {
			run.note(b, maprun.Fact{Stop: &maprun.Stop{}})
		}
	case runBroken:
		if run.state.Stop == nil && run.state.Ended == nil {
			run.note(b, maprun.Fact{Stop: &maprun.Stop{Failure: in.failure}})
		}
	case runFinished:
		run.finish(b, in)
		return nil
	case runLimits:
		run.change(b, in.change, m.reply)
	case runDescribe:
		in.to(run.describe())
		return nil
	case runRedrive:
		if !run.redrive(b, in.count) {
			return nil
		}
	case runCreate:
	}
	return run.step(b)
}

// loadRun returns a map run, from memory or folded from its log and the
// summaries of its children; nil when there is none.
func (s *shard) loadRun(id store.RunID) (*mapRun, error) {
	if run := s.runs[id]; run != nil {
		return run, nil
	}
	run := &mapRun{s: s, id: id, state: maprun.New(), stored: store.Running}
	var failed error
	log := store.MapRunID(id)
	err := s.h.config.Store.Turns(s.h.ctx, log, 0, func(turn []byte) bool {
		var facts []maprun.Fact
		if facts, failed = maprun.DecodeTurn(turn); failed != nil {
			return false
		}
		for i := range facts {
			if facts[i].Created != nil {
				run.created = facts[i].Created
			}
			run.state.Apply(&facts[i])
		}
		run.position++
		return true
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, fmt.Errorf("load map run %s: %w", id, err)
	}
	if run.created == nil {
		return nil, nil
	}
	summary, err := s.h.config.Store.Summary(s.h.ctx, log)
	if err != nil {
		return nil, fmt.Errorf("load summary of map run %s: %w", id, err)
	}
	run.summary, run.stored, run.open = *summary, summary.Status, run.state.Ended == nil
	if err := run.prepare(); err != nil {
		return nil, err
	}
	if run.state.Ended != nil {
		return run, nil
	}
	if err := run.recount(); err != nil {
		return nil, err
	}
	s.runs[id] = run
	run.wakeUp()
	return run, nil
}

// prepare decodes what a run was created with.
func (run *mapRun) prepare() error {
	run.spec = new(engine.MapRunSpec)
	if err := json.Unmarshal(run.created.Spec, run.spec); err != nil {
		return fmt.Errorf("decode spec of map run %s: %w", run.id, err)
	}
	root, err := run.s.h.programs.of(&history.Start{Definition: run.created.Definition})
	if err != nil {
		return err
	}
	state := root.State(run.created.MapState)
	if state == nil || state.Map == nil || state.Map.Child == nil {
		return fmt.Errorf("definition %s has no distributed map %q", run.created.Definition, run.created.MapState)
	}
	run.def, run.program = state.Map, state.Map.Child
	return nil
}

// recount learns from the children's summaries what has become of them.
func (run *mapRun) recount() error {
	err := run.s.h.config.Store.Children(run.s.h.ctx, run.id, 0, func(child *store.Summary) bool {
		if _, index, ok := child.ID.Child(); ok && child.Status != store.Running {
			run.state.ChildEnded(index, outcomeOf(child.Status))
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("count children of map run %s: %w", run.id, err)
	}
	return nil
}

func outcomeOf(s store.Status) maprun.Outcome {
	switch s {
	case store.Succeeded:
		return maprun.Succeeded
	case store.TimedOut:
		return maprun.TimedOut
	case store.Aborted:
		return maprun.Aborted
	default:
		return maprun.Failed
	}
}

// createRun stores a new map run.
func (s *shard) createRun(b *batch, log store.LogID, id store.RunID, created *maprun.Created) error {
	run := &mapRun{s: s, id: id, state: maprun.New(), created: created}
	if err := run.prepare(); err != nil {
		return err
	}
	run.summary = store.Summary{
		ID: log, Machine: created.Machine, Label: created.Label, Name: created.UUID,
		Status: store.Running, Start: b.now, Parent: store.LogID(created.Parent),
	}
	s.runs[id] = run
	run.note(b, maprun.Fact{Created: created})
	return run.step(b)
}

// note notes a fact for the batch in hand and folds it.
func (run *mapRun) note(b *batch, f maprun.Fact) {
	run.facts = append(run.facts, f)
	run.state.Apply(&run.facts[len(run.facts)-1])
	if !run.queued {
		run.queued = true
		b.runs = append(b.runs, run)
	}
}

func (run *mapRun) appendTurn(dst []byte) []byte { return maprun.AppendTurn(dst, run.facts) }

func (run *mapRun) storeRecord() store.Record {
	rec := store.Record{
		ID: store.MapRunID(run.id), Position: run.position, OldStatus: run.stored,
		OldOpen: run.open, Open: run.state.Ended == nil,
	}
	if run.summary.Status != run.stored {
		rec.Summary = &run.summary
	}
	return rec
}

// committed lets out what the batch did to the run.
func (run *mapRun) committed() {
	run.position++
	run.stored, run.open = run.summary.Status, run.state.Ended == nil
	run.facts, run.queued = nil, false
	for _, r := range run.replies {
		r.to(r.result)
	}
	run.replies = nil
	if run.state.Ended != nil {
		delete(run.s.runs, run.id)
		run.tellParent()
		if run.again > 0 {
			run.s.h.redriveMapRun(engine.RedriveMapRun{UUID: run.created.UUID, Count: run.again})
		}
	}
}

// tellParent answers the Map state that waits for the run.
func (run *mapRun) tellParent() {
	ended := run.state.Ended
	in := engine.MapRunDone{UUID: run.created.UUID, Output: ended.Output, Aborted: ended.Status == string(store.Aborted)}
	if run.state.Redrive != nil {
		in.Redrives = run.state.Redrive.Count
	}
	if ended.Failure != nil {
		in.Failure = asl.NewFailure(ended.Failure.Error, ended.Failure.Cause)
	}
	parent := store.LogID(run.created.Parent)
	_ = run.s.h.shard(parent).offer(message{id: parent, input: in}) // refused at the end only: asked again by recovery
}

// wakeUp sees to it that the run takes its next step.
func (run *mapRun) wakeUp() {
	if run.stepped {
		return
	}
	run.stepped = true
	_ = run.s.offer(message{id: store.MapRunID(run.id), run: runStep{}})
}

// childEnded counts a child whose end is durable.
func (s *shard) childEnded(id store.RunID, index uint64, r *resident) {
	if run := s.runs[id]; run != nil {
		run.state.ChildEnded(index, outcomeOf(statusOf(r.x)))
		run.wakeUp()
	}
}

// change takes new limits for a running run.
func (run *mapRun) change(b *batch, c MapRunChange, to func(result)) {
	if run.state.Ended != nil {
		b.failed = append(b.failed, reply{to, result{err: ErrMapRunOver}})
		return
	}
	limits := run.state.Limits
	if c.MaxConcurrency != nil {
		limits.Concurrency = *c.MaxConcurrency
	}
	if c.ToleratedFailureCount != nil {
		limits.ToleratedCount = c.ToleratedFailureCount
	}
	if c.ToleratedFailurePercentage != nil {
		limits.ToleratedPercentage = c.ToleratedFailurePercentage
	}
	run.note(b, maprun.Fact{Limits: &limits})
	run.replies = append(run.replies, reply{to, result{decided: true}})
}

// MapRun returns a map run by its UUID. Errors: ErrNotFound.
func (h *Host) MapRun(ctx context.Context, uuid string) (*MapRun, error) {
	id, err := store.RunOf(uuid)
	if err != nil {
		return nil, ErrNotFound
	}
	log := store.MapRunID(id)
	out := make(chan *MapRun, 1)
	failed := make(chan error, 1)
	m := message{id: log, run: runDescribe{func(d *MapRun) { out <- d }}, reply: func(r result) { failed <- r.err }}
	if err := h.shard(log).offer(m); err != nil {
		return nil, err
	}
	select {
	case d := <-out:
		if d.Name != uuid {
			return nil, ErrNotFound
		}
		return d, nil
	case err := <-failed:
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.ctx.Done():
		return nil, ErrClosed
	}
}

// UpdateMapRun changes a running map run. Errors: ErrNotFound, ErrMapRunOver.
func (h *Host) UpdateMapRun(ctx context.Context, uuid string, c MapRunChange) error {
	id, err := store.RunOf(uuid)
	if err != nil {
		return ErrNotFound
	}
	_, err = h.call(ctx, message{id: store.MapRunID(id), run: runLimits{c}})
	return err
}

// describe is the run as it stands.
func (run *mapRun) describe() *MapRun {
	st := run.state
	d := &MapRun{Summary: run.summary, MaxConcurrency: st.Limits.Concurrency}
	if st.Limits.ToleratedCount != nil {
		d.ToleratedFailureCount = *st.Limits.ToleratedCount
	}
	if st.Limits.ToleratedPercentage != nil {
		d.ToleratedFailurePercentage = *st.Limits.ToleratedPercentage
	}
	d.Items, d.Executions = countsOf(st.Items), countsOf(st.Children)
	if e := st.Ended; e != nil {
		d.Items.Pending, d.Items.ResultsWritten = e.Pending, e.Written
		d.Executions.ResultsWritten = e.Written
	} else if run.feed != nil {
		d.Items.Pending, d.Executions.Pending = run.feed.pending()
	}
	if r := st.Redrive; r != nil {
		d.Items.PendingRedrive, d.Executions.PendingRedrive = r.LeftItems.Ended(), r.Left.Ended()
		d.Items.FailuresNotRedrivable, d.Executions.FailuresNotRedrivable = r.NotRedrivableItems, r.NotRedrivable
	}
	for _, c := range []*MapRunCounts{&d.Items, &d.Executions} {
		c.Total = c.Pending + c.Running + c.Succeeded + c.Failed + c.TimedOut + c.Aborted + c.PendingRedrive
	}
	return d
}

func countsOf(c maprun.Counts) MapRunCounts {
	return MapRunCounts{Running: c.Running, Succeeded: c.Succeeded, Failed: c.Failed, TimedOut: c.TimedOut, Aborted: c.Aborted}
}
