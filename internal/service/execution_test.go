package service_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

func TestStartExecution_repetitionAnswersTheFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	input := `{"a":1}`
	in := service.StartExecutionInput{StateMachineARN: arn, Name: "x", Input: &input}
	first, err := b.StartExecution(b.ctx, in)
	ok(t, err)
	again, err := b.StartExecution(b.ctx, in)
	ok(t, err)
	same(t, again, first)
	same(t, first.ExecutionARN, prefix+"execution:m:x")
	other := `{"a": 1}`
	in.Input = &other
	_, err = b.StartExecution(b.ctx, in)
	refused(t, err, service.ExecutionAlreadyExists, "Execution Already Exists: '"+first.ExecutionARN+"'")
}

func TestStartExecution_refusesBadInput(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	tests := map[string]string{
		"":                "Invalid execution input.",
		"not some json":   "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
		`{'not': 'json'"`: "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
	}
	for input, why := range tests {
		_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn, Input: &input})
		refused(t, err, service.InvalidExecutionInput, "Invalid State Machine Execution Input: '"+why+"'")
	}
	long := `"` + strings.Repeat("x", service.MaxInputBytes-1) + `"`
	_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn, Input: &long})
	refused(t, err, service.ValidationException,
		"1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144")
	for _, input := range []string{"2", `"text"`, "null", " [1] "} {
		_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn, Input: &input})
		ok(t, err)
	}
}

func TestStartExecution_refusesARNsThatCannotStart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	tests := []struct {
		arn     string
		code    service.Code
		message string
	}{
		{arn + "x", service.StateMachineDoesNotExist, "State Machine Does Not Exist: '" + arn + "x'"},
		{arn + ":1", service.StateMachineDoesNotExist, "State Machine Version Does Not Exist: '" + arn + ":1'"},
		{arn + ":live", service.StateMachineDoesNotExist, "State Machine Alias Does Not Exist: '" + arn + ":live'"},
		{arn + "/label", service.ValidationException, "This operation does not support labeled state machine ARNs."},
		{prefix + "execution:m:x", service.InvalidArn, "Invalid Arn: 'Resource type not valid in this context: execution'"},
	}
	for _, test := range tests {
		_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: test.arn})
		refused(t, err, test.code, test.message)
	}
}

func TestStartExecution_startsTheRevisionAsked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	b.start(arn, "before")
	second := b.update(arn, waiting)
	b.start(arn, "after")
	b.start(arn+":1", "first")
	b.start(second, "second")

	var definitions []string
	for _, r := range b.host.Requests {
		definitions = append(definitions, r.Name+" "+r.Version+" "+r.Definition[:8])
	}
	old, latest := b.host.Requests[0].Definition[:8], b.host.Requests[1].Definition[:8]
	if old == latest {
		t.Fatal("an execution started after the update runs the old definition")
	}
	same(t, definitions, []string{"before  " + old, "after  " + latest, "first 1 " + old, "second 2 " + latest})
}

func TestStartExecution_routesAnAliasByWeight(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	b.update(arn, waiting)
	_, err := b.CreateStateMachineAlias(b.ctx, "live", "", []service.Route{{arn + ":1", 70}, {arn + ":2", 30}})
	ok(t, err)
	b.random.Store(99) // draws go 100, 101, …: every hundredth part once
	for i := range 100 {
		b.start(arn+":live", fmt.Sprintf("x%d", i))
	}
	started := map[string]int{}
	for _, r := range b.host.Requests {
		started[r.Alias+":"+r.Version]++
	}
	same(t, started, map[string]int{"live:1": 70, "live:2": 30})

	x, err := b.DescribeExecution(b.ctx, prefix+"execution:m:x0", "")
	ok(t, err)
	same(t, x.StateMachineARN, arn)
	same(t, x.StateMachineAliasARN, arn+":live")
	same(t, x.StateMachineVersionARN, arn+":1")
}

func TestStartSyncExecution_runsExpressOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	standard := b.create("s").StateMachineARN
	express := b.create("e", func(in *service.CreateStateMachineInput) { in.Type = asl.Express }).StateMachineARN
	const unsupported = "This operation is not supported by this type of state machine"
	_, err := b.StartSyncExecution(b.ctx, service.StartExecutionInput{StateMachineARN: standard}, "")
	refused(t, err, service.StateMachineTypeNotSupported, unsupported)
	x, err := b.StartSyncExecution(b.ctx, service.StartExecutionInput{StateMachineARN: express, Name: "n"}, "")
	ok(t, err)
	same(t, x.Name, "n")
	same(t, strings.HasPrefix(x.ExecutionARN, prefix+"express:e:n:"), true)
	same(t, x.Output, "{}")
	same(t, x.BilledDuration, 200*time.Millisecond)

	_, _, err = b.ListExecutions(b.ctx, service.ListExecutionsInput{StateMachineARN: express})
	refused(t, err, service.StateMachineTypeNotSupported, unsupported)
	const noExpress = "Invalid Arn: 'Resource type not valid in this context: express'"
	_, err = b.DescribeExecution(b.ctx, x.ExecutionARN, "")
	refused(t, err, service.InvalidArn, noExpress)
	_, err = b.StopExecution(b.ctx, x.ExecutionARN, nil, nil)
	refused(t, err, service.InvalidArn, noExpress)
	_, _, err = b.GetExecutionHistory(b.ctx, service.GetExecutionHistoryInput{ExecutionARN: x.ExecutionARN})
	refused(t, err, service.InvalidArn, noExpress)
}

func TestDescribeExecution_saysWhetherItCanBeRedriven(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	tests := map[string]struct {
		change func(*host.Execution)
		status service.RedriveStatus
		reason string
	}{
		"running":   {func(x *host.Execution) {}, service.NotRedrivable, "Execution is RUNNING and cannot be redriven"},
		"succeeded": {func(x *host.Execution) { x.Status = store.Succeeded }, service.NotRedrivable, "Execution is SUCCEEDED and cannot be redriven"},
		"failed":    {func(x *host.Execution) { x.Status, x.Stop = store.Failed, b.now() }, service.Redrivable, ""},
		"long ago": {func(x *host.Execution) { x.Status, x.Stop = store.Failed, b.now().AddDate(0, 0, -15) }, service.NotRedrivable,
			"Execution has exceeded the redrivable period"},
		"full": {func(x *host.Execution) { x.Status, x.Events = store.TimedOut, 25000 }, service.NotRedrivable,
			"Execution has exceeded the maximum history event limit"},
	}
	for name, test := range tests {
		execution := b.start(arn, strings.ReplaceAll(name, " ", "-"))
		b.host.End("m", strings.ReplaceAll(name, " ", "-"), test.change)
		x, err := b.DescribeExecution(b.ctx, execution, "")
		ok(t, err)
		same(t, string(x.RedriveStatus)+x.RedriveStatusReason, string(test.status)+test.reason)
	}
}

func TestDescribeExecution_hidesDataAndTheErrorOfATimeout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	execution := b.start(b.create("m").StateMachineARN, "x")
	timeout := "States.Timeout"
	b.host.End("m", "x", func(x *host.Execution) { x.Status, x.Error = store.TimedOut, &timeout })
	x, err := b.DescribeExecution(b.ctx, execution, "")
	ok(t, err)
	same(t, x.Error, (*string)(nil))
	same(t, x.Input, "{}")
	x, err = b.DescribeExecution(b.ctx, execution, service.MetadataOnly)
	ok(t, err)
	same(t, x.Input, "")
	same(t, x.Included, false)
}

func TestStopExecution_repetitionAnswersTheFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	execution := b.start(b.create("m").StateMachineARN, "x")
	first, err := b.StopExecution(b.ctx, execution, nil, nil)
	ok(t, err)
	again, err := b.StopExecution(b.ctx, execution, nil, nil)
	ok(t, err)
	same(t, again, first)
	_, err = b.StopExecution(b.ctx, execution+"y", nil, nil)
	refused(t, err, service.ExecutionDoesNotExist, "Execution Does Not Exist: '"+execution+"y'")
}

func TestListExecutions_filtersAndPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	for i := range 6 {
		b.start([]string{arn, arn + ":1"}[i%2], fmt.Sprintf("x%d", i))
	}
	b.host.End("m", "x3", func(x *host.Execution) { x.Status, x.RedriveCount = store.Failed, 2 })
	list := func(in service.ListExecutionsInput) (names []string) {
		for in.MaxResults = 2; ; {
			items, next, err := b.ListExecutions(b.ctx, in)
			ok(t, err)
			for _, x := range items {
				names = append(names, x.Name)
			}
			if in.NextToken = next; next == "" {
				return names
			}
		}
	}
	same(t, list(service.ListExecutionsInput{StateMachineARN: arn}), []string{"x5", "x4", "x3", "x2", "x1", "x0"})
	same(t, list(service.ListExecutionsInput{StateMachineARN: arn + ":1"}), []string{"x5", "x3", "x1"})
	same(t, list(service.ListExecutionsInput{StateMachineARN: arn, Status: store.Failed}), []string{"x3"})
	same(t, list(service.ListExecutionsInput{StateMachineARN: arn, Redrive: service.Redriven}), []string{"x3"})
	same(t, list(service.ListExecutionsInput{StateMachineARN: arn, Redrive: service.NotRedriven}), []string{"x5", "x4", "x2", "x1", "x0"})

	_, next, err := b.ListExecutions(b.ctx, service.ListExecutionsInput{StateMachineARN: arn, Page: service.Page{MaxResults: 1}})
	ok(t, err)
	_, _, err = b.ListExecutions(b.ctx, service.ListExecutionsInput{StateMachineARN: arn, Status: store.Failed, Page: service.Page{NextToken: next}})
	refused(t, err, service.InvalidToken, "Invalid Token: 'Invalid token'")
	_, _, err = b.ListExecutions(b.ctx, service.ListExecutionsInput{})
	refused(t, err, service.ValidationException, "Must provide exactly one of stateMachineArn and mapRunArn.")
}

func TestGetExecutionHistory_pagesInBothDirections(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	events := []history.Event{{ID: 1, Type: history.ExecutionStarted, Version: "1"}}
	for id := history.EventID(2); id <= 5; id++ {
		events = append(events, history.Event{ID: id, Type: history.PassStateEntered})
	}
	b.host.Put(host.Execution{Summary: store.Summary{Machine: "m", Name: "x"}}, events...)
	read := func(reverse bool) (ids []history.EventID) {
		in := service.GetExecutionHistoryInput{ExecutionARN: prefix + "execution:m:x", Reverse: reverse, Page: service.Page{MaxResults: 2}}
		for {
			events, next, err := b.GetExecutionHistory(b.ctx, in)
			ok(t, err)
			for _, e := range events {
				ids = append(ids, e.ID)
				if e.Type == history.ExecutionStarted {
					same(t, e.StateMachineVersionARN, arn+":1")
				}
			}
			if in.NextToken = next; next == "" {
				return ids
			}
		}
	}
	same(t, read(false), []history.EventID{1, 2, 3, 4, 5})
	same(t, read(true), []history.EventID{5, 4, 3, 2, 1})
}

const (
	uuid      = "0d4e3d4e-7c6b-4a53-9a1b-1c2d3e4f5a6b"
	childName = "11111111-2222-3333-4444-555555555555"
)

// distributed creates a state machine with a distributed map, a running map run
// of its execution "x", and a failed child.
func distributed(t *testing.T) (b *bench, mapRunARN, childARN string) {
	t.Helper()
	b = newBench(t)
	arn := b.create("m", func(in *service.CreateStateMachineInput) {
		in.Definition = `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true,"ItemProcessor":{` +
			`"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}`
	}).StateMachineARN
	b.start(arn, "x")
	parent := b.host.Requests[0]
	b.host.Runs = map[string]*host.MapRun{uuid: {
		Summary: store.Summary{
			ID: "m/0d4e3d4e7c6b", Machine: "m", Label: "L", Name: uuid, Status: store.Running, Start: b.now(),
			Parent: store.ExecutionID("m", "x"),
		},
		MaxConcurrency: 3, Items: host.MapRunCounts{Total: 5, Pending: 5},
	}}
	b.host.Put(host.Execution{
		Summary: store.Summary{
			Machine: "m", Label: "L", Name: childName, Status: store.Failed, Start: b.now(), Stop: b.now(), MapRun: uuid, ItemCount: 4,
		},
		Definition: parent.Definition, Revision: parent.Revision, RoleARN: role,
	})
	return b, prefix + "mapRun:m/L:" + uuid, prefix + "execution:m/L:" + childName
}

func TestMapRuns_areDescribedListedAndChanged(t *testing.T) {
	t.Parallel()
	b, arn, _ := distributed(t)
	run, err := b.DescribeMapRun(b.ctx, arn)
	ok(t, err)
	same(t, run.ExecutionARN, prefix+"execution:m:x")
	same(t, run.StateMachineARN, prefix+"stateMachine:m/L")
	same(t, run.ItemCounts.Total, int64(5))
	items, _, err := b.ListMapRuns(b.ctx, prefix+"execution:m:x", service.Page{})
	ok(t, err)
	same(t, len(items), 1)
	same(t, items[0], run.MapRunItem)

	n := int64(7)
	ok(t, b.UpdateMapRun(b.ctx, arn, host.MapRunChange{MaxConcurrency: &n}))
	same(t, b.host.Changes, []host.MapRunChange{{MaxConcurrency: &n}})
	b.host.Runs[uuid].Status = store.Succeeded
	err = b.UpdateMapRun(b.ctx, arn, host.MapRunChange{})
	var over *service.Error
	if !errors.As(err, &over) || over.Reason != service.ReasonMapRunOver {
		t.Errorf("got %v", err)
	}
	unknown := strings.Replace(arn, "0d4e", "ffff", 1)
	for _, unknown := range []string{unknown, strings.Replace(arn, "m/L", "m/N", 1), strings.Replace(arn, "m/L", "n/L", 1)} {
		_, err = b.DescribeMapRun(b.ctx, unknown)
		refused(t, err, service.ResourceNotFound, "Resource not found: '"+unknown+"'")
		_, _, err = b.ListExecutions(b.ctx, service.ListExecutionsInput{MapRunARN: unknown})
		refused(t, err, service.ResourceNotFound, "Resource not found: '"+unknown+"'")
	}
}

func TestDescribeMapRun_ofAChild(t *testing.T) {
	t.Parallel()
	b, _, _ := distributed(t)
	outer, err := store.RunOf(uuid)
	ok(t, err)
	const inner = "1d4e3d4e-7c6b-4a53-9a1b-1c2d3e4f5a6b"
	b.host.Runs[inner] = &host.MapRun{Summary: store.Summary{
		Machine: "m", Label: "N", Name: inner, Status: store.Running, Start: b.now(), Parent: store.ChildID(outer, 3),
	}}
	run, err := b.DescribeMapRun(b.ctx, prefix+"mapRun:m/N:"+inner)
	ok(t, err)
	same(t, run.ExecutionARN, prefix+"execution:m/L:"+maprun.ChildName(string(outer), 3))
}

func TestChildren_areShownWithTheirMapRun(t *testing.T) {
	t.Parallel()
	b, run, child := distributed(t)
	items, _, err := b.ListExecutions(b.ctx, service.ListExecutionsInput{MapRunARN: run})
	ok(t, err)
	same(t, len(items), 1)
	same(t, items[0].ExecutionARN, child)
	same(t, items[0].ItemCount, int64(4))
	same(t, items[0].MapRunARN, run)
	x, err := b.DescribeExecution(b.ctx, child, "")
	ok(t, err)
	same(t, x.RedriveStatus, service.RedrivableByMapRun)
	same(t, x.StateMachineARN, prefix+"stateMachine:m/L")

	b.host.Put(host.Execution{Summary: store.Summary{Machine: "m", Name: "y"}},
		history.Event{ID: 1, Type: history.MapRunStarted, MapRun: uuid, Label: "L"})
	events, _, err := b.GetExecutionHistory(b.ctx, service.GetExecutionHistoryInput{ExecutionARN: prefix + "execution:m:y"})
	ok(t, err)
	same(t, events[0].MapRunARN, run)
}

func TestDescribeStateMachineForExecution_isTheSnapshot(t *testing.T) {
	t.Parallel()
	b, run, child := distributed(t)
	b.update(prefix+"stateMachine:m", waiting)
	m, err := b.DescribeStateMachineForExecution(b.ctx, prefix+"execution:m:x", "")
	ok(t, err)
	same(t, strings.Contains(m.Definition, "DISTRIBUTED"), true)
	same(t, m.StateMachineARN, prefix+"stateMachine:m")
	m, err = b.DescribeStateMachineForExecution(b.ctx, child, "")
	ok(t, err)
	same(t, m.Label, "L")
	same(t, m.MapRunARN, run)
	same(t, m.Name, "m")
	same(t, m.Definition, `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`)
	m, err = b.DescribeStateMachineForExecution(b.ctx, child, service.MetadataOnly)
	ok(t, err)
	same(t, m.Definition, "{}")
}
