package engine

import (
	"slices"
	"strings"
	"time"

	"pawl.dev/internal/history"
)

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

func (RunTask) isEffect()       {}
func (CancelTask) isEffect()    {}
func (StartMapRun) isEffect()   {}
func (StopMapRun) isEffect()    {}
func (RedriveMapRun) isEffect() {}

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

// cancel tells the shell that nobody waits for f's work any more.
func (t *turn) cancel(f *frame) {
	if f.cut {
		return
	}
	switch f.phase {
	case tasking:
		t.Effects = append(t.Effects, CancelTask{Task: f.task.id, Nonce: f.task.nonce, Resource: f.task.scheduled.Resource})
	case mapping:
		t.Effects = append(t.Effects, StopMapRun{UUID: f.mapRun})
	case ready, waiting, retrying, holding, redriven:
	}
}

func (t *turn) cancelBelow(f *frame) {
	for _, child := range t.x.below(f.id) {
		t.cancel(child)
	}
}

func (t *turn) cancelAll() {
	for _, f := range t.x.frames {
		t.cancel(f)
	}
}

// Outstanding returns the effects of all turns so far that nobody has answered:
// what recovery must release again. Attempts keep their id and nonce, so that a
// worker can tell a repetition.
func (x *Execution) Outstanding() []Effect {
	if x.Status != Running {
		return nil
	}
	var effects []Effect
	for _, f := range x.frames {
		switch {
		case f.phase == tasking && f.task.outstanding():
			effects = append(effects, f.runTask(f.state))
		case f.phase == mapping && f.mapRedrives > 0:
			effects = append(effects, RedriveMapRun{UUID: f.mapRun, Count: f.mapRedrives})
		case f.phase == mapping:
			effects = append(effects, StartMapRun{UUID: f.mapRun})
		}
	}
	return effects
}

// outstanding reports whether the shell must see to the attempt. Others wait for
// whoever has the task token: the worker of an activity, the receiver of a
// .waitForTaskToken call.
func (k *task) outstanding() bool {
	switch {
	case k.scheduled.Type == history.ActivityScheduled:
		return !k.started
	case k.submitted:
		return isSync(k.scheduled.Resource)
	default:
		return true
	}
}

// isSync reports whether the action of a service task ends when the job that it
// started does.
func isSync(action string) bool {
	_, pattern, _ := strings.Cut(action, ".")
	return strings.HasPrefix(pattern, "sync")
}

// Open reports whether the execution has outstanding effects or work that a
// yielded turn left: what the store must keep it findable for (I9).
func (x *Execution) Open() bool {
	if x.Status != Running {
		return false
	}
	for _, f := range x.frames {
		switch f.phase {
		case ready, mapping, redriven:
			return true
		case tasking:
			if f.task.outstanding() {
				return true
			}
		case holding:
			if f.hold != nil && f.hold.canStart() {
				return true
			}
		case waiting, retrying: // NextWake finds them
		}
	}
	return false
}
