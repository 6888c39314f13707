package engine

import (
	"math/rand/v2"
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
	// Probe makes the execution the test of one state; nil: it is none.
	Probe *Probe
}

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
	queue  []*frame // frames that can go on by themselves
	next   int      // the first in queue whose turn it is
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
			t.redrive(in.Token)
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
		Version: in.Version, Alias: in.Alias, Start: in.Start, Next: t.env.Probe.start(t.p),
	}
	e.Until = t.executionDeadline(in.Start.Express)
	t.emit(e)
	t.enterScope()
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
	t.queue, t.next = t.queue[:0], 0
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
	for t.next < len(t.queue) && t.x.Status == Running {
		if t.spent() {
			t.Yielded = true
			return
		}
		f := t.queue[t.next]
		if t.next++; t.next == len(t.queue) {
			t.queue, t.next = t.queue[:0], 0 // most often: one frame, again and again
		}
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
	if t.env.Probe.over() {
		return false
	}
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
