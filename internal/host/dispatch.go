package host

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
	"pawl.dev/internal/task"
)

// attemptKey names an attempt within the host.
type attemptKey struct {
	id   store.LogID
	task history.EventID
}

// dispatcher knows the attempts that handlers work on.
type dispatcher struct {
	mu   sync.Mutex
	open map[attemptKey]*handout
	// working is how many of them would have to start anew after a restart:
	// not those that watch a job.
	working int
	// draining: no attempt is handed out any more; those that the store holds
	// open are handed out by the next Open.
	draining bool
	idle     chan struct{} // closed when draining and nothing is open
}

// handout is an attempt that a handler has.
type handout struct {
	cancel   context.CancelCauseFunc
	watching bool // of a .sync task: what it waits for was started
}

// add notes an attempt that is handed out; false while draining.
func (d *dispatcher) add(key attemptKey, cancel context.CancelCauseFunc, watching bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.draining {
		return false
	}
	d.remove(key, nil) // handed out twice: the later one counts
	d.open[key] = &handout{cancel, watching}
	if !watching {
		d.working++
	}
	return true
}

// end takes an attempt away from its handler: without a cause because it was
// answered, with task.ErrAbandoned because nobody waits for it.
func (d *dispatcher) end(key attemptKey, cause error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remove(key, cause)
	d.checkIdle()
}

// remove forgets an attempt. d.mu is held.
func (d *dispatcher) remove(key attemptKey, cause error) {
	a, ok := d.open[key]
	if !ok {
		return
	}
	a.cancel(cause)
	delete(d.open, key)
	if !a.watching {
		d.working--
	}
}

// watch notes that the handler of a .sync task only waits from now on.
func (d *dispatcher) watch(key attemptKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a, ok := d.open[key]; ok && !a.watching {
		a.watching = true
		d.working--
		d.checkIdle()
	}
}

// drain stops handing out attempts; the channel is closed once none is open.
func (d *dispatcher) drain() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.draining {
		d.draining = true
		d.idle = make(chan struct{})
		d.checkIdle()
	}
	return d.idle
}

// checkIdle tells those who drain. d.mu is held.
func (d *dispatcher) checkIdle() {
	if d.draining && d.working == 0 {
		select {
		case <-d.idle:
		default:
			close(d.idle)
		}
	}
}

// cancelAll cancels what is still open.
func (d *dispatcher) cancelAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key := range d.open {
		d.remove(key, nil)
	}
}

// release lets one effect of r out.
func (s *shard) release(r *resident, e engine.Effect) {
	switch e := e.(type) {
	case engine.RunTask:
		if e.Scheduled.Type == history.ActivityScheduled {
			s.h.activities.put(s.h, activityName(e.Scheduled.Resource), attempt{r.id, e.Task, e.Nonce, e.Scheduled.Resource}, e.Scheduled.Payload)
			return
		}
		s.h.dispatch(r, e)
	case engine.CancelTask:
		s.h.tasks.end(attemptKey{r.id, e.Task}, task.ErrAbandoned)
	case engine.StartMapRun:
		s.h.startMapRun(r, e)
	case engine.RedriveMapRun:
		s.h.redriveMapRun(e)
	case engine.StopMapRun:
		s.h.stopMapRun(e.UUID)
	default:
		panic("host: unknown effect")
	}
}

// dispatch hands an attempt to its handler.
func (h *Host) dispatch(r *resident, e engine.RunTask) {
	state := r.program.State(e.State)
	a := attempt{r.id, e.Task, e.Nonce, state.Task.Resource}
	req := task.Request{
		ID:           fmt.Sprintf("%s#%d.%x", r.id, e.Task, e.Nonce),
		Kind:         state.Task.Kind,
		Resource:     e.Scheduled.Resource,
		ResourceType: e.Scheduled.ResourceType,
		Pattern:      state.Task.Pattern,
		Input:        e.Scheduled.Payload,
		Role:         e.Scheduled.Role,
		Deadline:     e.Until,
		ExecutionARN: r.x.Start.ARN, StateMachineARN: r.x.Start.StateMachine,
		Definition: r.x.Start.Definition,
		Submitted:  e.Submitted,
	}
	if req.Pattern != asl.RequestResponse {
		req.Token = a.String()
	}
	rep := &handlerReply{h: h, attempt: a, pattern: req.Pattern}
	handler := h.config.Tasks.Find(&req)
	if handler == nil {
		rep.Failed(asl.NewFailure(asl.ErrRuntime, "No handler is configured for the resource '"+state.Task.Resource+"'."))
		return
	}
	ctx, cancel := context.WithCancelCause(h.ctx)
	if !h.tasks.add(attemptKey{r.id, e.Task}, cancel, req.Submitted != "") {
		cancel(nil)
		return
	}
	handler.Run(ctx, req, rep)
}

// refuse says why an attempt can't be scheduled.
func (h *Host) refuse(scheduled *history.Event) *asl.Failure {
	if scheduled.Type != history.ActivityScheduled {
		return nil
	}
	err := h.config.Store.View(h.ctx, func(r store.CatalogReader) error {
		_, err := r.Get(store.KindActivity, activityName(scheduled.Resource))
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		return nil
	}
	failure := asl.NewFailure(asl.ErrRuntime, "The activity "+scheduled.Resource+" does not exist.")
	failure.InState = true
	return failure
}

// handlerReply carries a handler's answers to the shard of the execution.
type handlerReply struct {
	h       *Host
	attempt attempt
	pattern asl.Pattern
}

func (r *handlerReply) send(in engine.Input) {
	// Refused only while the host shuts down: the attempt is then handed out
	// again at the next start.
	_ = r.h.shard(r.attempt.id).offer(message{id: r.attempt.id, input: in})
}

func (r *handlerReply) Submitted(output string) {
	if key := (attemptKey{r.attempt.id, r.attempt.task}); r.pattern == asl.Callback {
		r.h.tasks.end(key, nil) // the rest is the token's
	} else {
		r.h.tasks.watch(key)
	}
	r.send(engine.Submitted{Task: r.attempt.task, Nonce: r.attempt.nonce, Output: output})
}

func (r *handlerReply) Done(output string) {
	r.h.tasks.end(attemptKey{r.attempt.id, r.attempt.task}, nil)
	r.send(engine.TaskDone{Task: r.attempt.task, Nonce: r.attempt.nonce, Output: output})
}

func (r *handlerReply) Failed(failure *asl.Failure) {
	r.h.tasks.end(attemptKey{r.attempt.id, r.attempt.task}, nil)
	r.send(engine.TaskBroke{Task: r.attempt.task, Nonce: r.attempt.nonce, Failure: failure})
}

// Complete answers the task that the token names. Errors: ErrBadToken,
// ErrTaskOver. For ErrTaskOver resource is the task's resource as its state
// names it.
func (h *Host) Complete(ctx context.Context, token string, a Answer) (resource string, err error) {
	return h.answer(ctx, token, func(t attempt) engine.Input {
		if a.Failed {
			return engine.TaskBroke{Task: t.task, Nonce: t.nonce, Failure: &asl.Failure{Error: a.Error, Cause: a.Cause}}
		}
		return engine.TaskDone{Task: t.task, Nonce: t.nonce, Output: a.Output}
	})
}

// Heartbeat reports that the task is alive. Errors as Complete.
func (h *Host) Heartbeat(ctx context.Context, token string) (resource string, err error) {
	t, err := parseToken(token)
	if err != nil {
		return "", err
	}
	res, err := h.call(ctx, message{id: t.id, input: engine.Beat{Task: t.task, Nonce: t.nonce}})
	if err == nil && !res.decided && !res.open {
		err = ErrTaskOver
	}
	return t.resource, taskError(err)
}

func (h *Host) answer(ctx context.Context, token string, input func(attempt) engine.Input) (string, error) {
	t, err := parseToken(token)
	if err != nil {
		return "", err
	}
	res, err := h.call(ctx, message{id: t.id, input: input(t), answers: &t})
	if err == nil && !res.decided {
		err = ErrTaskOver
	}
	if err == nil {
		h.tasks.end(attemptKey{t.id, t.task}, nil)
	}
	return t.resource, taskError(err)
}

// taskError says that a task is over when its execution is gone.
func taskError(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrTaskOver
	}
	return err
}
