// Package engine decides what an execution does next.
//
// Decide takes one input (a start, an answer, a wake-up, …) and carries the
// execution on until it blocks, ends or has spent its budget; it returns facts
// (history events) and effects. Apply folds facts into the state; it is the only
// mutator, so that the live path and recovery are the same code.
//
// The package is pure (I2): it imports the language and history only, has no
// clock, chance, goroutine or I/O. What clock or chance chose is in the events.
//
// Invariants: I1 (folding any prefix of a log gives the state that was live), I6
// (inputs may repeat, be late or early: they then decide nothing), I7 (state is
// O(live frames), a turn has a budget).
package engine

import (
	"fmt"
	"sort"
	"time"

	"pawl.dev/internal/history"
)

// Status is how far an execution is.
type Status uint8

// The statuses. Pending is before ExecutionStarted.
const (
	Pending Status = iota
	Running
	Succeeded
	Failed
	TimedOut
	Aborted
)

// Execution is the fold of its events. Only Apply changes it.
type Execution struct {
	Status       Status
	Last         history.EventID // id of the newest public event
	Start        *history.Start
	Role         string
	Input        string
	Output       string  // when Succeeded
	Error, Cause *string // when Failed or Aborted; nil when absent
	StartTime    time.Time
	StopTime     time.Time
	Deadline     time.Time // of the whole execution; zero: none
	RedriveCount int
	RedriveTime  time.Time

	frames    []*frame // live ones, by id; frames[0] is the root
	nextFrame history.FrameID
	variables int // bytes of all live variables
}

// phase says what a frame does.
type phase uint8

const (
	ready    phase = iota // the state named by next is to be entered
	waiting               // Wait state, until
	retrying              // the state will be tried again, until
	tasking               // an answer is awaited
	holding               // Parallel or inline Map: children run
	mapping               // distributed Map: a map run runs
	redriven              // the state's work is to be done again
)

// frame is one thread of control: the root, a branch or an iteration.
type frame struct {
	id, parent history.FrameID
	index      int // among the parent's branches or items

	phase   phase
	next    string // ready: the state to enter; "" for a new iteration
	state   string // entered, "" between states
	input   string // raw input of the state, or of the next one when ready
	entered history.EventID
	since   time.Time       // when the state was entered
	last    history.EventID // what the next event of the frame follows
	until   time.Time       // waiting, retrying
	retries []int           // per retrier, since the state was entered
	scope   []variable
	// cut says that the Parallel or Map state around the frame has failed. The
	// frame is dropped when that is caught or retried in the same turn; else the
	// execution has ended, and a redrive goes on here.
	cut bool

	task        *task
	hold        *hold
	mapRun      string // distributed Map: UUID
	mapRedrives int    // of that run
}

// task is an open attempt of a Task state.
type task struct {
	id        history.EventID // of the Scheduled event
	nonce     uint64
	scheduled history.Event
	started   bool   // handed to a handler or worker
	submitted bool   // the call was made, the token is out
	output    string // .sync: what the call answered
	until     time.Time
	heartbeat time.Time // zero: none demanded
}

// hold is the progress of a Parallel or inline Map state.
type hold struct {
	started int // children started so far
	done    int
	limit   int             // children at once; 0: no limit
	input   string          // of the branches; the items of a Map
	items   []string        // input, element by element
	results []string        // by index
	origin  history.EventID // of ParallelStateStarted or MapStateStarted
}

type variable struct{ name, json string }

// New returns an execution before its first event.
func New() *Execution { return &Execution{} }

// Ended reports whether the execution has come to an end.
func (x *Execution) Ended() bool { return x.Status > Running }

func (x *Execution) frame(id history.FrameID) *frame {
	i := sort.Search(len(x.frames), func(i int) bool { return x.frames[i].id >= id })
	if i < len(x.frames) && x.frames[i].id == id {
		return x.frames[i]
	}
	return nil
}

// mustFrame returns a frame that the log says exists.
func (x *Execution) mustFrame(id history.FrameID) *frame {
	f := x.frame(id)
	if f == nil {
		panic(fmt.Sprintf("engine: event for frame %d, which is not live", id))
	}
	return f
}

func (x *Execution) addFrame(id, parent history.FrameID, index int) *frame {
	f := &frame{id: id, parent: parent, index: index}
	x.frames = append(x.frames, f)
	x.nextFrame = id + 1
	return f
}

// within reports whether f lies below the frame top.
func (x *Execution) within(f *frame, top history.FrameID) bool {
	for f.id != 0 {
		if f.parent == top {
			return true
		}
		f = x.mustFrame(f.parent)
	}
	return false
}

// below returns the live frames under top, by id.
func (x *Execution) below(top history.FrameID) []*frame {
	var found []*frame
	for _, f := range x.frames {
		if x.within(f, top) {
			found = append(found, f)
		}
	}
	return found
}

// drop removes frames, which must be sorted by id, and frees their variables.
func (x *Execution) drop(gone ...*frame) {
	kept := x.frames[:0]
	for _, f := range x.frames {
		if len(gone) > 0 && gone[0] == f {
			gone = gone[1:]
			for _, v := range f.scope {
				x.variables -= len(v.json)
			}
			continue
		}
		kept = append(kept, f)
	}
	clear(x.frames[len(kept):])
	x.frames = kept
}

// NextWake returns the earliest deadline of the execution, zero when there is
// none (I8).
func (x *Execution) NextWake() time.Time {
	if x.Status != Running {
		return time.Time{}
	}
	next := x.Deadline
	for _, f := range x.frames {
		next = earliest(next, f.deadline())
	}
	return next
}

func (f *frame) deadline() time.Time {
	switch f.phase {
	case waiting, retrying:
		return f.until
	case tasking:
		return earliest(f.task.until, f.task.heartbeat)
	case ready, holding, mapping, redriven:
	}
	return time.Time{}
}

// earliest returns the earlier of two times, of which zero means never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
