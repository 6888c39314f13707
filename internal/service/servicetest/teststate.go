package servicetest

import (
	"context"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/teststate"
)

// Test implements service.Tester: tasks answer with their input, and waiting
// takes no time.
func (h *Host) Test(_ context.Context, t *teststate.Test) error {
	now := h.now()
	effects := t.Begin(now)
	for !t.Over() {
		var in engine.Input = engine.Wake{}
		for _, e := range effects {
			if run, ok := e.(engine.RunTask); ok {
				in = engine.TaskDone{Task: run.Task, Nonce: run.Nonce, Output: run.Scheduled.Payload}
			}
		}
		if at := t.NextWake(); at.After(now.Add(time.Millisecond)) && len(effects) == 0 {
			now = at
		}
		effects = t.Decide(in, now)
	}
	return nil
}
