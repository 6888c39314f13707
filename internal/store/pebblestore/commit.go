package pebblestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// Commit writes all records as one batch. It holds the shard only until the
// batch is applied, not while it is synced, so that the commits of all shards,
// and those that follow in this one, share a sync.
func (s *Store) Commit(ctx context.Context, lease store.Lease, records []store.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := s.db.NewBatch()
	defer batch.Close() // only an uncommitted batch fails to close, and holds nothing
	rows := rowWriter{batch: batch, shard: lease.Shard}
	for i := range records {
		if err := checkRecord(&records[i]); err != nil {
			return err
		}
		if err := rows.record(&records[i]); err != nil {
			return fmt.Errorf("commit %s: %w", records[i].ID, err)
		}
	}
	if err := s.apply(batch, lease, records); err != nil {
		return err
	}
	if !s.sync || batch.Empty() {
		return nil
	}
	if err := batch.SyncWait(); err != nil {
		// The records stay pending: nobody knows what a crash would leave.
		return fmt.Errorf("sync commit: %w", err)
	}
	s.pending.end(records)
	return nil
}

// apply checks the records against lease and logs, and applies the batch.
func (s *Store) apply(batch *pebble.Batch, lease store.Lease, records []store.Record) error {
	s.logs.RLock()
	defer s.logs.RUnlock()
	sh := s.shard(lease.Shard)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.epoch == 0 || sh.epoch != lease.Epoch {
		return store.ErrFenced
	}
	if err := sh.checkTwice(records); err != nil {
		return err
	}
	if err := s.checkPositions(sh, records); err != nil {
		return err
	}
	if batch.Empty() {
		return nil
	}
	if err := s.applyBatch(batch, records); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	sh.note(s, records)
	return nil
}

func (s *Store) checkPositions(sh *shard, records []store.Record) (err error) {
	turns := turnFinder{db: s.db}
	defer func() { err = errors.Join(err, turns.close()) }()
	var key [keyBytes]byte
	for i := range records {
		r := &records[i]
		err := s.checkPosition(sh, &turns, r.ID, r.Position, key[:0])
		if errors.Is(err, store.ErrConflict) {
			return err
		}
		if err != nil {
			return fmt.Errorf("commit %s at %d: %w", r.ID, r.Position, err)
		}
	}
	return nil
}

func (s *Store) applyBatch(batch *pebble.Batch, records []store.Record) error {
	if !s.sync {
		return s.db.Apply(batch, pebble.NoSync)
	}
	s.pending.begin(records)
	return s.db.ApplyNoSyncWait(batch, pebble.Sync)
}

// note keeps in memory what the records changed.
func (sh *shard) note(s *Store, records []store.Record) {
	for i := range records {
		r := &records[i]
		length := r.Position
		if r.Turn != nil {
			length++
		}
		*sh.known(s, r.ID) = knownLength{r.ID, length}
		if sameMilli(r.OldWake, r.Wake) {
			continue
		}
		if !r.OldWake.IsZero() {
			sh.wakes.remove(wakeAt{r.OldWake.UnixMilli(), r.ID})
		}
		if !r.Wake.IsZero() {
			sh.wakes.insert(wakeAt{r.Wake.UnixMilli(), r.ID})
		}
	}
}
