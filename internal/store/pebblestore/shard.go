package pebblestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"pawl.dev/internal/store"
)

// shard is what is in memory of a shard: its lease, its earliest wake-ups and
// the lengths of the logs that grew last.
type shard struct {
	number uint32

	mu      sync.Mutex
	epoch   uint64 // 0: nobody acquired it since Open
	wakes   wakeWindow
	lengths [lengthSlots]knownLength
	seen    map[store.LogID]struct{} // of the commit at hand; reused
}

const lengthSlots = 1 << 10

// knownLength is the length of a log that grew lately. It saves the two look-ups
// of a position check, which cost more than the commit's share of a turn.
type knownLength struct {
	id     store.LogID
	length uint64
}

func (s *Store) shard(number uint32) *shard {
	s.shardsMu.Lock()
	defer s.shardsMu.Unlock()
	sh := s.shards[number]
	if sh == nil {
		sh = &shard{number: number, wakes: newWakeWindow(), seen: make(map[store.LogID]struct{})}
		s.shards[number] = sh
	}
	return sh
}

// Acquire takes the lease on a shard, fencing off its former holder. The new
// epoch is durable.
func (s *Store) Acquire(ctx context.Context, number uint32) (store.Lease, error) {
	if err := ctx.Err(); err != nil {
		return store.Lease{}, err
	}
	sh := s.shard(number)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	epoch, err := s.nextEpoch(number)
	if err != nil {
		return store.Lease{}, fmt.Errorf("acquire shard %d: %w", number, err)
	}
	sh.epoch = epoch
	return store.Lease{Shard: number, Epoch: epoch}, nil
}

func (s *Store) nextEpoch(number uint32) (uint64, error) {
	value, err := get(s.db, epochKey(number))
	var last uint64
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return 0, err
	case len(value) != 8:
		return 0, fmt.Errorf("malformed epoch % x", value)
	default:
		last = binary.BigEndian.Uint64(value)
	}
	next := binary.BigEndian.AppendUint64(nil, last+1)
	return last + 1, s.db.Set(epochKey(number), next, s.write)
}

// checkPosition returns store.ErrConflict unless the log holds exactly position
// turns. The caller holds mu.
func (s *Store) checkPosition(sh *shard, turns *turnFinder, id store.LogID, position uint64, key []byte) error {
	if known := sh.known(s, id); known.id == id {
		if known.length != position {
			return store.ErrConflict
		}
		return nil
	}
	if position > 0 {
		found, err := turns.exists(turnKey(key, id, position-1))
		if err != nil {
			return err
		}
		if !found {
			return store.ErrConflict
		}
	}
	found, err := turns.exists(turnKey(key, id, position))
	if err != nil {
		return err
	}
	if found {
		return store.ErrConflict
	}
	return nil
}

// checkTwice refuses a log that comes twice: its second record would silently
// replace the first.
func (sh *shard) checkTwice(records []store.Record) error {
	if len(records) < 2 {
		return nil
	}
	clear(sh.seen)
	for i := range records {
		sh.seen[records[i].ID] = struct{}{}
		if len(sh.seen) != i+1 {
			return fmt.Errorf("pebblestore: %s comes twice in one commit", records[i].ID)
		}
	}
	return nil
}

// known returns the place of id's length; it may hold another log's.
func (sh *shard) known(s *Store, id store.LogID) *knownLength {
	return &sh.lengths[s.pending.hash(id)%lengthSlots]
}
