package console

import (
	"net/http"
	"slices"

	"pawl.dev/asl"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

type machineRow struct {
	ARN     string `json:"arn"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Created *int64 `json:"created"`
	// Recent is the newest executions, newest first; nil for Express, whose
	// executions are not kept.
	Recent []executionRow `json:"recent"`
	// Running counts running executions to maxRunning; RunningMore: there may
	// be more.
	Running     int  `json:"running"`
	RunningMore bool `json:"runningMore"`
}

const (
	recentShown = 30
	maxRunning  = 100
)

// machines lists state machines by name with their newest executions.
func (h *handler) machines(r *http.Request) (any, error) {
	p, err := page(r, 100, 200)
	if err != nil {
		return nil, err
	}
	items, next, err := h.service.ListStateMachines(r.Context(), p)
	if err != nil {
		return nil, err
	}
	rows := make([]machineRow, len(items))
	for i, item := range items {
		rows[i] = machineRow{ARN: item.StateMachineARN, Name: item.Name, Type: typeName(item.Type), Created: millis(item.CreationDate)}
		if item.Type == asl.Express {
			continue
		}
		recent, _, err := h.list(r, service.ListExecutionsInput{StateMachineARN: item.StateMachineARN, Page: service.Page{MaxResults: recentShown}})
		if err != nil {
			return nil, err
		}
		running, more, err := h.list(r, service.ListExecutionsInput{
			StateMachineARN: item.StateMachineARN, Status: store.Running, Page: service.Page{MaxResults: maxRunning},
		})
		if err != nil {
			return nil, err
		}
		rows[i].Recent, rows[i].Running, rows[i].RunningMore = recent, len(running), more != ""
	}
	return listOf(rows, next), nil
}

// machine describes a state machine with its definition.
func (h *handler) machine(r *http.Request) (any, error) {
	m, err := h.service.DescribeStateMachine(r.Context(), h.machineARN(r.PathValue("name")), service.AllData)
	if err != nil {
		return nil, err
	}
	return describe(m), nil
}

// typeName is a type as the AWS API names it.
func typeName(t asl.MachineType) string {
	if t == asl.Express {
		return "EXPRESS"
	}
	return "STANDARD"
}

func describe(m *service.StateMachine) map[string]any {
	return map[string]any{
		"arn": m.StateMachineARN, "name": m.Name, "type": typeName(m.Type), "definition": m.Definition, "deleting": m.Deleting,
		"role": m.RoleARN, "created": millis(m.CreationDate), "updated": millis(m.UpdateDate), "revision": m.RevisionID, "label": m.Label,
	}
}

// machineExecutions lists the executions of a state machine, newest first.
func (h *handler) machineExecutions(r *http.Request) (any, error) {
	p, err := page(r, 50, 200)
	if err != nil {
		return nil, err
	}
	status, err := statusOf(r)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.list(r, service.ListExecutionsInput{StateMachineARN: h.machineARN(r.PathValue("name")), Status: status, Page: p})
	if err != nil {
		return nil, err
	}
	return listOf(rows, next), nil
}

// newest lists the newest executions of all state machines (the first hundred by
// name). It has no further pages: there is no index over all of them.
func (h *handler) newest(r *http.Request) (any, error) {
	p, err := page(r, 50, 100)
	if err != nil {
		return nil, err
	}
	status, err := statusOf(r)
	if err != nil {
		return nil, err
	}
	machines, _, err := h.service.ListStateMachines(r.Context(), service.Page{MaxResults: 100})
	if err != nil {
		return nil, err
	}
	all := []executionRow{}
	for _, m := range machines {
		if m.Type == asl.Express {
			continue
		}
		rows, _, err := h.list(r, service.ListExecutionsInput{
			StateMachineARN: m.StateMachineARN, Status: status, Page: service.Page{MaxResults: p.MaxResults},
		})
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b executionRow) int { return int(*b.Start - *a.Start) })
	return listOf(all[:min(len(all), p.MaxResults)], ""), nil
}

// list returns a page of executions, never nil.
func (h *handler) list(r *http.Request, in service.ListExecutionsInput) ([]executionRow, string, error) {
	items, next, err := h.service.ListExecutions(r.Context(), in)
	if err != nil {
		return nil, "", err
	}
	rows := make([]executionRow, len(items))
	for i := range items {
		rows[i] = rowOf(&items[i])
	}
	return rows, next, nil
}

func listOf(items any, next string) map[string]any {
	return map[string]any{"items": items, "next": next}
}

// statusOf reads the filter status, "" for all.
func statusOf(r *http.Request) (store.Status, error) {
	switch s := store.Status(r.FormValue("status")); s {
	case "", store.Running, store.Succeeded, store.Failed, store.TimedOut, store.Aborted:
		return s, nil
	default:
		return "", invalid("There is no such status.")
	}
}
