package pebblestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// scanCheckRows is how many rows a scan passes between two looks at its context.
const scanCheckRows = 256

// scan calls row with the rows within bounds, in order, until it returns false.
// The slices are valid only during the call.
func (s *Store) scan(ctx context.Context, bounds *pebble.IterOptions, row func(key, value []byte) (bool, error)) error {
	iter, err := s.db.NewIterWithContext(ctx, bounds)
	if err != nil {
		return err
	}
	return errors.Join(walk(ctx, iter, row), iter.Close())
}

func walk(ctx context.Context, iter *pebble.Iterator, row func(key, value []byte) (bool, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n := 0
	for ok := iter.First(); ok; ok = iter.Next() {
		if n++; n%scanCheckRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		value, err := iter.ValueAndErr()
		if err != nil {
			return err
		}
		more, err := row(iter.Key(), value)
		if err != nil || !more {
			return err
		}
	}
	return iter.Error()
}

// Turns calls yield with each turn of the log.
func (s *Store) Turns(ctx context.Context, id store.LogID, from uint64, yield func(turn []byte) bool) error {
	bounds := &pebble.IterOptions{
		LowerBound: turnKey(nil, id, from),
		UpperBound: successor(logPrefix(nil, id)),
	}
	iter, err := s.db.NewIterWithContext(ctx, bounds)
	if err != nil {
		return fmt.Errorf("read turns of %s: %w", id, err)
	}
	defer iter.Close() // its error comes from walk too
	if err := s.settleLog(id); err != nil {
		return fmt.Errorf("read turns of %s: %w", id, err)
	}
	err = walk(ctx, iter, func(_, value []byte) (bool, error) {
		_, turn, err := cutMark(value)
		if err != nil {
			return false, err
		}
		return yield(turn), nil
	})
	if err != nil {
		return fmt.Errorf("read turns of %s: %w", id, err)
	}
	return nil
}

// Summary returns the summary of a log.
func (s *Store) Summary(ctx context.Context, id store.LogID) (*store.Summary, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	summary, err := readSummary(s.db, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		err = s.settleLog(id)
	}
	if err != nil {
		return nil, fmt.Errorf("read summary of %s: %w", id, err)
	}
	return summary, nil
}

func readSummary(reader pebble.Reader, id store.LogID) (*store.Summary, error) {
	value, closer, err := reader.Get(summaryKey(make([]byte, 0, keyBytes), id))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	summary, err := store.DecodeSummary(value)
	return summary, errors.Join(err, closer.Close())
}

// Children calls yield with the summaries of a map run's children.
func (s *Store) Children(ctx context.Context, run store.RunID, from uint64, yield func(*store.Summary) bool) error {
	bounds := &pebble.IterOptions{
		LowerBound: summaryKey(nil, store.ChildID(run, from)),
		UpperBound: successor(runPrefix([]byte{summaryRow}, run)),
	}
	iter, err := s.db.NewIterWithContext(ctx, bounds)
	if err != nil {
		return fmt.Errorf("read children of %s: %w", run, err)
	}
	defer iter.Close() // its error comes from walk too
	if err := s.settleAll(); err != nil {
		return fmt.Errorf("read children of %s: %w", run, err)
	}
	err = walk(ctx, iter, func(_, value []byte) (bool, error) {
		summary, err := store.DecodeSummary(value)
		if err != nil {
			return false, err
		}
		return yield(summary), nil
	})
	if err != nil {
		return fmt.Errorf("read children of %s: %w", run, err)
	}
	return nil
}
