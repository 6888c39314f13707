package service

import (
	"context"
	"strconv"
	"sync"

	"pawl.dev/internal/store"
)

// target is what StartExecution needs to know of a state machine, a version or
// an alias. It is immutable.
type target struct {
	machine  *machine
	revision *revision // nil for an alias
	version  string    // number, "" unless a version
	routes   []route   // alias only
}

// targetCache holds the targets that were started since their state machine last
// changed, by state machine and qualifier. The zero cache is ready.
type targetCache struct {
	mu       sync.RWMutex
	machines map[string]map[string]*target
	// changes counts the drops: what was read from the catalogue before one is
	// not put in after it.
	changes uint64
}

// maxCached bounds the number of state machines in the cache.
const maxCached = 10_000

func (c *targetCache) find(machine, qualifier string) (*target, uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.machines[machine][qualifier], c.changes
}

func (c *targetCache) add(name, qualifier string, t *target, changes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != changes {
		return
	}
	if c.machines == nil || len(c.machines) >= maxCached {
		c.machines = make(map[string]map[string]*target)
	}
	if c.machines[name] == nil {
		c.machines[name] = make(map[string]*target)
	}
	c.machines[name][qualifier] = t
}

// drop forgets a state machine that has changed.
func (c *targetCache) drop(machine string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.machines, machine)
	c.changes++
}

// target returns what the ARN of a state machine, a version or an alias names.
func (s *Service) target(ctx context.Context, arn ARN) (*target, error) {
	if arn.foreign {
		return nil, noStateMachine(arn.text)
	}
	t, changes := s.targets.find(arn.Name, arn.Qualifier)
	if t != nil {
		return t, nil
	}
	err := s.catalog.View(ctx, func(r store.CatalogReader) error {
		m, err := s.liveMachine(r, arn)
		if err != nil {
			return err
		}
		t, err = s.loadTarget(r, m, arn)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.targets.add(arn.Name, arn.Qualifier, t, changes)
	return t, nil
}

func (s *Service) loadTarget(r store.CatalogReader, m *machine, arn ARN) (*target, error) {
	t := &target{machine: m}
	id := m.Revision
	switch {
	case arn.version():
		v, err := s.findVersion(r, arn)
		if err != nil {
			return nil, err
		}
		if v == nil {
			return nil, refuse(StateMachineDoesNotExist, "State Machine Version Does Not Exist: '"+arn.text+"'")
		}
		id, t.version = v.Revision, arn.Qualifier
	case arn.alias():
		a, err := get[alias](r, store.KindAlias, aliasKey(m.Name, arn.Qualifier))
		if err != nil {
			return nil, err
		}
		if a == nil {
			return nil, refuse(StateMachineDoesNotExist, "State Machine Alias Does Not Exist: '"+arn.text+"'")
		}
		t.routes = a.Routes
		return t, nil
	}
	rev, err := must[revision](r, store.KindSetting, revisionKey(m.Name, id))
	t.revision = rev
	return t, err
}

// resolve returns the target with a revision that a start of the ARN runs. For
// an alias it chooses among the versions by weight.
func (s *Service) resolve(ctx context.Context, arn ARN) (*target, error) {
	t, err := s.target(ctx, arn)
	if err != nil || t.revision != nil {
		return t, err
	}
	number := strconv.Itoa(s.choose(t.routes))
	return s.target(ctx, ARN{text: s.names.qualified(arn.Name, number), Name: arn.Name, Qualifier: number, resource: stateMachineResource})
}

// choose draws a route by weight and returns its version.
func (s *Service) choose(routes []route) int {
	const total = 100 // the sum of all weights
	drawn := int(s.config.Random() % total)
	for _, r := range routes {
		if drawn < r.Weight {
			return r.Version
		}
		drawn -= r.Weight
	}
	return routes[len(routes)-1].Version
}
