package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/store"
)

func summaryComesBack(f *fixture) {
	full := &store.Summary{
		ID: idA, Machine: "m", Label: "Each", Name: "a", Status: store.TimedOut,
		Start: at(1), Stop: at(2), Express: true, Version: "3", Alias: "prod",
		RedriveCount: 2, RedriveDate: at(3), Events: 17, Turns: 5, ItemCount: 9,
		MapRun: childUUID, Parent: "e/p/q", TraceHeader: "Root=1-2-3",
	}
	f.commit(store.Record{ID: idA, Turn: []byte("x"), Summary: full})
	got, err := f.Summary(f.ctx, idA)
	f.ok(err, "summary")
	if diff := cmp.Diff(full, got); diff != "" {
		f.t.Errorf("summary (-want +got):\n%s", diff)
	}
	if _, err := f.Summary(f.ctx, idB); !errors.Is(err, store.ErrNotFound) {
		f.t.Errorf("summary of none = %v, want ErrNotFound", err)
	}
}

// fill starts executions named 0 to n-1 at their number, in mixed order, and
// returns their ids, newest first.
func (f *fixture) fill(machine string, n int) []store.LogID {
	f.t.Helper()
	var ids []store.LogID
	for i := range n {
		s := execution(machine, fmt.Sprintf("%04d", i), i, store.Running)
		ids = append(ids, s.ID)
	}
	for i := range n {
		k := i * 7919 % n // 7919 is prime: all of them, mixed
		f.commit(started(execution(machine, fmt.Sprintf("%04d", k), k, store.Running)))
	}
	slices.Reverse(ids)
	return ids
}

func listMachine(f *fixture) {
	f.wantList(store.Query{Machine: "m"})
	ids := f.fill("m", 25)
	for _, test := range []struct {
		limit int
		pages []int
	}{{10, []int{10, 10, 5}}, {25, []int{25}}, {5, []int{5, 5, 5, 5, 5}}, {1000, []int{25}}} {
		got, pages := f.listAll(store.Query{Machine: "m", Limit: test.limit})
		f.equal(got, ids, "list")
		f.equal(pages, test.pages, "pages")
	}
}

func listStatus(f *fixture) {
	ids := f.fill("m", 9)
	finish := func(i int, status store.Status) {
		name := fmt.Sprintf("%04d", i)
		r := store.Record{ID: store.ExecutionID("m", name), Position: 1, Turn: []byte("end"),
			Summary: execution("m", name, i, status), OldStatus: store.Running}
		r.Summary.Stop = at(1000 - i) // the stop does not order
		f.commit(r)
	}
	finish(1, store.Succeeded)
	finish(4, store.Failed)
	finish(8, store.Succeeded)
	f.wantList(store.Query{Machine: "m"}, ids...)
	f.wantList(store.Query{Machine: "m", Status: store.Succeeded, Limit: 1}, ids[0], ids[7])
	f.wantList(store.Query{Machine: "m", Status: store.Failed}, ids[4])
	f.wantList(store.Query{Machine: "m", Status: store.Aborted})
	running := slices.DeleteFunc(slices.Clone(ids), func(id store.LogID) bool {
		return id == ids[0] || id == ids[4] || id == ids[7]
	})
	f.wantList(store.Query{Machine: "m", Status: store.Running, Limit: 4}, running...)

	// A redrive takes it back to where it was.
	back := execution("m", "0004", 4, store.Running)
	back.RedriveCount, back.RedriveDate = 1, at(5000)
	f.commit(store.Record{ID: back.ID, Position: 2, Turn: []byte("redrive"), Summary: back, OldStatus: store.Failed})
	f.wantList(store.Query{Machine: "m", Status: store.Failed})
	f.wantList(store.Query{Machine: "m"}, ids...)

	// A summary written again in the same status stays one row.
	f.commit(store.Record{ID: back.ID, Position: 3, Turn: []byte("more"), Summary: back, OldStatus: store.Running})
	f.wantList(store.Query{Machine: "m"}, ids...)
}

func listMachinesApart(f *fixture) {
	f.commit(started(execution("m", "a", 1, store.Running)))
	f.commit(started(execution("m1", "a", 2, store.Running)))
	f.commit(started(execution("m", "b", 2, store.Running)))
	f.commit(started(child(0, store.Running)))
	mapRun := &store.Summary{ID: store.MapRunID(childRun), Machine: "m", Name: childUUID,
		Status: store.Running, Start: at(9), Parent: idA}
	f.commit(started(mapRun))
	f.wantList(store.Query{Machine: "m"}, idB, idA)
	f.wantList(store.Query{Machine: "m1"}, "e/m1/a")
	f.wantList(store.Query{Machine: "m1", Status: store.Running}, "e/m1/a")
	f.wantList(store.Query{Machine: "M"})
}

// listStable pages while newer executions start and listed ones end.
func listStable(f *fixture) {
	ids := f.fill("m", 40)
	q := store.Query{Machine: "m", Limit: 7}
	var got []store.LogID
	for n := 0; ; n++ {
		page, next, err := f.List(f.ctx, q)
		f.ok(err, "list")
		for _, s := range page {
			got = append(got, s.ID)
		}
		if next == "" {
			break
		}
		q.Cursor = next
		f.commit(started(execution("m", fmt.Sprintf("new%d", n), 100+n, store.Running)))
		f.commit(store.Record{ID: ids[n], Position: 1, Turn: []byte("end"), OldStatus: store.Running,
			Summary: execution("m", fmt.Sprintf("%04d", 39-n), 39-n, store.Succeeded)})
	}
	f.equal(got, ids, "list")
}

// startChildren starts children 0 to n-1 and returns their ids, newest first.
func (f *fixture) startChildren(n int) []store.LogID {
	f.t.Helper()
	var records []store.Record
	var ids []store.LogID
	for i := range n {
		r := started(child(uint64(i), store.Running))
		records = append(records, r)
		ids = append(ids, r.ID)
	}
	f.commit(records...)
	slices.Reverse(ids)
	return ids
}

func (f *fixture) finishChild(index uint64, status store.Status) {
	f.t.Helper()
	s := child(index, status)
	f.commit(store.Record{ID: s.ID, Position: 1, Turn: []byte("end"), Summary: s, OldStatus: store.Running})
}

func listRun(f *fixture) {
	ids := f.startChildren(300)
	f.commit(started(&store.Summary{ID: store.ChildID("0f8fad5bd9cc", 1), Status: store.Running, Start: at(1)}))
	f.commit(started(&store.Summary{ID: store.ChildID("0f8fad5bd9ca", 1), Status: store.Running, Start: at(1)}))
	got, pages := f.listAll(store.Query{Run: childRun, Limit: 128})
	f.equal(got, ids, "list")
	f.equal(pages, []int{128, 128, 44}, "pages")
	f.wantList(store.Query{Run: "0f8fad5bd9cc"}, store.ChildID("0f8fad5bd9cc", 1))
	f.wantList(store.Query{Run: "000000000000"})
}

func listRunStatus(f *fixture) {
	ids := f.startChildren(20)
	f.finishChild(3, store.Failed)
	f.finishChild(5, store.Succeeded)
	f.finishChild(11, store.Failed)
	f.finishChild(12, store.Aborted)
	of := func(n int) store.LogID { return ids[19-n] }
	f.wantList(store.Query{Run: childRun, Status: store.Failed, Limit: 1}, of(11), of(3))
	f.wantList(store.Query{Run: childRun, Status: store.Succeeded}, of(5))
	f.wantList(store.Query{Run: childRun, Status: store.Aborted}, of(12))
	f.wantList(store.Query{Run: childRun, Status: store.TimedOut})
	running, _ := f.listAll(store.Query{Run: childRun, Status: store.Running, Limit: 4})
	if len(running) != 16 || running[0] != of(19) || running[15] != of(0) {
		f.t.Errorf("running children = %v", running)
	}

	pending := child(3, store.PendingRedrive)
	f.commit(store.Record{ID: pending.ID, Position: 2, Turn: []byte("r"), Summary: pending, OldStatus: store.Failed})
	f.wantList(store.Query{Run: childRun, Status: store.Failed}, of(11))
	f.wantList(store.Query{Run: childRun, Status: store.PendingRedrive}, of(3))
	f.commit(store.Record{ID: pending.ID, Position: 3, Turn: []byte("s"), Summary: child(3, store.Succeeded), OldStatus: store.PendingRedrive})
	f.wantList(store.Query{Run: childRun, Status: store.PendingRedrive})
	f.wantList(store.Query{Run: childRun, Status: store.Succeeded}, of(5), of(3))
}

func listParent(f *fixture) {
	var want []store.LogID
	for n := range 5 {
		run := store.RunID(fmt.Sprintf("%012x", 0xf0-n))
		s := &store.Summary{ID: store.MapRunID(run), Machine: "m", Name: childUUID, Status: store.Running, Start: at(n), Parent: idA}
		if n == 2 {
			s.Parent = idB
		} else {
			want = append(want, s.ID)
		}
		f.commit(started(s))
	}
	slices.Reverse(want)
	f.wantList(store.Query{Parent: idA, Limit: 3}, want...)
	f.wantList(store.Query{Parent: idB}, store.MapRunID("0000000000ee"))
	f.wantList(store.Query{Parent: idC})
	done := &store.Summary{ID: want[1], Machine: "m", Name: childUUID, Status: store.Failed, Start: at(3), Parent: idA}
	f.commit(store.Record{ID: want[1], Position: 1, Turn: []byte("x"), Summary: done, OldStatus: store.Running})
	f.wantList(store.Query{Parent: idA}, want...)
	f.wantList(store.Query{Parent: idA, Status: store.Failed}, want[1])
}

func listBadQueries(f *fixture) {
	for _, q := range []store.Query{
		{Limit: 10},
		{Machine: "m", Run: childRun, Limit: 10},
		{Machine: "m", Parent: idA, Limit: 10},
		{Machine: "m"},
		{Machine: "m", Limit: -1},
		{Machine: "m", Limit: 1001},
	} {
		if _, _, err := f.List(f.ctx, q); err == nil {
			f.t.Errorf("list %+v has no error", q)
		}
	}
}

func listBadCursors(f *fixture) {
	f.fill("m", 5)
	_, good, err := f.List(f.ctx, store.Query{Machine: "m", Limit: 2})
	f.ok(err, "list")
	bad := []store.Query{
		{Machine: "m", Cursor: "garbage"}, {Machine: "m", Cursor: "!"}, {Machine: "m", Cursor: "AQ"},
		{Machine: "m", Cursor: good[:len(good)-1]}, {Machine: "m", Cursor: good + "A"}, {Machine: "m", Cursor: " " + good},
		{Machine: "n", Cursor: good}, {Machine: "m", Status: store.Running, Cursor: good},
		{Run: childRun, Cursor: good}, {Parent: idA, Cursor: good},
	}
	for i := range good {
		flipped := []byte(good)
		flipped[i] ^= 1
		bad = append(bad, store.Query{Machine: "m", Cursor: string(flipped)})
	}
	for _, q := range bad {
		q.Limit = 2
		if _, _, err := f.List(f.ctx, q); !errors.Is(err, store.ErrBadCursor) {
			f.t.Errorf("list %+v = %v, want ErrBadCursor", q, err)
		}
	}
	page, _, err := f.List(f.ctx, store.Query{Machine: "m", Limit: 3, Cursor: good})
	if err != nil || len(page) != 3 {
		f.t.Errorf("the good cursor gives %d summaries and %v, want 3", len(page), err)
	}
}

func childrenOrder(f *fixture) {
	indexes := []uint64{0, 1, 9, 10, 255, 256, 1 << 20, 1<<47 + 1}
	for i := range indexes {
		f.commit(started(child(indexes[len(indexes)-1-i], store.Running)))
	}
	f.commit(started(&store.Summary{ID: store.ChildID("0f8fad5bd9cc", 1), Status: store.Running, Start: at(1)}))
	from := func(from uint64, stop int) (got []uint64) {
		err := f.Children(f.ctx, childRun, from, func(s *store.Summary) bool {
			_, index, _ := s.ID.Child()
			got = append(got, index)
			return len(got) != stop
		})
		f.ok(err, "children")
		return got
	}
	f.equal(from(0, -1), indexes, "children")
	f.equal(from(10, -1), indexes[3:], "children from 10")
	f.equal(from(11, 2), indexes[4:6], "two children from 11")
	f.equal(from(1<<47+2, -1), []uint64{}, "children from behind")

	want := child(9, store.Running)
	f.ok(f.Children(f.ctx, childRun, 9, func(got *store.Summary) bool {
		if diff := cmp.Diff(want, got); diff != "" || got.Start.Location() != time.UTC {
			f.t.Errorf("child (-want +got):\n%s", diff)
		}
		return false
	}), "children")
}

func exists(f *fixture) {
	f.startChildren(3)
	f.commit(started(execution("m", "a", 1, store.Running)))
	for id, want := range map[store.LogID]bool{
		store.ExecutionID("m", "a"): true, store.ExecutionID("m", "b"): false, store.ExecutionID("m", ""): false,
		store.ChildID(childRun, 2): true, store.ChildID(childRun, 3): false,
	} {
		got, err := f.Exists(f.ctx, id)
		f.ok(err, "exists")
		f.equal(got, want, string(id))
	}
}

func childTurns(f *fixture) {
	f.startChildren(30)
	f.commit(started(&store.Summary{ID: store.ChildID("0f8fad5bd9cc", 1), Status: store.Running, Start: at(1)}))
	for i := uint64(0); i < 30; i += 3 {
		f.finishChild(i, store.Succeeded)
	}
	long := store.ChildID(childRun, 4)
	for n := uint64(1); n < 10; n++ {
		s := child(4, store.Running)
		s.Turns = n + 1
		f.commit(store.Record{ID: long, Position: n, Turn: fmt.Appendf(nil, "turn %d", n), Summary: s, OldStatus: store.Running})
	}
	var got []string
	err := f.ChildTurns(f.ctx, childRun, 3, func(s *store.Summary, first, last []byte) bool {
		_, index, _ := s.ID.Child()
		got = append(got, fmt.Sprintf("%d %s %s", index, first, last))
		return index < 6
	})
	f.ok(err, "child turns")
	f.equal(got, []string{"3 start end", "4 start turn 9", "5 start start", "6 start end"}, "child turns")
	f.ok(f.ChildTurns(f.ctx, "000000000000", 0, func(*store.Summary, []byte, []byte) bool {
		f.t.Error("a run without children has one")
		return false
	}), "child turns of no run")
}
