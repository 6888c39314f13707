package engine

import (
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

// fail carries a failure of f's state to its retriers, its catchers, the state
// that holds the frame, or the end of the execution. prev is what the next event
// follows.
func (t *turn) fail(f *frame, s *asl.State, failure *asl.Failure, prev history.EventID) {
	if t.x.Status != Running {
		return
	}
	failure, prev = t.shown(f, s, failure, prev)
	if t.x.Status != Running || t.retry(f, s, failure, prev) {
		return
	}
	before := prev
	t.cancelBelow(f)
	prev = t.stateFailed(f, s, prev)
	if t.x.Status != Running {
		return
	}
	caught, fail := t.catch(f, s, failure, prev)
	if caught {
		return
	}
	if fail != nil { // the catcher itself can't be evaluated
		failure, _ = t.shown(f, s, fail, before)
		if t.x.Status != Running {
			return
		}
		prev = t.stateFailed(f, s, f.last)
	}
	switch {
	case t.x.Status != Running:
	case f.id == 0:
		t.end(failure, prev)
	default:
		t.childFailed(t.x.mustFrame(f.parent), f, s, failure, prev)
	}
}

// shown completes the failure's cause, records that an expression could not be
// evaluated, and ends the execution on States.Runtime: nothing handles that, and
// no state is told that it ends. It returns what follows after which event.
func (t *turn) shown(f *frame, s *asl.State, failure *asl.Failure, prev history.EventID) (*asl.Failure, history.EventID) {
	failure = t.located(f, s, failure)
	if failure.Evaluation {
		prev = t.evaluationFailed(f, s, failure, prev)
	}
	if failure.Is(asl.ErrRuntime) {
		t.end(failure, prev)
	}
	return failure, prev
}

// located completes the cause of a failure that names its state.
func (t *turn) located(f *frame, s *asl.State, failure *asl.Failure) *asl.Failure {
	if !failure.InState || t.env.Probe != nil { // the state under test needs no name
		return failure
	}
	c := *failure
	c.InState = false
	cause := ""
	if failure.Cause != nil {
		cause = *failure.Cause
	}
	cause = fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", s.Name, f.entered, cause)
	cause = truncate(cause, asl.MaxCauseChars)
	c.Cause = &cause
	return &c
}

func (t *turn) evaluationFailed(f *frame, s *asl.State, failure *asl.Failure, prev history.EventID) history.EventID {
	return t.emit(history.Event{
		Type: history.EvaluationFailed, Frame: f.id, Previous: prev, Name: s.Name,
		Error: failure.Error, Cause: failure.Cause, Location: failure.Location,
	})
}

// stateFailed records that a Parallel or Map state has failed for good.
func (t *turn) stateFailed(f *frame, s *asl.State, prev history.EventID) history.EventID {
	switch s.Type {
	case asl.TypeParallel:
		return t.emit(history.Event{Type: history.ParallelStateFailed, Frame: f.id, Previous: prev})
	case asl.TypeMap:
		return t.emit(history.Event{Type: history.MapStateFailed, Frame: f.id, Previous: prev})
	default:
		return prev
	}
}

// end fails the execution.
func (t *turn) end(failure *asl.Failure, prev history.EventID) {
	t.cancelAll()
	t.emit(history.Event{Type: history.ExecutionFailed, Previous: prev, Error: shownError(failure), Cause: failure.Cause})
}

// retry schedules another attempt when a retrier has one left. The first
// retrier that matches decides; used up, it does not pass on to later ones.
func (t *turn) retry(f *frame, s *asl.State, failure *asl.Failure, prev history.EventID) bool {
	for i, r := range s.Retry {
		if !r.Matches(failure) {
			continue
		}
		if t.env.Probe != nil {
			return t.env.Probe.retry(i, r, failure)
		}
		used := 0
		if i < len(f.retries) {
			used = f.retries[i]
		}
		if used >= r.MaxAttempts {
			return false
		}
		t.cancelBelow(f)
		t.emit(history.Event{
			Type: history.RetryScheduled, Frame: f.id, Previous: prev, Count: i,
			Until: t.env.Now.Add(max(0, r.Delay(used+1, t.env.Rand))),
		})
		if t.x.Status == Running && t.due(f) {
			t.queue = append(t.queue, f)
		}
		return true
	}
	return false
}

// catch hands the failure to the first catcher that matches.
func (t *turn) catch(f *frame, s *asl.State, failure *asl.Failure, prev history.EventID) (bool, *asl.Failure) {
	for i, c := range s.Catch {
		if !c.Matches(failure) {
			continue
		}
		t.env.Probe.caught(i, failure)
		output, assigned, fail := t.caughtOutput(f, s, c, errorOutput(failure))
		if fail == nil {
			fail = t.checkSize(output.JSON(), s.Name)
		}
		if fail != nil {
			return false, fail
		}
		t.exit(f, s, prev, output.JSON(), assigned, c.Next)
		return true, nil
	}
	return false, nil
}

func (t *turn) caughtOutput(f *frame, s *asl.State, c *asl.Catcher, errOut asl.Document) (asl.Document, []history.Assigned, *asl.Failure) {
	raw := t.raw(f, s)
	if s.Language == asl.JSONata {
		d := t.data(f, s, raw)
		d.ErrorOutput, d.HasError = errOut, true
		assigned, fail := t.assign(f, s, c.Assign, d)
		if fail != nil || c.Output == nil {
			return errOut, assigned, fail
		}
		out, fail := c.Output.Eval(d)
		return out, assigned, fail
	}
	assigned, fail := t.assign(f, s, c.Assign, t.data(f, s, errOut))
	if fail != nil || c.ResultPath == nil {
		return errOut, assigned, fail
	}
	out, fail := c.ResultPath.Merge(raw, errOut, t.data(f, s, raw))
	return out, assigned, fail
}

// shownError is the error name that AWS shows: a missed heartbeat is told apart
// by Retry and Catch only.
func shownError(failure *asl.Failure) *string {
	if failure.Is(asl.ErrHeartbeatTimeout) {
		timeout := asl.ErrTimeout
		return &timeout
	}
	return failure.Error
}

// errorOutput is {"Error": …, "Cause": …}. A cause that is absent is left out; a
// failure without a name shows null for both (recording
// callback/sqs_failure_in_wait_for_task_tok_no_error_field).
func errorOutput(failure *asl.Failure) asl.Document {
	var b value.Builder
	name := shownError(failure)
	b.Set("Error", textOrNull(name))
	if failure.Cause != nil || name == nil {
		b.Set("Cause", textOrNull(failure.Cause))
	}
	return asl.ValueDocument(b.Object())
}

func textOrNull(s *string) value.Value {
	if s == nil {
		return value.NullValue
	}
	return value.Text(*s)
}

// wake handles every deadline that has passed.
func (t *turn) wake() {
	now := t.env.Now
	if d := t.x.Deadline; !d.IsZero() && !d.After(now) {
		t.cancelAll()
		timeout := asl.ErrTimeout
		t.emit(history.Event{Type: history.ExecutionTimedOut, Error: &timeout})
		return
	}
	failures := t.expire()
	for _, f := range append([]*frame(nil), t.x.frames...) {
		if t.x.Status != Running || t.x.frame(f.id) != f {
			continue
		}
		if failure := failures[f.id]; failure != nil {
			t.fail(f, t.p.State(f.state), failure, f.last)
		} else if f.phase == waiting && !f.until.After(now) && !t.deleted(f) {
			t.waited(f, t.p.State(f.state))
		}
	}
	t.resume()
}

// expire records all attempts whose time is up before any of their failures is
// handled: AWS shows the TimedOut events of siblings that the first failure then
// aborts (recording timeouts/service_lambda_map_timeout).
func (t *turn) expire() map[history.FrameID]*asl.Failure {
	var failures map[history.FrameID]*asl.Failure
	for _, f := range t.x.frames {
		if f.phase != tasking {
			continue
		}
		if at := f.deadline(); at.IsZero() || at.After(t.env.Now) {
			continue
		}
		if t.deleted(f) {
			return nil
		}
		if failures == nil {
			failures = map[history.FrameID]*asl.Failure{}
		}
		failures[f.id] = t.taskTimedOut(f)
		if t.x.Status != Running {
			return nil
		}
	}
	return failures
}
