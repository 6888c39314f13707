package pebblestore

import (
	"fmt"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

const (
	maxIDBytes = 200
	// keyBytes is room for most keys; appending grows where it is not enough.
	keyBytes = 512
)

// checkRecord refuses what would not come back as it was written.
func checkRecord(r *store.Record) error {
	switch {
	case r.ID == "" || len(r.ID) > maxIDBytes || hasControl(string(r.ID)) || isStrayChild(r.ID):
		return fmt.Errorf("pebblestore: %q is no log id", r.ID)
	case r.Summary == nil:
		return nil
	case r.Summary.ID != r.ID:
		return fmt.Errorf("pebblestore: summary of %s in the record of %s", r.Summary.ID, r.ID)
	case strings.IndexByte(r.Summary.Machine, 0) >= 0, strings.IndexByte(string(r.Summary.Status), 0) >= 0,
		hasControl(string(r.Summary.Parent)):
		return fmt.Errorf("pebblestore: summary of %s holds control bytes", r.ID)
	}
	return nil
}

// isStrayChild reports whether id is that of a child but not as ChildID makes
// it: Children would not find it.
func isStrayChild(id store.LogID) bool {
	if !strings.HasPrefix(string(id), "c/") || isChild(id) {
		return false
	}
	run, index, ok := id.Child()
	return !ok || store.ChildID(run, index) != id || index >= 1<<48
}

func hasControl(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' {
			return true
		}
	}
	return false
}

// rowWriter turns records into rows of a batch.
type rowWriter struct {
	batch *pebble.Batch
	shard uint32
	key   [keyBytes]byte
	value [keyBytes]byte
}

func (w *rowWriter) record(r *store.Record) error {
	if err := w.turn(r); err != nil {
		return err
	}
	if err := w.wake(r); err != nil {
		return err
	}
	if err := w.open(r); err != nil {
		return err
	}
	if r.Summary == nil {
		return nil
	}
	value := r.Summary.AppendEncoded(w.value[:0])
	if err := w.batch.Set(summaryKey(w.key[:0], r.ID), value, nil); err != nil {
		return err
	}
	return w.index(r.Summary, r.OldStatus)
}

// turn writes the turn behind its mark, or the mark alone where it changed
// without a turn.
func (w *rowWriter) turn(r *store.Record) error {
	m := markOf(w.shard, r)
	if r.Turn == nil {
		if sameMilli(r.OldWake, r.Wake) && r.OldOpen == r.Open {
			return nil
		}
		value := m.appendRow(w.value[:0], r.Position)
		return w.batch.Set(markKey(w.key[:0], r.ID), value, nil)
	}
	key := turnKey(w.key[:0], r.ID, r.Position)
	head := m.append(w.value[:0])
	row := w.batch.SetDeferred(len(key), len(head)+len(r.Turn))
	copy(row.Key, key)
	copy(row.Value[copy(row.Value, head):], r.Turn)
	return row.Finish()
}

func (w *rowWriter) wake(r *store.Record) error {
	if sameMilli(r.OldWake, r.Wake) {
		return nil
	}
	if !r.OldWake.IsZero() {
		key := wakeKey(w.key[:0], w.shard, r.OldWake.UnixMilli(), r.ID)
		if err := w.batch.Delete(key, nil); err != nil {
			return err
		}
	}
	if r.Wake.IsZero() {
		return nil
	}
	return w.batch.Set(wakeKey(w.key[:0], w.shard, r.Wake.UnixMilli(), r.ID), nil, nil)
}

func (w *rowWriter) open(r *store.Record) error {
	switch {
	case r.Open == r.OldOpen:
		return nil
	case r.Open:
		return w.batch.Set(openKey(w.key[:0], w.shard, r.ID), nil, nil)
	}
	return w.batch.Delete(openKey(w.key[:0], w.shard, r.ID), nil)
}
