package host

import (
	"context"
	"fmt"
	"sync"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// programs keeps compiled definitions. Definitions are immutable (their key is a
// hash), so nothing in it ever goes stale.
type programs struct {
	store store.Catalog
	mu    sync.Mutex
	byKey map[programKey]*asl.Program
}

type programKey struct {
	definition string
	mapState   string // the distributed Map state whose processor is meant
}

// maxPrograms bounds the cache; beyond it, it starts anew.
const maxPrograms = 10_000

// of returns the program that an execution with the given start runs.
func (p *programs) of(s *history.Start) (*asl.Program, error) {
	key := programKey{s.Definition, s.MapState}
	p.mu.Lock()
	defer p.mu.Unlock()
	if program, ok := p.byKey[key]; ok {
		return program, nil
	}
	root, ok := p.byKey[programKey{definition: s.Definition}]
	if !ok {
		var err error
		if root, err = p.compile(s); err != nil {
			return nil, err
		}
	}
	program := root
	if s.MapState != "" {
		state := root.State(s.MapState)
		if state == nil || state.Map == nil || state.Map.Child == nil {
			return nil, fmt.Errorf("host: definition %s has no distributed map %q", s.Definition, s.MapState)
		}
		program = state.Map.Child
	}
	if len(p.byKey) >= maxPrograms || p.byKey == nil {
		p.byKey = make(map[programKey]*asl.Program)
	}
	p.byKey[programKey{definition: s.Definition}] = root
	p.byKey[key] = program
	return program, nil
}

func (p *programs) compile(s *history.Start) (*asl.Program, error) {
	var text []byte
	err := p.store.View(context.Background(), func(r store.CatalogReader) (err error) {
		text, err = r.Get(store.KindDefinition, s.Definition)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load definition %s: %w", s.Definition, err)
	}
	kind := asl.Standard
	if s.Express && s.MapState == "" {
		kind = asl.Express
	}
	program, findings := asl.Compile(string(text), kind)
	if program == nil {
		return nil, fmt.Errorf("compile definition %s: %w", s.Definition, findings)
	}
	return program, nil
}
