package host

import (
	"context"
	"sync"

	"pawl.dev/internal/store"
)

// endings are those who wait for the end of executions in this process.
type endings struct {
	mu      sync.Mutex
	waiting map[store.LogID][]chan struct{}
}

func (e *endings) tell(id store.LogID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.waiting[id] {
		close(c)
	}
	delete(e.waiting, id)
}

func (e *endings) wait(id store.LogID) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.waiting == nil {
		e.waiting = make(map[store.LogID][]chan struct{})
	}
	c := make(chan struct{})
	e.waiting[id] = append(e.waiting[id], c)
	return c
}

func (e *endings) leave(id store.LogID, c <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	waiting := e.waiting[id]
	for i := range waiting {
		if waiting[i] == c {
			e.waiting[id] = append(waiting[:i:i], waiting[i+1:]...)
			break
		}
	}
	if len(e.waiting[id]) == 0 {
		delete(e.waiting, id)
	}
}

// Wait returns the execution once it has ended. Errors: ErrNotFound, ErrClosed,
// the context's.
func (h *Host) Wait(ctx context.Context, ref ExecutionRef) (*Execution, error) {
	id, err := ref.logID()
	if err != nil {
		return nil, err
	}
	ended := h.ends.wait(id)
	defer h.ends.leave(id, ended)
	d, err := h.Describe(ctx, ref) // after the registration: no end is missed
	if err != nil || d.Status != store.Running {
		return d, err
	}
	select {
	case <-ended:
		return h.Describe(ctx, ref)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.ctx.Done():
		return nil, ErrClosed
	}
}

// deletions are the state machines that are being deleted.
type deletions struct {
	mu      sync.RWMutex
	pending map[string]func() // by machine: looks whether executions are left
}

func (d *deletions) has(machine string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	_, ok := d.pending[machine]
	return ok
}

// ended looks again at a machine that is being deleted.
func (d *deletions) ended(machine string) {
	d.mu.RLock()
	check := d.pending[machine]
	d.mu.RUnlock()
	if check != nil {
		go check() // reads and deletes logs: not the shard's work
	}
}
