package api

import (
	"pawl.dev/internal/history"
	"pawl.dev/internal/service"
	"pawl.dev/value"
)

// writeEvent writes the members of a HistoryEvent. withData is
// includeExecutionData: without it inputs, outputs, parameters and variables
// with their details are left out.
//
// A member is left out when the event has no such value, but the details
// structure of its type is written even when it is empty: recordings of aborted
// executions have executionAbortedEventDetails {}.
func writeEvent(w *response, e *service.HistoryEvent, withData bool) {
	shape := shapes[e.Type]
	if shape.name != "" && shape.name < "id" {
		writeDetailsOf(w, e, shape, withData)
	}
	w.integer("id", int64(e.ID))
	if shape.name > "id" && shape.name < "previousEventId" {
		writeDetailsOf(w, e, shape, withData)
	}
	w.integer("previousEventId", int64(e.Previous))
	if shape.name > "previousEventId" {
		writeDetailsOf(w, e, shape, withData)
	}
	w.date("timestamp", e.Time)
	w.text("type", e.Type.String())
}

func writeDetailsOf(w *response, e *service.HistoryEvent, shape shape, withData bool) {
	w.begin(shape.name)
	shape.write(w, e, withData)
	w.end()
}

// shape is the details that events of a type have: the member's name, "" for
// none, and what writes its members.
type shape struct {
	name  string
	write func(w *response, e *service.HistoryEvent, withData bool)
}

// shapes is by type; types without details have the zero shape.
var shapes = [256]shape{
	history.ExecutionStarted:   {"executionStartedEventDetails", writeStarted},
	history.ExecutionSucceeded: {"executionSucceededEventDetails", writeResult},
	history.ExecutionFailed:    {"executionFailedEventDetails", writeFailure},
	history.ExecutionTimedOut:  {"executionTimedOutEventDetails", writeFailure},
	history.ExecutionAborted:   {"executionAbortedEventDetails", writeFailure},
	history.ExecutionRedriven:  {"executionRedrivenEventDetails", writeRedriven},

	history.PassStateEntered:     {"stateEnteredEventDetails", writeEntered},
	history.TaskStateEntered:     {"stateEnteredEventDetails", writeEntered},
	history.ChoiceStateEntered:   {"stateEnteredEventDetails", writeEntered},
	history.WaitStateEntered:     {"stateEnteredEventDetails", writeEntered},
	history.SucceedStateEntered:  {"stateEnteredEventDetails", writeEntered},
	history.FailStateEntered:     {"stateEnteredEventDetails", writeEntered},
	history.ParallelStateEntered: {"stateEnteredEventDetails", writeEntered},
	history.MapStateEntered:      {"stateEnteredEventDetails", writeEntered},

	history.PassStateExited:     {"stateExitedEventDetails", writeExited},
	history.TaskStateExited:     {"stateExitedEventDetails", writeExited},
	history.ChoiceStateExited:   {"stateExitedEventDetails", writeExited},
	history.WaitStateExited:     {"stateExitedEventDetails", writeExited},
	history.SucceedStateExited:  {"stateExitedEventDetails", writeExited},
	history.ParallelStateExited: {"stateExitedEventDetails", writeExited},
	history.MapStateExited:      {"stateExitedEventDetails", writeExited},

	history.MapStateStarted:       {"mapStateStartedEventDetails", writeLength},
	history.MapIterationStarted:   {"mapIterationStartedEventDetails", writeIteration},
	history.MapIterationSucceeded: {"mapIterationSucceededEventDetails", writeIteration},
	history.MapIterationFailed:    {"mapIterationFailedEventDetails", writeIteration},
	history.MapIterationAborted:   {"mapIterationAbortedEventDetails", writeIteration},
	history.MapRunStarted:         {"mapRunStartedEventDetails", writeMapRunStarted},
	history.MapRunFailed:          {"mapRunFailedEventDetails", writeFailure},
	history.MapRunRedriven:        {"mapRunRedrivenEventDetails", writeMapRunRedriven},

	history.LambdaFunctionScheduled:      {"lambdaFunctionScheduledEventDetails", writeScheduled},
	history.LambdaFunctionScheduleFailed: {"lambdaFunctionScheduleFailedEventDetails", writeFailure},
	history.LambdaFunctionStartFailed:    {"lambdaFunctionStartFailedEventDetails", writeFailure},
	history.LambdaFunctionSucceeded:      {"lambdaFunctionSucceededEventDetails", writeResult},
	history.LambdaFunctionFailed:         {"lambdaFunctionFailedEventDetails", writeFailure},
	history.LambdaFunctionTimedOut:       {"lambdaFunctionTimedOutEventDetails", writeFailure},

	history.ActivityScheduled:      {"activityScheduledEventDetails", writeScheduled},
	history.ActivityScheduleFailed: {"activityScheduleFailedEventDetails", writeFailure},
	history.ActivityStarted:        {"activityStartedEventDetails", writeActivityStarted},
	history.ActivitySucceeded:      {"activitySucceededEventDetails", writeResult},
	history.ActivityFailed:         {"activityFailedEventDetails", writeFailure},
	history.ActivityTimedOut:       {"activityTimedOutEventDetails", writeFailure},

	history.TaskScheduled:    {"taskScheduledEventDetails", writeTaskScheduled},
	history.TaskStarted:      {"taskStartedEventDetails", writeTask},
	history.TaskStartFailed:  {"taskStartFailedEventDetails", writeTaskFailure},
	history.TaskSubmitted:    {"taskSubmittedEventDetails", writeTaskResult},
	history.TaskSubmitFailed: {"taskSubmitFailedEventDetails", writeTaskFailure},
	history.TaskSucceeded:    {"taskSucceededEventDetails", writeTaskResult},
	history.TaskFailed:       {"taskFailedEventDetails", writeTaskFailure},
	history.TaskTimedOut:     {"taskTimedOutEventDetails", writeTaskFailure},

	history.EvaluationFailed: {"evaluationFailedEventDetails", writeEvaluationFailure},
}

func writeStarted(w *response, e *service.HistoryEvent, withData bool) {
	writePayload(w, "input", e, withData)
	w.some("roleArn", e.Role)
	w.some("stateMachineAliasArn", e.StateMachineAliasARN)
	w.some("stateMachineVersionArn", e.StateMachineVersionARN)
}

func writeRedriven(w *response, e *service.HistoryEvent, _ bool) {
	w.integer("redriveCount", int64(e.RedriveCount))
}

func writeEntered(w *response, e *service.HistoryEvent, withData bool) {
	writePayload(w, "input", e, withData)
	w.text("name", e.Name)
}

func writeExited(w *response, e *service.HistoryEvent, withData bool) {
	if withData && len(e.Assigned) > 0 {
		w.begin("assignedVariables")
		for _, v := range e.Assigned {
			w.quotedName(v.Name)
			w.buf = value.AppendQuoted(w.buf, v.JSON)
		}
		w.end()
		writeTruncated(w, "assignedVariablesDetails")
	}
	w.text("name", e.Name)
	writePayload(w, "output", e, withData)
}

func writeLength(w *response, e *service.HistoryEvent, _ bool) { w.integer("length", int64(e.Length)) }

func writeIteration(w *response, e *service.HistoryEvent, _ bool) {
	w.integer("index", int64(e.Index))
	w.text("name", e.Name)
}

func writeMapRunStarted(w *response, e *service.HistoryEvent, _ bool) {
	w.text("mapRunArn", e.MapRunARN)
}

func writeMapRunRedriven(w *response, e *service.HistoryEvent, _ bool) {
	w.text("mapRunArn", e.MapRunARN)
	w.integer("redriveCount", int64(e.RedriveCount))
}

// writeScheduled is for Lambda functions and activities; only the latter have
// heartbeats.
func writeScheduled(w *response, e *service.HistoryEvent, withData bool) {
	writeSeconds(w, "heartbeatInSeconds", e.Heartbeat)
	writePayload(w, "input", e, withData)
	w.text("resource", e.Resource)
	if e.Type == history.LambdaFunctionScheduled {
		writeCredentials(w, e)
	}
	writeSeconds(w, "timeoutInSeconds", e.Timeout)
}

func writeActivityStarted(w *response, e *service.HistoryEvent, _ bool) {
	w.some("workerName", e.Worker)
}

func writeTaskScheduled(w *response, e *service.HistoryEvent, withData bool) {
	writeSeconds(w, "heartbeatInSeconds", e.Heartbeat)
	if withData {
		w.text("parameters", e.Payload)
	}
	w.text("region", e.Region)
	writeTask(w, e, withData)
	writeCredentials(w, e)
	writeSeconds(w, "timeoutInSeconds", e.Timeout)
}

func writeTask(w *response, e *service.HistoryEvent, _ bool) {
	w.text("resource", e.Resource)
	w.text("resourceType", e.ResourceType)
}

func writeTaskFailure(w *response, e *service.HistoryEvent, withData bool) {
	writeFailure(w, e, withData)
	writeTask(w, e, withData)
}

func writeTaskResult(w *response, e *service.HistoryEvent, withData bool) {
	writeResult(w, e, withData)
	writeTask(w, e, withData)
}

func writeEvaluationFailure(w *response, e *service.HistoryEvent, withData bool) {
	writeFailure(w, e, withData)
	w.some("location", e.Location)
	w.text("state", e.Name)
}

func writeResult(w *response, e *service.HistoryEvent, withData bool) {
	writePayload(w, "output", e, withData)
}

func writeFailure(w *response, e *service.HistoryEvent, _ bool) {
	w.present("cause", e.Cause)
	w.present("error", e.Error)
}

// writePayload writes input or output with its details. The API never truncates.
func writePayload(w *response, name string, e *service.HistoryEvent, withData bool) {
	if !withData || !e.HasPayload {
		return
	}
	w.text(name, e.Payload)
	writeTruncated(w, name+"Details")
}

func writeTruncated(w *response, name string) {
	w.begin(name)
	w.flag("truncated", false)
	w.end()
}

func writeSeconds(w *response, name string, seconds int64) {
	if seconds != 0 {
		w.integer(name, seconds)
	}
}

func writeCredentials(w *response, e *service.HistoryEvent) {
	if e.Role == "" {
		return
	}
	w.begin("taskCredentials")
	w.text("roleArn", e.Role)
	w.end()
}
