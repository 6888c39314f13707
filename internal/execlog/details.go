package execlog

import (
	"strings"

	"pawl.dev/internal/history"
)

// details writes the members that GetExecutionHistory shows in the event's
// details structure, in alphabetical order.
func (w *recordWriter) details() {
	e := w.event
	switch e.Type {
	case history.ExecutionStarted:
		w.payload("input", true)
		w.some("roleArn", e.Role)
		if e.Alias != "" {
			w.text("stateMachineAliasArn", qualifiedARN(w.turn.Start, e.Alias))
		}
		if e.Version != "" {
			w.text("stateMachineVersionArn", qualifiedARN(w.turn.Start, e.Version))
		}
	case history.ExecutionRedriven:
		w.number("redriveCount", int64(e.RedriveCount))
	case history.ExecutionSucceeded, history.LambdaFunctionSucceeded, history.ActivitySucceeded:
		w.payload("output", true)
	case history.MapStateStarted:
		w.number("length", int64(e.Length))
	case history.MapIterationStarted, history.MapIterationSucceeded, history.MapIterationFailed, history.MapIterationAborted:
		w.number("index", int64(e.Index))
		w.text("name", e.Name)
	case history.MapRunStarted:
		w.text("mapRunArn", mapRunARN(w.turn.Start, e.Label, e.MapRun))
	case history.MapRunRedriven:
		w.text("mapRunArn", mapRunARN(w.turn.Start, e.Label, e.MapRun))
		w.number("redriveCount", int64(e.RedriveCount))
	case history.LambdaFunctionScheduled, history.ActivityScheduled:
		w.seconds("heartbeatInSeconds", e.Heartbeat)
		w.payload("input", true)
		w.text("resource", e.Resource)
		if e.Type == history.LambdaFunctionScheduled {
			w.credentials()
		}
		w.seconds("timeoutInSeconds", e.Timeout)
	case history.ActivityStarted:
		w.some("workerName", e.Worker)
	case history.TaskScheduled:
		w.seconds("heartbeatInSeconds", e.Heartbeat)
		w.payload("parameters", false)
		w.text("region", e.Region)
		w.task()
		w.credentials()
		w.seconds("timeoutInSeconds", e.Timeout)
	case history.TaskStarted:
		w.task()
	case history.TaskSubmitted, history.TaskSucceeded:
		w.payload("output", true)
		w.task()
	case history.TaskStartFailed, history.TaskSubmitFailed, history.TaskFailed, history.TaskTimedOut:
		w.failure()
		w.task()
	case history.EvaluationFailed:
		w.failure()
		w.some("location", e.Location)
		w.text("state", e.Name)
	default:
		w.byName()
	}
}

// byName is for the types that are many of a kind.
func (w *recordWriter) byName() {
	switch name := w.event.Type.String(); {
	case strings.HasSuffix(name, "StateEntered"):
		w.payload("input", true)
		w.text("name", w.event.Name)
	case strings.HasSuffix(name, "StateExited"):
		w.variables()
		w.text("name", w.event.Name)
		w.payload("output", true)
	default: // failures; other types have no details
		w.failure()
	}
}

func (w *recordWriter) failure() {
	if w.event.Cause != nil {
		w.text("cause", *w.event.Cause)
	}
	if w.event.Error != nil {
		w.text("error", *w.event.Error)
	}
}

func (w *recordWriter) task() {
	w.text("resource", w.event.Resource)
	w.text("resourceType", w.event.ResourceType)
}

func (w *recordWriter) credentials() {
	if w.event.Role != "" {
		w.begin("taskCredentials")
		w.text("roleArn", w.event.Role)
		w.end()
	}
}
