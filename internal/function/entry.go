package function

import (
	"sync"
	"sync/atomic"
	"time"
)

// entry is one function: uploaded, declared by a folder, or by the program.
type entry struct {
	s    *Service
	pool atomic.Pointer[pool] // of the current code; nil until invoked

	mu       sync.Mutex
	record   record    // for declared functions made up from their files
	declared *Declared // of the program
	folder   string    // that declares it; "" for the others
	command  []string  // of a declared function that names one
	most     int       // its own MaxConcurrency; 0 for the service's
	print    uint64    // fingerprint of the folder's files
	looked   time.Time // when it was taken
	gone     bool      // deleted: a late caller must look again
}

// source says where a function is declared; "" for uploaded ones.
func (e *entry) source() string {
	switch {
	case e.folder != "":
		return e.folder
	case e.declared != nil:
		return "the program"
	}
	return ""
}

// codeDir is the uploaded code's folder; "" for declared functions.
func (e *entry) codeDir() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.codeDirLocked()
}

func (e *entry) codeDirLocked() string {
	if e.source() != "" {
		return ""
	}
	return e.s.storage.codeDir(e.record.Configuration.FunctionName, e.record.Code)
}

// current returns the pool of the present code, made at first use.
func (e *entry) current() (*pool, error) {
	if p := e.pool.Load(); p != nil {
		return p, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.pool.Load(); p != nil {
		return p, nil
	}
	if e.gone {
		return nil, nil
	}
	run := e.runnableLocked()
	p := newPool(e.s, run, e.s.logOf(run.name))
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	if e.s.closed {
		return nil, errorClosed()
	}
	e.s.pools[p] = e.codeDirLocked()
	e.pool.Store(p)
	return p, nil
}

func (e *entry) runnableLocked() runnable {
	c := &e.record.Configuration
	run := runnable{
		config: &e.s.config, name: c.FunctionName, arn: c.FunctionArn, version: c.Version,
		runtime: c.Runtime, handler: c.Handler, support: e.s.interpreters.dir,
		timeout: time.Duration(c.Timeout) * time.Second, memory: c.MemorySize,
		maxConcurrency: or(e.most, e.s.config.MaxConcurrency),
	}
	if c.Environment != nil {
		run.variables = c.Environment.Variables
	}
	command := e.command
	switch {
	case e.folder != "":
		run.dir = e.folder
	case e.declared != nil:
		run.dir = e.declared.Dir
		run.timeout = or(e.declared.Timeout, run.timeout)
	default:
		run.dir = e.codeDirLocked()
	}
	if len(command) > 0 {
		dir := run.dir
		run.argv = func() ([]string, error) { return lookCommand(command, dir) }
		return run
	}
	shownRoot := ""
	if e.source() == "" {
		shownRoot = taskRoot
	}
	runtime, handler, dir := run.runtime, run.handler, run.dir
	run.argv = func() ([]string, error) { return e.s.interpreters.command(runtime, dir, handler, shownRoot) }
	return run
}

// renew retires the present pool; what waited there goes to the next one.
func (e *entry) renew() {
	p := e.pool.Swap(nil)
	if p == nil {
		return
	}
	left := p.retire()
	for _, inv := range left {
		e.s.resubmit(e, inv)
	}
	e.s.poolDrained(p)
}
