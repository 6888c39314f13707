package pebblestore

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// maxDue is the greatest limit of Due.
const maxDue = 10_000

// The window holds between windowFill rows after a read and twice as many.
const windowFill = 1024

// wakeAt is a wake-up row: Unix milliseconds and the log.
type wakeAt struct {
	at int64
	id store.LogID
}

func compareWakes(a, b wakeAt) int {
	if c := cmp.Compare(a.at, b.at); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// wakeWindow is the front of a shard's wake-ups in memory: all rows before
// horizon, in order.
//
// Without it each look for the next wake-up would step over the tombstones of all
// that were removed lately: of every task whose timeout did not come to pass. The
// horizon moves forward when the window is empty, so that the rows are read once.
// (A lower bound alone, moved with each look, does not do: one short timer moves
// it back, and the tombstones behind it are walked again.)
type wakeWindow struct {
	rows    []wakeAt
	horizon wakeAt
}

// theEnd is a horizon behind all rows.
var theEnd = wakeAt{at: math.MaxInt64}

// newWakeWindow returns one that knows of no row.
func newWakeWindow() wakeWindow { return wakeWindow{horizon: wakeAt{at: math.MinInt64}} }

func (w *wakeWindow) insert(row wakeAt) {
	if compareWakes(row, w.horizon) >= 0 {
		return
	}
	i, found := slices.BinarySearchFunc(w.rows, row, compareWakes)
	if found {
		return
	}
	w.rows = slices.Insert(w.rows, i, row)
	if len(w.rows) > 2*windowFill {
		w.horizon = w.rows[windowFill]
		clear(w.rows[windowFill:])
		w.rows = w.rows[:windowFill]
	}
}

func (w *wakeWindow) remove(row wakeAt) {
	if i, found := slices.BinarySearchFunc(w.rows, row, compareWakes); found {
		w.rows = slices.Delete(w.rows, i, i+1)
	}
}

// Due returns the shard's wake-ups that are due.
func (s *Store) Due(ctx context.Context, number uint32, until time.Time, limit int) ([]store.Wake, error) {
	if limit < 1 || limit > maxDue {
		return nil, fmt.Errorf("pebblestore: due: limit %d is not in 1 to %d", limit, maxDue)
	}
	due, err := s.due(ctx, number, until.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("due of shard %d: %w", number, err)
	}
	return due, nil
}

func (s *Store) due(ctx context.Context, number uint32, until int64, limit int) ([]store.Wake, error) {
	sh := s.shard(number)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if err := s.fillWindow(ctx, sh); err != nil {
		return nil, err
	}
	var due []store.Wake
	for _, row := range sh.wakes.rows {
		if row.at > until || len(due) == limit {
			return due, nil
		}
		due = append(due, row.wake())
	}
	if len(due) == limit || sh.wakes.horizon.at > until {
		return due, nil
	}
	err := s.scanWakes(ctx, sh, func(row wakeAt) bool {
		if row.at > until {
			return false
		}
		due = append(due, row.wake())
		return len(due) < limit
	})
	return due, err
}

func (row wakeAt) wake() store.Wake {
	return store.Wake{ID: row.id, At: time.UnixMilli(row.at).UTC()}
}

// NextWake returns the shard's earliest wake-up.
func (s *Store) NextWake(ctx context.Context, number uint32) (time.Time, error) {
	sh := s.shard(number)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if err := s.fillWindow(ctx, sh); err != nil {
		return time.Time{}, fmt.Errorf("next wake-up of shard %d: %w", number, err)
	}
	if len(sh.wakes.rows) == 0 {
		return time.Time{}, nil
	}
	return sh.wakes.rows[0].wake().At, nil
}

// fillWindow makes sure that the window is empty only when the shard has no
// wake-ups. The caller holds mu.
func (s *Store) fillWindow(ctx context.Context, sh *shard) error {
	w := &sh.wakes
	if len(w.rows) > 0 || w.horizon == theEnd {
		return nil
	}
	horizon := theEnd
	rows := w.rows[:0]
	err := s.scanWakes(ctx, sh, func(row wakeAt) bool {
		if len(rows) == windowFill {
			horizon = row
			return false
		}
		rows = append(rows, row)
		return true
	})
	if err != nil {
		return err
	}
	w.rows, w.horizon = rows, horizon
	return nil
}

// scanWakes calls yield with the rows from the horizon on.
func (s *Store) scanWakes(ctx context.Context, sh *shard, yield func(wakeAt) bool) error {
	from := sh.wakes.horizon
	lower := wakeFrom(nil, sh.number, from.at)
	if from.id != "" {
		lower = wakeKey(nil, sh.number, from.at, from.id)
	}
	bounds := &pebble.IterOptions{LowerBound: lower, UpperBound: successor(wakePrefix(nil, sh.number))}
	return s.scan(ctx, bounds, func(key, _ []byte) (bool, error) {
		at, id, ok := readWake(key)
		if !ok {
			return false, fmt.Errorf("malformed wake-up row %x", key)
		}
		return yield(wakeAt{at, id}), nil
	})
}

// Open returns the shard's open logs in id order.
func (s *Store) Open(ctx context.Context, number uint32, after store.LogID, limit int) ([]store.LogID, error) {
	if limit < 1 {
		return nil, fmt.Errorf("pebblestore: open: limit %d is below 1", limit)
	}
	prefix := openPrefix(nil, number)
	bounds := &pebble.IterOptions{LowerBound: prefix, UpperBound: successor(prefix)}
	if after != "" {
		bounds.LowerBound = append(openKey(nil, number, after), 0)
	}
	var ids []store.LogID
	err := s.scan(ctx, bounds, func(key, _ []byte) (bool, error) {
		id, rest, ok := cutID(key[len(prefix):])
		if !ok || len(rest) != 0 {
			return false, fmt.Errorf("malformed open row %x", key)
		}
		ids = append(ids, id)
		return len(ids) < limit, nil
	})
	if err != nil {
		return nil, fmt.Errorf("open logs of shard %d: %w", number, err)
	}
	return ids, nil
}
