package pebblestore_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/store/storetest"
)

// mustOpen opens a store in fs.
func mustOpen(t testing.TB, fs vfs.FS, options pebblestore.Options) *pebblestore.Store {
	t.Helper()
	options.FS = fs
	s, err := pebblestore.Open("data", options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.RunPersistent(t, func(t *testing.T) (store.Store, func() store.Store) {
		fs := vfs.NewMem()
		open := func() store.Store { return mustOpen(t, fs, pebblestore.Options{}) }
		return open(), open
	})
}

// TestStore_withoutSync runs the other branch of every write.
func TestStore_withoutSync(t *testing.T) {
	t.Parallel()
	storetest.RunPersistent(t, func(t *testing.T) (store.Store, func() store.Store) {
		fs := vfs.NewMem()
		open := func() store.Store { return mustOpen(t, fs, pebblestore.Options{NoSync: true}) }
		return open(), open
	})
}

func TestOpen_refusesSecondOpener(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pebblestore.Open(dir, pebblestore.Options{}); err == nil ||
		!strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "another process has it open") {
		t.Errorf("second open = %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = pebblestore.Open(dir, pebblestore.Options{}); err != nil {
		t.Fatalf("open after close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_refusesUnknownFormat(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	if err := mustOpen(t, fs, pebblestore.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := pebble.Open("data", &pebble.Options{FS: fs, Logger: quiet{}, FormatMajorVersion: pebble.FormatTableFormatV6})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Set([]byte("!"), []byte{99}, pebble.Sync); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pebblestore.Open("data", pebblestore.Options{FS: fs}); err == nil || !strings.Contains(err.Error(), "format is 63") {
		t.Errorf("open = %v, want an error about the format", err)
	}
}

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	s := mustOpen(t, fs, pebblestore.Options{NoSync: true})
	lease, err := s.Acquire(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	commit := func(position uint64) {
		t.Helper()
		if err := s.Commit(t.Context(), lease, []store.Record{{ID: "e/m/a", Position: position, Turn: []byte("x")}}); err != nil {
			t.Fatal(err)
		}
	}
	commit(0)
	if err := s.Checkpoint("copy"); err != nil {
		t.Fatal(err)
	}
	commit(1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	backup, err := pebblestore.Open("copy", pebblestore.Options{FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = backup.Turns(t.Context(), "e/m/a", 0, func([]byte) bool { n++; return true })
	if err != nil || n != 1 {
		t.Errorf("the copy has %d turns, %v, want 1", n, err)
	}
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
}

// quiet is a pebble.Logger that drops all.
type quiet struct{}

func (quiet) Infof(string, ...any)           {}
func (quiet) Errorf(string, ...any)          {}
func (quiet) Fatalf(format string, _ ...any) { panic(format) }
