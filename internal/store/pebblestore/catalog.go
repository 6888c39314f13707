package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// View runs fn over a snapshot of the catalogue. fn may call View and Update;
// it does not see what they change.
func (s *Store) View(ctx context.Context, fn func(store.CatalogReader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	snapshot := s.db.NewSnapshot()
	if err := s.settle(s.pending.catalog.Load() != 0); err != nil {
		return errors.Join(err, snapshot.Close())
	}
	if err := fn(catalogReader{ctx, snapshot}); err != nil {
		_ = snapshot.Close() // fn's error says more
		return err
	}
	return snapshot.Close()
}

// Update runs fn alone and writes what it changed. fn must not call Update.
func (s *Store) Update(ctx context.Context, fn func(store.CatalogWriter) error) error {
	s.catalogMu.Lock()
	defer s.catalogMu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := s.db.NewIndexedBatch()
	defer batch.Close() // only an uncommitted batch fails to close, and holds nothing
	if err := fn(catalogWriter{catalogReader{ctx, batch}, batch}); err != nil {
		return err
	}
	if batch.Empty() {
		return nil
	}
	s.pending.catalog.Add(1)
	if err := batch.Commit(s.write); err != nil {
		// It stays pending: nobody knows what a crash would leave.
		return fmt.Errorf("update catalogue: %w", err)
	}
	s.pending.catalog.Add(-1)
	return nil
}

// catalogReader reads from a snapshot or a batch. It lives as long as one View or
// Update, and ctx is that one's.
type catalogReader struct {
	ctx  context.Context
	rows pebble.Reader
}

func (r catalogReader) Get(kind store.Kind, key string) ([]byte, error) {
	rowKey, err := documentKey(kind, key)
	if err != nil {
		return nil, err
	}
	value, err := get(r.rows, rowKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("get %s %q: %w", kind, key, err)
	}
	return value, err
}

func (r catalogReader) Scan(kind store.Kind, prefix, after string, limit int) ([]store.Document, error) {
	if _, err := documentKey(kind, prefix); err != nil {
		return nil, err
	}
	head := documentPrefix(kind)
	lower := append(documentPrefix(kind), prefix...)
	upper := successor(lower)
	if after != "" && after >= prefix {
		lower = append(append(documentPrefix(kind), after...), 0)
	}
	if upper != nil && bytes.Compare(lower, upper) >= 0 {
		return nil, nil // after is behind all that have prefix
	}
	iter, err := r.rows.NewIterWithContext(r.ctx, &pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return nil, fmt.Errorf("scan %s %q: %w", kind, prefix, err)
	}
	var found []store.Document
	err = walk(r.ctx, iter, func(key, value []byte) (bool, error) {
		owned := append(make([]byte, 0, len(value)), value...)
		found = append(found, store.Document{Key: string(key[len(head):]), Value: owned})
		return len(found) != limit, nil
	})
	if err = errors.Join(err, iter.Close()); err != nil {
		return nil, fmt.Errorf("scan %s %q: %w", kind, prefix, err)
	}
	return found, nil
}

// documentKey returns the row of a document.
func documentKey(kind store.Kind, key string) ([]byte, error) {
	if kind == "" || strings.IndexByte(string(kind), 0) >= 0 {
		return nil, fmt.Errorf("pebblestore: %q is no kind", kind)
	}
	return append(documentPrefix(kind), key...), nil
}

type catalogWriter struct {
	catalogReader
	batch *pebble.Batch
}

func (w catalogWriter) Put(kind store.Kind, key string, value []byte) error {
	rowKey, err := documentKey(kind, key)
	if err != nil {
		return err
	}
	return w.batch.Set(rowKey, value, nil)
}

func (w catalogWriter) Delete(kind store.Kind, key string) error {
	rowKey, err := documentKey(kind, key)
	if err != nil {
		return err
	}
	return w.batch.Delete(rowKey, nil)
}
