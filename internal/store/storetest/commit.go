package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"pawl.dev/internal/store"
)

const (
	idA = store.LogID("e/m/a")
	idB = store.LogID("e/m/b")
	idC = store.LogID("e/m/c")
)

func commitAppends(f *fixture) {
	f.commit(turn(idA, 0, "a0"), turn(idB, 0, "b0"))
	f.commit(turn(idA, 1, "a1"))
	f.commit(turn(idA, 2, ""), turn(idB, 1, "b1"))
	f.wantTurns(idA, "a0", "a1", "")
	f.wantTurns(idB, "b0", "b1")
	f.wantTurns(idC)
}

func commitAllOrNothing(f *fixture) {
	f.commit(turn(idA, 0, "a0"))
	fresh := started(execution("m", "b", 0, store.Running))
	fresh.Wake, fresh.Open = at(5), true
	document := []store.Record{fresh, turn(idA, 0, "again")}
	if err := f.Commit(f.ctx, f.lease, document); !errors.Is(err, store.ErrConflict) {
		f.t.Fatalf("commit = %v, want ErrConflict", err)
	}
	f.wantTurns(idA, "a0")
	f.wantTurns(idB)
	f.equal(f.dueAt(at(100), 10), []string{}, "due")
	f.equal(f.openOf(1, "", 10), []store.LogID{}, "open")
	f.wantList(store.Query{Machine: "m"})
	if _, err := f.Summary(f.ctx, idB); !errors.Is(err, store.ErrNotFound) {
		f.t.Errorf("summary = %v, want ErrNotFound", err)
	}
}

func commitConflicts(f *fixture) {
	f.commit(turn(idA, 0, "a0"))
	f.commit(turn(idA, 1, "a1"))
	for _, r := range []store.Record{
		turn(idA, 0, "x"), turn(idA, 1, "x"), turn(idA, 3, "x"), turn(idA, 1<<40, "x"), turn(idB, 1, "x"),
	} {
		if err := f.Commit(f.ctx, f.lease, []store.Record{r}); !errors.Is(err, store.ErrConflict) {
			f.t.Errorf("commit of %s at %d = %v, want ErrConflict", r.ID, r.Position, err)
		}
	}
	f.wantTurns(idA, "a0", "a1")
	f.wantTurns(idB)
	f.commit(turn(idA, 2, "a2"))
	f.wantTurns(idA, "a0", "a1", "a2")
}

func commitWithoutTurns(f *fixture) {
	s := execution("m", "a", 0, store.Running)
	f.commit(store.Record{ID: idA, Summary: s})
	f.wantTurns(idA)
	done := execution("m", "a", 0, store.Succeeded)
	f.commit(store.Record{ID: idA, Summary: done, OldStatus: store.Running})
	f.wantList(store.Query{Machine: "m", Status: store.Succeeded}, idA)
	f.wantList(store.Query{Machine: "m", Status: store.Running})

	f.commit(turn(idA, 0, "a0"))
	wrong := store.Record{ID: idA, Summary: s}
	if err := f.Commit(f.ctx, f.lease, []store.Record{wrong}); !errors.Is(err, store.ErrConflict) {
		f.t.Errorf("commit of a stale summary = %v, want ErrConflict", err)
	}
	f.commit(store.Record{ID: idA, Position: 1, Wake: at(7)})
	f.equal(f.dueAt(at(100), 10), []string{"e/m/a@7"}, "due")
	f.wantTurns(idA, "a0")
	f.commit() // nothing at all
}

func commitTwice(f *fixture) {
	err := f.Commit(f.ctx, f.lease, []store.Record{turn(idA, 0, "x"), turn(idB, 0, "y"), turn(idA, 0, "z")})
	if err == nil {
		f.t.Error("a log came twice in one commit, and no error")
	}
	f.wantTurns(idA)
	f.wantTurns(idB)
}

func commitLargeTurns(f *fixture) {
	large := make([]byte, 1<<20)
	for i := range large {
		large[i] = byte(i * i >> 3)
	}
	for n := range uint64(8) {
		large[0] = byte(n)
		f.commit(store.Record{ID: idA, Position: n, Turn: large}, turn(store.ExecutionID("m", fmt.Sprint(n)), 0, "small"))
	}
	n := 0
	err := f.Turns(f.ctx, idA, 0, func(got []byte) bool {
		large[0] = byte(n)
		n++
		if !bytes.Equal(got, large) {
			f.t.Errorf("turn %d differs", n-1)
		}
		return true
	})
	f.ok(err, "turns")
	if n != 8 {
		f.t.Errorf("%d turns, want 8", n)
	}
}

// commitManyTurns passes the places where a number's coding may change its width.
func commitManyTurns(f *fixture) {
	var want []string
	for n := range uint64(700) {
		text := fmt.Sprint(n)
		f.commit(turn(idA, n, text))
		want = append(want, text)
	}
	f.wantTurns(idA, want...)
	f.equal(f.turnsOf(idA, 500), want[500:], "turns from 500")
	if err := f.Commit(f.ctx, f.lease, []store.Record{turn(idA, 300, "x")}); !errors.Is(err, store.ErrConflict) {
		f.t.Errorf("commit in the middle = %v, want ErrConflict", err)
	}
}

func commitCancelled(f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	if err := f.Commit(ctx, f.lease, []store.Record{turn(idA, 0, "x")}); !errors.Is(err, context.Canceled) {
		f.t.Errorf("commit = %v, want context.Canceled", err)
	}
	f.wantTurns(idA)
}

func acquireFences(f *fixture) {
	old := f.lease
	f.commit(turn(idA, 0, "a0"))
	f.lease = f.acquire(1)
	if f.lease.Epoch <= old.Epoch {
		f.t.Errorf("epoch went from %d to %d", old.Epoch, f.lease.Epoch)
	}
	stale := []store.Lease{old, {Shard: 1}, {Shard: 1, Epoch: f.lease.Epoch + 1}, {Shard: 99}, {Shard: 99, Epoch: 1}}
	for _, lease := range stale {
		err := f.Commit(f.ctx, lease, []store.Record{turn(idA, 1, "x")})
		if !errors.Is(err, store.ErrFenced) {
			f.t.Errorf("commit under %+v = %v, want ErrFenced", lease, err)
		}
	}
	f.acquire(2) // another shard's lease is no matter
	f.commit(turn(idA, 1, "a1"))
	f.wantTurns(idA, "a0", "a1")
}

func turnsFrom(f *fixture) {
	f.commit(turn(idA, 0, "a0"))
	f.commit(turn(idA, 1, "a1"))
	f.commit(turn(idA, 2, "a2"))
	f.equal(f.turnsOf(idA, 1), []string{"a1", "a2"}, "turns from 1")
	f.equal(f.turnsOf(idA, 3), []string{}, "turns from 3")
	f.equal(f.turnsOf(idA, 1<<50), []string{}, "turns from far behind")
}

func turnsStop(f *fixture) {
	f.commit(turn(idA, 0, "a0"))
	f.commit(turn(idA, 1, "a1"))
	n := 0
	f.ok(f.Turns(f.ctx, idA, 0, func([]byte) bool { n++; return false }), "turns")
	if n != 1 {
		f.t.Errorf("yield was called %d times, want once", n)
	}
}

func turnsApart(f *fixture) {
	ids := []store.LogID{
		"e/m/a", "e/m/a0", "e/m/a:0f8fad5b-d9cb-469f-a165-70867728950e", "e/m/a ", "e/m/a/a", "e/m/é",
		store.ChildID(childRun, 0), store.ChildID(childRun, 0x61), store.ChildID(childRun, 1<<47),
		store.MapRunID(childRun), store.ChildID("0f8fad5bd9cc", 0), store.ChildID("odd", 1),
	}
	for _, id := range ids {
		f.commit(turn(id, 0, "of "+string(id)))
	}
	for _, id := range ids {
		f.wantTurns(id, "of "+string(id))
	}
}
