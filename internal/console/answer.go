package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"pawl.dev/internal/service"
)

// endpoint answers a request with what is to be sent as JSON.
type endpoint func(r *http.Request) (any, error)

// problem is an error as the pages get it.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

var internal = problem{Code: "InternalFailure", Message: "The server could not answer because of an internal error. Its log says more."}

// answer serves an endpoint.
func (h *handler) answer(serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := serve(r)
		if err != nil {
			h.fail(w, r, err)
			return
		}
		writeJSON(w, http.StatusOK, body)
	})
}

// fail sends an error. What is not meant for clients is logged.
func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, p := present(err)
	if status == http.StatusInternalServerError && r.Context().Err() == nil { // else the client has gone
		h.options.Logger.Error("console request failed", "path", r.URL.Path, "error", err)
	}
	writeError(w, status, p)
}

func present(err error) (status int, p problem) {
	var refused *service.Error
	if !errors.As(err, &refused) {
		return http.StatusInternalServerError, internal
	}
	status = http.StatusBadRequest
	switch refused.Code {
	case service.StateMachineDoesNotExist, service.ExecutionDoesNotExist, service.ResourceNotFound:
		status = http.StatusNotFound
	case service.ExecutionAlreadyExists, service.StateMachineDeleting:
		status = http.StatusConflict
	case service.ServiceUnavailable:
		status = http.StatusServiceUnavailable
	}
	return status, problem{Code: string(refused.Code), Message: refused.Message}
}

func writeError(w http.ResponseWriter, status int, p problem) {
	writeJSON(w, status, map[string]problem{"error": p})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		status, encoded = http.StatusInternalServerError, []byte(`{"error":{"code":"InternalFailure","message":"The answer could not be written."}}`)
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(len(encoded)))
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // a client that is gone needs no answer
}

// maxBody bounds what a page sends: the largest input, escaped, with its name.
const maxBody = 2*service.MaxInputBytes + 4096

// readJSON decodes a request's body into the value that to points at.
func readJSON(r *http.Request, to any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return invalid("The request is too large or was cut off.")
	}
	if err := json.Unmarshal(body, to); err != nil {
		return invalid("The request is no JSON of the expected form.")
	}
	return nil
}

func invalid(message string) error {
	return &service.Error{Code: service.ValidationException, Message: message}
}

// page reads limit (1 to most, default standard) and next of a list.
func page(r *http.Request, standard, most int) (service.Page, error) {
	p := service.Page{MaxResults: standard, NextToken: r.FormValue("next")}
	text := r.FormValue("limit")
	if text == "" {
		return p, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > most {
		return p, invalid("limit must be a number from 1 to " + strconv.Itoa(most) + ".")
	}
	p.MaxResults = limit
	return p, nil
}

// millis is a time as the pages take it: milliseconds since 1970, nil for none.
func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
