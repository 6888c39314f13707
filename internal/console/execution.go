package console

import (
	"math/rand/v2"
	"net/http"
	"strings"

	"pawl.dev/asl"
	"pawl.dev/internal/service"
)

// executionRow is an execution in a list: no payloads.
type executionRow struct {
	ARN     string `json:"arn"`
	Machine string `json:"machine"`         // the state machine's name
	Label   string `json:"label,omitempty"` // of the distributed map, for its children
	Name    string `json:"name"`
	Status  string `json:"status"`
	Start   *int64 `json:"start"`
	Stop    *int64 `json:"stop"`
	MapRun  string `json:"mapRunArn,omitempty"` // of a child
	Items   int64  `json:"items,omitempty"`     // in a child's batch
	Redrive int    `json:"redrives,omitempty"`
	// Express executions have no history.
	Express bool `json:"express,omitempty"`
}

func rowOf(x *service.ExecutionItem) executionRow {
	_, machine, _ := strings.Cut(x.StateMachineARN, ":stateMachine:")
	machine, label, _ := strings.Cut(machine, "/")
	return executionRow{
		ARN: x.ExecutionARN, Machine: machine, Label: label, Name: x.Name, Status: string(x.Status),
		Start: millis(x.StartDate), Stop: millis(x.StopDate), MapRun: x.MapRunARN, Items: x.ItemCount,
		Redrive: x.RedriveCount, Express: strings.Contains(x.ExecutionARN, ":express:"),
	}
}

// executionDetail is an execution with its payloads, JSON text each.
type executionDetail struct {
	executionRow
	Input   string  `json:"input"`
	Output  string  `json:"output"` // "" unless succeeded
	Error   *string `json:"error"`
	Cause   *string `json:"cause"`
	Version string  `json:"versionArn,omitempty"`
	Alias   string  `json:"aliasArn,omitempty"`
	// Redrivable: a redrive would be taken now.
	Redrivable bool `json:"redrivable"`
}

func detailOf(x *service.Execution) executionDetail {
	return executionDetail{
		executionRow: rowOf(&x.ExecutionItem), Input: x.Input, Output: x.Output, Error: x.Error, Cause: x.Cause,
		Version: x.StateMachineVersionARN, Alias: x.StateMachineAliasARN, Redrivable: x.RedriveStatus == service.Redrivable,
	}
}

// execution describes an execution.
func (h *handler) execution(r *http.Request) (any, error) {
	x, err := h.service.DescribeExecution(r.Context(), r.FormValue("arn"), service.AllData)
	if err != nil {
		return nil, err
	}
	return detailOf(x), nil
}

// executionDefinition describes the state machine as it was when the execution
// started.
func (h *handler) executionDefinition(r *http.Request) (any, error) {
	m, err := h.service.DescribeStateMachineForExecution(r.Context(), r.FormValue("arn"), service.AllData)
	if err != nil {
		return nil, err
	}
	return describe(m), nil
}

// start starts an execution. An Express one is run to its end, since nothing is
// kept of it that could be shown later.
func (h *handler) start(r *http.Request) (any, error) {
	var in struct{ Name, Input string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	arn := h.machineARN(r.PathValue("name"))
	m, err := h.service.DescribeStateMachine(r.Context(), arn, service.MetadataOnly)
	if err != nil {
		return nil, err
	}
	request := service.StartExecutionInput{StateMachineARN: arn, Name: in.Name, Input: &in.Input}
	if m.Type == asl.Express {
		ended, err := h.service.StartSyncExecution(r.Context(), request, service.AllData)
		if err != nil {
			return nil, err
		}
		return map[string]any{"ended": detailOf(&ended.Execution)}, nil
	}
	started, err := h.service.StartExecution(r.Context(), request)
	if err != nil {
		return nil, err
	}
	return map[string]any{"arn": started.ExecutionARN}, nil
}

// stop aborts an execution.
func (h *handler) stop(r *http.Request) (any, error) {
	var in struct{ Error, Cause *string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	stopped, err := h.service.StopExecution(r.Context(), r.FormValue("arn"), in.Error, in.Cause)
	if err != nil {
		return nil, err
	}
	return map[string]any{"stop": millis(stopped)}, nil
}

// redrive lets an execution that did not succeed go on where it failed.
func (h *handler) redrive(r *http.Request) (any, error) {
	at, err := h.service.RedriveExecution(r.Context(), r.FormValue("arn"), service.NewUUID(rand.Uint64))
	if err != nil {
		return nil, err
	}
	return map[string]any{"redrive": millis(at)}, nil
}
