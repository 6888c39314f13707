package host_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/objects"
	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/task"
)

// bed is a host on a store in memory, with a handler that the test plays.
type bed struct {
	t       *testing.T
	fs      vfs.FS
	store   *pebblestore.Store
	host    *host.Host
	handler *handler
	buckets objects.Buckets
	shards  uint32 // default 2

	observer host.Observer
}

// handler answers attempts as the test says; by default it holds them.
type handler struct {
	mu    sync.Mutex
	runs  []task.Request
	reply []task.Reply
	do    func(r task.Request, reply task.Reply) // nil: hold
}

func (h *handler) Run(_ context.Context, r task.Request, reply task.Reply) {
	h.mu.Lock()
	h.runs = append(h.runs, r)
	h.reply = append(h.reply, reply)
	do := h.do
	h.mu.Unlock()
	if do != nil {
		do(r, reply)
	}
}

func (h *handler) attempts() []task.Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]task.Request(nil), h.runs...)
}

func (h *handler) replyTo(i int) task.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reply[i]
}

func newBed(t *testing.T) *bed {
	t.Helper()
	b := &bed{t: t, fs: vfs.NewMem(), handler: &handler{}}
	b.open()
	t.Cleanup(b.close)
	return b
}

func (b *bed) open() {
	b.t.Helper()
	var err error
	if b.store, err = pebblestore.Open("data", pebblestore.Options{FS: b.fs}); err != nil {
		b.t.Fatal(err)
	}
	tasks := new(task.Registry)
	tasks.Lambda(b.handler)
	tasks.Service("sqs", b.handler)
	if b.host, err = host.Open(context.Background(), host.Config{Store: b.store, Tasks: tasks, Buckets: b.buckets, Observer: b.observer, Shards: cmp.Or(b.shards, 2)}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) close() {
	if b.host == nil {
		return
	}
	for _, err := range []error{b.host.Close(), b.host.Err(), b.store.Close()} {
		if err != nil {
			b.t.Error(err)
		}
	}
	b.host = nil
}

// restart closes everything and opens it again on the same data.
func (b *bed) restart() {
	b.t.Helper()
	b.close()
	b.open()
}

// define stores a definition and returns its key.
func (b *bed) define(definition string) string {
	b.t.Helper()
	sum := sha256.Sum256([]byte(definition))
	key := hex.EncodeToString(sum[:])
	err := b.store.Update(context.Background(), func(w store.CatalogWriter) error {
		return w.Put(store.KindDefinition, key, []byte(definition))
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

func (b *bed) start(definition, name, input string) host.ExecutionRef {
	b.t.Helper()
	_, err := b.host.Start(context.Background(), host.StartRequest{
		Machine: "m", Definition: b.define(definition), Name: name, Input: input, RoleARN: "arn:aws:iam::123456789012:role/r",
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return host.ExecutionRef{Machine: "m", Name: name}
}

// ended waits for the end of an execution.
func (b *bed) ended(ref host.ExecutionRef) *host.Execution {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	x, err := b.host.Wait(ctx, ref)
	if err != nil {
		b.t.Fatalf("wait for %s: %v", ref.Name, err)
	}
	return x
}

// types lists the types of an execution's events.
func (b *bed) types(ref host.ExecutionRef) string {
	b.t.Helper()
	var types []string
	err := b.host.Events(context.Background(), ref, 1, false, func(e *history.Event) bool {
		types = append(types, e.Type.String())
		return true
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(types, " ")
}

// until waits for something that another goroutine does.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for range 10_000 {
		if happened() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("waited in vain for " + what)
}

const (
	passMachine = `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"done":true},"End":true}}}`
	taskMachine = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}`
	waitMachine = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`
)

func TestOpen_keepsTheStoresNumberOfShards(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	var refs []host.ExecutionRef
	for i := range 20 {
		refs = append(refs, b.start(taskMachine, fmt.Sprintf("e%d", i), `{}`))
	}
	until(t, "the attempts", func() bool { return len(b.handler.attempts()) == 20 })
	b.close()
	b.handler.do = func(_ task.Request, reply task.Reply) { reply.Done(`1`) }
	b.shards = 7 // another number than the store was made with
	b.open()
	for _, ref := range refs {
		b.ended(ref)
	}
}

func TestStart_isIdempotentWhileRunning(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ctx := context.Background()
	request := host.StartRequest{Machine: "m", Definition: b.define(waitMachine), Name: "e", Input: `{"a":1}`}
	first, err := b.host.Start(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.host.Start(ctx, request)
	if err != nil || !again.Start.Equal(first.Start) {
		t.Errorf("repeated start: %+v, %v", again, err)
	}
	request.Input = `{"a":2}`
	if _, err := b.host.Start(ctx, request); !errors.Is(err, host.ErrExists) {
		t.Errorf("other input: %v", err)
	}
	if _, err := b.host.Stop(ctx, host.ExecutionRef{Machine: "m", Name: "e"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	request.Input = `{"a":1}`
	if _, err := b.host.Start(ctx, request); !errors.Is(err, host.ErrExists) {
		t.Errorf("after the end: %v", err)
	}
}

func TestDescribe_showsInputAndOutput(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(passMachine, "e", `{ "n": 1 }`)
	for range 2 {
		x := b.ended(ref)
		if x.Status != store.Succeeded || x.Input != `{ "n": 1 }` || x.Output != `{"done":true}` {
			t.Fatalf("got %+v", x)
		}
		b.restart()
	}
	if _, err := b.host.Describe(context.Background(), host.ExecutionRef{Machine: "m", Name: "x"}); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("unknown execution: %v", err)
	}
}

func TestEvents_pageInBothDirections(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = func(_ task.Request, reply task.Reply) { reply.Done(`1`) }
	ref := b.start(taskMachine, "e", `{}`)
	b.ended(ref)
	want := "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited ExecutionSucceeded"
	if got := b.types(ref); got != want {
		t.Errorf("got %s", got)
	}
	var ids []history.EventID
	err := b.host.Events(context.Background(), ref, 5, true, func(e *history.Event) bool {
		ids = append(ids, e.ID)
		return len(ids) < 4
	})
	if err != nil || fmt.Sprint(ids) != "[5 4 3 2]" {
		t.Errorf("backwards: %v, %v", ids, err)
	}
}

func TestRestart_handsOpenAttemptsOutAgain(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(taskMachine, "e", `{"n":1}`)
	until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 1 })
	b.restart()
	until(t, "the second delivery", func() bool { return len(b.handler.attempts()) == 2 })
	runs := b.handler.attempts()
	if runs[0].ID != runs[1].ID || runs[1].Input != `{"n":1}` {
		t.Errorf("other attempt: %+v, %+v", runs[0], runs[1])
	}
	b.handler.replyTo(1).Done(`"ok"`)
	b.handler.replyTo(1).Done(`"twice"`)
	b.handler.replyTo(1).Failed(asl.NewFailure("Late", ""))
	if x := b.ended(ref); x.Output != `"ok"` {
		t.Errorf("got %+v", x)
	}
}

func TestWait_sleepsThroughARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		ref := b.start(waitMachine, "e", `{}`)
		began := time.Now()
		time.Sleep(10 * time.Minute)
		b.restart()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Hour)
		defer cancel()
		x, err := b.host.Wait(ctx, ref)
		if err != nil || x.Status != store.Succeeded {
			t.Fatalf("%+v, %v", x, err)
		}
		if took := time.Since(began); took < time.Hour || took > time.Hour+time.Second {
			t.Errorf("waited %s", took)
		}
		b.close()
	})
}

func TestStop_cancelsTheAttempt(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	cancelled := make(chan struct{})
	b.handler.do = nil
	tasks := &ctxHandler{done: cancelled}
	b.close()
	registry := new(task.Registry)
	registry.Lambda(tasks)
	var err error
	if b.store, err = pebblestore.Open("data", pebblestore.Options{FS: b.fs}); err != nil {
		t.Fatal(err)
	}
	if b.host, err = host.Open(context.Background(), host.Config{Store: b.store, Tasks: registry}); err != nil {
		t.Fatal(err)
	}
	ref := b.start(taskMachine, "e", `{}`)
	name, cause := "Why", "because"
	stopped, err := b.host.Stop(context.Background(), ref, &name, &cause)
	if err != nil {
		t.Fatal(err)
	}
	<-cancelled
	x := b.ended(ref)
	if x.Status != store.Aborted || *x.Error != name || *x.Cause != cause || !x.Stop.Equal(stopped) {
		t.Errorf("got %+v", x)
	}
	again, err := b.host.Stop(context.Background(), ref, nil, nil)
	if err != nil || !again.Equal(stopped) {
		t.Errorf("second stop: %v, %v", again, err)
	}
}

// ctxHandler closes done when its attempt is cancelled.
type ctxHandler struct{ done chan struct{} }

func (h *ctxHandler) Run(ctx context.Context, _ task.Request, _ task.Reply) {
	context.AfterFunc(ctx, func() { close(h.done) })
}

func TestActivity_mustExist(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	x := b.ended(b.start(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:none","End":true}}}`, "e", `{}`))
	want := "An error occurred while executing the state 'T' (entered at the event id #2). The activity arn:aws:states:us-east-1:123456789012:activity:none does not exist."
	if x.Status != store.Failed || *x.Cause != want {
		t.Errorf("got %+v", x)
	}
}

func TestDrain_waitsForWhatHandlersWorkOn(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(taskMachine, "e", `{}`)
	until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 1 })
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if b.host.Drain(short) {
		t.Error("drained with an attempt open")
	}
	b.handler.replyTo(0).Done(`1`)
	if !b.host.Drain(context.Background()) {
		t.Error("not drained")
	}
	b.ended(ref)
	later := b.start(taskMachine, "later", `{}`)
	b.restart()
	until(t, "the attempt that was held back", func() bool { return len(b.handler.attempts()) == 2 })
	b.handler.replyTo(1).Done(`2`)
	if x := b.ended(later); x.Output != `2` {
		t.Errorf("got %+v", x)
	}
}

func TestActivity_isHandedToOneWorker(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ctx := context.Background()
	err := b.store.Update(ctx, func(w store.CatalogWriter) error { return w.Put(store.KindActivity, "a", []byte("{}")) })
	if err != nil {
		t.Fatal(err)
	}
	machine := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","HeartbeatSeconds":600,"TimeoutSeconds":1000,"End":true}}}`
	ref := b.start(machine, "e", `{"n":1}`)
	b.restart() // the queue is made anew
	got, err := b.host.PollActivity(ctx, "a", "w")
	if err != nil || got == nil || got.Input != `{"n":1}` {
		t.Fatalf("poll: %+v, %v", got, err)
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if other, err := b.host.PollActivity(short, "a", "w2"); other != nil || err != nil {
		t.Errorf("second worker: %+v, %v", other, err)
	}
	if _, err := b.host.Heartbeat(ctx, got.Token); err != nil {
		t.Errorf("heartbeat: %v", err)
	}
	if _, err := b.host.Complete(ctx, got.Token, host.Answer{Output: `2`}); err != nil {
		t.Fatal(err)
	}
	if x := b.ended(ref); x.Output != `2` {
		t.Errorf("got %+v", x)
	}
	resource, err := b.host.Complete(ctx, got.Token, host.Answer{Output: `3`})
	if !errors.Is(err, host.ErrTaskOver) || !strings.HasSuffix(resource, ":activity:a") {
		t.Errorf("second answer: %q, %v", resource, err)
	}
	for _, bad := range []string{"", "x", "AQ", strings.Repeat("A", 100)} {
		if _, err := b.host.Complete(ctx, bad, host.Answer{}); !errors.Is(err, host.ErrBadToken) && !errors.Is(err, host.ErrTaskOver) {
			t.Errorf("token %q: %v", bad, err)
		}
	}
}

func TestCallback_waitsForItsToken(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = func(_ task.Request, reply task.Reply) { reply.Submitted(`{"MessageId":"1"}`) }
	machine := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		"Parameters":{"QueueUrl":"q","MessageBody":{"token.$":"$$.Task.Token"}},"End":true}}}`
	ref := b.start(machine, "e", `{}`)
	until(t, "the call", func() bool { return strings.Contains(b.types(ref), "TaskSubmitted") })
	token := b.handler.attempts()[0].Token
	if !strings.Contains(b.handler.attempts()[0].Input, token) {
		t.Error("the token in the parameters is not the attempt's")
	}
	b.restart()
	name := "Refused"
	if _, err := b.host.Complete(context.Background(), token, host.Answer{Failed: true, Error: &name}); err != nil {
		t.Fatal(err)
	}
	x := b.ended(ref)
	if x.Status != store.Failed || *x.Error != "Refused" || x.Cause != nil {
		t.Errorf("got %+v", x)
	}
	if n := len(b.handler.attempts()); n != 1 {
		t.Errorf("the call was made %d times", n)
	}
}

func TestCallback_holdsAnAnswerThatComesBeforeTheCallsReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		machine := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"Parameters":{"QueueUrl":"q","MessageBody":{"token.$":"$$.Task.Token"}},"End":true}}}`
		ref := b.start(machine, "e", `{}`)
		until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 1 })
		answered := make(chan error, 1)
		go func() {
			_, err := b.host.Complete(context.Background(), b.handler.attempts()[0].Token, host.Answer{Output: `1`})
			answered <- err
		}()
		synctest.Wait() // the answer has arrived and waits
		b.handler.replyTo(0).Submitted(`{"MessageId":"1"}`)
		if err := <-answered; err != nil {
			t.Fatal(err)
		}
		b.ended(ref)
		want := "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded TaskStateExited ExecutionSucceeded"
		if got := b.types(ref); got != want {
			t.Errorf("got %s", got)
		}
		b.close()
	})
}

func TestStartSync_returnsTheOutcome(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = func(r task.Request, reply task.Reply) { reply.Done(r.Input) }
	request := host.StartRequest{Machine: "m", Type: asl.Express, Definition: b.define(taskMachine), Name: "e", Input: `{"n":1}`}
	x, err := b.host.StartSync(context.Background(), request)
	if err != nil || x.Status != store.Succeeded || x.Output != `{"n":1}` {
		t.Fatalf("%+v, %v", x, err)
	}
	b.handler.do = func(_ task.Request, reply task.Reply) { reply.Failed(asl.NewFailure("E", "c")) }
	x, err = b.host.StartSync(context.Background(), request)
	if err != nil || x.Status != store.Failed || *x.Error != "E" {
		t.Fatalf("%+v, %v", x, err)
	}
}

func TestExpress_runsAgainAfterACrash(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	request := host.StartRequest{Machine: "m", Type: asl.Express, Definition: b.define(taskMachine), Name: "e", Input: `{}`}
	started, err := b.host.Start(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 1 })
	b.restart()
	until(t, "the second run", func() bool { return len(b.handler.attempts()) == 2 })
	b.handler.replyTo(1).Done(`"ok"`)
	ref := host.ExecutionRef{Machine: "m", Name: started.Name, Express: true}
	until(t, "the start to be forgotten", func() bool {
		_, err := b.host.Describe(context.Background(), ref)
		return errors.Is(err, host.ErrNotFound)
	})
	b.restart()
	if n := len(b.handler.attempts()); n != 2 {
		t.Errorf("%d attempts after the end", n)
	}
}

func TestMachineDeleted_endsAndRemovesExecutions(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	closed := b.start(passMachine, "closed", `{}`)
	machine := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"P"},"P":{"Type":"Pass","End":true}}}`
	b.start(machine, "open", `{}`)
	until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 1 })
	done := make(chan struct{})
	b.host.MachineDeleted("m", func() { close(done) })
	b.handler.replyTo(0).Done(`1`)
	<-done
	if _, err := b.host.Describe(context.Background(), closed); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("closed execution: %v", err)
	}
}
