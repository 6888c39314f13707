package host_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// observer lists the public events that it is told, by execution.
type observer struct {
	mu    sync.Mutex
	types map[string][]string
	turns []host.ObservedTurn
}

func (o *observer) Observe(t host.ObservedTurn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.turns = append(o.turns, t)
	for _, e := range t.Events {
		if e.Type.Public() {
			o.types[t.Start.ARN] = append(o.types[t.Start.ARN], e.Type.String())
		}
	}
}

func (o *observer) told(arn string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.types[arn], " ")
}

func newObservedBed(t *testing.T) (*bed, *observer) {
	t.Helper()
	o := &observer{types: map[string][]string{}}
	b := &bed{t: t, fs: vfs.NewMem(), handler: &handler{}, observer: o}
	b.open()
	t.Cleanup(b.close)
	return b, o
}

func (b *bed) logged(definition, name string, kind asl.MachineType) host.StartRequest {
	return host.StartRequest{
		Machine: "m", Type: kind, Definition: b.define(definition), Name: name, Input: "{}",
		Logging: history.Logging{Level: "ALL", Group: "g", Data: true},
	}
}

const arnOf = "arn:aws:states:us-east-1:123456789012:"

func TestObserver_isToldAWholeHistoryAcrossARestart(t *testing.T) {
	t.Parallel()
	b, o := newObservedBed(t)
	if _, err := b.host.Start(context.Background(), b.logged(taskMachine, "x", asl.Standard)); err != nil {
		t.Fatal(err)
	}
	b.start(passMachine, "unlogged", "{}")
	b.ended(host.ExecutionRef{Machine: "m", Name: "unlogged"})
	until(t, "the task", func() bool { return len(b.handler.attempts()) == 1 })
	b.restart()
	until(t, "the task", func() bool { return len(b.handler.attempts()) == 2 })
	b.handler.replyTo(1).Done("1")
	ref := host.ExecutionRef{Machine: "m", Name: "x"}
	b.ended(ref)
	b.close() // all is told
	b.open()
	if got, want := o.told(arnOf+"execution:m:x"), b.types(ref); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
	if got := o.told(arnOf + "execution:m:unlogged"); got != "" {
		t.Errorf("told of an execution that is not logged: %s", got)
	}
	if log := o.turns[len(o.turns)-1].Start.Logging; log != (history.Logging{Level: "ALL", Group: "g", Data: true}) {
		t.Errorf("after a restart it is logged as %+v", log)
	}
}

func TestObserver_isToldExpressExecutions(t *testing.T) {
	t.Parallel()
	b, o := newObservedBed(t)
	x, err := b.host.StartSync(context.Background(), b.logged(passMachine, "sync", asl.Express))
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.host.Start(context.Background(), b.logged(passMachine, "async", asl.Express))
	if err != nil {
		t.Fatal(err)
	}
	want := "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded"
	for _, name := range []string{x.Name, y.Name} {
		until(t, "the end", func() bool { return o.told(arnOf+"express:m:"+name) == want })
	}
}

func TestObserver_isToldChildrenOfMapRuns(t *testing.T) {
	t.Parallel()
	b, o := newObservedBed(t)
	r := b.logged(mapMachine("EXPRESS", "", passChild), "x", asl.Standard)
	r.Input = "[1,2]"
	if _, err := b.host.Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	ref := host.ExecutionRef{Machine: "m", Name: "x"}
	if x := b.ended(ref); x.Status != store.Succeeded {
		t.Fatal(x)
	}
	run := b.run(ref)
	o.mu.Lock()
	defer o.mu.Unlock()
	children := map[string]bool{}
	for _, turn := range o.turns {
		if turn.MapRun == run.Name && turn.Start.Label == "L" {
			children[turn.Start.ARN] = true
		}
	}
	if len(children) != 2 {
		t.Errorf("told of the children %v", children)
	}
}
