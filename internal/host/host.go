// Package host is the shell around the engine: shards, cache, timers, dispatch.
// All order of I/O lives here: decide, commit, apply, release (I3).
package host

import (
	"context"
	"time"

	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// Host runs executions.
type Host struct{}

// Start starts a Standard or an asynchronous Express execution and returns when
// the start is durable. Repeating the start of a running Standard execution with
// the same name and input answers the first one. Errors: ErrExists, ErrClosed.
func (h *Host) Start(ctx context.Context, r StartRequest) (*store.Summary, error) { return nil, nil }

// StartSync runs an Express execution to its end, in memory, and returns it.
func (h *Host) StartSync(ctx context.Context, r StartRequest) (*Execution, error) { return nil, nil }

// Stop aborts an execution and returns when it stopped. Stopping an execution
// that has ended changes nothing. Errors: ErrNotFound.
func (h *Host) Stop(ctx context.Context, ref ExecutionRef, errorName, cause *string) (time.Time, error) {
	return time.Time{}, nil
}

// Describe returns an execution. Errors: ErrNotFound.
func (h *Host) Describe(ctx context.Context, ref ExecutionRef) (*Execution, error) { return nil, nil }

// Events calls yield with the public events of a Standard execution whose ids
// are from first (1 or more) on, in order, or backwards from first (0: from the
// last) when reverse is set, until yield returns false. Errors: ErrNotFound.
func (h *Host) Events(ctx context.Context, ref ExecutionRef, first history.EventID, reverse bool, yield func(*history.Event) bool) error {
	return nil
}

// List returns a page of executions or map runs; see store.Logs.List.
func (h *Host) List(ctx context.Context, q store.Query) ([]*store.Summary, string, error) {
	return nil, "", nil
}

// PollActivity waits until the activity (by name) has a task for the worker or
// ctx ends; then it returns nil without error. The task counts as started.
// Errors: ErrTooManyPollers.
func (h *Host) PollActivity(ctx context.Context, activity, worker string) (*ActivityTask, error) {
	return nil, nil
}

// Complete answers the task that the token names. Errors: ErrBadToken,
// ErrTaskOver. For ErrTaskOver resource is the task's activity ARN or resource
// when it is still known.
func (h *Host) Complete(ctx context.Context, token string, a Answer) (resource string, err error) {
	return "", nil
}

// Heartbeat reports that the task is alive. Errors as Complete.
func (h *Host) Heartbeat(ctx context.Context, token string) (resource string, err error) {
	return "", nil
}

// MapRun returns a map run by its UUID. Errors: ErrNotFound.
func (h *Host) MapRun(ctx context.Context, uuid string) (*MapRun, error) { return nil, nil }

// UpdateMapRun changes a running map run. Errors: ErrNotFound, ErrMapRunOver.
func (h *Host) UpdateMapRun(ctx context.Context, uuid string, c MapRunChange) error { return nil }

// MachineDeleted tells the host that a state machine is being deleted: running
// executions end at their next transition, and when none is left all its
// executions are removed and done is called.
func (h *Host) MachineDeleted(machine string, done func()) {}
