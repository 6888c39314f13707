package states

import (
	"context"
	"errors"

	"pawl.dev/asl"
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

// watch waits for the end of the execution that a .sync task started.
func (a *attempt) watch(ctx context.Context, arn string) {
	leave, err := a.h.api.OnEnd(ctx, arn, func() { a.h.spawn(func() { a.ended(ctx, arn) }) })
	if err != nil {
		a.refused(ctx, err)
		return
	}
	context.AfterFunc(ctx, func() {
		leave()
		if errors.Is(context.Cause(ctx), task.ErrAbandoned) {
			a.h.spawn(func() { a.stop(ctx, arn) })
		}
	})
}

// ended answers the attempt with the outcome of the execution.
func (a *attempt) ended(ctx context.Context, arn string) {
	answer, err := a.h.api.Call(ctx, "DescribeExecution", request("executionArn", arn))
	if err != nil {
		a.refused(ctx, err)
		return
	}
	x, err := value.Parse(answer, nil)
	if err != nil {
		a.refused(ctx, err)
		return
	}
	if x.Member("status").Str() == "SUCCEEDED" {
		a.reply.Done(describe(x, a.r.Pattern == asl.Sync2).JSON())
		return
	}
	a.reply.Failed(asl.NewFailure(asl.ErrTaskFailed, describe(x, false).JSON()))
}

// stop aborts the execution of an attempt that nobody waits for. Like AWS's it
// is an effort, no promise: a crash in between leaves the execution running.
func (a *attempt) stop(ctx context.Context, arn string) {
	// Refused when the execution has gone: then there is nothing to stop.
	_, _ = a.h.api.Call(context.WithoutCancel(ctx), "StopExecution", request("executionArn", arn))
}

// described are the members of DescribeExecution that the result of .sync has.
// Source: recordings callback/start_execution_sync, sync2 and
// sync_delegate_failure.
var described = []string{
	"cause", "error", "executionArn", "input", "inputDetails", "mapRunArn", "name", "output", "outputDetails",
	"startDate", "stateMachineAliasArn", "stateMachineArn", "stateMachineVersionArn", "status", "stopDate", "traceHeader",
}

// describe is the description of an ended execution as the result of .sync, or of
// .sync:2, in which input and output are no texts but what they hold.
func describe(x value.Value, parsed bool) value.Value {
	var b value.Builder
	for _, name := range described {
		v, ok := x.Get(name)
		switch {
		case !ok:
			continue
		case parsed && (name == "input" || name == "output"):
			v, _ = value.Parse(v.Str(), nil) // the API's texts are JSON
		case isDate(name):
			v = milliseconds(v)
		default:
			v = pascal(v, keepDates)
		}
		b.Set(upper(name), v)
	}
	return b.Object()
}
