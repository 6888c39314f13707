package host

import (
	"container/heap"
	"time"
)

// timers are the wake-ups of executions that live in memory, earliest first.
// Each execution has at most one entry, which leaves with it.
type timers []*resident

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].timer.Before(t[j].timer) }

func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].timerAt, t[j].timerAt = i+1, j+1
}

func (t *timers) Push(x any) {
	r := x.(*resident)
	*t = append(*t, r)
	r.timerAt = len(*t)
}

func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*t = old[:len(old)-1]
	last.timerAt = 0
	return last
}

// set gives r the wake-up at, or takes its wake-up away when at is zero.
func (t *timers) set(r *resident, at time.Time) {
	switch {
	case at.IsZero() && r.timerAt == 0:
	case at.IsZero():
		heap.Remove(t, r.timerAt-1)
	case r.timerAt == 0:
		r.timer = at
		heap.Push(t, r)
	case !at.Equal(r.timer):
		r.timer = at
		heap.Fix(t, r.timerAt-1)
	}
}
