// Package service is the product's operations in Go types: what a client can ask
// of Pawl, whatever wire protocol it speaks. The AWS API and the console are
// skins over it.
//
// It names things (ARNs, names, page tokens), keeps the catalogue (state
// machines, revisions, versions, aliases, activities, tags) and asks the host to
// run executions. It decides nothing about executions and knows no HTTP. What a
// client did wrong is an *Error with the code and the words of AWS; every other
// error is ours and tells a client nothing.
package service

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/store"
)

// Config says who and where the service is. The zero Config is ready.
type Config struct {
	Account string // of all ARNs; default "123456789012"
	Region  string // of all ARNs; default "us-east-1"

	Now    func() time.Time // default time.Now
	Random func() uint64    // for UUIDs and routing; default math/rand/v2; called concurrently

	// PollTimeout is how long GetActivityTask waits for a task; default 60 s,
	// as AWS does.
	PollTimeout time.Duration

	Logger *slog.Logger // for what happens behind a client's back; default slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Account == "" {
		c.Account = "123456789012"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Uint64
	}
	if c.PollTimeout == 0 {
		c.PollTimeout = time.Minute
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Service answers the operations. It is safe for concurrent use.
type Service struct {
	config  Config
	names   arns
	catalog store.Catalog
	host    Host
	targets targetCache
	// starting is held for reading while an execution starts, and for writing
	// while a state machine is marked as being deleted: when the host is told
	// of the deletion no start is under way.
	starting sync.RWMutex
}

// New returns the service over a catalogue and a host. Call Resume once before
// the first operation.
func New(catalog store.Catalog, host Host, config Config) *Service {
	config = config.withDefaults()
	return &Service{
		config:  config,
		names:   newARNs(config.Region, config.Account),
		catalog: catalog,
		host:    host,
	}
}

// Resume carries on with the deletions of state machines that a former process
// did not finish.
func (s *Service) Resume(ctx context.Context) error {
	var deleting []string
	err := s.catalog.View(ctx, func(r store.CatalogReader) error {
		documents, err := r.Scan(store.KindStateMachine, "", "", 0)
		if err != nil {
			return err
		}
		for _, d := range documents {
			m, err := decode[machine](d.Value)
			if err != nil {
				return fmt.Errorf("state machine %s: %w", d.Key, err)
			}
			if m.Deleting {
				deleting = append(deleting, m.Name)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for unfinished deletions: %w", err)
	}
	for _, name := range deleting {
		s.host.MachineDeleted(name, func() { s.forget(name) })
	}
	return nil
}

// now returns the present as all dates are kept: UTC, to the millisecond.
func (s *Service) now() time.Time { return s.config.Now().UTC().Truncate(time.Millisecond) }

func (s *Service) newUUID() string { return NewUUID(s.config.Random) }

// NewUUID returns a random (version 4) UUID out of random bits.
func NewUUID(random func() uint64) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], random())
	binary.BigEndian.PutUint64(b[8:], random())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return engine.FormatUUID(b)
}

// absent reports whether err says that a document does not exist.
func absent(err error) bool { return errors.Is(err, store.ErrNotFound) }
