package function

import (
	"net"
	"os"
	"sync"
	"time"
)

// phase is where an instance stands; it moves down this list, with a loop
// between idle, busy and finishing.
type phase uint8

const (
	starting  phase = iota // until the first request for an event
	idle                   // its request for the next event is held
	busy                   // it has an event
	finishing              // it answered and has not asked for the next event yet
	dead                   // killed or gone; the pool forgets it when it was waited for
)

// cause says why we killed an instance.
type cause uint8

const (
	causeNone        cause = iota // it died by itself
	causeTimeout                  // the invocation took too long
	causeInitTimeout              // the init took too long
	causeInitError                // it reported an init error and did not exit
	causeMemory                   // it outgrew its memory
	causeIdle                     // nobody needed it
	causeRetired                  // its code or configuration was replaced
	causeClosed                   // the service closes
)

// initErrorGrace is how long a runtime may live on after it reported that its
// init failed.
const initErrorGrace = time.Second

// instance is one process with its own Runtime API. The address is its
// identity: path prefixes break the clients of some languages.
type instance struct {
	p      *pool
	stream string // log stream, yyyy/mm/dd/[$LATEST]<32 hex>
	temp   string // its own folder for temporary files
	ln     *net.TCPListener
	closed chan struct{}  // closed when the listener accepts no more
	work   sync.WaitGroup // connections, large deliveries
	output *output
	began  time.Time

	connMu sync.Mutex
	conns  map[*conn]struct{}

	// Under the pool's lock.
	proc      *process // nil until started
	phase     phase
	cause     cause
	initError []byte
	initTime  time.Duration
	current   *Invocation
	waiting   *conn // whose request for the next event is held
	idleSince time.Time
	timer     Timer // one for all its limits; fires late at worst, never early
	timerSet  bool
	peak      int64 // bytes of memory, the most seen
	invoked   bool  // answered at least once
}

func newInstance(p *pool) *instance {
	return &instance{p: p, closed: make(chan struct{}), conns: map[*conn]struct{}{}}
}

// run is the life of an instance, from the start of its process to the end of
// everything that belongs to it.
func (in *instance) run() {
	end := ending{}
	if proc, err := in.start(); err != nil {
		end.err = err
	} else {
		end.exit = proc.wait()
		proc.killGroup() // children the process left behind
		proc.forget()
	}
	in.closeConnections()
	if in.output != nil {
		in.output.close()
	}
	in.bury(end)
	if in.temp != "" {
		// What stays is removed with the whole temporary folder.
		_ = os.RemoveAll(in.temp)
	}
}

func (in *instance) start() (*process, error) {
	in.began = in.p.s.clock.Now()
	in.stream = in.began.UTC().Format("2006/01/02/[") + in.p.run.version + "]" + newHex()
	var err error
	if in.temp, err = os.MkdirTemp(in.p.s.tempDir, "i-"); err != nil {
		return nil, err
	}
	argv, err := in.p.run.argv()
	if err != nil {
		return nil, err
	}
	if in.output, err = newOutput(in.p.log, in.stream, in.p.s.clock); err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	in.ln = ln.(*net.TCPListener)
	go in.accept()
	env := in.p.run.environment(in.ln.Addr().String(), in.stream, in.temp)
	in.output.line("INIT_START Runtime Version: " + in.p.run.runtimeName())
	var proc *process
	in.p.s.spawner.do(func() { proc, err = startProcess(argv, in.p.run.dir, env, in.output.writeEnd()) })
	in.output.handedOver()
	if err != nil {
		return nil, err
	}
	in.p.mu.Lock()
	defer in.p.mu.Unlock()
	in.proc = proc
	if in.cause != causeNone { // retired meanwhile
		proc.killGroup()
	}
	if in.phase == starting {
		in.setTimerLocked(in.initLimitLocked())
	}
	return proc, nil
}

// initLimitLocked is InitTimeout at first; an init that exceeded it is tried
// again as part of the invocation, within the function's timeout. Source:
// Lambda guide, "Init phase".
func (in *instance) initLimitLocked() time.Duration {
	if in.p.slowInit {
		return max(in.p.s.config.InitTimeout, in.p.run.timeout)
	}
	return in.p.s.config.InitTimeout
}

// next handles a connection's request for the next event.
func (in *instance) next(c *conn) {
	p := in.p
	p.mu.Lock()
	if in.phase == dead {
		p.mu.Unlock()
		return
	}
	c.hold()
	in.waiting = c
	var turn *pool
	if in.phase == starting {
		turn = in.initialisedLocked()
	}
	var inv *Invocation
	if in.current == nil {
		inv = in.offerLocked()
	}
	p.mu.Unlock()
	if turn != nil {
		turn.grow()
	}
	if inv != nil {
		in.send(c, inv)
	}
}

func (in *instance) initialisedLocked() *pool {
	p := in.p
	in.initTime = p.s.clock.Now().Sub(in.began)
	p.startCost = average(p.startCost, in.initTime)
	p.starting--
	p.ready++
	in.phase = finishing
	in.timerSet = false // the init's limit: the first invocation has its own
	return p.s.starter.release()
}

// offerLocked gives the instance the next invocation, or lets it idle.
func (in *instance) offerLocked() *Invocation {
	if in.p.retired {
		in.killLocked(causeRetired)
		return nil
	}
	inv := in.p.takeLocked()
	if inv == nil {
		in.p.idleLocked(in)
		return nil
	}
	in.assign(inv)
	return inv
}

// assign makes the instance busy and returns the connection to answer on. The
// pool's lock is held.
func (in *instance) assign(inv *Invocation) *conn {
	c := in.waiting
	in.waiting = nil
	in.phase, in.current = busy, inv
	inv.started = in.p.s.clock.Now()
	inv.deadline = inv.started.Add(in.p.run.timeout)
	if !in.timerSet {
		in.setTimerLocked(in.p.run.timeout)
	}
	in.p.s.memory.arm()
	return c
}

// send writes the event to the process. If the process has gone the event goes
// back to the queue, once: no handler has seen it.
func (in *instance) send(c *conn, inv *Invocation) {
	in.output.begin(inv)
	if err := c.deliver(inv); err == nil {
		return
	}
	p := in.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if in.current == inv && !inv.repeated && !p.retired {
		in.current = nil
		inv.repeated = true
		inv.started = time.Time{}
		p.queue.pushFront(inv)
	}
	in.killLocked(causeNone)
	p.growLocked(false)
}

// answered takes a result; false if the instance has no such invocation.
func (in *instance) answered(id string, o outcome) bool {
	p := in.p
	p.mu.Lock()
	inv := in.current
	if inv == nil || inv.id != id || inv.settled {
		p.mu.Unlock()
		return false
	}
	took := p.s.clock.Now().Sub(inv.started)
	p.duration = average(p.duration, took)
	inv.settled = true
	in.current = nil
	if in.phase != dead {
		in.phase = finishing
	}
	rep := in.reportLocked(took)
	p.mu.Unlock()
	inv.respond(o, in.output.end(inv, rep))
	in.resume()
	return true
}

// reportLocked collects what the REPORT line says of an invocation.
func (in *instance) reportLocked(took time.Duration) report {
	if in.peak == 0 {
		in.peak = in.proc.memory().total
	}
	rep := report{took: took, memory: in.p.run.memory, peak: in.peak}
	if !in.invoked {
		rep.init = in.initTime
	}
	in.invoked = true
	return rep
}

// resume continues a client that asked for the next event on another
// connection before its result arrived on this one.
func (in *instance) resume() {
	p := in.p
	p.mu.Lock()
	c := in.waiting
	var inv *Invocation
	if c != nil && in.phase == finishing {
		inv = in.offerLocked()
	}
	p.mu.Unlock()
	if inv != nil {
		in.send(c, inv)
	}
}

// initFailed notes why the process will not come up; the invocations that wait
// are answered when it is gone.
func (in *instance) initFailed(errorType string, body []byte) {
	if len(body) == 0 {
		body = failure(or(errorType, "Runtime.Unknown"), "")
	}
	in.p.mu.Lock()
	defer in.p.mu.Unlock()
	if in.phase == starting {
		in.initError = body
		in.setTimerLocked(initErrorGrace)
	}
}

// hungUp forgets a connection's held request.
func (in *instance) hungUp(c *conn) {
	p := in.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if in.waiting != c {
		return
	}
	in.waiting = nil
	if in.phase == idle {
		p.unidleLocked(in)
		in.phase = finishing
	}
}

func (in *instance) setTimerLocked(d time.Duration) {
	in.timerSet = true
	in.timer = rearm(in.p.s.clock, in.timer, d, in.overdue)
}

// overdue runs when a limit may have passed. The timer is not reset for each
// invocation: it looks whose deadline it is when it fires.
func (in *instance) overdue() {
	p := in.p
	p.mu.Lock()
	in.timerSet = false
	var late *Invocation
	var rep report
	switch {
	case in.phase == starting && in.initError != nil:
		in.killLocked(causeInitError)
	case in.phase == starting:
		in.killLocked(causeInitTimeout)
	case in.phase == busy && in.current != nil:
		now := p.s.clock.Now()
		if left := in.current.deadline.Sub(now); left > 0 {
			in.setTimerLocked(left)
			break
		}
		late, in.current = in.current, nil
		late.settled = true
		rep = in.reportLocked(now.Sub(late.started))
		in.killLocked(causeTimeout)
	}
	p.mu.Unlock()
	if late != nil {
		// Answered before the process is gone: one that hangs in the kernel may
		// take its time.
		text := "Task timed out after " + seconds(p.run.timeout) + " seconds"
		in.output.line(logTime(late.deadline) + " " + late.id + " " + text)
		tail := in.output.end(late, rep)
		late.respond(outcome{payload: failure("Sandbox.Timedout", "RequestId: "+late.id+" Error: "+text), failed: true}, tail)
	}
}

// killLocked ends the process; run sees it go and answers what it owed. A
// starting instance keeps its slot until then.
func (in *instance) killLocked(why cause) {
	if in.proc != nil {
		in.proc.killGroup()
	}
	if in.cause == causeNone {
		in.cause = why
	}
	if in.phase != starting && in.phase != dead {
		in.p.ready--
		in.phase = dead
	}
}
