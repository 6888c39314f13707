package engine

import (
	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// kindOf tells the three families of task events apart.
func kindOf(scheduled history.Type) asl.ResourceKind {
	switch scheduled {
	case history.LambdaFunctionScheduled:
		return asl.LambdaFunction
	case history.ActivityScheduled:
		return asl.Activity
	default:
		return asl.Service
	}
}

var (
	startedTypes   = [...]history.Type{asl.LambdaFunction: history.LambdaFunctionStarted, asl.Activity: history.ActivityStarted, asl.Service: history.TaskStarted}
	succeededTypes = [...]history.Type{asl.LambdaFunction: history.LambdaFunctionSucceeded, asl.Activity: history.ActivitySucceeded, asl.Service: history.TaskSucceeded}
	failedTypes    = [...]history.Type{asl.LambdaFunction: history.LambdaFunctionFailed, asl.Activity: history.ActivityFailed, asl.Service: history.TaskFailed}
	timedOutTypes  = [...]history.Type{asl.LambdaFunction: history.LambdaFunctionTimedOut, asl.Activity: history.ActivityTimedOut, asl.Service: history.TaskTimedOut}
)

// schedule starts an attempt of a Task state.
func (t *turn) schedule(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	nonce := t.env.Rand.Uint64() | 1 // 0 would not be stored
	e := history.Event{Frame: f.id, Previous: f.last, HasPayload: true, Nonce: nonce}
	tokenNonce := uint64(0)
	if s.Task.Pattern != asl.RequestResponse {
		tokenNonce = nonce
	}
	args, fail := t.arguments(f, s, eff, tokenNonce)
	if fail == nil {
		fail = t.taskFields(f, s, eff, &e)
	}
	if fail == nil {
		e.Payload = args.JSON()
		fail = t.checkSize(e.Payload, s.Name)
	}
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	switch s.Task.Kind {
	case asl.LambdaFunction:
		e.Type, e.Resource = history.LambdaFunctionScheduled, s.Task.Resource
	case asl.Activity:
		e.Type, e.Resource = history.ActivityScheduled, s.Task.Resource
	case asl.Service:
		e.Type, e.Resource, e.ResourceType, e.Region = history.TaskScheduled, s.Task.Action, s.Task.ResourceType, t.env.Region
	}
	if t.env.Refuse != nil {
		if fail := t.env.Refuse(&e); fail != nil {
			t.fail(f, s, fail, f.last)
			return
		}
	}
	t.emit(e)
	if t.x.Status != Running {
		return
	}
	if s.Task.Kind != asl.Activity { // an activity starts when a worker takes it
		t.started(f, kindOf(e.Type), "")
	}
	if t.x.Status == Running {
		t.Effects = append(t.Effects, f.runTask(s.Name))
	}
}

// taskFields evaluates the timeouts and credentials of an attempt.
func (t *turn) taskFields(f *frame, s *asl.State, eff asl.Document, e *history.Event) *asl.Failure {
	d := t.data(f, s, eff)
	var fail *asl.Failure
	if s.Task.Timeout != nil {
		if e.Timeout, fail = s.Task.Timeout.Int(d); fail != nil {
			return fail
		}
	}
	if s.Task.Heartbeat != nil {
		if e.Heartbeat, fail = s.Task.Heartbeat.Int(d); fail != nil {
			return fail
		}
	}
	if s.Task.Credentials != nil {
		doc, fail := s.Task.Credentials.Eval(d)
		if fail != nil {
			return fail
		}
		e.Role = doc.Value(t.env.Arena).Member("RoleArn").Str()
	}
	return nil
}

// started records that the attempt of f is being worked on; its clock runs.
func (t *turn) started(f *frame, kind asl.ResourceKind, worker string) {
	task := f.task
	e := history.Event{Type: startedTypes[kind], Frame: f.id, Previous: f.last, Worker: worker}
	if kind == asl.Service {
		e.Resource, e.ResourceType = task.scheduled.Resource, task.scheduled.ResourceType
	}
	if task.scheduled.Timeout > 0 {
		e.Until = t.env.Now.Add(seconds(task.scheduled.Timeout))
	}
	if kind == asl.Activity {
		e.Heartbeat = task.scheduled.Heartbeat
	}
	t.emit(e)
}

func (f *frame) runTask(state string) RunTask {
	return RunTask{
		Task: f.task.id, Nonce: f.task.nonce, State: state, Scheduled: f.task.scheduled,
		Until: f.task.until, Submitted: f.task.output,
	}
}

// open returns the frame that waits for the answer to an attempt, nil when none
// does (I6).
func (x *Execution) open(id history.EventID, nonce uint64) *frame {
	for _, f := range x.frames {
		if f.phase == tasking && f.task.id == id && f.task.nonce == nonce {
			return f
		}
	}
	return nil
}

// OpenTask returns the Scheduled event of an open attempt and whether it was
// started.
func (x *Execution) OpenTask(id history.EventID, nonce uint64) (scheduled history.Event, started, ok bool) {
	f := x.open(id, nonce)
	if f == nil || x.Status != Running {
		return history.Event{}, false, false
	}
	return f.task.scheduled, f.task.started, true
}

// Uncalled reports whether the attempt is that of a service task which has yet
// to report its call (Submitted): an answer by token that comes before it is
// early.
func (x *Execution) Uncalled(id history.EventID, nonce uint64) bool {
	f := x.open(id, nonce)
	return f != nil && x.Status == Running && f.task.scheduled.Type == history.TaskScheduled && !f.task.submitted
}

func (t *turn) taken(in Taken) {
	if f := t.x.open(in.Task, in.Nonce); f != nil && !f.task.started {
		t.started(f, asl.Activity, in.Worker)
	}
}

func (t *turn) submitted(in Submitted) {
	f := t.x.open(in.Task, in.Nonce)
	if f == nil || f.task.submitted {
		return
	}
	t.emit(history.Event{
		Type: history.TaskSubmitted, Frame: f.id, Previous: f.last, Payload: in.Output, HasPayload: true,
		Resource: f.task.scheduled.Resource, ResourceType: f.task.scheduled.ResourceType,
		Heartbeat: f.task.scheduled.Heartbeat,
	})
}

func (t *turn) beat(in Beat) {
	f := t.x.open(in.Task, in.Nonce)
	if f == nil || f.task.scheduled.Heartbeat == 0 {
		return
	}
	t.emit(history.Event{Type: history.HeartbeatReceived, Frame: f.id, Heartbeat: f.task.scheduled.Heartbeat})
}

func (t *turn) taskDone(in TaskDone) {
	f := t.x.open(in.Task, in.Nonce)
	if f == nil || t.deleted(f) {
		return
	}
	s := t.p.State(f.state)
	who := s.Task.Resource
	if s.Task.Kind == asl.Service {
		who = s.Task.ResourceType
	}
	if fail := t.checkSize(in.Output, who); fail != nil {
		t.taskFailed(f, s, fail)
		return
	}
	kind := kindOf(f.task.scheduled.Type)
	e := t.answer(f, succeededTypes[kind])
	e.Payload, e.HasPayload = in.Output, true
	t.emit(e)
	if t.x.Status == Running {
		t.finish(f, s, outcome{result: asl.TextDocument(in.Output), next: s.Next, output: s.Output, assign: s.Assign, merge: true, worked: true})
	}
}

func (t *turn) taskBroke(in TaskBroke) {
	if f := t.x.open(in.Task, in.Nonce); f != nil && !t.deleted(f) {
		t.taskFailed(f, t.p.State(f.state), in.Failure)
	}
}

// answer is the event that ends the attempt of f, without its outcome.
func (t *turn) answer(f *frame, kind history.Type) history.Event {
	e := history.Event{Type: kind, Frame: f.id, Previous: f.last}
	if f.task.scheduled.Type == history.TaskScheduled {
		e.Resource, e.ResourceType = f.task.scheduled.Resource, f.task.scheduled.ResourceType
	}
	return e
}

func (t *turn) taskFailed(f *frame, s *asl.State, failure *asl.Failure) {
	failure = t.located(f, s, failure)
	if failure.Error != nil {
		name := truncate(*failure.Error, asl.MaxErrorChars)
		failure = &asl.Failure{Error: &name, Cause: failure.Cause}
	}
	if failure.Cause != nil {
		cause := truncate(*failure.Cause, asl.MaxCauseChars)
		failure = &asl.Failure{Error: failure.Error, Cause: &cause}
	}
	if failure.Is(asl.ErrRuntime) {
		// The attempt could not be made: AWS shows no failure of the task.
		t.end(failure, f.last)
		return
	}
	e := t.answer(f, failedTypes[kindOf(f.task.scheduled.Type)])
	e.Error, e.Cause = failure.Error, failure.Cause
	t.emit(e)
	t.fail(f, s, failure, f.last)
}

// taskTimedOut records that the time or the heartbeat of an attempt ran out and
// returns the failure. The event says States.Timeout for both; Retry and Catch
// can tell them apart.
func (t *turn) taskTimedOut(f *frame) *asl.Failure {
	task := f.task
	name := asl.ErrTimeout
	if beat := task.heartbeat; !beat.IsZero() && !beat.After(t.env.Now) && (task.until.IsZero() || beat.Before(task.until)) {
		name = asl.ErrHeartbeatTimeout
	}
	t.cancel(f)
	e := t.answer(f, timedOutTypes[kindOf(task.scheduled.Type)])
	timeout := asl.ErrTimeout
	e.Error = &timeout
	t.emit(e)
	return &asl.Failure{Error: &name}
}
