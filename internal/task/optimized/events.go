package optimized

import (
	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

var events = integration{
	service: "eventbridge", actions: []string{"putEvents"},
	prefix: "EventBridge", label: "AmazonEventBridge", base: "AmazonEventBridgeException",
	prepare: func(r *task.Request, params value.Value) value.Value {
		entries, ok := params.Get("Entries")
		if !ok || !entries.Is(value.Array) {
			return params
		}
		prepared := make([]value.Value, 0, entries.Len())
		for _, e := range entries.Items() {
			prepared = append(prepared, entry(r, e))
		}
		return with(params, "Entries", value.NewArray(prepared))
	},
	output: putEventsOutput,
}

// entry is an event as it is put: with its detail as text, and with the state
// machine and the execution among the resources that it concerns.
func entry(r *task.Request, e value.Value) value.Value {
	if !e.Is(value.Object) {
		return e
	}
	e = asText(e, "Detail")
	var resources []value.Value
	if given := e.Member("Resources"); given.Is(value.Array) {
		resources = append(resources, given.Items()...)
	}
	resources = append(resources, value.Text(r.StateMachineARN), value.Text(r.ExecutionARN))
	return with(e, "Resources", value.NewArray(resources))
}

// putEventsOutput fails the task if an event was refused, though the call as
// such succeeded. The result has no HTTP envelope.
func putEventsOutput(resp *awsapi.Response) (string, *asl.Failure) {
	output := resp.Output.JSON()
	if n, _ := resp.Output.Member("FailedEntryCount").Int64(); n > 0 {
		return "", asl.NewFailure("EventBridge.FailedEntry", output)
	}
	return output, nil
}
