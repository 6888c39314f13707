package host

import (
	"sync"

	"pawl.dev/internal/store"
)

// MachineDeleted tells the host that a state machine is being deleted: running
// executions end at their next transition, and when none is left all its
// executions are removed and done is called, once.
func (h *Host) MachineDeleted(machine string, done func()) {
	var mu sync.Mutex
	gone := false
	check := func() {
		mu.Lock()
		defer mu.Unlock()
		if gone || h.ctx.Err() != nil {
			return
		}
		removed, err := h.removeExecutions(machine)
		if err != nil {
			h.log.Error("executions of a deleted state machine could not be removed", "machine", machine, "error", err)
			return
		}
		if removed {
			gone = true
			h.deleted.mu.Lock()
			delete(h.deleted.pending, machine)
			h.deleted.mu.Unlock()
			done()
		}
	}
	h.deleted.mu.Lock()
	if h.deleted.pending == nil {
		h.deleted.pending = make(map[string]func())
	}
	h.deleted.pending[machine] = check
	h.deleted.mu.Unlock()
	h.wg.Go(check)
}

// removeExecutions deletes all executions of a machine, unless one still runs.
func (h *Host) removeExecutions(machine string) (bool, error) {
	running, _, err := h.config.Store.List(h.ctx, store.Query{Machine: machine, Status: store.Running, Limit: 1})
	if err != nil || len(running) > 0 {
		return false, err
	}
	for {
		page, _, err := h.config.Store.List(h.ctx, store.Query{Machine: machine, Limit: 1000})
		if err != nil {
			return false, err
		}
		if len(page) == 0 {
			return true, nil
		}
		var ids []store.LogID
		for _, s := range page {
			below, err := h.mapRunLogs(s.ID)
			if err != nil {
				return false, err
			}
			ids = append(append(ids, below...), s.ID)
		}
		if err := h.config.Store.Delete(h.ctx, ids); err != nil {
			return false, err
		}
	}
}

// mapRunLogs lists the logs of an execution's map runs and their children.
func (h *Host) mapRunLogs(parent store.LogID) ([]store.LogID, error) {
	runs, _, err := h.config.Store.List(h.ctx, store.Query{Parent: parent, Limit: 1000})
	if err != nil {
		return nil, err
	}
	var ids []store.LogID
	for _, run := range runs {
		runID, err := store.RunOf(run.Name)
		if err != nil {
			return nil, err
		}
		err = h.config.Store.Children(h.ctx, runID, 0, func(child *store.Summary) bool {
			ids = append(ids, child.ID)
			return true
		})
		if err != nil {
			return nil, err
		}
		ids = append(ids, run.ID)
	}
	return ids, nil
}
