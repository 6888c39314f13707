package storetest

import (
	"errors"
	"fmt"
	"time"

	"pawl.dev/internal/store"
)

// wantNothing checks that no row of the log is left where a reader looks.
func (f *fixture) wantNothing(id store.LogID) {
	f.t.Helper()
	f.wantTurns(id)
	if _, err := f.Summary(f.ctx, id); !errors.Is(err, store.ErrNotFound) {
		f.t.Errorf("summary of %s = %v, want ErrNotFound", id, err)
	}
	f.wantNextWake(time.Time{})
	f.equal(f.dueAt(at(1_000_000), 10), []string{}, "due")
	f.equal(f.openOf(f.lease.Shard, "", 10), []store.LogID{}, "open")
}

func deleteAll(f *fixture) {
	for _, length := range []uint64{1, 3, 400} {
		s := execution("m", "a", 5, store.Running)
		r := started(s)
		r.Wake, r.Open = at(10), true
		f.commit(r)
		for n := uint64(1); n < length; n++ {
			f.commit(store.Record{ID: idA, Position: n, Turn: []byte("x"), OldWake: at(10), Wake: at(10), OldOpen: true, Open: true})
		}
		f.ok(f.Delete(f.ctx, []store.LogID{idA, "e/m/unknown", idA}), "delete")
		f.wantNothing(idA)
		f.wantList(store.Query{Machine: "m"})
		f.wantList(store.Query{Machine: "m", Status: store.Running})
	}

	f.commit(started(child(1, store.Failed)))
	mapRun := &store.Summary{ID: store.MapRunID(childRun), Machine: "m", Name: childUUID, Status: store.Failed, Start: at(9), Parent: idA}
	f.commit(started(mapRun))
	f.ok(f.Delete(f.ctx, []store.LogID{store.ChildID(childRun, 1), mapRun.ID}), "delete")
	f.wantList(store.Query{Run: childRun})
	f.wantList(store.Query{Run: childRun, Status: store.Failed})
	f.wantList(store.Query{Parent: idA})
	f.wantNothing(mapRun.ID)
	f.ok(f.Delete(f.ctx, nil), "delete nothing")
}

func deleteThenCreate(f *fixture) {
	for n := range 3 {
		s := execution("m", "a", n, store.Succeeded)
		f.commit(started(s), started(execution("m", fmt.Sprintf("other%d", n), n, store.Running)))
		f.commit(store.Record{ID: idA, Position: 1, Turn: []byte("end"), Summary: s, OldStatus: store.Succeeded})
		f.ok(f.Delete(f.ctx, []store.LogID{idA}), "delete")
		if err := f.Commit(f.ctx, f.lease, []store.Record{turn(idA, 2, "x")}); !errors.Is(err, store.ErrConflict) {
			f.t.Errorf("commit to a deleted log = %v, want ErrConflict", err)
		}
	}
	f.wantTurns(idA)
	f.wantList(store.Query{Machine: "m", Status: store.Succeeded})
}

// deleteMovedWake moves the wake-up and the open row without a turn, and with one.
func deleteMovedWake(f *fixture) {
	f.commit(sleeper(idA, 10))
	f.commit(store.Record{ID: idA, Position: 1, OldWake: at(10), Wake: at(20), Open: true})
	f.ok(f.Delete(f.ctx, []store.LogID{idA}), "delete")
	f.wantNothing(idA)

	f.commit(sleeper(idA, 10))
	f.commit(store.Record{ID: idA, Position: 1, OldWake: at(10), Wake: at(20), Open: true})
	f.commit(store.Record{ID: idA, Position: 1, Turn: []byte("x"), OldWake: at(20), Wake: at(30), OldOpen: true, Open: true})
	f.ok(f.Delete(f.ctx, []store.LogID{idA}), "delete")
	f.wantNothing(idA)

	f.commit(store.Record{ID: idB, Summary: execution("m", "b", 0, store.Running), Wake: at(40), Open: true})
	f.ok(f.Delete(f.ctx, []store.LogID{idB}), "delete")
	f.wantNothing(idB)
}

func deleteNeighbours(f *fixture) {
	ids := []store.LogID{"e/m/a", "e/m/aa", "e/m/a0", "e/m", "e/l/a", store.ChildID(childRun, 1), store.ChildID(childRun, 2), store.MapRunID(childRun)}
	for _, id := range ids {
		f.commit(turn(id, 0, "x"))
		for n := uint64(1); n < 70; n++ {
			f.commit(turn(id, n, "y"))
		}
	}
	f.ok(f.Delete(f.ctx, []store.LogID{idA, store.ChildID(childRun, 1)}), "delete")
	for _, id := range ids {
		want := 70
		if id == idA || id == store.ChildID(childRun, 1) {
			want = 0
		}
		if got := len(f.turnsOf(id, 0)); got != want {
			f.t.Errorf("%s has %d turns, want %d", id, got, want)
		}
	}
}
