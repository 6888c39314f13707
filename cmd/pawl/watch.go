package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/function"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

const (
	watchEvery = 100 * time.Millisecond
	// statusEvery is how often a map run's progress is printed where no line can
	// be redrawn.
	statusEvery = 5 * time.Second
)

// watcher shows a Standard execution while it runs: it reads the turns that
// were added to its log, private facts and all.
type watcher struct {
	node   *node
	id     store.LogID // "": an execution without a log
	logs   *logTails   // nil: what functions log is not shown
	turns  uint64      // read
	began  time.Time
	screen *screen
	story  *story
	runs   map[string]*runWatch // by the map run's UUID
}

// runWatch measures a map run.
type runWatch struct {
	marks []mark // of the last rateWindow
}

type mark struct {
	at   time.Time
	done int64
}

const rateWindow = 3 * time.Second

func newWatcher(n *node, id store.LogID, began time.Time, s *screen) *watcher {
	w := &watcher{node: n, id: id, began: began, screen: s, runs: map[string]*runWatch{}}
	w.screen.plain = began
	w.story = newStory(func(at time.Time, kind lineKind, text string) { s.line(at.Sub(began), kind, text) })
	return w
}

// run shows the execution until ctx ends, and then what there is to its end.
func (w *watcher) run(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	defer w.screen.setStatus("")
	for {
		if err := w.read(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("watch the execution: %w", err)
		}
		select {
		case <-ctx.Done():
			return w.finish(context.WithoutCancel(ctx))
		case <-tick.C:
			w.status(ctx, time.Now())
		}
	}
}

// finish shows what there is to the end.
func (w *watcher) finish(ctx context.Context) error {
	if w.logs != nil {
		w.logs.flush(w.node.functions)
	}
	return w.read(ctx)
}

// read takes in the turns that were added.
func (w *watcher) read(ctx context.Context) error {
	if w.id == "" {
		return w.readLogs()
	}
	var failed error
	err := w.node.store.Turns(ctx, w.id, w.turns, func(turn []byte) bool {
		var events []history.Event
		if events, failed = history.DecodeTurn(turn); failed != nil {
			return false
		}
		w.turns++
		for i := range events {
			w.story.add(&events[i])
		}
		return true
	})
	if err == nil {
		err = failed
	}
	w.endRuns(ctx)
	return errors.Join(err, w.readLogs())
}

// readLogs shows what functions logged.
func (w *watcher) readLogs() error {
	if w.logs == nil {
		return nil
	}
	return w.logs.read(func(named string, line function.LogLine) {
		if !platformLine(line.Message) {
			w.screen.line(line.Time.Sub(w.began), logLine, named+" | "+line.Message)
		}
	})
}

// platformLine reports whether Lambda said it, not the function: the story tells
// of attempts in its own words.
func platformLine(message string) bool {
	for _, prefix := range []string{"INIT_START ", "START RequestId: ", "END RequestId: ", "REPORT RequestId: "} {
		if strings.HasPrefix(message, prefix) {
			return true
		}
	}
	return false
}

// status shows what goes on.
func (w *watcher) status(ctx context.Context, now time.Time) {
	parts := w.story.now(now)
	var runs []string
	for _, m := range w.story.mapRuns() {
		if text := w.mapRun(ctx, m, now); text != "" {
			runs = append(runs, text)
		}
	}
	if w.screen.terminal {
		w.screen.setStatus(statusText(append(runs, parts...)))
		return
	}
	if len(runs) > 0 && now.Sub(w.screen.plain) >= statusEvery {
		w.screen.plain = now
		for _, text := range runs {
			w.screen.line(now.Sub(w.began), plainLine, text)
		}
	}
}

// maxStatusParts is how much of what goes on is named.
const maxStatusParts = 4

func statusText(parts []string) string {
	rest := ""
	if over := len(parts) - maxStatusParts; over > 0 {
		rest = fmt.Sprintf("  +%d more", over)
		parts = parts[:maxStatusParts]
	}
	return strings.Join(parts, "  ") + rest
}

// mapRun describes a map run that runs; "" when it is not there yet.
func (w *watcher) mapRun(ctx context.Context, m *mapRunStory, now time.Time) string {
	run := w.runs[m.uuid]
	if run == nil {
		run = &runWatch{marks: []mark{{at: m.begun}}}
		w.runs[m.uuid] = run
	}
	d, err := w.node.host.MapRun(ctx, m.uuid)
	if err != nil {
		return ""
	}
	c := d.Items
	done := finished(&c)
	text := fmt.Sprintf("%s: %s", m.state, thousands(done))
	if m.length > 0 {
		text += "/" + thousands(int64(m.length))
	}
	rate := run.measure(now, done)
	if done > 0 && c.Running == 0 && c.Pending == 0 {
		return text + " items, collecting results" + failedText(&c)
	}
	return text + fmt.Sprintf(" items, %s/s, %s running", thousands(int64(rate)), thousands(c.Running)) + failedText(&c)
}

// measure returns the items per second of the last seconds.
func (r *runWatch) measure(now time.Time, done int64) float64 {
	r.marks = append(r.marks, mark{now, done})
	for len(r.marks) > 2 && now.Sub(r.marks[1].at) > rateWindow {
		r.marks = r.marks[1:]
	}
	first := r.marks[0]
	return float64(done-first.done) / max(now.Sub(first.at).Seconds(), 0.001)
}

func finished(c *host.MapRunCounts) int64 { return c.Succeeded + c.Failed + c.TimedOut + c.Aborted }

func failedText(c *host.MapRunCounts) string {
	if n := c.Failed + c.TimedOut + c.Aborted; n > 0 {
		return ", " + thousands(n) + " failed"
	}
	return ""
}

// endRuns tells the counts of the map runs that have ended.
func (w *watcher) endRuns(ctx context.Context) {
	for _, m := range w.story.ended {
		if d, err := w.node.host.MapRun(ctx, m.uuid); err == nil && finished(&d.Items) > 0 {
			w.screen.line(d.Stop.Sub(w.began), plainLine, m.state+": "+endText(d))
		}
		delete(w.runs, m.uuid)
	}
	w.story.ended = nil
}

// endText is what a map run did.
func endText(d *host.MapRun) string {
	done, took := finished(&d.Items), d.Stop.Sub(d.Start)
	text := fmt.Sprintf("%s items in %s", thousands(done), durationText(took))
	if took >= 100*time.Millisecond {
		text += fmt.Sprintf(" (%s/s)", thousands(int64(float64(done)/took.Seconds())))
	}
	return text + failedText(&d.Items)
}
