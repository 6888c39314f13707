package storetest

import (
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/store"
)

func reopenFinds(f *fixture, reopen func()) {
	s := execution("m", "a", 3, store.Running)
	r := started(s)
	r.Open = true
	f.commit(r)
	f.commit(store.Record{ID: idA, Position: 1, Turn: []byte("second"), OldOpen: true, Open: true})
	f.put(store.KindStateMachine, "m", "definition")
	reopen()
	f.wantTurns(idA, "start", "second")
	f.equal(f.openOf(1, "", 10), []store.LogID{idA}, "open")
	f.wantList(store.Query{Machine: "m"}, idA)
	got, err := f.Summary(f.ctx, idA)
	f.ok(err, "summary")
	if diff := cmp.Diff(s, got); diff != "" {
		f.t.Errorf("summary (-want +got):\n%s", diff)
	}
	f.view(func(r store.CatalogReader) { f.wantDocument(r, store.KindStateMachine, "m", "definition") })
}

func reopenEpochs(f *fixture, reopen func()) {
	for range 3 {
		old := f.lease
		reopen()
		if f.lease.Epoch <= old.Epoch {
			f.t.Errorf("epoch went from %d to %d", old.Epoch, f.lease.Epoch)
		}
		if err := f.Commit(f.ctx, old, []store.Record{turn(idA, 0, "x")}); !errors.Is(err, store.ErrFenced) {
			f.t.Errorf("commit under the old lease = %v, want ErrFenced", err)
		}
	}
}

func reopenChecks(f *fixture, reopen func()) {
	for n := range uint64(300) {
		f.commit(turn(idA, n, "x"))
	}
	reopen()
	for _, position := range []uint64{0, 1, 248, 256, 298, 299, 301, 1000} {
		if err := f.Commit(f.ctx, f.lease, []store.Record{turn(idA, position, "y")}); !errors.Is(err, store.ErrConflict) {
			f.t.Errorf("commit at %d = %v, want ErrConflict", position, err)
		}
	}
	f.commit(turn(idA, 300, "x"))
}

func reopenWakes(f *fixture, reopen func()) {
	f.commit(sleeper(idA, 20), sleeper(idB, 10))
	f.commit(store.Record{ID: idB, Position: 1, Turn: []byte("x"), OldWake: at(10), Wake: at(30)})
	reopen()
	f.wantNextWake(at(20))
	f.commit(store.Record{ID: idA, Position: 1, Turn: []byte("x"), OldWake: at(20)})
	reopen()
	f.equal(f.dueAt(at(100), 10), []string{"e/m/b@30"}, "due")
	f.commit(store.Record{ID: idB, Position: 2, OldWake: at(30)})
	reopen()
	f.wantNextWake(time.Time{})
}

func reopenDeleted(f *fixture, reopen func()) {
	r := started(execution("m", "a", 0, store.Running))
	r.Wake, r.Open = at(5), true
	f.commit(r)
	reopen()
	f.ok(f.Delete(f.ctx, []store.LogID{idA}), "delete")
	f.wantNothing(idA)
	reopen()
	f.wantNothing(idA)
	f.wantList(store.Query{Machine: "m"})
}
