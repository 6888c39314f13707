package host_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/task"
)

const syncMachine = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"arn"},"End":true}}}`

// causes tells why the contexts of its attempts ended.
type causes struct {
	handler
	why chan error
}

func (h *causes) Run(ctx context.Context, r task.Request, reply task.Reply) {
	context.AfterFunc(ctx, func() { h.why <- context.Cause(ctx) })
	h.handler.Run(ctx, r, reply)
}

// newCauses is a bed whose state machines tasks are a handler's that tells
// causes.
func newCauses(t *testing.T) (*bed, *causes) {
	t.Helper()
	b := newBed(t)
	b.close()
	h := &causes{why: make(chan error, 8)}
	registry := new(task.Registry)
	registry.Service("states", h)
	var err error
	if b.store, err = pebblestore.Open("data", pebblestore.Options{FS: b.fs}); err != nil {
		t.Fatal(err)
	}
	if b.host, err = host.Open(context.Background(), host.Config{Store: b.store, Tasks: registry}); err != nil {
		t.Fatal(err)
	}
	return b, h
}

func TestAttempt_tellsWhyItEnded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, h := newCauses(t)
	stopped, answered := b.start(syncMachine, "stopped", `{}`), b.start(syncMachine, "answered", `{}`)
	until(t, "the attempts", func() bool { return len(h.attempts()) == 2 })
	for i, r := range h.attempts() {
		if r.ExecutionARN[len(r.ExecutionARN)-8:] == "answered" {
			h.replyTo(i).Done(`1`)
		}
	}
	b.ended(answered)
	if why := <-h.why; errors.Is(why, task.ErrAbandoned) {
		t.Errorf("an answered attempt ended with %v", why)
	}
	if _, err := b.host.Stop(ctx, stopped, nil, nil); err != nil {
		t.Fatal(err)
	}
	if why := <-h.why; !errors.Is(why, task.ErrAbandoned) {
		t.Errorf("a stopped attempt ended with %v", why)
	}
	b.start(syncMachine, "left", `{}`)
	until(t, "the attempt", func() bool { return len(h.attempts()) == 3 })
	b.close()
	if why := <-h.why; errors.Is(why, task.ErrAbandoned) {
		t.Errorf("the end of the host ended an attempt with %v", why)
	}
}

func TestDrain_leavesWhatIsOnlyWatched(t *testing.T) {
	t.Parallel()
	b, h := newCauses(t)
	b.start(syncMachine, "e", `{}`)
	until(t, "the attempt", func() bool { return len(h.attempts()) == 1 })
	h.replyTo(0).Submitted(`{}`)
	if !b.host.Drain(context.Background()) {
		t.Error("not drained")
	}
}

func TestStart_isIdempotentForAnAttempt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBed(t)
	r := host.StartRequest{Machine: "m", Definition: b.define(passMachine), Name: "e", Input: `{}`, StartedBy: "attempt 1"}
	first, err := b.host.Start(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	b.ended(host.ExecutionRef{Machine: "m", Name: "e"})
	b.restart()
	again, err := b.host.Start(ctx, r)
	if err != nil || !again.Start.Equal(first.Start) || again.Status != store.Succeeded {
		t.Errorf("the same attempt got %+v, %v", again, err)
	}
	r.StartedBy = "attempt 2"
	if _, err := b.host.Start(ctx, r); !errors.Is(err, host.ErrExists) {
		t.Errorf("another attempt got %v", err)
	}
}

func TestOnEnd_callsOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBed(t)
	running := b.start(waitMachine, "running", `{}`)
	var calls, left atomic.Int32
	if _, err := b.host.OnEnd(ctx, running, func() { calls.Add(1) }); err != nil {
		t.Fatal(err)
	}
	leave, err := b.host.OnEnd(ctx, running, func() { left.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	leave()
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls before the end", n)
	}
	if _, err := b.host.Stop(ctx, running, nil, nil); err != nil {
		t.Fatal(err)
	}
	until(t, "the call", func() bool { return calls.Load() == 1 })
	if _, err := b.host.OnEnd(ctx, running, func() { calls.Add(1) }); err != nil || calls.Load() != 2 {
		t.Errorf("%d calls for an ended execution, %v", calls.Load(), err)
	}
	if left.Load() != 0 {
		t.Error("called although it left")
	}
	if _, err := b.host.OnEnd(ctx, host.ExecutionRef{Machine: "m", Name: "none"}, func() {}); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("no execution: %v", err)
	}
}
