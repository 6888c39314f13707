// Package host is the shell around the engine: shards, cache, timers, dispatch.
// All order of I/O lives here: decide, commit, apply, release (I3).
//
// An execution belongs to one shard, a shard has one goroutine, and only that
// goroutine touches its executions (I4): there are no locks around them. A shard
// takes everything that has arrived, decides each, commits the whole batch at
// once and then releases effects and answers. Executions at rest are rows in the
// store; the cache is only a cache.
//
// The package imports no task handler, no API and no console.
package host

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"pawl.dev/internal/objects"
	"pawl.dev/internal/store"
	"pawl.dev/internal/task"
)

// Config is what a Host needs. Store is required; the rest has defaults.
type Config struct {
	Store    store.Store
	Tasks    *task.Registry  // nil: no handlers, service tasks fail
	Buckets  objects.Buckets // for distributed maps; nil: none
	Account  string          // default 123456789012
	Region   string          // default us-east-1
	Shards   uint32          // default 4; a store keeps the number it was made with
	CacheMax int             // executions in memory per shard; default 4,096
	// CacheBytes bounds the payloads of executions in memory per shard; default
	// 8 MiB. Express executions that run are not counted out.
	CacheBytes int
	Observer   Observer // of executions that are logged; nil: none
	Now        func() time.Time
	Log        *slog.Logger
}

// Host runs executions.
type Host struct {
	config     Config
	log        *slog.Logger
	programs   programs
	shards     []*shard
	activities activities
	tasks      dispatcher
	deleted    deletions
	ends       endings

	ctx     context.Context
	cancel  context.CancelFunc
	failure atomic.Pointer[error]
	wg      sync.WaitGroup
}

// Open takes the leases of all shards, recovers what was running and starts to
// run it.
func Open(ctx context.Context, c Config) (*Host, error) {
	if c.Account == "" {
		c.Account = "123456789012"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Shards == 0 {
		c.Shards = 4
	}
	if c.CacheMax == 0 {
		c.CacheMax = 4096
	}
	if c.CacheBytes == 0 {
		c.CacheBytes = 8 << 20
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Tasks == nil {
		c.Tasks = &task.Registry{}
	}
	h := &Host{config: c, log: c.Log, programs: programs{store: c.Store}}
	shards, err := storedShards(ctx, c.Store, c.Shards)
	if err != nil {
		return nil, err
	}
	c.Shards, h.config.Shards = shards, shards
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.tasks.open = make(map[attemptKey]*handout)
	h.activities.queues = make(map[string]*activityQueue)
	for i := range c.Shards {
		lease, err := c.Store.Acquire(ctx, i)
		if err != nil {
			h.cancel()
			return nil, fmt.Errorf("acquire shard %d: %w", i, err)
		}
		h.shards = append(h.shards, newShard(h, lease))
	}
	for _, s := range h.shards {
		h.wg.Go(s.run)
	}
	return h, nil
}

// Drain stops handing out attempts of tasks and waits until those that handlers
// work on have been answered, or ctx ends. Everything else goes on; Close
// follows. It reports whether all were answered.
func (h *Host) Drain(ctx context.Context) bool {
	select {
	case <-h.tasks.drain():
		return true
	case <-ctx.Done():
		return false
	}
}

// storedShards is the number of shards that the store was made with: rows name
// their shard. A new store keeps the number that is asked for.
func storedShards(ctx context.Context, s store.Store, asked uint32) (uint32, error) {
	const key = "shards"
	shards := asked
	err := s.Update(ctx, func(w store.CatalogWriter) error {
		stored, err := w.Get(store.KindSetting, key)
		if errors.Is(err, store.ErrNotFound) {
			return w.Put(store.KindSetting, key, strconv.AppendUint(nil, uint64(asked), 10))
		}
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(string(stored), 10, 32)
		if err != nil || n == 0 {
			return fmt.Errorf("the stored number of shards is %q", stored)
		}
		shards = uint32(n)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read the number of shards: %w", err)
	}
	return shards, nil
}

// Close stops taking work, lets the batches in hand be committed and waits until
// all is quiet. Tasks in flight stay open in the store; the next Open hands them
// out again.
func (h *Host) Close() error {
	h.cancel()
	h.wg.Wait()
	h.tasks.cancelAll()
	return nil
}

// fail stops the host for a reason that it can't live with: the store does not
// take what was decided. Nothing that is durable is lost; the next Open goes on.
func (h *Host) fail(err error) {
	h.log.Error("the host stops", "error", err)
	h.failure.CompareAndSwap(nil, &err)
	h.cancel()
}

// Done is closed when the host has stopped, by Close or by a failure.
func (h *Host) Done() <-chan struct{} { return h.ctx.Done() }

// Err is the failure that stopped the host, nil when there was none.
func (h *Host) Err() error {
	if err := h.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// commitContext is for what must not be cut short by the end of the host.
func (h *Host) commitContext() context.Context { return context.WithoutCancel(h.ctx) }

// now is the time to the millisecond, in UTC.
func (h *Host) now() time.Time { return h.config.Now().UTC().Truncate(time.Millisecond) }

func (h *Host) shard(id store.LogID) *shard {
	return h.shards[id.Shard(h.config.Shards)]
}

// newRand seeds a generator from the operating system's randomness: nonces come
// from it.
func newRand() *rand.Rand {
	var seed [32]byte
	_, _ = crand.Read(seed[:]) // does not fail (crypto/rand)
	return rand.New(rand.NewChaCha8(seed))
}

// call sends m to its shard and waits for the answer.
func (h *Host) call(ctx context.Context, m message) (result, error) {
	done := make(chan result, 1)
	m.reply = func(r result) { done <- r }
	if err := h.shard(m.id).offer(m); err != nil {
		return result{}, err
	}
	select {
	case r := <-done:
		return r, r.err
	case <-ctx.Done():
		return result{}, ctx.Err()
	case <-h.ctx.Done():
		// The batch in hand may still answer.
		select {
		case r := <-done:
			return r, r.err
		case <-time.After(time.Second):
			return result{}, ErrClosed
		}
	}
}
