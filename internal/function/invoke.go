package function

import (
	"context"
	"strconv"
	"time"
)

// Limits of a payload, in bytes. Source: AWS Lambda quotas.
const (
	maxRequestBytes = 6_291_456
	maxEventBytes   = 1_048_576
)

// Invoke runs one invocation and waits for its answer. A failure of the
// function is in the Response. When ctx ends first, an invocation that no
// process has begun is withdrawn; one that runs goes on unwatched, as with AWS.
// Errors: *Error, ctx's.
func (s *Service) Invoke(ctx context.Context, req Request) (Response, error) {
	type answer struct {
		r   Response
		err error
	}
	answers := make(chan answer, 1)
	inv, err := s.InvokeAsync(req, func(r Response, err error) { answers <- answer{r, err} })
	if err != nil {
		return Response{}, err
	}
	select {
	case a := <-answers:
		return a.r, a.err
	case <-ctx.Done():
		inv.Cancel(ctx.Err())
		return Response{}, ctx.Err()
	}
}

// InvokeAsync starts one invocation. If it returns an error done is never
// called; else done is called exactly once, for Event and DryRun before
// InvokeAsync returns. It runs on a goroutine that serves a process: it must
// not block. A waiting invocation costs its queue entry and no goroutine.
// Errors: *Error.
func (s *Service) InvokeAsync(req Request, done func(Response, error)) (*Invocation, error) {
	ref, err := ParseReference(req.Function, req.Qualifier)
	if err != nil {
		return nil, err
	}
	e, err := s.resolve(ref)
	if err != nil {
		return nil, err
	}
	if err := checkPayload(&req); err != nil {
		return nil, err
	}
	inv := s.invocation(e, ref, &req)
	switch req.Type {
	case DryRun:
		done(Response{StatusCode: 204, RequestID: inv.id}, nil)
		return inv, nil
	case Event:
		if err := s.submitEvent(e, inv); err != nil {
			return nil, err
		}
		done(Response{StatusCode: 202, RequestID: inv.id}, nil)
		return inv, nil
	}
	inv.done = done
	if err := s.submit(e, inv); err != nil {
		return nil, err
	}
	return inv, nil
}

func checkPayload(req *Request) error {
	limit := maxRequestBytes
	switch req.Type {
	case "", RequestResponse, DryRun:
	case Event:
		limit = maxEventBytes
	default:
		return errorValidation(req.Type, "invocationType", "Member must satisfy enum value set: [Event, RequestResponse, DryRun]")
	}
	if len(req.Payload) > limit {
		return &Error{"RequestTooLargeException",
			"Request must be smaller than " + strconv.Itoa(limit) + " bytes for the InvokeFunction operation", 413}
	}
	// These become HTTP headers of the Runtime API.
	for _, text := range []string{req.ClientContext, req.RequestID, req.TraceHeader} {
		for i := range len(text) {
			if c := text[i]; c < ' ' || c == 0x7f {
				return errorInvalid("Client context, request id and trace header must not hold control characters.")
			}
		}
	}
	return nil
}

func (s *Service) invocation(e *entry, ref Reference, req *Request) *Invocation {
	inv := &Invocation{
		id: req.RequestID, arn: s.config.arn(ref.Name, ref.Qualifier), version: latest,
		payload: req.Payload, clientContext: req.ClientContext, trace: req.TraceHeader, logTail: req.LogTail,
	}
	if inv.id == "" {
		inv.id = newRequestID()
	}
	if inv.trace == "" {
		inv.trace = newTrace(s.clock.Now())
	}
	if len(inv.payload) == 0 {
		inv.payload = []byte("{}")
	}
	return inv
}

// submit hands the invocation to the function's present pool.
func (s *Service) submit(e *entry, inv *Invocation) error {
	for {
		p, err := e.current()
		if err != nil {
			return err
		}
		if p == nil {
			return errorNotFound(inv.arn)
		}
		if taken, err := p.submit(inv); taken {
			return err
		}
		if s.isClosed() {
			return errorClosed()
		}
		e.pool.CompareAndSwap(p, nil) // retired: its successor is not made yet
	}
}

// resubmit moves an invocation that waited in a retired pool.
func (s *Service) resubmit(e *entry, inv *Invocation) {
	if err := s.submit(e, inv); err != nil {
		inv.fail(err)
	}
}

// fail answers an invocation that was taken out of its queue.
func (inv *Invocation) fail(err error) {
	if p := inv.pool; p != nil {
		p.mu.Lock()
		settled := inv.settled
		inv.settled = true
		p.mu.Unlock()
		if settled {
			return
		}
	}
	inv.done(Response{}, err)
}

// Waits of Event invocations after a failure. Source: Lambda guide,
// "Asynchronous invocation".
var eventWaits = []time.Duration{time.Minute, 2 * time.Minute}

// retry is an Event invocation that waits for its next attempt.
type retry struct{ timer Timer }

// submitEvent runs an invocation whose caller does not wait. A function error
// or a full queue is tried again Config.EventRetries times; then it is lost.
func (s *Service) submitEvent(e *entry, inv *Invocation) error {
	return s.attemptEvent(e, *inv, 0)
}

func (s *Service) attemptEvent(e *entry, inv Invocation, attempt int) error {
	next := inv // as it was before any pool touched it
	inv.done = func(r Response, err error) {
		if err == nil && r.FunctionError == "" {
			return
		}
		if attempt >= s.config.EventRetries {
			s.config.Log.Warn("event lost", "function", next.arn, "request", next.id, "attempts", attempt+1)
			return
		}
		s.retryLater(e, next, attempt+1)
	}
	return s.submit(e, &inv)
}

func (s *Service) retryLater(e *entry, inv Invocation, attempt int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	r := &retry{}
	s.retries[r] = struct{}{}
	r.timer = s.clock.AfterFunc(eventWaits[min(attempt-1, len(eventWaits)-1)], func() {
		s.mu.Lock()
		delete(s.retries, r)
		s.mu.Unlock()
		if err := s.attemptEvent(e, inv, attempt); err != nil {
			s.config.Log.Warn("event lost", "function", inv.arn, "request", inv.id, "error", err)
		}
	})
}
