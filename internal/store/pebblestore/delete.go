package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// rangeDeleteTurns is the length from which a log's turns are deleted as a
// range. Readers pay for every range deletion near them, for a deleted row only
// when they meet it.
const rangeDeleteTurns = 64

// Delete removes logs with all their rows. No commit happens meanwhile, so pages
// of about a thousand ids are right: a log takes some 10 µs.
func (s *Store) Delete(ctx context.Context, ids []store.LogID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := s.db.NewBatch()
	defer batch.Close() // only an uncommitted batch fails to close, and holds nothing
	if err := s.applyDelete(ctx, batch, ids); err != nil {
		return err
	}
	if !s.sync || batch.Empty() {
		return nil
	}
	if err := batch.SyncWait(); err != nil {
		return fmt.Errorf("sync delete: %w", err)
	}
	return nil
}

func (s *Store) applyDelete(ctx context.Context, batch *pebble.Batch, ids []store.LogID) error {
	s.logs.Lock()
	defer s.logs.Unlock()
	iter, err := s.db.NewIterWithContext(ctx, &pebble.IterOptions{LowerBound: []byte{turnRow}, UpperBound: []byte{turnRow + 1}})
	if err != nil {
		return err
	}
	d := deleter{db: s.db, batch: batch, turns: iter}
	for _, id := range ids {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = d.log(id); err != nil {
			err = fmt.Errorf("delete %s: %w", id, err)
			break
		}
	}
	if err = errors.Join(err, iter.Close()); err != nil || batch.Empty() {
		return err
	}
	if s.sync {
		err = s.db.ApplyNoSyncWait(batch, pebble.Sync)
	} else {
		err = s.db.Apply(batch, pebble.NoSync)
	}
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	s.forget(ids, d.wakes)
	return nil
}

// forget removes what shards keep in memory of deleted logs.
func (s *Store) forget(ids []store.LogID, wakes []mark) {
	s.shardsMu.Lock()
	defer s.shardsMu.Unlock()
	for _, sh := range s.shards {
		sh.mu.Lock()
		for i, id := range ids {
			if known := sh.known(s, id); known.id == id {
				*known = knownLength{}
			}
			if m := wakes[i]; m.hasWake && m.shard == sh.number {
				sh.wakes.remove(wakeAt{m.wake, id})
			}
		}
		sh.mu.Unlock()
	}
}

// deleter finds the rows of logs and writes their deletions to batch.
type deleter struct {
	db    *pebble.DB
	batch *pebble.Batch
	turns *pebble.Iterator
	wakes []mark // of each log given to log
	err   error
	key   [keyBytes]byte
}

func (d *deleter) delete(key []byte) {
	if d.err == nil && key != nil {
		d.err = d.batch.Delete(key, nil)
	}
}

func (d *deleter) log(id store.LogID) error {
	m, length, err := d.end(id)
	if err != nil {
		return err
	}
	d.wakes = append(d.wakes, m)
	if m.hasWake {
		d.delete(wakeKey(d.key[:0], m.shard, m.wake, id))
	}
	if m.open {
		d.delete(openKey(d.key[:0], m.shard, id))
	}
	summary, err := readSummary(d.db, id)
	if err == nil {
		d.delete(ageKey(d.key[:0], summary))
		d.delete(statusKey(d.key[:0], summary, summary.Status))
		d.delete(summaryKey(d.key[:0], id))
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	d.deleteTurns(id, length)
	return d.err
}

func (d *deleter) deleteTurns(id store.LogID, length uint64) {
	if length >= rangeDeleteTurns && d.err == nil {
		prefix := logPrefix(nil, id)
		d.err = d.batch.DeleteRange(prefix, successor(prefix), nil)
		return
	}
	for position := range length {
		d.delete(turnKey(d.key[:0], id, position))
	}
}

// end returns the length of the log and the mark that counts.
func (d *deleter) end(id store.LogID) (m mark, length uint64, err error) {
	prefix := logPrefix(nil, id)
	if d.turns.SeekLT(successor(prefix)) && bytes.HasPrefix(d.turns.Key(), prefix) {
		last, ok := readPosition(d.turns.Key()[len(prefix):])
		if !ok {
			return m, 0, fmt.Errorf("malformed turn row %x", d.turns.Key())
		}
		value, err := d.turns.ValueAndErr()
		if err != nil {
			return m, 0, err
		}
		if m, _, err = cutMark(value); err != nil {
			return m, 0, err
		}
		length = last + 1
	}
	if err := d.turns.Error(); err != nil {
		return m, 0, err
	}
	value, err := get(d.db, markKey(d.key[:0], id))
	if errors.Is(err, store.ErrNotFound) {
		return m, length, nil
	}
	if err != nil {
		return m, 0, err
	}
	d.delete(markKey(d.key[:0], id))
	moved, at, err := readMarkRow(value)
	if err == nil && at == length {
		m = moved
	}
	return m, length, err
}
