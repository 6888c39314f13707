package function

import (
	"sync/atomic"
	"time"
)

// memorySampling is how often busy processes are looked at.
const memorySampling = 100 * time.Millisecond

// memoryWatch samples the memory of busy processes and kills those that
// outgrew their function's MemorySize. Private memory counts, so that a large
// binary is not held against a small limit. It sleeps while nothing is busy.
type memoryWatch struct {
	s     *Service
	armed atomic.Bool
}

// arm makes sure that a sample is due; it is cheap when one is.
func (m *memoryWatch) arm() {
	if !m.armed.Load() && m.armed.CompareAndSwap(false, true) {
		m.s.clock.AfterFunc(memorySampling, m.sample)
	}
}

func (m *memoryWatch) sample() {
	m.armed.Store(false)
	busy := false
	for _, p := range m.s.livePools() {
		busy = p.sampleMemory() || busy
	}
	if busy && !m.s.isClosed() {
		m.arm()
	}
}

// sampleMemory reports whether the pool has busy instances.
func (p *pool) sampleMemory() bool {
	p.mu.Lock()
	var working []*instance
	for in := range p.all {
		if in.phase == busy {
			working = append(working, in)
		}
	}
	p.mu.Unlock()
	limit := int64(p.run.memory) << 20
	for _, in := range working {
		used := in.proc.memory()
		p.mu.Lock()
		in.peak = max(in.peak, used.total)
		if used.private > limit && in.phase == busy {
			in.killLocked(causeMemory)
		}
		p.mu.Unlock()
	}
	return len(working) > 0
}
