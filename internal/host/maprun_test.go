package host_test

import (
	"context"
	"errors"
	"fmt"
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

// mapMachine is a distributed map over the input with the given fields.
func mapMachine(kind, fields, state string) string {
	return `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L",` + fields +
		`"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"` + kind + `"},"StartAt":"C","States":{"C":` + state + `}},"End":true}}}`
}

const (
	passChild = `{"Type":"Pass","End":true}`
	taskChild = `{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}`
)

// run returns the only map run of an execution.
func (b *bed) run(ref host.ExecutionRef) *host.MapRun {
	b.t.Helper()
	ctx := context.Background()
	runs, _, err := b.host.List(ctx, store.Query{Parent: store.ExecutionID(ref.Machine, ref.Name), Limit: 10})
	if err != nil || len(runs) != 1 {
		b.t.Fatalf("map runs: %v, %v", runs, err)
	}
	run, err := b.host.MapRun(ctx, runs[0].Name)
	if err != nil {
		b.t.Fatal(err)
	}
	return run
}

func TestMapRun_keepsItemOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			b.handler.do = func(r task.Request, reply task.Reply) { reply.Done(r.Input) }
			ref := b.start(mapMachine(kind, `"MaxConcurrency":7,`, taskChild), "e", `[`+strings.Repeat("5,", 300)+`6]`)
			x := b.ended(ref)
			if x.Status != store.Succeeded || x.Output != `[`+strings.Repeat("5,", 300)+`6]` {
				t.Fatalf("got %.300v", x)
			}
			run := b.run(ref)
			if run.Status != store.Succeeded || run.Items.Succeeded != 301 || run.Executions.Total != 301 || run.MaxConcurrency != 7 {
				t.Errorf("got %+v", run)
			}
		})
	}
}

func TestMapRun_batchesAndSelects(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	fields := `"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","all.$":"$.n"},"ItemsPath":"$.items",
		"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x.$":"$.n"}},`
	ref := b.start(mapMachine("STANDARD", fields, passChild), "e", `{"n":9,"items":["a","b","c"]}`)
	want := `[{"BatchInput":{"x":9},"Items":[{"i":0,"v":"a","all":9},{"i":1,"v":"b","all":9}]},{"BatchInput":{"x":9},"Items":[{"i":2,"v":"c","all":9}]}]`
	if x := b.ended(ref); x.Output != want {
		t.Fatalf("got %+v", x)
	}
	run := b.run(ref)
	if run.Items.Succeeded != 3 || run.Executions.Succeeded != 2 {
		t.Errorf("got %+v", run)
	}
	children, _, err := b.host.List(context.Background(), store.Query{Run: mustRun(t, run.Name), Limit: 10})
	if err != nil || len(children) != 2 || children[0].ItemCount != 1 || children[1].ItemCount != 2 {
		t.Fatalf("children: %+v, %v", children, err)
	}
	child, err := b.host.Describe(context.Background(), host.ExecutionRef{Machine: "m", Label: "L", Name: children[0].Name})
	if err != nil || child.MapRun != run.Name || !strings.Contains(child.Input, `"c"`) {
		t.Errorf("child: %+v, %v", child, err)
	}
}

func mustRun(t *testing.T, uuid string) store.RunID {
	t.Helper()
	id, err := store.RunOf(uuid)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestMapRun_failsBeyondTheThreshold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, fields string
		bad          int
		want         store.Status
	}{
		{"none tolerated", ``, 1, store.Failed},
		{"count tolerated", `"ToleratedFailureCount":2,`, 2, store.Succeeded},
		{"count exceeded", `"ToleratedFailureCount":2,`, 3, store.Failed},
		{"percentage tolerated", `"ToleratedFailurePercentage":30,`, 3, store.Succeeded},
		{"percentage exceeded", `"ToleratedFailurePercentage":30,`, 4, store.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			b.handler.do = func(r task.Request, reply task.Reply) {
				if r.Input == `"bad"` {
					reply.Failed(asl.NewFailure("Bad", "item"))
					return
				}
				reply.Done(r.Input)
			}
			items := strings.Repeat(`"bad",`, tt.bad) + strings.Repeat(`1,`, 10-tt.bad)
			ref := b.start(mapMachine("STANDARD", tt.fields, taskChild), "e", `[`+strings.TrimSuffix(items, ",")+`]`)
			x := b.ended(ref)
			if x.Status != tt.want {
				t.Fatalf("got %+v", x)
			}
			if tt.want == store.Failed && *x.Error != asl.ErrToleratedFailures {
				t.Errorf("error %s", *x.Error)
			}
		})
	}
}

func TestMapRun_resumesExactly(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			var want []string
			for i := range 100 {
				want = append(want, fmt.Sprint(i))
			}
			ref := b.start(mapMachine(kind, `"MaxConcurrency":10,`, taskChild), "e", `[`+strings.Join(want, ",")+`]`)
			until(t, "ten attempts", func() bool { return len(b.handler.attempts()) == 10 })
			for i := range 4 {
				b.handler.replyTo(i).Done(b.handler.attempts()[i].Input)
			}
			until(t, "four more attempts", func() bool { return len(b.handler.attempts()) == 14 })
			b.close()
			b.handler.do = func(r task.Request, reply task.Reply) { reply.Done(r.Input) }
			b.open()
			if x := b.ended(ref); x.Output != `[`+strings.Join(want, ",")+`]` {
				t.Errorf("got %+v", x)
			}
			if run := b.run(ref); run.Items.Succeeded != 100 || run.Executions.Total != 100 {
				t.Errorf("got %+v", run)
			}
		})
	}
}

func TestMapRun_stopsWithItsExecution(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(mapMachine("STANDARD", `"MaxConcurrency":3,`, taskChild), "e", `[1,2,3,4,5]`)
	until(t, "three attempts", func() bool { return len(b.handler.attempts()) == 3 })
	if _, err := b.host.Stop(context.Background(), ref, nil, nil); err != nil {
		t.Fatal(err)
	}
	until(t, "the end of the run", func() bool { return b.run(ref).Status == store.Aborted })
	if run := b.run(ref); run.Executions.Aborted != 3 || run.Executions.Running != 0 {
		t.Errorf("got %+v", run)
	}
	err := b.host.UpdateMapRun(context.Background(), b.run(ref).Name, host.MapRunChange{})
	if !errors.Is(err, host.ErrMapRunOver) {
		t.Errorf("update after the end: %v", err)
	}
}

func TestMapRun_takesNewConcurrencyWhileItRuns(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	ref := b.start(mapMachine("STANDARD", `"MaxConcurrency":1,`, taskChild), "e", `[1,2,3,4,5]`)
	until(t, "the first attempt", func() bool { return len(b.handler.attempts()) == 1 })
	four := int64(4)
	if err := b.host.UpdateMapRun(context.Background(), b.run(ref).Name, host.MapRunChange{MaxConcurrency: &four}); err != nil {
		t.Fatal(err)
	}
	until(t, "four attempts", func() bool { return len(b.handler.attempts()) == 4 })
	for i := range 5 {
		until(t, "the attempt", func() bool { return len(b.handler.attempts()) > i })
		b.handler.replyTo(i).Done(`0`)
	}
	if x := b.ended(ref); x.Output != `[0,0,0,0,0]` {
		t.Errorf("got %+v", x)
	}
}

func TestMapRun_readsAndWritesBuckets(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, dir := range []string{"in", "out"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "in", "rows.csv"), []byte("a,b\n1,2\n3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := objects.OpenDir(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{t: t, fs: vfs.NewMem(), handler: &handler{}, buckets: &objects.Mux{Dir: dir}}
	b.open()
	t.Cleanup(b.close)
	fields := `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"in","Key":"rows.csv"}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"r"}},`
	ref := b.start(mapMachine("EXPRESS", fields, passChild), "e", `{}`)
	x := b.ended(ref)
	run := b.run(ref)
	if want := `"Key":"r/` + run.Name + `/manifest.json"`; x.Status != store.Succeeded || !strings.Contains(x.Output, want) {
		t.Fatalf("got %+v", x)
	}
	text, err := os.ReadFile(filepath.Join(root, "out", "r", run.Name, "SUCCEEDED_0.json"))
	if err != nil || !strings.Contains(string(text), `{\"a\":\"3\",\"b\":\"4\"}`) {
		t.Errorf("results: %s, %v", text, err)
	}
	if run.Items.ResultsWritten != 2 {
		t.Errorf("got %+v", run)
	}

	missing := strings.Replace(mapMachine("EXPRESS", fields, passChild), "rows.csv", "none.csv", 1)
	x = b.ended(b.start(missing, "missing", `{}`))
	if x.Status != store.Failed || *x.Error != asl.ErrItemReaderFailed {
		t.Errorf("missing file: %+v", x)
	}
}
