package host

import (
	"context"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/task"
	"pawl.dev/internal/teststate"
)

// Test runs the test of a single state to its end: its task is really run, its
// waiting really takes place, for five minutes at most. Nothing is stored.
// Errors: ErrClosed, the context's.
func (h *Host) Test(ctx context.Context, t *teststate.Test) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(task.ErrAbandoned)
	answers := testReply{inputs: make(chan engine.Input, 4), done: ctx.Done()}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	effects := t.Begin(h.now())
	for !t.Over() {
		for _, e := range effects {
			if run, ok := e.(engine.RunTask); ok {
				h.runTested(ctx, t, run, answers)
			}
		}
		timer.Reset(max(t.NextWake().Sub(h.now()), 0))
		select {
		case in := <-answers.inputs:
			effects = t.Decide(in, h.now())
		case <-timer.C:
			effects = t.Decide(engine.Wake{}, h.now())
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return ErrClosed
		}
	}
	return nil
}

// runTested hands the attempt of a tested state to its handler.
func (h *Host) runTested(ctx context.Context, t *teststate.Test, e engine.RunTask, answers testReply) {
	state := t.State()
	answers.task, answers.nonce = e.Task, e.Nonce
	req := task.Request{
		ID:   "test/" + engine.NewUUID(newRand()),
		Kind: state.Task.Kind, Resource: e.Scheduled.Resource, ResourceType: e.Scheduled.ResourceType,
		Input: e.Scheduled.Payload, Role: e.Scheduled.Role, Deadline: e.Until,
		ExecutionARN: t.ExecutionARN(), StateMachineARN: t.StateMachineARN(),
	}
	handler := h.config.Tasks.Find(&req)
	if handler == nil {
		answers.Failed(asl.NewFailure(asl.ErrRuntime, "No handler is configured for the resource '"+state.Task.Resource+"'."))
		return
	}
	handler.Run(ctx, req, answers)
}

// testReply carries a handler's answers to the test of a state.
type testReply struct {
	inputs chan engine.Input
	done   <-chan struct{}
	task   history.EventID
	nonce  uint64
}

func (r testReply) send(in engine.Input) {
	select {
	case r.inputs <- in:
	case <-r.done: // nobody waits any more
	}
}

func (r testReply) Submitted(output string) {
	r.send(engine.Submitted{Task: r.task, Nonce: r.nonce, Output: output})
}

func (r testReply) Done(output string) {
	r.send(engine.TaskDone{Task: r.task, Nonce: r.nonce, Output: output})
}

func (r testReply) Failed(failure *asl.Failure) {
	r.send(engine.TaskBroke{Task: r.task, Nonce: r.nonce, Failure: failure})
}
