package teststate

import (
	"pawl.dev/asl"
	"pawl.dev/internal/engine"
)

// Status is how the state ended.
type Status string

// The statuses.
const (
	Succeeded   Status = "SUCCEEDED"
	Failed      Status = "FAILED"
	Retriable   Status = "RETRIABLE"
	CaughtError Status = "CAUGHT_ERROR"
)

// Result is what came of the test. Texts are JSON, "" stands for absent.
type Result struct {
	Status       Status
	Output       string
	Error, Cause *string
	Next         string
	Inspection   Inspection
}

// Inspection is the data on its way through the state.
type Inspection struct {
	Input, AfterInputPath, AfterParameters, AfterArguments  string
	Result, AfterResultSelector, AfterResultPath, Variables string
	AfterItemsPath, AfterItemSelector, AfterItemBatcher     string
	AfterItemsPointer                                       string
	MaxConcurrency, ToleratedFailureCount                   *int64
	ToleratedFailurePercentage                              *float64
	CatchIndex, RetryIndex, RetryBackoffSeconds             *int64
}

// Result is what came of the test, once it is Over.
func (t *Test) Result() *Result {
	p, x := &t.probe, t.x
	r := &Result{Status: Failed, Inspection: t.inspection()}
	switch {
	case p.Left && p.Catcher != nil:
		r.Status = CaughtError
	case p.Left:
		r.Status = Succeeded
	case p.Backoff != nil:
		r.Status = Retriable
	case x.Status == engine.TimedOut:
		timeout := asl.ErrTimeout
		r.Error = &timeout
	default:
		r.Error, r.Cause = x.Error, x.Cause
	}
	if p.Left {
		r.Output, r.Next = p.Output, p.Next
	}
	if p.Failure != nil && r.Status != Failed {
		r.Error, r.Cause = p.Failure.Error, p.Failure.Cause
	}
	return r
}

// inspection shows what AWS shows of the state's type and language (recorded).
func (t *Test) inspection() Inspection {
	seen, p := &t.probe.Seen, &t.probe
	in := Inspection{
		Input: t.request.Input, Variables: p.VariablesLeft,
		MaxConcurrency: seen.MaxConcurrency, ToleratedFailureCount: seen.ToleratedCount, ToleratedFailurePercentage: seen.ToleratedPercentage,
		AfterItemSelector: seen.ItemSelector, AfterItemBatcher: seen.ItemBatcher,
		RetryIndex: index(p.Retrier), CatchIndex: index(p.Catcher),
	}
	if p.Backoff != nil {
		seconds := int64(p.Backoff.Seconds())
		in.RetryBackoffSeconds = &seconds
	}
	if t.state.Type == asl.TypeMap && t.state.Map.Reader != nil && t.state.Map.Reader.ItemsPointer != "" && p.Children != nil {
		in.AfterItemsPointer = p.Children.Read
	}
	if !p.Left && p.VariablesLeft == "" {
		in.Variables = t.request.Variables
	}
	if in.Variables == "{}" {
		in.Variables = ""
	}
	if t.state.Language == asl.JSONata {
		t.inspectJSONata(&in)
	} else {
		t.inspectJSONPath(&in)
	}
	return in
}

func (t *Test) inspectJSONata(in *Inspection) {
	if t.state.Type != asl.TypeTask {
		return
	}
	in.Result = t.probe.Seen.Result
	if t.state.Arguments != nil {
		in.AfterArguments = t.probe.Seen.Arguments
	}
}

func (t *Test) inspectJSONPath(in *Inspection) {
	s, seen := t.state, &t.probe.Seen
	switch s.Type {
	case asl.TypePass:
		if s.Pass != nil { // Result goes past InputPath and Parameters
			in.Result = seen.Result
		} else {
			in.AfterInputPath, in.AfterParameters = seen.InputPath, seen.Arguments
		}
		in.AfterResultSelector, in.AfterResultPath = seen.ResultSelector, seen.ResultPath
	case asl.TypeTask:
		in.AfterInputPath, in.AfterParameters, in.Result = seen.InputPath, seen.Arguments, seen.Result
		in.AfterResultSelector, in.AfterResultPath = seen.ResultSelector, seen.ResultPath
	case asl.TypeParallel:
		in.AfterResultSelector, in.AfterResultPath = seen.ResultSelector, seen.ResultPath
	case asl.TypeMap:
		in.AfterInputPath, in.AfterItemsPath = seen.InputPath, seen.Items
		in.AfterResultSelector, in.AfterResultPath = seen.ResultSelector, seen.ResultPath
	case asl.TypeFail:
		in.AfterInputPath = t.request.Input
	case asl.TypeSucceed, asl.TypeChoice, asl.TypeWait:
		in.AfterInputPath = seen.InputPath
	}
}

func index(i *int) *int64 {
	if i == nil {
		return nil
	}
	n := int64(*i)
	return &n
}
