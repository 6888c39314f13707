// Package pebblestore keeps everything Pawl keeps in one directory, in a Pebble
// database: the store of a single server, and in memory of tests.
//
// It decides nothing and starts no goroutine of its own; it knows no other
// adapter. The rows are laid out in keys.go.
//
// I4: a commit checks the lease's epoch and every position under its shard's
// lock. I3: commits of all shards share the syncs of one write-ahead log, and
// readers wait for the sync of what they read (pending.go). I8: the earliest
// wake-ups of each shard stay in memory (wake.go).
//
// When the disk fails below a write, Pebble cannot go on and the process
// panics; what was acknowledged is found again at the next Open.
package pebblestore

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/internal/store"
)

// formatVersion is the layout of the rows. Open refuses others.
const formatVersion = 1

// DefaultCacheBytes is the size of the block cache.
const DefaultCacheBytes = 32 << 20

// Options tune a store. The zero value is that of production.
type Options struct {
	FS         vfs.FS       // default: the machine's file system
	Logger     *slog.Logger // default: none; Pebble's errors come at level error, its news at debug
	CacheBytes int64        // of blocks read; default DefaultCacheBytes
	// NoSync acknowledges commits before they are durable: for tests and
	// benchmarks.
	NoSync bool
}

// Store is a store.Store in one directory. It is safe for concurrent use.
type Store struct {
	db    *pebble.DB
	lock  *pebble.Lock
	write *pebble.WriteOptions // of every commit
	sync  bool

	pending   pending
	catalogMu sync.Mutex // serialises Update

	// logs is held shared by Commit while it checks and applies, exclusively by
	// Delete. Order: logs before a shard's mu.
	logs sync.RWMutex

	shardsMu sync.Mutex
	shards   map[uint32]*shard
}

var _ store.Store = (*Store)(nil)

// Open opens the store in dir and creates it when there is none. The errors name
// dir; a directory that another process or Store has open is one.
func Open(dir string, options Options) (*Store, error) {
	if options.FS == nil {
		options.FS = vfs.Default
	}
	s, err := open(dir, options)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	return s, nil
}

func open(dir string, options Options) (*Store, error) {
	if err := options.FS.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock, err := pebble.LockDirectory(dir, options.FS)
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			return nil, err
		}
		return nil, fmt.Errorf("another process has it open: %w", err)
	}
	tuned := tuning(options)
	tuned.Lock = lock
	db, err := pebble.Open(dir, tuned)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s := &Store{
		db: db, lock: lock,
		write: pebble.Sync, sync: !options.NoSync,
		pending: newPending(),
		shards:  make(map[uint32]*shard),
	}
	if options.NoSync {
		s.write = pebble.NoSync
	}
	if err := s.checkFormat(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// checkFormat refuses a layout we do not know and marks an empty store as ours.
func (s *Store) checkFormat() error {
	value, err := get(s.db, formatKey())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s.db.Set(formatKey(), []byte{formatVersion}, pebble.Sync)
	case err != nil:
		return err
	case len(value) != 1 || value[0] != formatVersion:
		return fmt.Errorf("its format is % x, this Pawl knows only %02x", value, formatVersion)
	}
	return nil
}

// Close makes everything durable and gives the directory free.
func (s *Store) Close() error {
	return errors.Join(s.db.Close(), s.lock.Close())
}

// Checkpoint copies the store as it is now, with all that was committed, to dir,
// which must not exist and lie on the same file system. It hinders nobody and
// costs little space: files that do not change any more are linked.
func (s *Store) Checkpoint(dir string) error {
	if err := s.db.Checkpoint(dir, pebble.WithFlushedWAL()); err != nil {
		return fmt.Errorf("checkpoint store to %s: %w", dir, err)
	}
	return nil
}

// get returns a copy of the value of key. Errors: store.ErrNotFound.
func get(reader pebble.Reader, key []byte) ([]byte, error) {
	value, closer, err := reader.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	owned := append(make([]byte, 0, len(value)), value...)
	return owned, closer.Close()
}
