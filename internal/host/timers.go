package host

import (
	"container/heap"
	"time"

	"pawl.dev/internal/store"
)

// timers are the wake-ups of executions that live in memory, earliest first. An
// entry that its execution no longer needs wakes it in vain.
type timers []timer

type timer struct {
	at time.Time
	id store.LogID
}

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)        { *t = append(*t, x.(timer)) }

func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

func (t *timers) push(at time.Time, id store.LogID) {
	if !at.IsZero() {
		heap.Push(t, timer{at, id})
	}
}

func (t *timers) pop() store.LogID { return heap.Pop(t).(timer).id }
