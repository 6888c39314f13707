package service_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
	"pawl.dev/internal/store/pebblestore"
)

const (
	prefix  = "arn:aws:states:us-east-1:123456789012:"
	role    = "arn:aws:iam::123456789012:role/r"
	passing = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
	waiting = `{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"End":true}}}`
)

// bench is a service over a store in memory and a host that runs nothing.
type bench struct {
	*service.Service
	t      *testing.T
	ctx    context.Context
	host   *servicetest.Host
	store  *pebblestore.Store
	clock  *atomic.Int64 // ms; each reading of it is a second later
	random *atomic.Uint64
}

func newBench(t *testing.T) *bench {
	t.Helper()
	st, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{t: t, ctx: context.Background(), store: st, clock: new(atomic.Int64), random: new(atomic.Uint64)}
	b.clock.Store(1_800_000_000_000)
	b.host = &servicetest.Host{Now: b.now}
	b.Service = b.open()
	return b
}

func (b *bench) now() time.Time { return time.UnixMilli(b.clock.Add(1000)).UTC() }

func (b *bench) open() *service.Service {
	return service.New(b.store, b.host, service.Config{
		Now: b.now, Random: func() uint64 { return b.random.Add(1) }, PollTimeout: time.Millisecond, Logger: slog.New(slog.DiscardHandler),
	})
}

// create creates a state machine with the definition "passing" and returns its
// ARN.
func (b *bench) create(name string, change ...func(*service.CreateStateMachineInput)) *service.CreateStateMachineOutput {
	b.t.Helper()
	in := service.CreateStateMachineInput{Name: name, Definition: passing, RoleARN: role}
	for _, c := range change {
		c(&in)
	}
	out, err := b.CreateStateMachine(b.ctx, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func published(in *service.CreateStateMachineInput) { in.Publish = true }

// start starts an execution and returns its ARN.
func (b *bench) start(machineARN, name string) string {
	b.t.Helper()
	out, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: machineARN, Name: name})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.ExecutionARN
}

// update gives a state machine another definition, publishes it and returns the
// version's ARN.
func (b *bench) update(machineARN, definition string) string {
	b.t.Helper()
	out, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: machineARN, Definition: &definition, Publish: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.StateMachineVersionARN
}

// refused fails unless err is the refusal.
func refused(t *testing.T, err error, code service.Code, message string) {
	t.Helper()
	var got *service.Error
	if !errors.As(err, &got) {
		t.Fatalf("got error %v, want %s: %s", err, code, message)
	}
	if got.Code != code || got.Message != message {
		t.Errorf("got  %v\nwant %s: %s", got, code, message)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}
