package pebblestore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// seekFrom is the number of turns from which the last one is sought rather than
// stepped to.
const seekFrom = 4

// ChildTurns calls yield with the summaries of a map run's children and their
// first and last turns: two iterators run side by side, for both kinds of rows
// lie in index order.
func (s *Store) ChildTurns(ctx context.Context, run store.RunID, from uint64, yield func(child *store.Summary, first, last []byte) bool) error {
	turns, err := s.db.NewIterWithContext(ctx, &pebble.IterOptions{
		LowerBound: logPrefix(nil, store.ChildID(run, from)),
		UpperBound: successor(runPrefix([]byte{turnRow}, run)),
	})
	if err != nil {
		return fmt.Errorf("read turns of the children of %s: %w", run, err)
	}
	defer turns.Close() // its error comes from ends
	turns.First()
	var failed error
	var reader turnReader
	err = s.Children(ctx, run, from, func(child *store.Summary) bool {
		var first, last []byte
		if first, last, failed = reader.ends(turns, child); failed != nil {
			return false
		}
		return yield(child, first, last)
	})
	if err == nil && failed != nil {
		err = fmt.Errorf("read turns of the children of %s: %w", run, failed)
	}
	return err
}

// turnReader keeps memory for one child after the other.
type turnReader struct{ prefix, first, last, seek []byte }

// ends reads the first and last turn of child; turns stands at or before them
// and is left behind them.
func (r *turnReader) ends(turns *pebble.Iterator, child *store.Summary) (first, last []byte, err error) {
	r.prefix = logPrefix(r.prefix[:0], child.ID)
	for turns.Valid() && bytes.Compare(turns.Key(), r.prefix) < 0 {
		turns.Next()
	}
	if !turns.Valid() || !bytes.HasPrefix(turns.Key(), r.prefix) {
		return nil, nil, turns.Error()
	}
	if first, err = turnAt(turns); err != nil {
		return nil, nil, err
	}
	r.first = append(r.first[:0], first...)
	if child.Turns >= seekFrom {
		r.seek = turnKey(r.seek[:0], child.ID, child.Turns-1)
		turns.SeekGE(r.seek)
	}
	for turns.Valid() && bytes.HasPrefix(turns.Key(), r.prefix) {
		turn, err := turnAt(turns)
		if err != nil {
			return nil, nil, err
		}
		r.last = append(r.last[:0], turn...)
		turns.Next()
	}
	return r.first, r.last, turns.Error()
}

func turnAt(turns *pebble.Iterator) ([]byte, error) {
	value, err := turns.ValueAndErr()
	if err != nil {
		return nil, err
	}
	_, turn, err := cutMark(value)
	return turn, err
}
