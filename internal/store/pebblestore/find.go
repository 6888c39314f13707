package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// Exists reports whether the log has a turn.
func (s *Store) Exists(ctx context.Context, id store.LogID) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	turns := turnFinder{db: s.db}
	found, err := turns.exists(turnKey(nil, id, 0))
	if err = errors.Join(err, turns.close()); err != nil {
		return false, fmt.Errorf("look for %s: %w", id, err)
	}
	return found, nil
}

// turnFinder looks turn rows up for one commit. Most are absent, for most logs
// are new: Bloom filters say so without a read, but Pebble's Get leaves those of
// the lowest level aside, so an iterator is asked that uses them all.
type turnFinder struct {
	db   *pebble.DB
	iter *pebble.Iterator // made at the first look-up
}

func (f *turnFinder) exists(key []byte) (bool, error) {
	if f.iter == nil {
		iter, err := f.db.NewIter(&pebble.IterOptions{
			LowerBound: []byte{turnRow}, UpperBound: []byte{turnRow + 1}, UseL6Filters: true,
		})
		if err != nil {
			return false, err
		}
		f.iter = iter
	}
	if f.iter.SeekPrefixGE(key) {
		return bytes.Equal(f.iter.Key(), key), nil
	}
	return false, f.iter.Error()
}

func (f *turnFinder) close() error {
	if f.iter == nil {
		return nil
	}
	return f.iter.Close()
}
