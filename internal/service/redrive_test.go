package service_test

import (
	"testing"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

func TestRedriveExecution_answersARepetitionAsTheFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create("m")
	arn := b.start(prefix+"stateMachine:m", "x")
	_, err := b.RedriveExecution(b.ctx, arn, "")
	refused(t, err, service.ExecutionNotRedrivable, "Execution "+arn+" invalid for redrive as: Execution is RUNNING and cannot be redriven")
	fail := func(x *host.Execution) { x.Status, x.Stop = store.Failed, b.now() }
	b.host.End("m", "x", fail)
	first, err := b.RedriveExecution(b.ctx, arn, "token")
	ok(t, err)
	x, err := b.DescribeExecution(b.ctx, arn, service.AllData)
	ok(t, err)
	if x.Status != store.Running || x.RedriveCount != 1 || !x.RedriveDate.Equal(first) {
		t.Errorf("after the redrive: %+v", x)
	}
	again, err := b.RedriveExecution(b.ctx, arn, "token")
	ok(t, err)
	same(t, again, first)
	b.host.End("m", "x", fail)
	_, err = b.RedriveExecution(b.ctx, arn, "other")
	ok(t, err)
}

func TestRedriveExecution_refusesWhatIsTooOldOrTooLong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create("m")
	arn := b.start(prefix+"stateMachine:m", "x")
	for reason, end := range map[string]func(x *host.Execution){
		"Execution is SUCCEEDED and cannot be redriven":                     func(x *host.Execution) { x.Status = store.Succeeded },
		"Execution has exceeded the redrivable period":                      func(x *host.Execution) { x.Status, x.Stop = store.Failed, b.now().Add(-15*24*time.Hour) },
		"Execution has exceeded the maximum history event limit":            func(x *host.Execution) { x.Status, x.Events = store.Failed, asl.MaxHistoryEvents },
		"Execution was started by a Map Run and can only be redriven by it": func(x *host.Execution) { x.Status, x.Stop, x.Events, x.MapRun = store.Failed, b.now(), 1, "u" },
	} {
		b.host.End("m", "x", func(x *host.Execution) { // each case alone, in any order
			x.Stop, x.Events, x.MapRun = b.now(), 1, ""
			end(x)
		})
		_, err := b.RedriveExecution(b.ctx, arn, "")
		refused(t, err, service.ExecutionNotRedrivable, "Execution "+arn+" invalid for redrive as: "+reason)
	}
	_, err := b.RedriveExecution(b.ctx, prefix+"execution:m:none", "")
	refused(t, err, service.ExecutionDoesNotExist, "Execution Does Not Exist: '"+prefix+"execution:m:none'")
	_, err = b.RedriveExecution(b.ctx, prefix+"express:m:x:u", "")
	refused(t, err, service.InvalidArn, "Invalid Arn: 'Resource type not valid in this context: express'")
}
