package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/history"
)

// story retells an execution to people: it folds events into lines, and into
// what is going on now.
type story struct {
	tell    func(at time.Time, kind lineKind, text string)
	threads map[history.FrameID]*thread
	order   []history.FrameID // of threads, as they began
	ended   []*mapRunStory    // map runs that ended; whoever tells their counts takes them
}

// lineKind says how a line is coloured.
type lineKind uint8

const (
	plainLine lineKind = iota
	badLine
	goodLine
	logLine // of a function
)

// thread is one thread of control: the root, a branch or an iteration.
type thread struct {
	parent    history.FrameID
	iteration string // "Each[3]" for an iteration of a Map state
	hidden    bool   // one of too many iterations: only failures are told

	state    string
	doing    string    // what the state does now; "" when nothing lasts
	since    time.Time // of doing
	until    time.Time // end of the wait; zero when none is known
	attempt  int
	retries  int
	resource string
	count    int // iterations of an inline map; 0: it runs none
	done     int // of them
	mapRun   *mapRunStory
}

// mapRunStory is a map run as far as the history tells.
type mapRunStory struct {
	uuid   string
	state  string
	length int // items, when they came with the state's input
	begun  time.Time
}

// maxToldIterations is how many iterations of a Map state are told state by
// state; of more there is a count.
const maxToldIterations = 20

func newStory(tell func(at time.Time, kind lineKind, text string)) *story {
	return &story{tell: tell, threads: map[history.FrameID]*thread{}}
}

// add folds one event.
func (s *story) add(e *history.Event) {
	t := s.thread(e)
	name := e.Type.String()
	switch {
	case strings.HasSuffix(name, "StateEntered"):
		*t = thread{parent: t.parent, iteration: t.iteration, hidden: t.hidden, state: e.Name}
		s.line(e, t, plainLine, "entered ("+strings.TrimSuffix(name, "StateEntered")+")")
		return
	case strings.HasSuffix(name, "StateExited"):
		t.rest()
		return
	case strings.HasSuffix(name, "StateAborted"):
		t.rest()
		s.line(e, t, badLine, "aborted")
		s.dropBelow(e.Frame)
		return
	}
	switch e.Type {
	case history.WaitStarted, history.RetryScheduled:
		s.waits(e, t)
	case history.LambdaFunctionScheduled, history.TaskScheduled, history.ActivityScheduled:
		s.attempt(e, t)
	case history.LambdaFunctionFailed, history.TaskFailed, history.ActivityFailed,
		history.LambdaFunctionTimedOut, history.TaskTimedOut, history.ActivityTimedOut,
		history.LambdaFunctionScheduleFailed, history.LambdaFunctionStartFailed,
		history.TaskStartFailed, history.TaskSubmitFailed, history.ActivityScheduleFailed, history.EvaluationFailed:
		t.rest()
		s.line(e, t, badLine, "failed: "+failureText(e.Error, e.Cause))
	case history.MapStateStarted, history.MapIterationStarted, history.MapIterationSucceeded, history.MapIterationFailed,
		history.MapStateSucceeded, history.MapStateFailed, history.ParallelStateSucceeded, history.ParallelStateFailed:
		s.branches(e, t)
	case history.MapRunStarted, history.MapRunSucceeded, history.MapRunFailed, history.MapRunAborted:
		s.mapRun(e, t)
	default:
		// The execution's own start and end are told by the command.
	}
}

// thread finds the thread of an event; a frame's first event names its parent.
func (s *story) thread(e *history.Event) *thread {
	t := s.threads[e.Frame]
	if t == nil {
		t = &thread{parent: e.Parent}
		if p := s.threads[e.Parent]; p != nil && e.Frame != e.Parent {
			t.hidden = p.hidden
		}
		s.threads[e.Frame] = t
		s.order = append(s.order, e.Frame)
	}
	return t
}

func (t *thread) rest() { t.doing, t.until, t.mapRun = "", time.Time{}, nil }

// line tells one line about a thread's state.
func (s *story) line(e *history.Event, t *thread, kind lineKind, text string) {
	if t.hidden && kind != badLine {
		return
	}
	s.tell(e.Time, kind, s.label(t)+": "+text)
}

// label names a thread's state with the iterations that it is in.
func (s *story) label(t *thread) string {
	label := t.state
	for ; t != nil; t = s.outer(t) {
		if t.iteration != "" {
			label = t.iteration + " / " + label
		}
	}
	return label
}

// outer is the thread that holds t, nil for the root.
func (s *story) outer(t *thread) *thread {
	if p := s.threads[t.parent]; p != t {
		return p
	}
	return nil
}

func (s *story) waits(e *history.Event, t *thread) {
	t.since, t.until = e.Time, e.Until
	delay := e.Until.Sub(e.Time)
	if e.Type == history.WaitStarted {
		t.doing = "waits"
		text := "waits " + durationText(delay)
		if delay >= 10*time.Second {
			text += ", until " + e.Until.Local().Format("15:04:05")
		}
		s.line(e, t, plainLine, text)
		return
	}
	s.dropBelow(e.Frame)
	t.retries++
	t.doing, t.mapRun, t.count = "retries", nil, 0
	s.line(e, t, badLine, fmt.Sprintf("retry %d in %s", t.retries, durationText(delay)))
}

func (s *story) attempt(e *history.Event, t *thread) {
	t.attempt++
	t.doing, t.since, t.until = "runs", e.Time, time.Time{}
	t.resource = e.Resource
	if e.ResourceType != "" {
		t.resource = e.ResourceType + ":" + e.Resource
	} else if i := strings.LastIndex(t.resource, ":function:"); i >= 0 {
		t.resource = "function " + t.resource[i+len(":function:"):]
	}
	s.line(e, t, plainLine, fmt.Sprintf("attempt %d of %s", t.attempt, t.resource))
}

// branches folds what Parallel and inline Map states do with their threads.
func (s *story) branches(e *history.Event, t *thread) {
	switch e.Type {
	case history.MapStateStarted:
		t.count, t.done = e.Length, 0
		if t.count > maxToldIterations {
			s.line(e, t, plainLine, fmt.Sprintf("%s items", thousands(int64(t.count))))
		}
	case history.MapIterationStarted:
		holder := s.threads[e.Parent]
		t.parent, t.iteration = e.Parent, fmt.Sprintf("%s[%d]", holder.stateName(), e.Index)
		t.hidden = holder != nil && (holder.hidden || holder.count > maxToldIterations)
	case history.MapIterationSucceeded, history.MapIterationFailed:
		if holder := s.outer(t); holder != nil {
			holder.done++
		}
		s.drop(e.Frame)
	default: // the state's end
		s.dropBelow(e.Frame)
	}
}

func (t *thread) stateName() string {
	if t == nil {
		return ""
	}
	return t.state
}

func (s *story) mapRun(e *history.Event, t *thread) {
	if e.Type == history.MapRunStarted {
		t.mapRun = &mapRunStory{uuid: e.MapRun, state: s.label(t), length: t.count, begun: e.Time}
		t.count = 0
		s.line(e, t, plainLine, "map run started")
		return
	}
	if t.mapRun != nil {
		s.ended = append(s.ended, t.mapRun)
	}
	t.mapRun = nil
	switch e.Type {
	case history.MapRunFailed:
		s.line(e, t, badLine, "map run failed: "+failureText(e.Error, e.Cause))
	case history.MapRunAborted:
		s.line(e, t, badLine, "map run aborted")
	default:
		s.line(e, t, plainLine, "map run done")
	}
}

// dropBelow forgets the threads inside a frame.
func (s *story) dropBelow(frame history.FrameID) {
	var inside []history.FrameID
	for id, t := range s.threads {
		for p := t; p != nil; p = s.outer(p) {
			if p.parent == frame && p != s.threads[frame] {
				inside = append(inside, id)
				break
			}
		}
	}
	for _, id := range inside {
		s.drop(id)
	}
}

func (s *story) drop(frame history.FrameID) {
	if frame == 0 {
		return
	}
	delete(s.threads, frame)
	for i, id := range s.order {
		if id == frame {
			s.order = append(s.order[:i], s.order[i+1:]...)
			return
		}
	}
}

// mapRuns are the map runs that run.
func (s *story) mapRuns() []*mapRunStory {
	var runs []*mapRunStory
	for _, id := range s.order {
		if m := s.threads[id].mapRun; m != nil {
			runs = append(runs, m)
		}
	}
	return runs
}

// now says in a few words each what goes on at the time now.
func (s *story) now(now time.Time) []string {
	var parts []string
	for _, id := range s.order {
		t := s.threads[id]
		switch {
		case t.hidden || t.mapRun != nil:
		case t.doing == "waits":
			parts = append(parts, s.label(t)+": "+leftText(t.until.Sub(now))+" left")
		case t.doing == "retries":
			parts = append(parts, fmt.Sprintf("%s: retry %d in %s", s.label(t), t.retries, leftText(t.until.Sub(now))))
		case t.doing == "runs":
			parts = append(parts, fmt.Sprintf("%s: runs %s", s.label(t), leftText(now.Sub(t.since))))
		case t.count > 0:
			parts = append(parts, fmt.Sprintf("%s: %s/%s items", s.label(t), thousands(int64(t.done)), thousands(int64(t.count))))
		}
	}
	return parts
}

// failureText is an error with its cause on one line.
func failureText(name, cause *string) string {
	text := "(no error name)"
	if name != nil && *name != "" {
		text = *name
	}
	if cause != nil && *cause != "" {
		text += ": " + strings.Join(strings.Fields(shortCause(*cause)), " ")
	}
	return text
}

// shortCause is the message in a function's failure, else the cause.
func shortCause(cause string) string {
	var failure struct {
		Message string `json:"errorMessage"`
	}
	if !strings.HasPrefix(cause, "{") || json.Unmarshal([]byte(cause), &failure) != nil || failure.Message == "" {
		return cause
	}
	return failure.Message
}

// leftText is a duration that changes while one looks at it: whole seconds.
func leftText(d time.Duration) string {
	return max(d, 0).Round(time.Second).String()
}

// durationText is a duration with as many digits as interest people.
func durationText(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(10 * time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
