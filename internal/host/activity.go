package host

import (
	"context"
	"errors"
	"strings"
	"sync"

	"pawl.dev/internal/engine"
)

// maxPollers is how many workers may poll one activity at once.
// Source: Step Functions quotas.
const maxPollers = 1000

// activities are the queues of scheduled activity tasks. They are made anew from
// the open executions at every start.
type activities struct {
	mu     sync.Mutex
	queues map[string]*activityQueue
}

type activityQueue struct {
	tasks   []activityTask
	pollers []chan activityTask // oldest first; each has room for one
}

type activityTask struct {
	attempt attempt
	input   string
}

// activityName is the name in an activity's ARN.
func activityName(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

func (a *activities) queue(name string) *activityQueue {
	q := a.queues[name]
	if q == nil {
		q = &activityQueue{}
		a.queues[name] = q
	}
	return q
}

// put queues a task, or hands it to the worker that waits longest.
func (a *activities) put(h *Host, name string, t attempt, input string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.queue(name)
	if len(q.pollers) > 0 {
		q.pollers[0] <- activityTask{t, input}
		q.pollers = q.pollers[1:]
		return
	}
	q.tasks = append(q.tasks, activityTask{t, input})
}

// poll takes the next task or registers a poller.
func (a *activities) poll(name string) (activityTask, chan activityTask, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.queue(name)
	if len(q.tasks) > 0 {
		t := q.tasks[0]
		q.tasks = q.tasks[1:]
		return t, nil, nil
	}
	if len(q.pollers) >= maxPollers {
		return activityTask{}, nil, ErrTooManyPollers
	}
	c := make(chan activityTask, 1)
	q.pollers = append(q.pollers, c)
	return activityTask{}, c, nil
}

// leave takes a poller out; a task that reached it meanwhile is put back first
// in line.
func (a *activities) leave(name string, c chan activityTask) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := a.queue(name)
	for i := range q.pollers {
		if q.pollers[i] == c {
			q.pollers = append(q.pollers[:i:i], q.pollers[i+1:]...)
			return
		}
	}
	select {
	case t := <-c:
		q.tasks = append([]activityTask{t}, q.tasks...)
	default:
	}
}

// PollActivity waits until the activity (by name) has a task for the worker or
// ctx ends; then it returns nil without error. The task counts as started.
// Errors: ErrTooManyPollers.
func (h *Host) PollActivity(ctx context.Context, activity, worker string) (*ActivityTask, error) {
	for {
		t, c, err := h.activities.poll(activity)
		if err != nil {
			return nil, err
		}
		if c != nil {
			select {
			case t = <-c:
			case <-ctx.Done():
				h.activities.leave(activity, c)
				return nil, nil
			case <-h.ctx.Done():
				h.activities.leave(activity, c)
				return nil, ErrClosed
			}
		}
		a := t.attempt
		res, err := h.call(context.WithoutCancel(ctx), message{id: a.id, input: engine.Taken{Task: a.task, Nonce: a.nonce, Worker: worker}})
		switch {
		case errors.Is(err, ErrNotFound) || err == nil && !res.decided:
			continue // timed out or aborted while it was queued
		case err != nil:
			return nil, err
		}
		return &ActivityTask{Token: a.String(), Input: t.input}, nil
	}
}
