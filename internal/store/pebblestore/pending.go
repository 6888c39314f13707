package pebblestore

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// pending knows which logs have commits that are applied but perhaps not yet
// durable. Pebble shows a commit to readers before its sync; a reader that
// meets one waits for a sync of its own (which it shares with the commits), so
// that nobody is shown what a crash could still take back (I3). Readers of other
// logs, such as a shard that loads a sleeper, do not wait.
//
// Logs are counted by a hash: a collision costs a needless wait, nothing else.
type pending struct {
	seed    maphash.Seed
	all     *atomic.Int64 // commits
	catalog *atomic.Int64 // updates of the catalogue
	logs    *[pendingSlots]atomic.Int32
}

const pendingSlots = 1 << 12

func newPending() pending {
	return pending{
		seed: maphash.MakeSeed(),
		all:  new(atomic.Int64), catalog: new(atomic.Int64),
		logs: new([pendingSlots]atomic.Int32),
	}
}

func (p *pending) hash(id store.LogID) uint64 { return maphash.String(p.seed, string(id)) }

func (p *pending) slot(id store.LogID) *atomic.Int32 { return &p.logs[p.hash(id)%pendingSlots] }

// begin counts the logs of a commit; it is called before they are applied.
func (p *pending) begin(records []store.Record) {
	p.all.Add(1)
	for i := range records {
		p.slot(records[i].ID).Add(1)
	}
}

// end is called when they are durable.
func (p *pending) end(records []store.Record) {
	for i := range records {
		p.slot(records[i].ID).Add(-1)
	}
	p.all.Add(-1)
}

// settle waits until what was read before is durable. Reads come first, the look
// at the counter second: a count of zero then says that all commits read have
// ended.
func (s *Store) settle(unsettled bool) error {
	if !s.sync || !unsettled {
		return nil
	}
	// An empty record goes to the log behind everything that is visible.
	return s.db.LogData(nil, pebble.Sync)
}

func (s *Store) settleLog(id store.LogID) error {
	return s.settle(s.pending.slot(id).Load() != 0)
}

func (s *Store) settleAll() error { return s.settle(s.pending.all.Load() != 0) }
