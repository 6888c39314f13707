package host_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/asl"
	"pawl.dev/internal/host"
	"pawl.dev/internal/objects"
	"pawl.dev/internal/store"
	"pawl.dev/internal/task"
)

func boom(_ task.Request, reply task.Reply) { reply.Failed(asl.NewFailure("Boom", "it broke")) }

func echo(r task.Request, reply task.Reply) { reply.Done(r.Input) }

// plays changes what the handler does from now on; nil holds attempts.
func (h *handler) plays(do func(task.Request, task.Reply)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.do = do
}

// redrive redrives an execution.
func (b *bed) redrive(ref host.ExecutionRef, token string) {
	b.t.Helper()
	if _, err := b.host.Redrive(context.Background(), ref, token); err != nil {
		b.t.Fatalf("redrive %s: %v", ref.Name, err)
	}
}

func TestRedrive_goesOnFromTheFailedState(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = boom
	ref := b.start(taskMachine, "e", `{"n":1}`)
	if x := b.ended(ref); x.Status != store.Failed {
		t.Fatalf("got %+v", x)
	}
	b.handler.plays(nil)
	ctx := context.Background()
	at, err := b.host.Redrive(ctx, ref, "token")
	if err != nil {
		t.Fatal(err)
	}
	x, err := b.host.Describe(ctx, ref)
	if err != nil || x.Status != store.Running || !x.Stop.IsZero() || x.RedriveCount != 1 || !x.RedriveDate.Equal(at) {
		t.Errorf("after the redrive: %+v, %v", x, err)
	}
	running, _, err := b.host.List(ctx, store.Query{Machine: "m", Status: store.Running, Limit: 10})
	if err != nil || len(running) != 1 {
		t.Errorf("running: %v, %v", running, err)
	}
	if again, err := b.host.Redrive(ctx, ref, "token"); err != nil || !again.Equal(at) {
		t.Errorf("repeated with its token: %v, %v", again, err)
	}
	if _, err := b.host.Redrive(ctx, ref, "other"); !errors.Is(err, host.ErrNotRedrivable) {
		t.Errorf("while it runs: %v", err)
	}
	until(t, "the second attempt", func() bool { return len(b.handler.attempts()) == 2 })
	b.handler.replyTo(1).Done(`2`)
	if x := b.ended(ref); x.Status != store.Succeeded || x.Output != `2` || x.RedriveCount != 1 {
		t.Errorf("got %+v", x)
	}
	want := "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionFailed ExecutionFailed " +
		"ExecutionRedriven LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited ExecutionSucceeded"
	if got := b.types(ref); got != want {
		t.Errorf("got %s", got)
	}
	if again, err := b.host.Redrive(ctx, ref, "token"); err != nil || !again.Equal(at) {
		t.Errorf("repeated after the end: %v, %v", again, err)
	}
	if _, err := b.host.Redrive(ctx, ref, ""); !errors.Is(err, host.ErrNotRedrivable) {
		t.Errorf("after success: %v", err)
	}
}

func TestRedrive_countsWhatFailsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`, "e", `{}`)
	b.ended(ref)
	for range 2 {
		b.redrive(ref, "")
		b.ended(ref)
	}
	if x := b.ended(ref); x.Status != store.Failed || x.RedriveCount != 2 || x.Events != 9 {
		t.Errorf("got %+v", x)
	}
}

func TestRedrive_survivesARestart(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = boom
	parallel := `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"a","End":true}}},
		{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}]}}}`
	ref := b.start(parallel, "e", `{}`)
	b.ended(ref)
	b.handler.plays(nil)
	b.restart()
	b.redrive(ref, "token")
	b.restart()
	until(t, "the attempt", func() bool { return len(b.handler.attempts()) == 3 })
	b.handler.replyTo(2).Done(`"b"`)
	if x := b.ended(ref); x.Status != store.Succeeded || x.Output != `["a","b"]` {
		t.Errorf("got %+v", x)
	}
	if got := b.types(ref); strings.Count(got, "PassStateEntered") != 1 || strings.Count(got, "ExecutionRedriven") != 1 {
		t.Errorf("got %s", got)
	}
}

func TestRedrive_goesOnWaiting(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(waitMachine, "e", `{}`)
	if _, err := b.host.Stop(context.Background(), ref, nil, nil); err != nil {
		t.Fatal(err)
	}
	b.redrive(ref, "")
	x, err := b.host.Describe(context.Background(), ref)
	if err != nil || x.Status != store.Running {
		t.Errorf("got %+v, %v", x, err)
	}
}

// oddFails fails items that are odd numbers.
func oddFails(r task.Request, reply task.Reply) {
	if strings.ContainsAny(r.Input, "13579") {
		boom(r, reply)
		return
	}
	echo(r, reply)
}

func TestRedrive_redrivesMapRuns(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			b.handler.do = oddFails
			ref := b.start(mapMachine(kind, `"MaxConcurrency":1,"ToleratedFailureCount":1,`, taskChild), "e", `[0,1,2,3,4,5]`)
			if x := b.ended(ref); x.Status != store.Failed {
				t.Fatalf("got %+v", x)
			}
			first := b.run(ref)
			if first.Items.Failed != 2 || first.Items.Succeeded != 2 {
				t.Fatalf("first run: %+v", first)
			}
			attempts := len(b.handler.attempts())
			b.handler.plays(nil)
			b.redrive(ref, "")
			until(t, "the redriven child", func() bool { return len(b.handler.attempts()) > attempts })
			if run := b.run(ref); run.Status != store.Running || run.RedriveCount != 1 || run.Items.Running != 1 || run.Items.PendingRedrive != 1 || run.Items.Failed != 0 {
				t.Errorf("while it runs: %+v", run)
			}
			b.close()
			b.handler.plays(echo)
			b.open()
			if x := b.ended(ref); x.Status != store.Succeeded || x.Output != `[0,1,2,3,4,5]` {
				t.Fatalf("got %+v", x)
			}
			run := b.run(ref)
			if run.Name != first.Name || run.Items.Succeeded != 6 || run.Items.Total != 6 || run.Executions.Total != 6 || run.Items.PendingRedrive != 0 {
				t.Errorf("got %+v", run)
			}
			if got := b.types(ref); strings.Count(got, "MapRunRedriven") != 1 {
				t.Errorf("got %s", got)
			}
			id, err := store.RunOf(run.Name)
			if err != nil {
				t.Fatal(err)
			}
			children, _, err := b.host.List(context.Background(), store.Query{Run: id, Limit: 10})
			redrives := 0
			for _, c := range children {
				redrives += c.RedriveCount
			}
			if err != nil || len(children) != 6 || redrives != 2 {
				t.Errorf("children: %v, %d redrives, %v", children, redrives, err)
			}
		})
	}
}

func TestRedrive_keepsWhatAStopLeaves(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = boom
	ref := b.start(mapMachine("STANDARD", `"MaxConcurrency":1,"ToleratedFailurePercentage":50,`, taskChild), "e", `[1,2,3]`)
	b.ended(ref)
	for range 2 { // stopped each time before the second child is redriven
		attempts := len(b.handler.attempts())
		b.handler.plays(nil)
		b.redrive(ref, "")
		until(t, "the redriven child", func() bool { return len(b.handler.attempts()) > attempts })
		if _, err := b.host.Stop(context.Background(), ref, nil, nil); err != nil {
			t.Fatal(err)
		}
		until(t, "the end of the run", func() bool { return b.run(ref).Status == store.Aborted })
		if run := b.run(ref); run.Items.Failed != 2 || run.Items.Aborted != 1 || run.Items.PendingRedrive != 0 || run.Items.Total != 3 {
			t.Errorf("after the stop: %+v", run.Items)
		}
	}
	b.handler.plays(echo)
	b.redrive(ref, "")
	if x := b.ended(ref); x.Output != `[1,2,3]` {
		t.Errorf("got %+v", x)
	}
}

func TestRedrive_writesAFolderOfItsOwn(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "out"), 0o750); err != nil {
		t.Fatal(err)
	}
	dir, err := objects.OpenDir(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{t: t, fs: vfs.NewMem(), handler: &handler{do: oddFails}, buckets: &objects.Mux{Dir: dir}}
	b.open()
	t.Cleanup(b.close)
	fields := `"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"r"}},"ToleratedFailurePercentage":10,`
	ref := b.start(mapMachine("EXPRESS", fields, taskChild), "e", `[0,1,2]`)
	b.ended(ref)
	b.handler.plays(echo)
	b.redrive(ref, "")
	if x := b.ended(ref); x.Status != store.Succeeded {
		t.Fatalf("got %+v", x)
	}
	folder := filepath.Join(root, "out", "r", b.run(ref).Name)
	text, err := os.ReadFile(filepath.Join(folder, "Redrive-1", "SUCCEEDED_0.json"))
	if err != nil || strings.Count(string(text), `"Status":"SUCCEEDED"`) < 1 || !strings.Contains(string(text), `"Input":"1"`) {
		t.Errorf("results: %s, %v", text, err)
	}
	manifest, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
	if err != nil || !strings.Contains(string(manifest), "/SUCCEEDED_0.json") || !strings.Contains(string(manifest), "/Redrive-1/SUCCEEDED_0.json") {
		t.Errorf("manifest: %s, %v", manifest, err)
	}
}
