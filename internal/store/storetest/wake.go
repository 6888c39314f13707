package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pawl.dev/internal/store"
)

// sleeper is the first record of a log that wakes n ms after epoch.
func sleeper(id store.LogID, n int) store.Record {
	return store.Record{ID: id, Turn: []byte("sleep"), Wake: at(n)}
}

func dueOrdered(f *fixture) {
	f.wantNextWake(time.Time{})
	f.equal(f.dueAt(at(1000), 10), []string{}, "due of none")
	f.commit(sleeper(idA, 30), sleeper(idB, 10), sleeper(idC, 20))
	f.wantNextWake(at(10))
	f.equal(f.dueAt(at(9), 10), []string{}, "due before all")
	f.equal(f.dueAt(at(20), 10), []string{"e/m/b@10", "e/m/c@20"}, "due, the bound included")
	f.equal(f.dueAt(at(100), 2), []string{"e/m/b@10", "e/m/c@20"}, "due, limited")
	f.equal(f.dueAt(at(100), 3), []string{"e/m/b@10", "e/m/c@20", "e/m/a@30"}, "due, all")
	for _, limit := range []int{0, -1, 10_001} {
		if _, err := f.Due(f.ctx, 1, at(100), limit); err == nil {
			f.t.Errorf("due with limit %d has no error", limit)
		}
	}
}

func dueSameTime(f *fixture) {
	f.commit(sleeper(idB, 10), sleeper(idA, 10), sleeper(idC, 10))
	due := f.dueAt(at(10), 10)
	slices.Sort(due)
	f.equal(due, []string{"e/m/a@10", "e/m/b@10", "e/m/c@10"}, "due")
	f.commit(store.Record{ID: idB, Position: 1, Turn: []byte("woken"), OldWake: at(10)})
	due = f.dueAt(at(10), 10)
	slices.Sort(due)
	f.equal(due, []string{"e/m/a@10", "e/m/c@10"}, "due")
}

func dueMoves(f *fixture) {
	f.commit(sleeper(idA, 50), sleeper(idB, 60))
	move := func(position uint64, from, to int) {
		f.commit(store.Record{ID: idA, Position: position, Turn: []byte("x"), OldWake: at(from), Wake: at(to)})
	}
	move(1, 50, 70)
	f.equal(f.dueAt(at(100), 10), []string{"e/m/b@60", "e/m/a@70"}, "moved back")
	move(2, 70, 5)
	f.wantNextWake(at(5))
	f.equal(f.dueAt(at(100), 10), []string{"e/m/a@5", "e/m/b@60"}, "moved forward")
	move(3, 5, 5)
	f.equal(f.dueAt(at(5), 10), []string{"e/m/a@5"}, "kept")
	f.commit(store.Record{ID: idA, Position: 4, Turn: []byte("x"), OldWake: at(5)})
	f.equal(f.dueAt(at(100), 10), []string{"e/m/b@60"}, "removed")
	f.wantNextWake(at(60))
	f.commit(store.Record{ID: idB, Position: 1, OldWake: at(60)})
	f.wantNextWake(time.Time{})
	// Earlier than anything there ever was, and before 1970.
	f.commit(store.Record{ID: idB, Position: 1, Wake: time.UnixMilli(-5).UTC()})
	f.wantNextWake(time.UnixMilli(-5))
}

func dueRepeats(f *fixture) {
	f.commit(sleeper(idA, 10))
	for range 3 {
		f.equal(f.dueAt(at(10), 10), []string{"e/m/a@10"}, "due")
	}
}

// dueModel compares the store with a map through a few thousand random moves, far
// more rows than an adapter may keep in memory.
func dueModel(f *fixture) {
	const logs, steps, span = 3000, 60, 100_000
	random := rand.New(rand.NewPCG(1, 2))
	wakes := make(map[store.LogID]time.Time)
	f.wantNextWake(time.Time{}) // an adapter now knows that there is none, and may keep what comes
	var ids []store.LogID
	for n := range logs {
		ids = append(ids, store.ExecutionID("m", fmt.Sprintf("x%d", n)))
	}
	for step := range steps {
		var records []store.Record
		for _, n := range random.Perm(logs)[:random.IntN(200)] {
			id := ids[n]
			r := store.Record{ID: id, OldWake: wakes[id]}
			if random.IntN(5) > 0 || len(wakes) < logs/2 {
				// Half of them near the front, where rows come and go.
				r.Wake = at(random.IntN(span))
				if random.IntN(2) == 0 {
					r.Wake = at(random.IntN(100))
				}
			}
			if delete(wakes, id); !r.Wake.IsZero() {
				wakes[id] = r.Wake
			}
			records = append(records, r)
		}
		if step == 0 {
			for n := range logs { // start with more rows than a window
				if _, ok := wakes[ids[n]]; !ok && !slices.ContainsFunc(records, func(r store.Record) bool { return r.ID == ids[n] }) {
					wakes[ids[n]] = at(50 + n)
					records = append(records, store.Record{ID: ids[n], Wake: at(50 + n)})
				}
			}
		}
		f.commit(records...)
		f.checkDue(wakes, at(random.IntN(span)), 1+random.IntN(4000))
	}
}

// checkDue compares Due and NextWake with the wake-ups that should be.
func (f *fixture) checkDue(wakes map[store.LogID]time.Time, until time.Time, limit int) {
	f.t.Helper()
	var all []store.Wake
	for id, at := range wakes {
		all = append(all, store.Wake{ID: id, At: at})
	}
	byTime := func(a, b store.Wake) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	}
	slices.SortFunc(all, byTime)
	var first time.Time
	if len(all) > 0 {
		first = all[0].At
	}
	f.wantNextWake(first)
	end := 0
	for end < len(all) && end < limit && !all[end].At.After(until) {
		end++
	}
	got, err := f.Due(f.ctx, f.lease.Shard, until, limit)
	f.ok(err, "due")
	if len(got) != end {
		f.t.Fatalf("due(%v, %d) = %d rows, want %d", until, limit, len(got), end)
	}
	for i, w := range got {
		// Which logs of the last millisecond a limit leaves out is open.
		if !w.At.Equal(all[i].At) || !wakes[w.ID].Equal(w.At) {
			f.t.Fatalf("due row %d = %v, want %v", i, w, all[i])
		}
	}
}

// dueMany drains a backlog in pages, as a shard does after a long stop.
func dueMany(f *fixture) {
	const n = 5000
	var records []store.Record
	for i := range n {
		records = append(records, sleeper(store.ExecutionID("m", fmt.Sprint(i)), i))
	}
	f.commit(records...)
	drained := 0
	for {
		due, err := f.Due(f.ctx, 1, at(n), 700)
		f.ok(err, "due")
		if len(due) == 0 {
			break
		}
		records = records[:0]
		for _, w := range due {
			if !w.At.Equal(at(drained)) {
				f.t.Fatalf("wake-up %d is at %v", drained, w.At)
			}
			drained++
			records = append(records, store.Record{ID: w.ID, Position: 1, Turn: []byte("end"), OldWake: w.At})
		}
		f.commit(records...)
	}
	if drained != n {
		f.t.Errorf("%d wake-ups, want %d", drained, n)
	}
	f.wantNextWake(time.Time{})
}

func dueShards(f *fixture) {
	other := f.acquire(256)
	f.commit(sleeper(idA, 10))
	f.ok(f.Commit(f.ctx, other, []store.Record{sleeper(idB, 5)}), "commit")
	f.equal(f.dueAt(at(100), 10), []string{"e/m/a@10"}, "due of shard 1")
	due, err := f.Due(f.ctx, 256, at(100), 10)
	f.ok(err, "due")
	if len(due) != 1 || due[0].ID != idB || due[0].At.Location() != time.UTC {
		f.t.Errorf("due of shard 256 = %v", due)
	}
}

func openLogs(f *fixture) {
	other := f.acquire(2)
	child := store.ChildID(childRun, 7)
	ids := []store.LogID{child, idA, idB, idC, store.MapRunID(childRun)}
	for _, id := range ids {
		f.commit(store.Record{ID: id, Turn: []byte("x"), Open: true})
	}
	f.ok(f.Commit(f.ctx, other, []store.Record{{ID: "e/m/other", Turn: []byte("x"), Open: true}}), "commit")
	f.equal(f.openOf(1, "", 10), ids, "open")
	f.equal(f.openOf(1, "", 2), ids[:2], "open, limited")
	f.equal(f.openOf(1, ids[1], 2), ids[2:4], "open behind the second")
	f.equal(f.openOf(1, "e/m/aa", 10), ids[2:], "open behind one that is not")
	f.equal(f.openOf(1, ids[4], 2), []store.LogID{}, "open behind the last")
	f.equal(f.openOf(2, "", 10), []store.LogID{"e/m/other"}, "open of shard 2")

	f.commit(store.Record{ID: idA, Position: 1, Turn: []byte("y"), OldOpen: true, Open: true},
		store.Record{ID: idB, Position: 1, Turn: []byte("y"), OldOpen: true},
		store.Record{ID: idC, Position: 1, OldOpen: true})
	f.equal(f.openOf(1, "", 10), []store.LogID{child, idA, ids[4]}, "open after answers")
}
