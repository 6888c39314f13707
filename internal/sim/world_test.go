package sim

import (
	"container/heap"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
)

// delivery is an input on its way to the execution.
type delivery struct {
	at    time.Time
	order uint64 // among deliveries at the same time; the same in every run
	in    engine.Input
	// held says that a party outside keeps it over our crashes: the worker of an
	// activity, the receiver of a message.
	held bool
}

// mail is a queue of deliveries by time.
type mail []delivery

func (m mail) Len() int { return len(m) }
func (m mail) Less(i, j int) bool {
	if m[i].at.Equal(m[j].at) {
		return m[i].order < m[j].order
	}
	return m[i].at.Before(m[j].at)
}
func (m mail) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *mail) Push(x any)   { *m = append(*m, x.(delivery)) }
func (m *mail) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}

// world answers effects. What it answers, and when, follows from the seed and the
// attempt alone, so that an attempt that is handed out twice is answered alike.
type world struct {
	seed  uint64
	queue mail
	sent  map[uint64]bool // what outsiders hold or held, by order: it is sent once
}

// fate is a source of chance that belongs to one thing.
func (w *world) fate(thing string, n uint64) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(thing))
	return rand.New(rand.NewPCG(w.seed, h.Sum64()^n*0x9e3779b97f4a7c15))
}

func (w *world) send(at time.Time, order uint64, in engine.Input, held bool) {
	if held {
		if w.sent[order] {
			return
		}
		if w.sent == nil {
			w.sent = map[uint64]bool{}
		}
		w.sent[order] = true
	}
	heap.Push(&w.queue, delivery{at, order, in, held})
}

// take reacts to one effect.
func (w *world) take(e engine.Effect, now time.Time, started time.Time) {
	switch e := e.(type) {
	case engine.RunTask:
		w.run(e, now)
	case engine.StartMapRun:
		r := w.fate(e.UUID, 0)
		at := later(started.Add(time.Duration(r.IntN(4000))*time.Millisecond), now)
		in := engine.MapRunDone{UUID: e.UUID, Output: `[1,2,3]`}
		if r.IntN(4) == 0 {
			in = engine.MapRunDone{UUID: e.UUID, Failure: asl.NewFailure(asl.ErrToleratedFailures, "too many")}
		}
		w.send(at, 1<<40+r.Uint64N(1<<20), in, true)
	case engine.RedriveMapRun:
		r := w.fate(e.UUID, uint64(e.Count))
		w.send(later(started.Add(time.Duration(r.IntN(4000))*time.Millisecond), now), 1<<41+r.Uint64N(1<<20),
			engine.MapRunDone{UUID: e.UUID, Redrives: e.Count, Output: `[4]`}, true)
	case engine.CancelTask, engine.StopMapRun:
		// The answer comes nevertheless, too late.
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// run answers an attempt: well, with an error, or not at all.
func (w *world) run(e engine.RunTask, now time.Time) {
	id, resource := e.Task, e.Scheduled.Resource
	r := w.fate("task", uint64(id))
	at := e.Scheduled.Time
	step := func(ms int) time.Time {
		at = at.Add(time.Duration(1+r.IntN(ms)) * time.Millisecond)
		return later(at, now)
	}
	order := uint64(id) << 8
	held := e.Scheduled.Type == history.ActivityScheduled
	if held {
		w.send(step(1500), order, engine.Taken{Task: id, Nonce: e.Nonce, Worker: "w"}, false)
	}
	if strings.Contains(resource, ".") {
		w.send(step(500), order+1, engine.Submitted{Task: id, Nonce: e.Nonce, Output: `{"job":1}`}, false)
	}
	if strings.HasSuffix(resource, "waitForTaskToken") {
		held = true
		for i := range r.IntN(3) {
			w.send(step(1800), order+10+uint64(i), engine.Beat{Task: id, Nonce: e.Nonce}, true)
		}
	}
	switch n := r.IntN(100); {
	case n < 60:
		w.send(step(3000), order+3, engine.TaskDone{Task: id, Nonce: e.Nonce, Output: `{"n":1,"items":[true]}`}, held)
	case n < 90:
		name := []string{"E1", "E2", "States.TaskFailed"}[r.IntN(3)]
		w.send(step(3000), order+3, engine.TaskBroke{Task: id, Nonce: e.Nonce, Failure: asl.NewFailure(name, "broke")}, held)
	}
}

// forget is what a crash of ours does: what nobody outside keeps is lost.
func (w *world) forget() {
	kept := w.queue[:0]
	for _, d := range w.queue {
		if d.held {
			kept = append(kept, d)
		}
	}
	w.queue = kept
	heap.Init(&w.queue)
}
