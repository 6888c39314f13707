package service

import (
	"context"
	"time"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// Host runs executions; *host.Host is the one in production. See there for what
// the methods promise.
type Host interface {
	Executions
	Tasks
	MapRuns
	Tester
	MachineDeleted(machine string, done func())
}

// Executions are started, stopped and looked at.
type Executions interface {
	Start(ctx context.Context, r host.StartRequest) (*store.Summary, error)
	StartSync(ctx context.Context, r host.StartRequest) (*host.Execution, error)
	Stop(ctx context.Context, ref host.ExecutionRef, errorName, cause *string) (time.Time, error)
	Redrive(ctx context.Context, ref host.ExecutionRef, token string) (time.Time, error)
	Redriven(ctx context.Context, ref host.ExecutionRef, token string) (time.Time, bool, error)
	Describe(ctx context.Context, ref host.ExecutionRef) (*host.Execution, error)
	Events(ctx context.Context, ref host.ExecutionRef, first history.EventID, reverse bool, yield func(*history.Event) bool) error
	List(ctx context.Context, q store.Query) ([]*store.Summary, string, error)
	OnEnd(ctx context.Context, ref host.ExecutionRef, f func()) (leave func(), err error)
}

// Tasks are handed to workers and answered by them.
type Tasks interface {
	PollActivity(ctx context.Context, activity, worker string) (*host.ActivityTask, error)
	Complete(ctx context.Context, token string, a host.Answer) (resource string, err error)
	Heartbeat(ctx context.Context, token string) (resource string, err error)
}

// MapRuns are looked at and changed while they run.
type MapRuns interface {
	MapRun(ctx context.Context, uuid string) (*host.MapRun, error)
	UpdateMapRun(ctx context.Context, uuid string, c host.MapRunChange) error
}

var _ Host = (*host.Host)(nil)
