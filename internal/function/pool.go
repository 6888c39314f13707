package function

import (
	"slices"
	"sync"
	"time"
)

// assumedStart stands for the cost of a start until one was measured.
const assumedStart = 50 * time.Millisecond

// pool keeps the processes of one version of one function's code and
// configuration, and the invocations that wait for them.
//
// Growth: an invocation that finds no idle process waits. A process is started
// while more wait than are starting, unless those that run will, by the
// measured durations, have emptied the queue sooner than a start takes. (1,000
// invocations of 0.1 ms are done by two processes before a third could help.)
// If the estimate proves wrong, the head of the queue grows impatient after
// the time of a start, and a process is started for it.
//
// Idle processes are a stack: the newest is reused, so the others at the
// bottom stay unused and are stopped after the idle time.
type pool struct {
	s   *Service
	run runnable
	log *functionLog

	mu        sync.Mutex
	queue     queue
	withdrawn int // cancelled invocations still in the queue
	idle      []*instance
	all       map[*instance]struct{}
	starting  int
	ready     int // initialised and alive: idle or busy
	retired   bool

	duration  time.Duration // moving average of an invocation; 0: none yet
	startCost time.Duration // moving average of a start
	slowInit  bool          // an init exceeded InitTimeout: the next has the function's timeout

	growTimer Timer // armed while the queue waits for its estimate to come true
	growArmed bool
	reapTimer Timer
	reapArmed bool
}

func newPool(s *Service, run runnable, log *functionLog) *pool {
	return &pool{s: s, run: run, log: log, all: map[*instance]struct{}{}, startCost: assumedStart}
}

// submit hands an invocation to an idle process or queues it. It reports false
// when the pool is retired: ask the service for the new one.
// Errors: TooManyRequestsException.
func (p *pool) submit(inv *Invocation) (bool, error) {
	p.mu.Lock()
	if p.retired {
		p.mu.Unlock()
		return false, nil
	}
	inv.pool, inv.queued = p, p.s.clock.Now()
	if n := len(p.idle); n > 0 {
		in := p.idle[n-1]
		p.idle[n-1] = nil
		p.idle = p.idle[:n-1]
		c := in.assign(inv)
		direct := len(inv.payload) <= directPayloadBytes
		if !direct {
			in.work.Add(1)
		}
		p.mu.Unlock()
		if direct {
			in.send(c, inv)
		} else {
			go func() { defer in.work.Done(); in.send(c, inv) }()
		}
		return true, nil
	}
	if p.queue.size-p.withdrawn >= p.s.config.MaxQueue {
		p.mu.Unlock()
		return true, errorThrottled()
	}
	p.queue.push(inv)
	p.growLocked(false)
	p.mu.Unlock()
	return true, nil
}

// take pops the next invocation that nobody withdrew.
func (p *pool) takeLocked() *Invocation {
	for {
		inv := p.queue.pop()
		if inv == nil || !inv.settled {
			return inv
		}
		p.withdrawn--
	}
}

func (p *pool) waitingLocked() int { return p.queue.size - p.withdrawn }

func (p *pool) grow() {
	p.mu.Lock()
	p.growLocked(false)
	p.mu.Unlock()
}

func (p *pool) growLocked(impatient bool) {
	for p.wantsMoreLocked(impatient) && p.s.starter.acquire(p) {
		in := newInstance(p)
		p.all[in] = struct{}{}
		p.starting++
		p.s.instances.Go(in.run)
		impatient = false
	}
}

func (p *pool) wantsMoreLocked(impatient bool) bool {
	waiting := p.waitingLocked()
	if p.retired || waiting <= p.starting || len(p.all) >= p.run.maxConcurrency {
		return false
	}
	if impatient || p.ready == 0 || p.duration == 0 {
		return true
	}
	drained := time.Duration(waiting) * p.duration / time.Duration(p.ready+p.starting)
	if drained > p.startCost {
		return true
	}
	p.armGrowLocked()
	return false
}

func (p *pool) armGrowLocked() {
	if p.growArmed {
		return
	}
	p.growArmed = true
	p.growTimer = rearm(p.s.clock, p.growTimer, p.startCost, p.growImpatient)
}

func (p *pool) growImpatient() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.growArmed = false
	head := p.queue.peek()
	if head == nil {
		return
	}
	p.growLocked(p.s.clock.Now().Sub(head.queued) >= p.startCost)
	if p.waitingLocked() > p.starting && len(p.all) < p.run.maxConcurrency && !p.retired {
		p.armGrowLocked()
	}
}

// idleLocked puts an instance on the stack.
func (p *pool) idleLocked(in *instance) {
	in.phase, in.idleSince = idle, p.s.clock.Now()
	p.idle = append(p.idle, in)
	p.armReapLocked(p.s.config.IdleTimeout)
}

func (p *pool) unidleLocked(in *instance) {
	if i := slices.Index(p.idle, in); i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
	}
}

func (p *pool) armReapLocked(d time.Duration) {
	if p.reapArmed || p.retired {
		return
	}
	p.reapArmed = true
	p.reapTimer = rearm(p.s.clock, p.reapTimer, d, p.reap)
}

// reap stops what has been idle for too long: a prefix of the stack.
func (p *pool) reap() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reapArmed = false
	now := p.s.clock.Now()
	n := 0
	for n < len(p.idle) && now.Sub(p.idle[n].idleSince) >= p.s.config.IdleTimeout {
		p.idle[n].killLocked(causeIdle)
		n++
	}
	p.idle = slices.Delete(p.idle, 0, n)
	if len(p.idle) > 0 {
		p.armReapLocked(p.s.config.IdleTimeout - now.Sub(p.idle[0].idleSince))
	}
}

// retire stops idle processes and those that start, lets the busy ones finish,
// and returns the invocations that wait. Nothing can be submitted afterwards.
func (p *pool) retire() []*Invocation {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retired = true
	for in := range p.all {
		if in.phase != busy {
			in.killLocked(causeRetired)
		}
	}
	p.idle = nil
	if p.growTimer != nil {
		p.growTimer.Stop()
	}
	if p.reapTimer != nil {
		p.reapTimer.Stop()
	}
	var left []*Invocation
	for inv := p.takeLocked(); inv != nil; inv = p.takeLocked() {
		left = append(left, inv)
	}
	return left
}

// kill stops everything at once; running invocations are answered as crashed.
func (p *pool) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for in := range p.all {
		in.killLocked(causeClosed)
	}
}

// drained reports whether no process is left.
func (p *pool) drained() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.all) == 0
}

// failWaitingLocked takes the invocations that a failed start dooms: all, when
// no process of this code has ever come up and none is alive; else the first.
func (p *pool) failWaitingLocked() []*Invocation {
	var doomed []*Invocation
	for inv := p.takeLocked(); inv != nil; inv = p.takeLocked() {
		inv.settled = true
		inv.started = p.s.clock.Now()
		doomed = append(doomed, inv)
		if p.ready > 0 {
			break
		}
	}
	return doomed
}

// average moves a mean by an eighth towards a new value.
func average(mean, value time.Duration) time.Duration {
	if mean == 0 {
		return max(value, 1)
	}
	return max(mean+(value-mean)/8, 1)
}

// rearm resets a timer or makes it.
func rearm(c Clock, t Timer, d time.Duration, f func()) Timer {
	if t == nil {
		return c.AfterFunc(d, f)
	}
	t.Reset(d)
	return t
}
