package api

import (
	"context"
	"slices"

	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

func startInput(q *request) service.StartExecutionInput {
	return service.StartExecutionInput{
		StateMachineARN: q.text("stateMachineArn", resourceARN),
		Name:            q.text("name", resourceName),
		Input:           q.optional("input", payload),
		TraceHeader:     q.text("traceHeader", traceHeader),
		StartedBy:       q.startedBy,
	}
}

func startExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := startInput(q)
	if err := q.check(); err != nil {
		return err
	}
	out, err := s.StartExecution(ctx, in)
	if err != nil {
		return err
	}
	w.text("executionArn", out.ExecutionARN)
	w.date("startDate", out.StartDate)
	return nil
}

func startSyncExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	in, included := startInput(q), data(q)
	if err := q.check(); err != nil {
		return err
	}
	x, err := s.StartSyncExecution(ctx, in, included)
	if err != nil {
		return err
	}
	w.begin("billingDetails")
	w.integer("billedDurationInMilliseconds", x.BilledDuration.Milliseconds())
	w.integer("billedMemoryUsedInMB", int64(x.BilledMemoryMB))
	w.end()
	w.present("cause", x.Cause)
	w.present("error", x.Error)
	w.text("executionArn", x.ExecutionARN)
	writeInput(w, &x.Execution)
	w.text("name", x.Name)
	writeOutput(w, &x.Execution)
	w.date("startDate", x.StartDate)
	w.text("stateMachineArn", x.StateMachineARN)
	w.text("status", string(x.Status))
	w.date("stopDate", x.StopDate)
	w.some("traceHeader", x.TraceHeader)
	return nil
}

func describeExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, included := q.text("executionArn", resourceARN), data(q)
	if err := q.check(); err != nil {
		return err
	}
	x, err := s.DescribeExecution(ctx, arn, included)
	if err != nil {
		return err
	}
	w.present("cause", x.Cause)
	w.present("error", x.Error)
	w.text("executionArn", x.ExecutionARN)
	writeInput(w, x)
	w.some("mapRunArn", x.MapRunARN)
	w.text("name", x.Name)
	writeOutput(w, x)
	w.integer("redriveCount", int64(x.RedriveCount))
	w.someDate("redriveDate", x.RedriveDate)
	w.text("redriveStatus", string(x.RedriveStatus))
	w.some("redriveStatusReason", x.RedriveStatusReason)
	w.date("startDate", x.StartDate)
	w.some("stateMachineAliasArn", x.StateMachineAliasARN)
	w.text("stateMachineArn", x.StateMachineARN)
	w.some("stateMachineVersionArn", x.StateMachineVersionARN)
	w.text("status", string(x.Status))
	w.someDate("stopDate", x.StopDate)
	w.some("traceHeader", x.TraceHeader)
	return nil
}

func writeInput(w *response, x *service.Execution) {
	w.some("input", x.Input)
	writeDetails(w, "inputDetails", x.Included)
}

// writeOutput writes nothing for an execution that has no output; that it is
// withheld is shown all the same.
func writeOutput(w *response, x *service.Execution) {
	w.some("output", x.Output)
	if x.Status == store.Succeeded {
		writeDetails(w, "outputDetails", x.Included)
	}
}

func writeDetails(w *response, name string, included bool) {
	w.begin(name)
	w.flag("included", included)
	w.end()
}

func stopExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, code, why := q.text("executionArn", resourceARN), q.optional("error", errorText), q.optional("cause", causeText)
	if err := q.check(); err != nil {
		return err
	}
	stopped, err := s.StopExecution(ctx, arn, code, why)
	if err != nil {
		return err
	}
	w.date("stopDate", stopped)
	return nil
}

func redriveExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, token := q.text("executionArn", resourceARN), q.text("clientToken", clientToken)
	if err := q.check(); err != nil {
		return err
	}
	at, err := s.RedriveExecution(ctx, arn, token)
	if err != nil {
		return err
	}
	w.date("redriveDate", at)
	return nil
}

func listExecutions(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := service.ListExecutionsInput{
		Page:            page(q, longPageToken),
		StateMachineARN: q.text("stateMachineArn", optionalARN),
		MapRunARN:       q.text("mapRunArn", optionalLongARN),
		Status:          store.Status(q.text("statusFilter", statuses)),
		Redrive:         service.RedriveFilter(q.text("redriveFilter", redriveFilters)),
	}
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListExecutions(ctx, in)
	if err != nil {
		return err
	}
	w.list("executions", len(items), func(i int) { writeExecutionItem(w, &items[i]) })
	w.some("nextToken", next)
	return nil
}

func writeExecutionItem(w *response, x *service.ExecutionItem) {
	w.text("executionArn", x.ExecutionARN)
	if x.MapRunARN != "" {
		w.integer("itemCount", x.ItemCount)
		w.text("mapRunArn", x.MapRunARN)
	}
	w.text("name", x.Name)
	w.integer("redriveCount", int64(x.RedriveCount))
	w.someDate("redriveDate", x.RedriveDate)
	w.date("startDate", x.StartDate)
	w.some("stateMachineAliasArn", x.StateMachineAliasARN)
	w.text("stateMachineArn", x.StateMachineARN)
	w.some("stateMachineVersionArn", x.StateMachineVersionARN)
	w.text("status", string(x.Status))
	w.someDate("stopDate", x.StopDate)
}

func getExecutionHistory(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := service.GetExecutionHistoryInput{
		ExecutionARN: q.text("executionArn", resourceARN),
		Reverse:      q.flag("reverseOrder", false),
		Page:         page(q, pageToken),
	}
	withData := q.flag("includeExecutionData", true)
	if err := q.check(); err != nil {
		return err
	}
	events, next, err := s.GetExecutionHistory(ctx, in)
	if err != nil {
		return err
	}
	const perEvent = 320 // bytes, without payloads
	w.buf = slices.Grow(w.buf, perEvent*len(events))
	w.list("events", len(events), func(i int) { writeEvent(w, &events[i], withData) })
	w.some("nextToken", next)
	return nil
}
