package engine

import (
	"time"

	"pawl.dev/internal/history"
)

// Apply folds one event into the state. Events must come in log order.
func (x *Execution) Apply(e *history.Event) {
	if e.ID != 0 {
		x.Last = e.ID
	}
	switch e.Type {
	case history.ExecutionStarted:
		x.begin(e)
	case history.ExecutionSucceeded:
		x.end(e, Succeeded)
		x.Output = e.Payload
	case history.ExecutionFailed:
		x.end(e, Failed)
	case history.ExecutionTimedOut:
		x.end(e, TimedOut)
	case history.ExecutionAborted:
		x.end(e, Aborted)
	case history.ExecutionRedriven:
		x.redrive(e)
	case history.PassStateEntered, history.TaskStateEntered, history.ChoiceStateEntered, history.WaitStateEntered,
		history.SucceedStateEntered, history.FailStateEntered, history.ParallelStateEntered, history.MapStateEntered:
		x.enter(e)
	case history.PassStateExited, history.TaskStateExited, history.ChoiceStateExited, history.WaitStateExited,
		history.SucceedStateExited, history.ParallelStateExited, history.MapStateExited:
		x.exit(e)
	case history.WaitStarted:
		f := x.mustFrame(e.Frame)
		f.phase, f.until = waiting, e.Until
	case history.RetryScheduled:
		x.retry(e)
	case history.EvaluationFailed:
		x.mustFrame(e.Frame).last = e.ID
	default:
		x.applyTask(e)
	}
}

func (x *Execution) begin(e *history.Event) {
	if x.Ended() { // an Express child that is redriven starts again
		*x = Execution{Last: x.Last}
	}
	x.Status = Running
	x.Start, x.Role, x.Input = e.Start, e.Role, e.Payload
	x.StartTime, x.Deadline = e.Time, e.Until
	root := x.addFrame(0, 0, 0)
	root.next, root.input = e.Next, e.Payload
}

func (x *Execution) end(e *history.Event, s Status) {
	x.Status = s
	x.StopTime = e.Time
	x.Error, x.Cause = e.Error, e.Cause
	if s == Succeeded {
		x.frames, x.variables = nil, 0
	}
}

// redrive folds ExecutionRedriven: every frame that was live, or cut, at the end
// goes on from where it was.
func (x *Execution) redrive(e *history.Event) {
	x.Status = Running
	x.RedriveCount, x.RedriveTime = e.RedriveCount, e.Time
	x.StopTime, x.Deadline = time.Time{}, e.Until
	x.Error, x.Cause = nil, nil
	for _, f := range x.frames {
		f.cut, f.retries, f.task = false, nil, nil
		inside := f.hold != nil && f.hold.done < len(f.hold.results)
		if f.phase == ready || f.phase == waiting || f.phase == holding && inside {
			continue
		}
		// All of the children are done: the state failed over their results,
		// and everything is done again.
		f.phase, f.hold, f.last = redriven, nil, f.entered
	}
}

func (x *Execution) enter(e *history.Event) {
	f := x.frame(e.Frame)
	if f == nil { // the first event of a branch; iterations have MapIterationStarted
		f = x.addFrame(e.Frame, e.Parent, e.Index)
		x.mustFrame(e.Parent).hold.started++
	}
	f.state, f.input, f.entered, f.since, f.last = e.Name, e.Payload, e.ID, e.Time, e.ID
	f.next, f.retries = "", nil
	f.forget()
	f.phase = holding // until a later event of the turn says otherwise
}

func (x *Execution) exit(e *history.Event) {
	f := x.mustFrame(e.Frame)
	for _, a := range e.Assigned {
		x.assign(f, a)
	}
	f.last = e.ID
	if f.hold != nil { // failed and caught
		x.drop(x.below(f.id)...)
	}
	f.forget()
	f.state = ""
	f.phase, f.next, f.input = ready, e.Next, e.Payload
	if !e.Final || f.id == 0 {
		return
	}
	parent := x.mustFrame(f.parent)
	parent.hold.results[f.index] = e.Payload
	parent.hold.done++
	parent.last = e.ID
	x.drop(f)
}

func (x *Execution) assign(f *frame, a history.Assigned) {
	x.variables += len(a.JSON)
	for i := range f.scope {
		if f.scope[i].name == a.Name {
			x.variables -= len(f.scope[i].json)
			f.scope[i].json = a.JSON
			return
		}
	}
	f.scope = append(f.scope, variable{a.Name, a.JSON})
}

// retry folds RetryScheduled: the attempt is over, children are gone.
func (x *Execution) retry(e *history.Event) {
	f := x.mustFrame(e.Frame)
	x.drop(x.below(f.id)...)
	for len(f.retries) <= e.Count {
		f.retries = append(f.retries, 0)
	}
	f.retries[e.Count]++
	f.phase, f.until, f.last = retrying, e.Until, e.Previous
	f.forget()
}

// forget drops what the state's work has left.
func (f *frame) forget() {
	f.task, f.hold, f.mapRun, f.mapRedrives = nil, nil, "", 0
}

// applyTask folds the events of tasks, Parallel and Map states.
func (x *Execution) applyTask(e *history.Event) {
	switch e.Type {
	case history.LambdaFunctionScheduled, history.ActivityScheduled, history.TaskScheduled:
		f := x.mustFrame(e.Frame)
		f.phase, f.last = tasking, e.ID
		f.task = &task{id: e.ID, nonce: e.Nonce, scheduled: *e}
	case history.LambdaFunctionStarted, history.ActivityStarted, history.TaskStarted:
		f := x.mustFrame(e.Frame)
		f.last = e.ID
		f.task.started, f.task.until = true, e.Until
		x.beat(f, e)
	case history.TaskSubmitted:
		f := x.mustFrame(e.Frame)
		f.last = e.ID
		f.task.submitted = true
		if isSync(e.Resource) {
			f.task.output = e.Payload
		}
		x.beat(f, e)
	case history.HeartbeatReceived:
		x.beat(x.mustFrame(e.Frame), e)
	case history.LambdaFunctionSucceeded, history.ActivitySucceeded, history.TaskSucceeded,
		history.LambdaFunctionFailed, history.ActivityFailed, history.TaskFailed,
		history.LambdaFunctionTimedOut, history.ActivityTimedOut, history.TaskTimedOut,
		history.LambdaFunctionScheduleFailed, history.LambdaFunctionStartFailed,
		history.ActivityScheduleFailed, history.TaskStartFailed, history.TaskSubmitFailed:
		f := x.mustFrame(e.Frame)
		f.last, f.task = e.ID, nil
		f.phase = holding // decided in the same turn
	case history.ParallelStateStarted, history.MapStateStarted:
		x.mustFrame(e.Frame).startHold(e)
	case history.MapIterationStarted:
		f := x.addFrame(e.Frame, e.Parent, e.Index)
		f.last, f.next, f.input = e.ID, e.Next, e.Payload
		x.mustFrame(e.Parent).hold.started++
	case history.MapIterationSucceeded:
		x.mustFrame(e.Frame).last = e.ID
	case history.ParallelStateFailed, history.MapStateFailed:
		f := x.mustFrame(e.Frame)
		for _, child := range x.below(f.id) {
			child.cut = true
		}
		f.last = e.ID
	case history.MapRunStarted:
		f := x.mustFrame(e.Frame)
		f.phase, f.last, f.mapRun = mapping, e.ID, e.MapRun
	case history.MapRunRedriven:
		f := x.mustFrame(e.Frame)
		f.phase, f.last, f.mapRedrives = mapping, e.ID, e.RedriveCount
	case history.MapRunFailed, history.MapRunAborted:
		f := x.mustFrame(e.Frame)
		f.phase, f.last = holding, e.ID
	case history.MapRunSucceeded:
		f := x.mustFrame(e.Frame)
		f.phase, f.last = holding, e.ID
		f.mapRun, f.mapRedrives = "", 0
	default:
		// The rest changes nothing: aborts follow from the failure that they
		// belong to, …Succeeded from the exit behind it.
	}
}

// startHold folds the start of a Parallel or Map state. The children of a
// distributed Map are its map run's: that event has no payload.
func (f *frame) startHold(e *history.Event) {
	f.phase, f.last = holding, e.ID
	if !e.HasPayload {
		return
	}
	f.hold = &hold{limit: e.Count, input: e.Payload, results: make([]string, e.Length), origin: e.ID}
	if e.Type == history.MapStateStarted {
		f.hold.items = elements(e.Payload, e.Length)
	}
}

// beat moves the heartbeat deadline of f's task to the one in the event.
func (x *Execution) beat(f *frame, e *history.Event) {
	if e.Heartbeat > 0 {
		f.task.heartbeat = e.Time.Add(seconds(e.Heartbeat))
	}
}
