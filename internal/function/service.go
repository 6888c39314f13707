package function

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Service holds functions and runs them. It is safe for concurrent use.
type Service struct {
	config       Config
	clock        Clock
	storage      storage
	interpreters *interpreters
	spawner      *spawner
	starter      starter
	memory       memoryWatch
	tempDir      string
	logDir       string

	instances sync.WaitGroup // one for each instance's run
	changes   sync.Mutex     // one change of the catalogue at a time

	mu      sync.RWMutex
	entries map[string]*entry
	logs    map[string]*functionLog
	pools   map[*pool]string // live pools and the code folder to sweep after them
	retries map[*retry]struct{}
	closed  bool
}

// Open reads the uploaded functions of Config.Dir. Nothing is started before
// the first invocation. Only one Service may use a Dir.
func Open(config Config) (*Service, error) {
	config = config.withDefaults()
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("open functions: %w", err)
	}
	s := &Service{
		config: config, clock: config.Clock,
		storage: storage{filepath.Join(dir, "functions")},
		starter: starter{left: config.MaxStarting},
		tempDir: filepath.Join(dir, "tmp"),
		logDir:  filepath.Join(dir, "logs"),
		entries: map[string]*entry{}, logs: map[string]*functionLog{},
		pools: map[*pool]string{}, retries: map[*retry]struct{}{},
	}
	s.memory.s = s
	if err := s.prepare(dir); err != nil {
		return nil, fmt.Errorf("open functions in %s: %w", dir, err)
	}
	s.spawner = newSpawner()
	return s, nil
}

func (s *Service) prepare(dir string) error {
	// Nothing of an earlier run lives any more: processes die with their server.
	if err := os.RemoveAll(s.tempDir); err != nil {
		return err
	}
	for _, d := range []string{s.tempDir, s.logDir} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	var err error
	if s.interpreters, err = newInterpreters(filepath.Join(dir, "runtime")); err != nil {
		return err
	}
	records, err := s.storage.load()
	for _, r := range records {
		s.entries[r.Configuration.FunctionName] = &entry{s: s, record: r}
	}
	return err
}

// Close stops all processes and waits for them. Invocations that wait or run
// are answered with ServiceException. The service is unusable afterwards.
func (s *Service) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	pools := slices.Collect(maps.Keys(s.pools))
	retries := slices.Collect(maps.Keys(s.retries))
	s.mu.Unlock()
	for _, r := range retries {
		r.timer.Stop()
	}
	for _, p := range pools {
		left := p.retire()
		p.kill()
		for _, inv := range left {
			inv.fail(errorClosed())
		}
	}
	s.instances.Wait()
	s.spawner.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.logs {
		l.close()
	}
	return os.RemoveAll(s.tempDir)
}

func (s *Service) isClosed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.closed
}

func (s *Service) livePools() []*pool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.pools))
}

// poolDrained forgets a retired pool without processes, and the code that only
// it still used.
func (s *Service) poolDrained(p *pool) {
	p.mu.Lock()
	over := p.retired && len(p.all) == 0
	p.mu.Unlock()
	if !over {
		return
	}
	s.mu.Lock()
	code := s.pools[p]
	delete(s.pools, p)
	s.mu.Unlock()
	s.sweepCode(p.run.name, code)
}

func (s *Service) logOf(name string) *functionLog {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logs[name]
	if l == nil {
		l = newFunctionLog(s.logDir, name, s.config.MaxLogBytes, s.clock)
		s.logs[name] = l
	}
	return l
}

// Logs returns what a function printed, with Lambda's own lines, oldest first.
// The log outlives the function. Errors: *Error for a name that is none.
func (s *Service) Logs(name string, o LogOptions) ([]LogLine, error) {
	ref, err := ParseReference(name, "")
	if err != nil {
		return nil, err
	}
	lines, err := s.logOf(ref.Name).read(o)
	if err != nil {
		return nil, errorInternal("read log of "+ref.Name, err)
	}
	return lines, nil
}

// Stats counts a function's processes and invocations.
type Stats struct {
	Processes int // of these:
	Starting  int
	Idle      int
	Waiting   int // invocations without a process
}

// Stats tells what a function's pool does now; zero for one never invoked.
func (s *Service) Stats(name string) Stats {
	s.mu.RLock()
	e := s.entries[name]
	s.mu.RUnlock()
	if e == nil {
		return Stats{}
	}
	p := e.pool.Load()
	if p == nil {
		return Stats{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return Stats{Processes: len(p.all), Starting: p.starting, Idle: len(p.idle), Waiting: p.waitingLocked()}
}

func (s *Service) quiet() bool {
	for _, p := range s.livePools() {
		p.mu.Lock()
		working := p.waitingLocked() > 0 || len(p.all) > len(p.idle)
		p.mu.Unlock()
		if working {
			return false
		}
	}
	return true
}

// Drain waits until no invocation waits or runs, at most for the given time;
// it reports whether that came true. Call it before Close for a graceful end.
func (s *Service) Drain(atMost time.Duration) bool {
	deadline := time.Now().Add(atMost)
	for !s.quiet() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
	return true
}
