package api

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/history"
	"pawl.dev/internal/service"
)

func p(s string) *string { return &s }

// TestWriteEvent_byType shows the details that AWS gives events of each type.
func TestWriteEvent_byType(t *testing.T) {
	t.Parallel()
	payload := func(e history.Event) history.Event {
		e.Payload, e.HasPayload = `{"a":1}`, true
		return e
	}
	const (
		input  = `"input":"{\"a\":1}","inputDetails":{"truncated":false}`
		output = `"output":"{\"a\":1}","outputDetails":{"truncated":false}`
	)
	tests := []struct {
		event   history.Event
		details string // with and without data, "" when the same
		without string
	}{
		{payload(history.Event{Type: history.ExecutionStarted, Role: "r"}), `"executionStartedEventDetails":{` + input + `,"roleArn":"r"}`, `"executionStartedEventDetails":{"roleArn":"r"}`},
		{payload(history.Event{Type: history.ExecutionSucceeded}), `"executionSucceededEventDetails":{` + output + `}`, `"executionSucceededEventDetails":{}`},
		{history.Event{Type: history.ExecutionFailed, Error: p("E"), Cause: p("C")}, `"executionFailedEventDetails":{"cause":"C","error":"E"}`, ""},
		{history.Event{Type: history.ExecutionAborted}, `"executionAbortedEventDetails":{}`, ""},
		{history.Event{Type: history.ExecutionTimedOut, Error: p("States.Timeout")}, `"executionTimedOutEventDetails":{"error":"States.Timeout"}`, ""},
		{history.Event{Type: history.ExecutionRedriven, RedriveCount: 2}, `"executionRedrivenEventDetails":{"redriveCount":2}`, ""},
		{payload(history.Event{Type: history.FailStateEntered, Name: "F"}), `"stateEnteredEventDetails":{` + input + `,"name":"F"}`, `"stateEnteredEventDetails":{"name":"F"}`},
		{
			payload(history.Event{Type: history.MapStateExited, Name: "M", Assigned: []history.Assigned{{Name: "x", JSON: "1"}, {Name: "y", JSON: `"b"`}}}),
			`"stateExitedEventDetails":{"assignedVariables":{"x":"1","y":"\"b\""},"assignedVariablesDetails":{"truncated":false},"name":"M",` + output + `}`,
			`"stateExitedEventDetails":{"name":"M"}`,
		},
		{history.Event{Type: history.TaskStateAborted}, ``, ""},
		{history.Event{Type: history.ParallelStateStarted}, ``, ""},
		{history.Event{Type: history.MapStateStarted}, `"mapStateStartedEventDetails":{"length":0}`, ""},
		{history.Event{Type: history.MapIterationFailed, Name: "M", Index: 0}, `"mapIterationFailedEventDetails":{"index":0,"name":"M"}`, ""},
		{payload(history.Event{Type: history.MapRunStarted}), `"mapRunStartedEventDetails":{"mapRunArn":"run"}`, ""},
		{history.Event{Type: history.MapRunRedriven, RedriveCount: 1}, `"mapRunRedrivenEventDetails":{"mapRunArn":"run","redriveCount":1}`, ""},
		{history.Event{Type: history.MapRunSucceeded}, ``, ""},
		{payload(history.Event{Type: history.LambdaFunctionScheduled, Resource: "f", Timeout: 5, Role: "r"}), `"lambdaFunctionScheduledEventDetails":{` + input + `,"resource":"f","taskCredentials":{"roleArn":"r"},"timeoutInSeconds":5}`, `"lambdaFunctionScheduledEventDetails":{"resource":"f","taskCredentials":{"roleArn":"r"},"timeoutInSeconds":5}`},
		{history.Event{Type: history.LambdaFunctionStarted}, ``, ""},
		{payload(history.Event{Type: history.ActivityScheduled, Resource: "a", Timeout: 5, Heartbeat: 2}), `"activityScheduledEventDetails":{"heartbeatInSeconds":2,` + input + `,"resource":"a","timeoutInSeconds":5}`, `"activityScheduledEventDetails":{"heartbeatInSeconds":2,"resource":"a","timeoutInSeconds":5}`},
		{history.Event{Type: history.ActivityStarted}, `"activityStartedEventDetails":{}`, ""},
		{history.Event{Type: history.ActivityStarted, Worker: "w"}, `"activityStartedEventDetails":{"workerName":"w"}`, ""},
		{payload(history.Event{Type: history.TaskScheduled, ResourceType: "sqs", Resource: "sendMessage", Region: "us-east-1", Role: "r"}), `"taskScheduledEventDetails":{"parameters":"{\"a\":1}","region":"us-east-1","resource":"sendMessage","resourceType":"sqs","taskCredentials":{"roleArn":"r"}}`, `"taskScheduledEventDetails":{"region":"us-east-1","resource":"sendMessage","resourceType":"sqs","taskCredentials":{"roleArn":"r"}}`},
		{history.Event{Type: history.TaskStarted, ResourceType: "sqs", Resource: "sendMessage"}, `"taskStartedEventDetails":{"resource":"sendMessage","resourceType":"sqs"}`, ""},
		{payload(history.Event{Type: history.TaskSubmitted, ResourceType: "sqs", Resource: "s"}), `"taskSubmittedEventDetails":{` + output + `,"resource":"s","resourceType":"sqs"}`, `"taskSubmittedEventDetails":{"resource":"s","resourceType":"sqs"}`},
		{history.Event{Type: history.TaskFailed, ResourceType: "sqs", Resource: "s", Error: p("")}, `"taskFailedEventDetails":{"error":"","resource":"s","resourceType":"sqs"}`, ""},
		{history.Event{Type: history.EvaluationFailed, Name: "S", Location: "Output/a", Error: p("E"), Cause: p("C")}, `"evaluationFailedEventDetails":{"cause":"C","error":"E","location":"Output/a","state":"S"}`, ""},
		{history.Event{Type: history.EvaluationFailed, Name: "S"}, `"evaluationFailedEventDetails":{"state":"S"}`, ""},
	}
	for _, test := range tests {
		if test.without == "" {
			test.without = test.details
		}
		for withData, details := range map[bool]string{true: test.details, false: test.without} {
			e := &service.HistoryEvent{Event: test.event, MapRunARN: "run"}
			e.ID, e.Previous, e.Time = 7, 3, time.UnixMilli(12_005)
			w := newResponse()
			writeEvent(w, e, withData)
			want := `{"id":7,"previousEventId":3,"timestamp":12.005,"type":"` + e.Type.String() + `"`
			if details != "" {
				want += "," + details
			}
			if diff := cmp.Diff(members(t, want+"}"), members(t, string(w.finish()))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", e.Type, diff)
			}
		}
	}
}

func members(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}

// TestShapes_areThereForEveryDetails compares the table with the names of the
// types: what AWS gives no details to is listed here.
func TestShapes_areThereForEveryDetails(t *testing.T) {
	t.Parallel()
	bare := map[history.Type]bool{
		history.TaskStateAborted: true, history.WaitStateAborted: true, history.ParallelStateAborted: true, history.MapStateAborted: true,
		history.ParallelStateStarted: true, history.ParallelStateSucceeded: true, history.ParallelStateFailed: true,
		history.MapStateSucceeded: true, history.MapStateFailed: true, history.MapRunSucceeded: true, history.MapRunAborted: true,
		history.LambdaFunctionStarted: true,
	}
	for typ := history.ExecutionStarted; typ.Public(); typ++ {
		if has := shapes[typ].name != ""; has == bare[typ] {
			t.Errorf("%s: has details %v", typ, has)
		}
	}
}

func BenchmarkWriteEvents(b *testing.B) {
	e := &service.HistoryEvent{Event: history.Event{
		ID: 7, Previous: 6, Type: history.PassStateExited, Time: time.UnixMilli(1_800_000_000_084), Name: "State",
		Payload: `{"order":{"id":"A-1001","total":129.5}}`, HasPayload: true,
	}}
	b.ReportAllocs()
	for b.Loop() {
		w := newResponse()
		w.list("events", 100, func(int) { writeEvent(w, e, true) })
		_ = w.finish()
	}
}
