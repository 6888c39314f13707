package console

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"pawl.dev/internal/history"
	"pawl.dev/internal/service"
)

// eventRow is an event in a list: what a table, a graph and a timeline need, but
// no payloads.
type eventRow struct {
	ID       history.EventID `json:"id"`
	Previous history.EventID `json:"previous"`
	Type     string          `json:"type"`
	Time     int64           `json:"time"` // ms since 1970
	// Frame is the thread of control the event belongs to, Parent the one that
	// holds it (told by its first event): branches and iterations are told
	// apart by them.
	Frame  history.FrameID `json:"frame,omitempty"`
	Parent history.FrameID `json:"parent,omitempty"`

	Name         string  `json:"name,omitempty"`
	Error        *string `json:"error,omitempty"`
	Cause        *string `json:"cause,omitempty"` // shortened in a list
	Resource     string  `json:"resource,omitempty"`
	ResourceType string  `json:"resourceType,omitempty"`
	MapRun       string  `json:"mapRunArn,omitempty"`
	Index        *int    `json:"index,omitempty"`  // of the iteration
	Length       *int    `json:"length,omitempty"` // items of a Map state
	Bytes        int     `json:"bytes,omitempty"`  // of the payload
}

// eventDetail is an event with everything that clients may see.
type eventDetail struct {
	eventRow
	Payload  *string           `json:"payload"`            // input, output or parameters; JSON text
	Assigned map[string]string `json:"assigned,omitempty"` // variables; JSON texts
	Timeout  int64             `json:"timeoutSeconds,omitempty"`
	Beat     int64             `json:"heartbeatSeconds,omitempty"`
	Role     string            `json:"role,omitempty"`
	Worker   string            `json:"worker,omitempty"`
	Location string            `json:"location,omitempty"`
}

const causeShown = 300 // characters

func eventOf(e *service.HistoryEvent) eventRow {
	row := eventRow{
		ID: e.ID, Previous: e.Previous, Type: e.Type.String(), Time: e.Time.UnixMilli(), Frame: e.Frame, Parent: e.Parent,
		Name: e.Name, Error: e.Error, Cause: e.Cause, Resource: e.Resource, ResourceType: e.ResourceType, MapRun: e.MapRunARN,
	}
	if e.HasPayload {
		row.Bytes = len(e.Payload)
	}
	switch e.Type {
	case history.MapIterationStarted, history.MapIterationSucceeded, history.MapIterationFailed, history.MapIterationAborted:
		row.Index = &e.Index
	case history.MapStateStarted:
		row.Length = &e.Length
	}
	return row
}

// shorten makes an event fit a list: of a cause that is a function's error, as
// JSON, only the message is left, and that no longer than causeShown.
func shorten(row eventRow) eventRow {
	if row.Cause == nil {
		return row
	}
	short := *row.Cause
	var thrown struct{ ErrorMessage *string }
	if strings.HasPrefix(short, "{") && json.Unmarshal([]byte(short), &thrown) == nil && thrown.ErrorMessage != nil {
		short = *thrown.ErrorMessage
	}
	if runes := []rune(short); len(runes) > causeShown {
		short = string(runes[:causeShown]) + "…"
	}
	row.Cause = &short
	return row
}

func eventDetailOf(e *service.HistoryEvent) eventDetail {
	d := eventDetail{
		eventRow: eventOf(e), Timeout: e.Timeout, Beat: e.Heartbeat, Role: e.Role, Worker: e.Worker, Location: e.Location,
	}
	if e.HasPayload {
		d.Payload = &e.Payload
	}
	if len(e.Assigned) > 0 {
		d.Assigned = make(map[string]string, len(e.Assigned))
		for _, v := range e.Assigned {
			d.Assigned[v.Name] = v.JSON
		}
	}
	return d
}

// events returns a page of the history, oldest first unless reverse is set.
func (h *handler) events(r *http.Request) (any, error) {
	p, err := page(r, 500, 1000)
	if err != nil {
		return nil, err
	}
	rows, next, err := h.eventPage(r, service.GetExecutionHistoryInput{ExecutionARN: r.FormValue("arn"), Reverse: r.FormValue("reverse") != "", Page: p})
	if err != nil {
		return nil, err
	}
	return listOf(rows, next), nil
}

func (h *handler) eventPage(r *http.Request, in service.GetExecutionHistoryInput) ([]eventRow, string, error) {
	events, next, err := h.service.GetExecutionHistory(r.Context(), in)
	if err != nil {
		return nil, "", err
	}
	rows := make([]eventRow, len(events))
	for i := range events {
		rows[i] = shorten(eventOf(&events[i]))
	}
	return rows, next, nil
}

// event returns one event whole. It looks from the nearer end of the history, of
// which the page knows the length (last, 0: unknown); pages are kept small,
// because payloads can be large.
func (h *handler) event(r *http.Request) (any, error) {
	id, err := strconv.ParseUint(r.FormValue("id"), 10, 32)
	if err != nil || id == 0 {
		return nil, invalid("id must be the number of an event.")
	}
	last, _ := strconv.ParseUint(r.FormValue("last"), 10, 32) // a hint: 0 does no harm
	in := service.GetExecutionHistoryInput{ExecutionARN: r.FormValue("arn"), Reverse: id > last/2 && last != 0}
	in.MaxResults = 32
	for {
		events, next, err := h.service.GetExecutionHistory(r.Context(), in)
		if err != nil {
			return nil, err
		}
		for i := range events {
			if e := &events[i]; e.ID == history.EventID(id) {
				return eventDetailOf(e), nil
			}
		}
		if next == "" {
			return nil, &service.Error{Code: service.ResourceNotFound, Message: "The execution has no event " + strconv.FormatUint(id, 10) + "."}
		}
		in.NextToken, in.MaxResults = next, min(2*in.MaxResults, 512)
	}
}
