package pebblestore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
)

var crashStart = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// pair is the n-th commit of a crash test: two executions with every kind of row,
// and a turn that says how long a log of one shard has become.
func pair(shard uint32, n int) []store.Record {
	var records []store.Record
	for _, side := range []string{"a", "b"} {
		name := fmt.Sprintf("%s%d-%d", side, shard, n)
		s := &store.Summary{ID: store.ExecutionID("m", name), Machine: "m", Name: name, Status: store.Running, Start: crashStart}
		records = append(records, store.Record{ID: s.ID, Turn: []byte("x"), Summary: s,
			Wake: crashStart.Add(time.Duration(n) * time.Millisecond), Open: true})
	}
	return append(records, store.Record{ID: chain(shard), Position: uint64(n), Turn: fmt.Appendf(nil, "%0300d", n)})
}

func chain(shard uint32) store.LogID { return store.ExecutionID("chain", fmt.Sprint(shard)) }

// wantPairs checks that s holds the first commits of the shard, whole, and at least
// acked of them.
func wantPairs(t *testing.T, s store.Store, shard uint32, acked int64) {
	t.Helper()
	n := 0
	err := s.Turns(t.Context(), chain(shard), 0, func(turn []byte) bool {
		if want := fmt.Sprintf("%0300d", n); string(turn) != want {
			t.Errorf("turn %d of shard %d is %q", n, shard, turn)
		}
		n++
		return true
	})
	if err != nil || int64(n) < acked {
		t.Fatalf("shard %d has %d commits, %v, want at least %d", shard, n, err, acked)
	}
	due, err := s.Due(t.Context(), shard, crashStart.Add(time.Hour), 10_000)
	if err != nil || len(due) != 2*n {
		t.Errorf("shard %d has %d wake-ups, %v, want %d", shard, len(due), err, 2*n)
	}
	open, err := s.Open(t.Context(), shard, "", 10_000)
	if err != nil || len(open) != 2*n {
		t.Errorf("shard %d has %d open logs, %v, want %d", shard, len(open), err, 2*n)
	}
	for _, id := range open {
		if _, err := s.Summary(t.Context(), id); err != nil {
			t.Errorf("open log %s: %v", id, err)
		}
	}
}

// TestCrash_keepsWhatWasCommitted pulls the plug again and again while shards commit.
func TestCrash_keepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	const shards, crashes = 3, 9
	fs := vfs.NewCrashableMem()
	s := mustOpen(t, fs, pebblestore.Options{})
	var acked [shards]atomic.Int64
	stop := make(chan struct{})
	var group sync.WaitGroup
	progress := make(chan struct{}) // a commit each
	for shard := range uint32(shards) {
		lease, err := s.Acquire(t.Context(), shard)
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for n := 0; ; n++ {
				if err := s.Commit(t.Context(), lease, pair(shard, n)); err != nil {
					t.Errorf("commit: %v", err)
					return
				}
				acked[shard].Add(1)
				select {
				case progress <- struct{}{}:
				case <-stop:
					return
				}
			}
		})
	}
	for crash := range crashes {
		for range 30 {
			<-progress
		}
		var want [shards]int64
		for shard := range want {
			want[shard] = acked[shard].Load()
		}
		unsynced := []int{0, 50, 100}[crash%3]
		plugged := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: unsynced, RNG: rand.New(rand.NewPCG(uint64(crash), 0))})
		after := mustOpen(t, plugged, pebblestore.Options{})
		for shard := range uint32(shards) {
			wantPairs(t, after, shard, want[shard])
		}
		if err := after.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	group.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestCrash_catalogueLeasesAndDeletes does the same for the catalogue, the leases and Delete.
func TestCrash_catalogueLeasesAndDeletes(t *testing.T) {
	t.Parallel()
	fs := vfs.NewCrashableMem()
	s := mustOpen(t, fs, pebblestore.Options{})
	crash := func() *pebblestore.Store {
		t.Helper()
		clone := fs.CrashClone(vfs.CrashCloneCfg{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		fs = clone
		return mustOpen(t, fs, pebblestore.Options{})
	}
	put := func(w store.CatalogWriter) error { return w.Put(store.KindStateMachine, "m", []byte("v")) }
	if err := s.Update(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	lease, err := s.Acquire(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), lease, pair(1, 0)); err != nil {
		t.Fatal(err)
	}
	s = crash()
	wantPairs(t, s, 1, 1)
	again, err := s.Acquire(t.Context(), 1)
	if err != nil || again.Epoch <= lease.Epoch {
		t.Errorf("epoch after the crash is %d, %v, want more than %d", again.Epoch, err, lease.Epoch)
	}
	err = s.View(t.Context(), func(r store.CatalogReader) error {
		_, err := r.Get(store.KindStateMachine, "m")
		return err
	})
	if err != nil {
		t.Errorf("the catalogue's document: %v", err)
	}
	if err := s.Delete(t.Context(), []store.LogID{"e/m/a1-0", "e/m/b1-0", chain(1)}); err != nil {
		t.Fatal(err)
	}
	s = crash()
	wantPairs(t, s, 1, 0)
	if page, _, err := s.List(t.Context(), store.Query{Machine: "m", Limit: 10}); err != nil || len(page) != 0 {
		t.Errorf("list after delete and crash = %d summaries, %v", len(page), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// gatedFS holds every sync of the write-ahead log while gate is closed.
type gatedFS struct {
	vfs.FS
	gate *atomic.Pointer[chan struct{}] // nil: open
}

func (fs gatedFS) wrap(name string, file vfs.File, err error) (vfs.File, error) {
	if err != nil || !strings.HasSuffix(name, ".log") {
		return file, err
	}
	return gatedFile{file, fs.gate}, nil
}

func (fs gatedFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	file, err := fs.FS.Create(name, category)
	return fs.wrap(name, file, err)
}

func (fs gatedFS) ReuseForWrite(old, name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	file, err := fs.FS.ReuseForWrite(old, name, category)
	return fs.wrap(name, file, err)
}

type gatedFile struct {
	vfs.File
	gate *atomic.Pointer[chan struct{}]
}

func (f gatedFile) wait() {
	if gate := f.gate.Load(); gate != nil {
		<-*gate
	}
}

func (f gatedFile) Sync() error     { f.wait(); return f.File.Sync() }
func (f gatedFile) SyncData() error { f.wait(); return f.File.SyncData() }
func (f gatedFile) SyncTo(length int64) (bool, error) {
	f.wait()
	return f.File.SyncTo(length)
}

// TestReaders_waitForDurability is I3: what is applied but not yet synced is
// shown to nobody, and who reads something else does not wait.
func TestReaders_waitForDurability(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fs := gatedFS{vfs.NewMem(), new(atomic.Pointer[chan struct{}])}
		s := mustOpen(t, fs, pebblestore.Options{})
		lease, err := s.Acquire(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(t.Context(), lease, []store.Record{{ID: "e/m/other", Turn: []byte("x")}}); err != nil {
			t.Fatal(err)
		}
		gate := make(chan struct{})
		fs.gate.Store(&gate)
		var group sync.WaitGroup
		var shown atomic.Int32
		background := func(what string, fn func() error) {
			group.Go(func() {
				if err := fn(); err != nil {
					t.Errorf("%s: %v", what, err)
				}
				shown.Add(1)
			})
		}
		background("commit", func() error { return s.Commit(t.Context(), lease, pair(1, 0)) })
		background("update", func() error {
			return s.Update(t.Context(), func(w store.CatalogWriter) error { return w.Put("k", "key", nil) })
		})
		synctest.Wait()
		id := pair(1, 0)[0].ID
		background("summary", func() error { _, err := s.Summary(t.Context(), id); return err })
		background("turns", func() error {
			return s.Turns(t.Context(), id, 0, func([]byte) bool { shown.Add(100); return true })
		})
		background("list", func() error {
			page, _, err := s.List(t.Context(), store.Query{Machine: "m", Limit: 10})
			if err == nil && len(page) != 2 {
				err = errors.New("not two summaries")
			}
			return err
		})
		background("view", func() error {
			return s.View(t.Context(), func(r store.CatalogReader) error { shown.Add(100); return nil })
		})
		synctest.Wait()
		if shown.Load() != 0 {
			t.Errorf("something came back before the sync: %d", shown.Load())
		}
		other := 0
		if err := s.Turns(t.Context(), "e/m/other", 0, func([]byte) bool { other++; return true }); err != nil || other != 1 {
			t.Errorf("turns of another log = %d, %v", other, err)
		}
		fs.gate.Store(nil)
		close(gate)
		group.Wait()
		if shown.Load() != 206 {
			t.Errorf("shown = %d after the sync, want 206", shown.Load())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
