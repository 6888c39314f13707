package engine

import (
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/history"
)

// event prints one event as stories show it: "3<2 TaskScheduled …"; private facts
// have a dash for their id.
func (st *story) event(e *history.Event) string {
	var b strings.Builder
	if e.ID == 0 {
		b.WriteString("-")
	} else {
		fmt.Fprintf(&b, "%d", e.ID)
	}
	if e.ID != 0 || e.Previous != 0 {
		fmt.Fprintf(&b, "<%d", e.Previous)
	}
	b.WriteString(" " + e.Type.String())
	text := func(key, s string) {
		if s != "" {
			b.WriteString(" " + key + s)
		}
	}
	number := func(key string, n int64) {
		if n != 0 {
			fmt.Fprintf(&b, " %s%d", key, n)
		}
	}
	text("", e.Name)
	if strings.HasPrefix(e.Type.String(), "MapIteration") {
		fmt.Fprintf(&b, " index=%d", e.Index)
	}
	if e.ResourceType != "" {
		text("", e.ResourceType+":"+e.Resource)
	} else {
		text("", e.Resource)
	}
	if e.Type == history.MapStateStarted {
		fmt.Fprintf(&b, " length=%d", e.Length)
	} else if e.HasPayload && e.Type != history.MapIterationStarted && e.Type != history.ParallelStateStarted && e.Type != history.MapRunStarted {
		text("", compact(e.Payload))
	}
	number("timeout=", e.Timeout)
	number("heartbeat=", e.Heartbeat)
	if e.Type != history.ExecutionStarted {
		text("role=", e.Role)
	}
	text("worker=", e.Worker)
	number("redrive=", int64(e.RedriveCount))
	text("run#", st.run(e.MapRun))
	for _, a := range e.Assigned {
		text("$"+a.Name+"=", compact(a.JSON))
	}
	text("at ", e.Location)
	if e.Error != nil {
		text("error=", *e.Error)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, " cause=%q", *e.Cause)
	}
	if e.Type == history.RetryScheduled {
		fmt.Fprintf(&b, " retrier=%d", e.Count)
	}
	if !e.Until.IsZero() {
		text("until ", st.when(e.Until))
	}
	return b.String()
}

func (st *story) effect(e Effect) string {
	switch e := e.(type) {
	case RunTask:
		s := fmt.Sprintf("RunTask %d %s", e.Task, e.State)
		if !e.Until.IsZero() {
			s += " until " + st.when(e.Until)
		}
		if e.Submitted != "" {
			s += " submitted " + compact(e.Submitted)
		}
		return s
	case CancelTask:
		return fmt.Sprintf("CancelTask %d", e.Task)
	case StartMapRun:
		s := "StartMapRun #" + st.run(e.UUID)
		if m := e.Spec; m != nil {
			s += " " + m.State
			for _, f := range []struct{ key, val string }{
				{"items", m.Items}, {"reader", m.ReaderArguments}, {"writer", m.WriterArguments},
				{"batch", m.BatchInput}, {"variables", m.Variables},
			} {
				if f.val != "" {
					s += " " + f.key + "=" + compact(f.val)
				}
			}
			if m.MaxConcurrency != 0 {
				s += fmt.Sprintf(" concurrency=%d", m.MaxConcurrency)
			}
			if m.MaxItems != 0 {
				s += fmt.Sprintf(" maxItems=%d", m.MaxItems)
			}
			if m.ToleratedCount != nil {
				s += fmt.Sprintf(" tolerated=%d", *m.ToleratedCount)
			}
			if m.ToleratedPercentage != nil {
				s += fmt.Sprintf(" tolerated=%g%%", *m.ToleratedPercentage)
			}
			if m.MaxItemsPerBatch != 0 {
				s += fmt.Sprintf(" perBatch=%d", m.MaxItemsPerBatch)
			}
		}
		return s
	case RedriveMapRun:
		return fmt.Sprintf("RedriveMapRun #%s count=%d", st.run(e.UUID), e.Count)
	case StopMapRun:
		return "StopMapRun #" + st.run(e.UUID)
	default:
		panic("unknown effect")
	}
}

// run is the number of a map run in the story; UUIDs differ with the seed.
func (st *story) run(uuid string) string {
	for i, u := range st.runs {
		if u == uuid {
			return fmt.Sprint(i + 1)
		}
	}
	if uuid == "" {
		return ""
	}
	return "?"
}

// when prints a time as the time since the story's start.
func (st *story) when(at time.Time) string { return "+" + at.Sub(st.start).String() }
