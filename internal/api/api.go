// Package api speaks the AWS Step Functions wire protocol (JSON 1.0 over HTTP,
// API version 2016-11-23): it decodes requests, checks them against the
// constraints of AWS's model, calls the service and encodes its answers.
//
// It decides nothing: what an operation does is the service's. A member that AWS
// leaves out is left out, one that AWS names is named the same; members come in
// alphabetical order as AWS's do.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"pawl.dev/internal/auth"
	"pawl.dev/internal/service"
	"pawl.dev/value"
)

// MaxRequestBytes bounds the body of a request: the largest definition, with
// room for the escapes and the other members of its JSON.
const MaxRequestBytes = 1<<20 + 1<<18

// Options are how requests are served.
type Options struct {
	// Verifier checks signatures and what the key may do. Without one nothing is
	// checked, and only clients on this machine are served.
	Verifier *auth.Verifier
	Logger   *slog.Logger // for internal errors; default slog.Default()
}

// New returns the handler of the Step Functions API: POST / with the operation
// in the header X-Amz-Target.
func New(s *service.Service, options Options) http.Handler {
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	return &handler{service: s, options: options}
}

type handler struct {
	service *service.Service
	options Options
}

// targetPrefix stands before the operation's name in X-Amz-Target.
const targetPrefix = "AWSStepFunctions."

const contentType = "application/x-amz-json-1.0"

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := service.NewUUID(rand.Uint64)
	header := w.Header()
	header["X-Amzn-Requestid"] = []string{id}
	header["Content-Type"] = []string{contentType}
	defer func() {
		if panicked := recover(); panicked != nil {
			h.options.Logger.Error("panic while serving a request", "requestId", id, "target", r.Header.Get("X-Amz-Target"),
				"panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
			writeError(w, internalFailure(id))
		}
	}()
	body, err := h.serve(r)
	if err != nil {
		writeError(w, h.wireError(r, id, err))
		return
	}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// serve returns the answer to a request.
func (h *handler) serve(r *http.Request) ([]byte, error) {
	if err := auth.Admit(r, h.options.Verifier != nil); err != nil {
		return nil, err
	}
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		return nil, unknownOperation("")
	}
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	operation := operations[name]
	if !ok || operation == nil {
		return nil, unknownOperation(name)
	}
	proof, err := h.proof(r)
	if err != nil {
		return nil, err
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	allow, err := h.authorization(proof, name, body)
	if err != nil {
		return nil, err
	}
	return respond(r.Context(), h.service, operation, string(body), "", allow)
}

// arenas hold the members of requests while they are decoded.
var arenas = sync.Pool{New: func() any { return new(value.Arena) }}

// operation decodes its members from q, calls the service and writes the members
// of the answer to w.
type operation func(ctx context.Context, s *service.Service, q *request, w *response) error

// respond answers a request. allow refuses it before it is run; nil refuses none.
func respond(ctx context.Context, s *service.Service, run operation, body, startedBy string, allow func(*request) error) ([]byte, error) {
	arena := arenas.Get().(*value.Arena)
	defer func() {
		arena.Reset()
		arenas.Put(arena)
	}()
	q, err := parseRequest(body, arena)
	if err != nil {
		return nil, err
	}
	if allow != nil {
		if err := allow(q); err != nil {
			return nil, err
		}
	}
	q.startedBy = startedBy
	w := newResponse()
	if err := run(ctx, s, q, w); err != nil {
		return nil, err
	}
	return w.finish(), nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > MaxRequestBytes {
		return nil, requestTooLarge()
	}
	if r.ContentLength >= 0 {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, bodyError(err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxRequestBytes+1))
	if err == nil && len(body) > MaxRequestBytes {
		return nil, requestTooLarge()
	}
	return body, bodyError(err)
}

func bodyError(err error) error {
	if err == nil {
		return nil
	}
	return &wireError{status: http.StatusBadRequest, kind: coralService + "SerializationException", message: "The request body could not be read."}
}

// wireError translates an error of an operation. What is not meant for clients
// is logged under the request's id.
func (h *handler) wireError(r *http.Request, id string, err error) *wireError {
	var wire *wireError
	if errors.As(err, &wire) {
		return wire
	}
	if wire, ok := refusedCaller(err); ok {
		return wire
	}
	var refused *service.Error
	if errors.As(err, &refused) {
		return refusal(refused)
	}
	if r.Context().Err() == nil { // else the client has gone
		h.options.Logger.Error("operation failed", "requestId", id, "target", r.Header.Get("X-Amz-Target"), "error", err)
	}
	return internalFailure(id)
}
