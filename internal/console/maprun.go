package console

import (
	"net/http"
	"time"

	"pawl.dev/internal/service"
)

// counts counts items or child executions of a map run.
type counts struct {
	Pending        int64 `json:"pending"`
	Running        int64 `json:"running"`
	Succeeded      int64 `json:"succeeded"`
	Failed         int64 `json:"failed"`
	TimedOut       int64 `json:"timedOut"`
	Aborted        int64 `json:"aborted"`
	Total          int64 `json:"total"`
	ResultsWritten int64 `json:"resultsWritten"`
}

// mapRun describes a map run.
func (h *handler) mapRun(r *http.Request) (any, error) {
	run, err := h.service.DescribeMapRun(r.Context(), r.FormValue("arn"))
	if err != nil {
		return nil, err
	}
	items, executions := &run.ItemCounts, &run.ExecutionCounts
	return map[string]any{
		"arn": run.MapRunARN, "executionArn": run.ExecutionARN, "status": string(run.Status),
		"start": millis(run.StartDate), "stop": millis(run.StopDate), "now": time.Now().UnixMilli(),
		"maxConcurrency": run.MaxConcurrency, "toleratedFailureCount": run.ToleratedFailureCount,
		"toleratedFailurePercentage": run.ToleratedFailurePercentage, "redrives": run.RedriveCount,
		"items": counts{
			items.Pending, items.Running, items.Succeeded, items.Failed, items.TimedOut, items.Aborted, items.Total, items.ResultsWritten,
		},
		"executions": counts{
			executions.Pending, executions.Running, executions.Succeeded, executions.Failed, executions.TimedOut, executions.Aborted,
			executions.Total, executions.ResultsWritten,
		},
	}, nil
}

// mapRuns lists the map runs of an execution, newest first.
func (h *handler) mapRuns(r *http.Request) (any, error) {
	p, err := page(r, 100, 200)
	if err != nil {
		return nil, err
	}
	items, next, err := h.service.ListMapRuns(r.Context(), r.FormValue("arn"), p)
	if err != nil {
		return nil, err
	}
	rows := make([]map[string]any, len(items))
	for i, run := range items {
		rows[i] = map[string]any{"arn": run.MapRunARN, "start": millis(run.StartDate), "stop": millis(run.StopDate)}
	}
	return listOf(rows, next), nil
}

// mapRunExecutions lists the child executions of a map run.
func (h *handler) mapRunExecutions(r *http.Request) (any, error) {
	p, err := page(r, 100, 1000)
	if err != nil {
		return nil, err
	}
	status, err := statusOf(r)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.list(r, service.ListExecutionsInput{MapRunARN: r.FormValue("arn"), Status: status, Page: p})
	if err != nil {
		return nil, err
	}
	return listOf(rows, next), nil
}
