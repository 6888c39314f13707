package engine

import (
	"math/rand/v2"
	"slices"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

// Env is where a decision takes its surroundings from.
type Env struct {
	Now    time.Time // UTC, to the millisecond
	Rand   *rand.Rand
	Arena  *value.Arena // reset by the caller between turns; nil: fresh memory
	Region string       // shown in TaskScheduled
	// Token makes the task token of the attempt that the Scheduled event task
	// will start; nonce is its secret part, resource the state's Resource.
	Token func(task history.EventID, nonce uint64, resource string) string
	// Expired is JSONata's time guard; nil: none.
	Expired func() bool
	// Refuse says why an attempt can't be scheduled: its activity does not
	// exist, its parameters can't be sent. nil: every attempt can.
	Refuse func(scheduled *history.Event) *asl.Failure
	// MachineDeleted says that the state machine is being deleted: the
	// execution fails at its next transition.
	MachineDeleted bool
	// Events is memory for the turn's events, for callers that are done with a
	// turn before they ask for the next; nil: fresh memory.
	Events []history.Event
	// Budget is how many events a turn may have before it yields; 0: 1,000.
	Budget int
}

// Input is what reaches an execution.
type Input interface{ isInput() }

// The inputs. Answers name the attempt by its Scheduled event and nonce; those
// that fit no open attempt decide nothing (I6).
type (
	// Begin starts the execution.
	Begin struct {
		Start          *history.Start
		Input          string // JSON
		Role           string
		Version, Alias string
	}
	// Taken says that a worker took the activity task.
	Taken struct {
		Task   history.EventID
		Nonce  uint64
		Worker string
	}
	// Submitted says that the call of a .sync or .waitForTaskToken task was
	// made, and what it answered.
	Submitted struct {
		Task   history.EventID
		Nonce  uint64
		Output string // JSON
	}
	// TaskDone answers a task with its output.
	TaskDone struct {
		Task   history.EventID
		Nonce  uint64
		Output string // JSON
	}
	// TaskBroke answers a task with an error.
	TaskBroke struct {
		Task    history.EventID
		Nonce   uint64
		Failure *asl.Failure
	}
	// Beat is a heartbeat of a task.
	Beat struct {
		Task  history.EventID
		Nonce uint64
	}
	// MapRunDone answers a distributed Map state.
	MapRunDone struct {
		UUID     string
		Redrives int          // how often the run was redriven: earlier answers are late
		Output   string       // JSON, unless Failure or Aborted
		Failure  *asl.Failure // the run failed
		Aborted  bool         // the run was stopped by its execution's end only
	}
	// Wake says that time has passed.
	Wake struct{}
	// Stop aborts the execution.
	Stop struct{ Error, Cause *string }
	// Continue goes on after a turn that yielded.
	Continue struct{}
	// Redrive goes on with an execution that failed, timed out or was aborted
	// from where it was; that it may be redriven is the caller's to check.
	Redrive struct{}
)

func (Begin) isInput()      {}
func (Taken) isInput()      {}
func (Submitted) isInput()  {}
func (TaskDone) isInput()   {}
func (TaskBroke) isInput()  {}
func (Beat) isInput()       {}
func (MapRunDone) isInput() {}
func (Wake) isInput()       {}
func (Stop) isInput()       {}
func (Continue) isInput()   {}
func (Redrive) isInput()    {}

// Effect is what the shell must do once the turn is durable (I3).
type Effect interface{ isEffect() }

// The effects.
type (
	// RunTask hands an attempt to a handler, or to the activity's queue.
	RunTask struct {
		Task      history.EventID
		Nonce     uint64
		State     string
		Scheduled history.Event // resource, payload, role, timeouts
		Until     time.Time     // zero: no timeout
		// Submitted is what the call of a .sync task answered when it was made
		// before a crash: only its end is to be watched. "": not made yet.
		Submitted string
	}
	// CancelTask says that nobody waits for the attempt any more.
	CancelTask struct {
		Task     history.EventID
		Nonce    uint64
		Resource string
	}
	// StartMapRun starts the map run of a distributed Map state.
	StartMapRun struct {
		UUID string
		Spec *MapRunSpec
	}
	// RedriveMapRun runs what a map run has left undone, for the Count-th time.
	RedriveMapRun struct {
		UUID  string
		Count int
	}
	// StopMapRun stops a map run whose state is over.
	StopMapRun struct{ UUID string }
)

func (RunTask) isEffect()     {}
func (CancelTask) isEffect()  {}
func (StartMapRun) isEffect() {}
func (StopMapRun) isEffect()  {}

func (RedriveMapRun) isEffect() {}

// Turn is one input carried to rest. The zero Turn decided nothing.
type Turn struct {
	Events  []history.Event
	Effects []Effect
	// Yielded says that the budget was spent: Continue must follow.
	Yielded bool
}

// turn is a decision in progress.
type turn struct {
	Turn
	p      *asl.Program
	x      *Execution
	env    *Env
	aslEnv asl.Env
	view   view
	queue  []*frame // frames that are ready, or whose retry is due
}

// Decide advances x by one input until it blocks, ends or has spent its budget.
// It changes x by applying the events that it returns; if they can't be stored, x
// must be thrown away.
func Decide(p *asl.Program, x *Execution, in Input, env *Env) Turn {
	t := &turn{p: p, x: x, env: env}
	t.Events = env.Events[:0]
	t.aslEnv = asl.Env{Now: env.Now, Rand: env.Rand, Arena: env.Arena, Expired: env.Expired}
	switch in := in.(type) {
	case Begin:
		if x.Status == Pending {
			t.begin(in)
		}
	case Redrive:
		if x.Status > Succeeded {
			t.redrive()
		}
	default:
		if x.Status == Running {
			t.take(in)
		}
	}
	t.run()
	t.prune()
	return t.Turn
}

// prune drops attempts that were scheduled and cancelled in this turn: nobody
// outside has seen them.
func (t *turn) prune() {
	var cancelled map[history.EventID]bool
	for _, e := range t.Effects {
		if c, ok := e.(CancelTask); ok {
			if cancelled == nil {
				cancelled = map[history.EventID]bool{}
			}
			cancelled[c.Task] = true
		}
	}
	if len(cancelled) == 0 {
		return
	}
	fresh := map[history.EventID]bool{}
	for _, e := range t.Effects {
		if r, ok := e.(RunTask); ok && cancelled[r.Task] {
			fresh[r.Task] = true
		}
	}
	t.Effects = slices.DeleteFunc(t.Effects, func(e Effect) bool {
		switch e := e.(type) {
		case RunTask:
			return fresh[e.Task]
		case CancelTask:
			return fresh[e.Task]
		default:
			return false
		}
	})
}

func (t *turn) take(in Input) {
	switch in := in.(type) {
	case Taken:
		t.taken(in)
	case Submitted:
		t.submitted(in)
	case TaskDone:
		t.taskDone(in)
	case TaskBroke:
		t.taskBroke(in)
	case Beat:
		t.beat(in)
	case MapRunDone:
		t.mapRunDone(in)
	case Wake:
		t.wake()
	case Stop:
		t.stop(in)
	case Continue:
		t.resume()
	default:
		panic("engine: unknown input")
	}
}

func (t *turn) begin(in Begin) {
	e := history.Event{
		Type: history.ExecutionStarted, Payload: in.Input, HasPayload: true, Role: in.Role,
		Version: in.Version, Alias: in.Alias, Start: in.Start, Next: t.p.Root.Start.Name,
	}
	e.Until = t.executionDeadline(in.Start.Express)
	t.emit(e)
	t.queue = append(t.queue, t.x.frames[0])
}

// executionDeadline is when an execution that starts now runs out of time.
func (t *turn) executionDeadline(express bool) time.Time {
	timeout := t.p.Timeout
	if express && (timeout == 0 || timeout > MaxExpressDuration) {
		timeout = MaxExpressDuration
	}
	if timeout == 0 {
		return time.Time{}
	}
	return t.env.Now.Add(timeout)
}

func (t *turn) stop(in Stop) {
	t.cancelAll()
	t.emit(history.Event{Type: history.ExecutionAborted, Error: in.Error, Cause: in.Cause})
}

// resume queues what a turn that yielded, or a crash behind it, left undone.
func (t *turn) resume() {
	t.queue = t.queue[:0]
	for _, f := range t.x.frames {
		if t.due(f) {
			t.queue = append(t.queue, f)
		}
	}
	for _, f := range append([]*frame(nil), t.x.frames...) {
		if f.phase == holding && f.hold != nil {
			t.startChildren(f)
		}
	}
}

// run enters states until no frame is ready or the budget is spent.
func (t *turn) run() {
	for len(t.queue) > 0 && t.x.Status == Running {
		if t.spent() {
			t.Yielded = true
			return
		}
		f := t.queue[0]
		t.queue = t.queue[1:]
		if t.x.frame(f.id) != f || !t.due(f) || t.deleted(f) {
			continue
		}
		switch f.phase {
		case ready:
			t.enter(f)
		case redriven:
			t.redo(f, t.p.State(f.state))
		default:
			t.work(f, t.p.State(f.state))
		}
	}
}

// due reports whether f can go on by itself.
func (t *turn) due(f *frame) bool {
	return f.phase == ready || f.phase == redriven || f.phase == retrying && !f.until.After(t.env.Now)
}

// deleted ends the execution in front of f's next transition when its state
// machine is being deleted.
func (t *turn) deleted(f *frame) bool {
	if t.env.MachineDeleted {
		t.end(asl.NewFailure(asl.ErrRuntime, "State machine "+t.x.Start.Machine+" has been deleted"), f.last)
	}
	return t.env.MachineDeleted
}

// spent reports whether the turn's budget is used up.
func (t *turn) spent() bool {
	budget := t.env.Budget
	if budget == 0 {
		budget = 1000
	}
	return len(t.Events) >= budget
}

// emit records a fact and folds it at once, so that what is decided next sees
// it. It returns the event's id, 0 for private facts.
//
// AWS ends an execution at 25,000 events: event 24,999 may be followed by one
// more only, and if that is not the success it is the failure that says so.
func (t *turn) emit(e history.Event) history.EventID {
	if t.x.Status > Running && e.Type != history.ExecutionRedriven {
		return 0
	}
	e.Time = t.env.Now
	e.Until = wholeMillisecond(e.Until)
	if e.Type.Public() {
		e.ID = t.x.Last + 1
		if t.x.capped() && e.ID >= asl.MaxHistoryEvents && !terminal(e.Type) {
			t.cancelAll()
			f := asl.NewFailure(asl.ErrRuntime, "The execution reached the maximum number of history events (25000).")
			e = history.Event{ID: e.ID, Time: e.Time, Type: history.ExecutionFailed, Previous: t.x.Last, Error: f.Error, Cause: f.Cause}
		}
	}
	if cap(t.Events) == 0 {
		t.Events = make([]history.Event, 0, 8) // most turns have fewer
	}
	t.Events = append(t.Events, e)
	t.x.Apply(&t.Events[len(t.Events)-1])
	return e.ID
}

// capped reports whether the history has a limit: that of Express executions is
// never kept.
func (x *Execution) capped() bool { return x.Start != nil && !x.Start.Express }

func terminal(t history.Type) bool {
	switch t {
	case history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionAborted, history.ExecutionTimedOut:
		return true
	default:
		return false
	}
}

// MaxExpressDuration is how long an Express execution may run.
const MaxExpressDuration = 5 * time.Minute

// wholeMillisecond rounds up to what the log keeps (I1): nothing is due before
// its time.
func wholeMillisecond(at time.Time) time.Time {
	if cut := at.Truncate(time.Millisecond); cut.Before(at) {
		return cut.Add(time.Millisecond).UTC()
	}
	return at.UTC()
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
