package execlog

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
)

const (
	prefix   = "arn:aws:states:us-east-1:123456789012:"
	groupARN = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/states/g:*"
)

func text(s string) *string { return &s }

// turn is what an execution of the machine m did.
func turn(level string, data bool, events ...history.Event) host.ObservedTurn {
	for i := range events {
		events[i].ID, events[i].Previous, events[i].Time = history.EventID(i+1), history.EventID(i), time.UnixMilli(1_790_199_902_240)
	}
	return host.ObservedTurn{
		Start: &history.Start{
			Machine: "m", StateMachine: prefix + "stateMachine:m", ARN: prefix + "execution:m:x",
			Logging: history.Logging{Level: level, Group: groupARN, Data: data},
		},
		Events: events,
	}
}

func TestRecord_isThatOfAWS(t *testing.T) {
	t.Parallel()
	tail := `,"previous_event_id":"0","event_timestamp":"1790199902240","execution_arn":"` + prefix + `execution:m:x","redrive_count":"0"}`
	for name, test := range map[string]struct {
		event         history.Event
		with, without string // the details, with and without execution data
	}{
		"start": {
			history.Event{Type: history.ExecutionStarted, Payload: `{"a":"\u00e9"}`, HasPayload: true, Role: "r", Version: "3", Alias: "live"},
			`{"input":"{\"a\":\"\\u00e9\"}","inputDetails":{"truncated":false},"roleArn":"r","stateMachineAliasArn":"` + prefix + `stateMachine:m:live","stateMachineVersionArn":"` + prefix + `stateMachine:m:3"}`,
			`{"roleArn":"r","stateMachineAliasArn":"` + prefix + `stateMachine:m:live","stateMachineVersionArn":"` + prefix + `stateMachine:m:3"}`,
		},
		"entered": {
			history.Event{Type: history.PassStateEntered, Name: "P", Payload: `{}`, HasPayload: true},
			`{"input":"{}","inputDetails":{"truncated":false},"name":"P"}`, `{"name":"P"}`,
		},
		"exited": {
			history.Event{Type: history.PassStateExited, Name: "P", Payload: `1`, HasPayload: true, Assigned: []history.Assigned{{Name: "x", JSON: `"1"`}, {Name: "y", JSON: "2"}}},
			`{"assignedVariables":{"x":"\"1\"","y":"2"},"assignedVariablesDetails":{"truncated":false},"name":"P","output":"1","outputDetails":{"truncated":false}}`,
			`{"name":"P"}`,
		},
		"succeeded": {
			history.Event{Type: history.ExecutionSucceeded, Payload: `1`, HasPayload: true},
			`{"output":"1","outputDetails":{"truncated":false}}`, `{}`,
		},
		"failed": {
			history.Event{Type: history.ExecutionFailed, Error: text("E"), Cause: text("")},
			`{"cause":"","error":"E"}`, `{"cause":"","error":"E"}`,
		},
		"aborted": {history.Event{Type: history.ExecutionAborted}, `{}`, `{}`},
		"task scheduled": {
			history.Event{Type: history.TaskScheduled, Payload: `[]`, HasPayload: true, Region: "eu", Resource: "invoke", ResourceType: "lambda", Role: "r", Timeout: 5, Heartbeat: 2},
			`{"heartbeatInSeconds":2,"parameters":"[]","region":"eu","resource":"invoke","resourceType":"lambda","taskCredentials":{"roleArn":"r"},"timeoutInSeconds":5}`,
			`{"heartbeatInSeconds":2,"region":"eu","resource":"invoke","resourceType":"lambda","taskCredentials":{"roleArn":"r"},"timeoutInSeconds":5}`,
		},
		"iteration": {history.Event{Type: history.MapIterationStarted, Name: "M"}, `{"index":0,"name":"M"}`, `{"index":0,"name":"M"}`},
		"map run": {
			history.Event{Type: history.MapRunStarted, Label: "l", MapRun: "u"},
			`{"mapRunArn":"` + prefix + `mapRun:m/l:u"}`, `{"mapRunArn":"` + prefix + `mapRun:m/l:u"}`,
		},
		"no details": {history.Event{Type: history.ParallelStateStarted}, `{}`, `{}`},
	} {
		for data, details := range map[bool]string{true: test.with, false: test.without} {
			x := turn("ALL", data, test.event)
			want := `{"id":"1","type":"` + test.event.Type.String() + `","details":` + details + tail
			if got := string(appendRecord(nil, &x, &x.Events[0])); got != want {
				t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
			}
		}
	}
}

// A child of a map run names it.
func TestRecord_namesTheMapRun(t *testing.T) {
	t.Parallel()
	x := turn("ALL", false, history.Event{Type: history.ExecutionRedriven, RedriveCount: 2})
	x.MapRun, x.RedriveCount, x.Start.Label, x.Start.StateMachine = "u", 2, "l", prefix+"stateMachine:m/l"
	got := string(appendRecord(nil, &x, &x.Events[0]))
	if want := `"redrive_count":"2","map_run_arn":"` + prefix + `mapRun:m/l:u"}`; !strings.HasSuffix(got, want) || !strings.Contains(got, `"details":{"redriveCount":2}`) {
		t.Errorf("got %s", got)
	}
}

func TestRecord_isCutAtItsLimit(t *testing.T) {
	t.Parallel()
	big := strings.Repeat(`"é\`, 60_000)
	for name, event := range map[string]history.Event{
		"payload":   {Type: history.PassStateEntered, Name: "P", Payload: big, HasPayload: true},
		"variables": {Type: history.PassStateExited, Name: "P", Payload: "1", HasPayload: true, Assigned: []history.Assigned{{Name: "x", JSON: big}}},
		"both":      {Type: history.PassStateExited, Name: "P", Payload: big, HasPayload: true, Assigned: []history.Assigned{{Name: "x", JSON: big}}},
	} {
		x := turn("ALL", true, event)
		got := appendRecord(nil, &x, &x.Events[0])
		if len(got) > maxRecordBytes || !json.Valid(got) || !utf8.Valid(got) || !strings.Contains(string(got), `{"truncated":true}`) {
			t.Errorf("%s: %d bytes, ends %s", name, len(got), got[len(got)-300:])
		}
		if name == "payload" && len(got) < maxRecordBytes-10 {
			t.Errorf("only %d bytes are left", len(got))
		}
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]map[history.Type]bool{
		"ALL":   {history.ExecutionStarted: true, history.WaitStateAborted: true, history.ExecutionFailed: true, history.RetryScheduled: false},
		"ERROR": {history.ExecutionStarted: false, history.ExecutionSucceeded: false, history.FailStateEntered: true, history.LambdaFunctionScheduleFailed: true, history.TaskTimedOut: true, history.WaitStateAborted: true, history.EvaluationFailed: true, history.TaskStarted: false, history.ExecutionAborted: true},
		"FATAL": {history.TaskFailed: false, history.MapRunFailed: false, history.ExecutionFailed: true, history.ExecutionTimedOut: true, history.ExecutionAborted: true},
		"OFF":   {history.ExecutionFailed: false},
	} {
		for event, is := range want {
			if logged(level, event) != is {
				t.Errorf("%s at %s is logged: %t", event, level, !is)
			}
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	x := turn("ALL", true, history.Event{Type: history.PassStateEntered, Name: "P", Payload: `{"order":{"id":"A-1001","total":129.5}}`, HasPayload: true})
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = appendRecord(buf[:0], &x, &x.Events[0])
	}
}
