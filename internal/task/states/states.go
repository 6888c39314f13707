// Package states is the task handler of Step Functions itself: the optimized
// integration states:startExecution (also .sync, .sync:2 and .waitForTaskToken)
// and aws-sdk:sfn.
//
// It calls the API of this very process and words requests, results and errors
// as Step Functions does. Executions that it waits for cost no goroutine: their
// end is told to it.
package states

import (
	"context"
	"errors"
	"sync"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/task"
)

// API is the Step Functions API that the handler calls. Requests and answers are
// JSON as on the wire. An error that is no *Refusal is internal.
type API interface {
	// Start is the operation StartExecution on behalf of a task's attempt. The
	// same attempt can repeat it: it is answered as the first time.
	Start(ctx context.Context, attempt, request string) (answer string, err error)
	// Call is any operation, "DescribeExecution".
	Call(ctx context.Context, operation, request string) (answer string, err error)
	// OnEnd calls f once, as soon as the execution has ended, unless leave is
	// called before. f returns at once.
	OnEnd(ctx context.Context, executionARN string, f func()) (leave func(), err error)
}

// Refusal is why the API refused a call.
type Refusal struct {
	Code    string // "StateMachineDoesNotExist"
	Message string
	Status  int // of HTTP
}

func (e *Refusal) Error() string { return e.Code + ": " + e.Message }

// Handler starts and watches executions.
type Handler struct {
	now   func() time.Time
	ready chan struct{} // closed when api is set
	api   API

	mu     sync.Mutex
	closed bool
	calls  sync.WaitGroup // goroutines that talk to the API
}

// New returns a handler; now stamps the Date header of results. Attempts wait
// until Serve says what they call.
func New(now func() time.Time) *Handler {
	return &Handler{now: now, ready: make(chan struct{})}
}

// Serve sets the API that attempts call. It must be called once.
func (h *Handler) Serve(api API) {
	h.api = api
	close(h.ready)
}

// Close waits until no call of the API is left. The host must be closed before,
// so that contexts have ended; what it hands out afterwards is ignored.
func (h *Handler) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.calls.Wait()
	return nil
}

// spawn runs f, which calls the API, in a goroutine that Close waits for.
func (h *Handler) spawn(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.calls.Go(f)
	}
}

// Run implements task.Handler.
func (h *Handler) Run(ctx context.Context, r task.Request, reply task.Reply) {
	a := &attempt{h: h, r: r, reply: reply, words: sdk}
	if r.ResourceType == "states" {
		a.words = optimized
	}
	h.spawn(func() {
		select {
		case <-h.ready:
			a.run(ctx)
		case <-ctx.Done():
		}
	})
}

// attempt is one attempt of a task.
type attempt struct {
	h     *Handler
	r     task.Request
	reply task.Reply
	words *wording
}

func (a *attempt) run(ctx context.Context) {
	if a.r.Submitted != "" && a.waits() {
		a.watch(ctx, executionARN(a.r.Submitted))
		return
	}
	operation := upper(a.r.Action())
	request, fail := requestOf(operation, a.r.Input)
	if fail != nil {
		a.reply.Failed(fail)
		return
	}
	answer, err := a.call(ctx, operation, request)
	if err != nil {
		a.refused(ctx, err)
		return
	}
	output := a.words.result(answer, a.id(operation), a.h.now())
	switch a.r.Pattern {
	case asl.Sync, asl.Sync2:
		a.reply.Submitted(output)
		a.watch(ctx, executionARN(output))
	case asl.Callback:
		a.reply.Submitted(output)
	case asl.RequestResponse:
		a.reply.Done(output)
	}
}

// waits reports whether the task lasts as long as the execution that it starts.
func (a *attempt) waits() bool { return a.r.Pattern == asl.Sync || a.r.Pattern == asl.Sync2 }

// call calls the API. A start is let finish though nobody should wait for it any
// more: watch then knows what to stop.
func (a *attempt) call(ctx context.Context, operation string, request members) (string, error) {
	if operation != "StartExecution" {
		return a.h.api.Call(ctx, operation, request.JSON())
	}
	if !request.has("name") {
		// The same name when the attempt is handed over again.
		request.setText("name", a.id("name"))
	}
	return a.h.api.Start(context.WithoutCancel(ctx), a.r.ID, request.JSON())
}

// refused ends the attempt with what the API says. When the attempt's context
// has ended nobody listens, or it will be handed over again.
func (a *attempt) refused(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		a.reply.Failed(asl.NewFailure(a.words.prefix+"SdkClientException", err.Error()))
		return
	}
	a.reply.Failed(a.words.failure(refusal, a.id("error")))
}
