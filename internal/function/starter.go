package function

import (
	"runtime"
	"slices"
	"sync"
)

// starter bounds the processes that start at the same time and serves the
// pools that want one in turn.
type starter struct {
	mu      sync.Mutex
	left    int
	waiting []*pool
}

// acquire takes a slot, or notes that the pool wants one; release will then
// call its grow.
func (s *starter) acquire(p *pool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left > 0 {
		s.left--
		return true
	}
	if !slices.Contains(s.waiting, p) {
		s.waiting = append(s.waiting, p)
	}
	return false
}

// release gives a slot back and returns the pool whose turn it is, or nil. The
// caller must let that pool grow, without holding another pool's lock.
func (s *starter) release() *pool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left++
	if len(s.waiting) == 0 {
		return nil
	}
	p := s.waiting[0]
	s.waiting = s.waiting[1:]
	return p
}

// spawner runs jobs on one operating system thread of its own. Linux sends the
// parent-death signal when the *thread* that started a process ends, and Go
// ends threads when it likes; this one ends with the service or the program.
type spawner struct {
	jobs chan func()
	done chan struct{}
}

func newSpawner() *spawner {
	s := &spawner{jobs: make(chan func()), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *spawner) run() {
	runtime.LockOSThread() // never unlocked: the thread ends with us
	defer close(s.done)
	for job := range s.jobs {
		job()
	}
}

// do runs job on the thread and waits for it.
func (s *spawner) do(job func()) {
	finished := make(chan struct{})
	s.jobs <- func() { job(); close(finished) }
	<-finished
}

// close ends the thread; every process it started that still lives is killed.
func (s *spawner) close() {
	close(s.jobs)
	<-s.done
}
