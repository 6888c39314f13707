package api

import (
	"context"

	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
)

func describeMapRun(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn := q.text("mapRunArn", longResourceARN)
	if err := q.check(); err != nil {
		return err
	}
	run, err := s.DescribeMapRun(ctx, arn)
	if err != nil {
		return err
	}
	w.text("executionArn", run.ExecutionARN)
	writeCounts(w, "executionCounts", &run.ExecutionCounts)
	writeCounts(w, "itemCounts", &run.ItemCounts)
	w.text("mapRunArn", run.MapRunARN)
	w.integer("maxConcurrency", run.MaxConcurrency)
	w.integer("redriveCount", int64(run.RedriveCount))
	w.someDate("redriveDate", run.RedriveDate)
	w.date("startDate", run.StartDate)
	w.text("status", string(run.Status))
	w.someDate("stopDate", run.StopDate)
	w.integer("toleratedFailureCount", run.ToleratedFailureCount)
	w.number("toleratedFailurePercentage", run.ToleratedFailurePercentage)
	return nil
}

func writeCounts(w *response, name string, c *host.MapRunCounts) {
	w.begin(name)
	w.integer("aborted", c.Aborted)
	w.integer("failed", c.Failed)
	w.integer("failuresNotRedrivable", c.FailuresNotRedrivable)
	w.integer("pending", c.Pending)
	w.integer("pendingRedrive", c.PendingRedrive)
	w.integer("resultsWritten", c.ResultsWritten)
	w.integer("running", c.Running)
	w.integer("succeeded", c.Succeeded)
	w.integer("timedOut", c.TimedOut)
	w.integer("total", c.Total)
	w.end()
}

func listMapRuns(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, p := q.text("executionArn", resourceARN), page(q, pageToken)
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListMapRuns(ctx, arn, p)
	if err != nil {
		return err
	}
	w.list("mapRuns", len(items), func(i int) {
		run := &items[i]
		w.text("executionArn", run.ExecutionARN)
		w.text("mapRunArn", run.MapRunARN)
		w.date("startDate", run.StartDate)
		w.text("stateMachineArn", run.StateMachineARN)
		w.someDate("stopDate", run.StopDate)
	})
	w.some("nextToken", next)
	return nil
}

func updateMapRun(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn := q.text("mapRunArn", longResourceARN)
	change := host.MapRunChange{
		MaxConcurrency:             q.integer("maxConcurrency", nonNegative),
		ToleratedFailureCount:      q.integer("toleratedFailureCount", nonNegative),
		ToleratedFailurePercentage: q.number("toleratedFailurePercentage", percentages),
	}
	if err := q.check(); err != nil {
		return err
	}
	return s.UpdateMapRun(ctx, arn, change)
}
