package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"pawl.dev/internal/store"
)

func scansCancelled(f *fixture) {
	var records []store.Record
	for n := range 2000 {
		r := started(child(uint64(n), store.Running))
		r.Wake, r.Open = at(n), true
		records = append(records, r)
	}
	f.commit(records...)
	for n := range uint64(2000) {
		records[n] = turn(idA, n, "x")
		f.commit(records[n])
	}
	type scan = func(ctx context.Context, cancel context.CancelFunc) error
	// The first two cancel on their way, or come with a dead context as the others.
	onTheWay := map[string]scan{
		"children": func(ctx context.Context, cancel context.CancelFunc) error {
			return f.Children(ctx, childRun, 0, func(*store.Summary) bool { cancel(); return true })
		},
		"turns": func(ctx context.Context, cancel context.CancelFunc) error {
			return f.Turns(ctx, idA, 0, func([]byte) bool { cancel(); return true })
		},
	}
	before := map[string]scan{
		"list": func(ctx context.Context, _ context.CancelFunc) error {
			_, _, err := f.List(ctx, store.Query{Run: childRun, Status: store.Succeeded, Limit: 1})
			return err
		},
		"summary": func(ctx context.Context, _ context.CancelFunc) error {
			_, err := f.Summary(ctx, store.ChildID(childRun, 0))
			return err
		},
		"open": func(ctx context.Context, _ context.CancelFunc) error {
			_, err := f.Open(ctx, 1, "", 2000)
			return err
		},
		"view": func(ctx context.Context, _ context.CancelFunc) error {
			return f.View(ctx, func(store.CatalogReader) error { return nil })
		},
		"update": func(ctx context.Context, _ context.CancelFunc) error {
			return f.Update(ctx, func(store.CatalogWriter) error { return nil })
		},
		"delete": func(ctx context.Context, _ context.CancelFunc) error {
			return f.Delete(ctx, []store.LogID{idA})
		},
		"acquire": func(ctx context.Context, _ context.CancelFunc) error {
			_, err := f.Acquire(ctx, 7)
			return err
		},
	}
	check := func(name, when string, scan scan, dead bool) {
		ctx, cancel := context.WithCancel(f.ctx)
		defer cancel()
		if dead {
			cancel()
		}
		if err := scan(ctx, cancel); !errors.Is(err, context.Canceled) {
			f.t.Errorf("%s = %v %s, want context.Canceled", name, err, when)
		}
	}
	for name, scan := range onTheWay {
		check(name, "on the way", scan, false)
		check(name, "before", scan, true)
	}
	for name, scan := range before {
		check(name, "before", scan, true)
	}
}

func shardsConcurrent(f *fixture) {
	const shards, turns = 8, 40
	var group sync.WaitGroup
	for shard := range uint32(shards) {
		group.Go(func() {
			lease, err := f.Acquire(f.ctx, 10+shard)
			if err != nil {
				f.t.Errorf("acquire: %v", err)
				return
			}
			id := store.ExecutionID("m", fmt.Sprint(shard))
			for n := range uint64(turns) {
				r := turn(id, n, fmt.Sprint(n))
				if r.Wake = at(int(n) + 1); n > 0 {
					r.OldWake = at(int(n))
				}
				if err := f.Commit(f.ctx, lease, []store.Record{r}); err != nil {
					f.t.Errorf("shard %d, turn %d: %v", shard, n, err)
					return
				}
				if next, err := f.NextWake(f.ctx, lease.Shard); err != nil || !next.Equal(r.Wake) {
					f.t.Errorf("shard %d: next wake = %v, %v, want %v", shard, next, err, r.Wake)
				}
			}
		})
	}
	group.Wait()
	for shard := range shards {
		id := store.ExecutionID("m", fmt.Sprint(shard))
		if got := len(f.turnsOf(id, 0)); got != turns {
			f.t.Errorf("%s has %d turns, want %d", id, got, turns)
		}
	}
}

// oneWinner lets several append the same turn at once, as two hosts that
// both believe in their lease would.
func oneWinner(f *fixture) {
	const rivals, turns = 4, 50
	for n := range uint64(turns) {
		var group sync.WaitGroup
		var wins atomic.Int32
		for rival := range rivals {
			group.Go(func() {
				err := f.Commit(f.ctx, f.lease, []store.Record{turn(idA, n, fmt.Sprint(rival))})
				switch {
				case err == nil:
					wins.Add(1)
				case !errors.Is(err, store.ErrConflict):
					f.t.Errorf("commit: %v", err)
				}
			})
		}
		group.Wait()
		if wins.Load() != 1 {
			f.t.Fatalf("turn %d was written %d times", n, wins.Load())
		}
	}
	if got := len(f.turnsOf(idA, 0)); got != turns {
		f.t.Errorf("%d turns, want %d", got, turns)
	}
}

// readersSeeWhole lists while executions start in pairs and change together.
func readersSeeWhole(f *fixture) {
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(done)
		for n := range 100 {
			a := execution("m", fmt.Sprintf("a%d", n), n, store.Running)
			b := execution("m", fmt.Sprintf("b%d", n), n, store.Running)
			err := f.Commit(f.ctx, f.lease, []store.Record{started(a), started(b)})
			if err == nil {
				x, y := *a, *b
				x.Status, y.Status = store.Failed, store.Failed
				err = f.Commit(f.ctx, f.lease, []store.Record{
					{ID: a.ID, Position: 1, Turn: []byte("x"), Summary: &x, OldStatus: store.Running},
					{ID: b.ID, Position: 1, Turn: []byte("x"), Summary: &y, OldStatus: store.Running},
				})
			}
			if err != nil {
				f.t.Errorf("commit: %v", err)
				return
			}
		}
	})
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		for _, status := range []store.Status{"", store.Running, store.Failed} {
			page, _, err := f.List(f.ctx, store.Query{Machine: "m", Status: status, Limit: 1000})
			if err != nil || len(page)%2 != 0 {
				f.t.Errorf("list of status %q = %d summaries, %v", status, len(page), err)
			}
			for _, s := range page {
				if status != "" && s.Status != status {
					f.t.Errorf("list of %s holds one that is %s", status, s.Status)
				}
			}
		}
	}
	group.Wait()
}
