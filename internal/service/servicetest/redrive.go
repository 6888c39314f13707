package servicetest

import (
	"context"
	"time"

	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// Redrive implements service.Executions: the execution runs again.
func (h *Host) Redrive(ctx context.Context, ref host.ExecutionRef, token string) (time.Time, error) {
	if at, again, err := h.Redriven(ctx, ref, token); err != nil || again {
		return at, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[ref]
	if x.Status == store.Running || x.Status == store.Succeeded {
		return time.Time{}, host.ErrNotRedrivable
	}
	x.Status, x.Stop = store.Running, time.Time{}
	x.RedriveCount++
	x.RedriveDate = h.now()
	if h.redrives == nil {
		h.redrives = make(map[redrive]time.Time)
	}
	h.redrives[redrive{ref, token}] = x.RedriveDate
	return x.RedriveDate, nil
}

// Redriven implements service.Executions.
func (h *Host) Redriven(_ context.Context, ref host.ExecutionRef, token string) (time.Time, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.executions[ref] == nil {
		return time.Time{}, false, host.ErrNotFound
	}
	at, ok := h.redrives[redrive{ref, token}]
	return at, ok && token != "", nil
}

// redrive names a redrive as clients do.
type redrive struct {
	ref   host.ExecutionRef
	token string
}
