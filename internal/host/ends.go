package host

import (
	"context"
	"sync"

	"pawl.dev/internal/store"
)

// endings are those who wait for the end of executions in this process.
type endings struct {
	mu      sync.Mutex
	waiting map[store.LogID][]*listener
}

// listener is called once.
type listener struct {
	once sync.Once
	f    func()
}

func (l *listener) tell() { l.once.Do(l.f) }

func (e *endings) tell(id store.LogID) {
	e.mu.Lock()
	waiting := e.waiting[id]
	delete(e.waiting, id)
	e.mu.Unlock()
	for _, l := range waiting {
		l.tell()
	}
}

func (e *endings) listen(id store.LogID, f func()) *listener {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.waiting == nil {
		e.waiting = make(map[store.LogID][]*listener)
	}
	l := &listener{f: f}
	e.waiting[id] = append(e.waiting[id], l)
	return l
}

func (e *endings) leave(id store.LogID, l *listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	waiting := e.waiting[id]
	for i := range waiting {
		if waiting[i] == l {
			e.waiting[id] = append(waiting[:i:i], waiting[i+1:]...)
			break
		}
	}
	if len(e.waiting[id]) == 0 {
		delete(e.waiting, id)
	}
}

// Wait returns the execution once it has ended. An Express execution leaves
// nothing to return; use StartSync. Errors: ErrNotFound, ErrClosed, the
// context's.
func (h *Host) Wait(ctx context.Context, ref ExecutionRef) (*Execution, error) {
	id, err := ref.logID()
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	l := h.ends.listen(id, func() { close(ended) })
	defer h.ends.leave(id, l)
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

// OnEnd calls f once, as soon as the execution has ended, unless leave is called
// before. f must return at once: shards wait for it. Errors: ErrNotFound; f is
// then not called.
func (h *Host) OnEnd(ctx context.Context, ref ExecutionRef, f func()) (leave func(), err error) {
	id, err := ref.logID()
	if err != nil {
		return nil, err
	}
	l := h.ends.listen(id, f)
	leave = func() { h.ends.leave(id, l) }
	summary, err := h.find(ctx, ref) // after the registration: no end is missed
	if err != nil {
		leave()
		return nil, err
	}
	if summary.Status != store.Running {
		leave()
		l.tell()
	}
	return leave, nil
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
