package sim

import (
	"container/heap"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

var (
	seedFlag = flag.Uint64("seed", 0, "run the simulation with this seed only")
	runs     = flag.Int("sim.n", 1500, "how many seeds the simulation tries")
)

// TestSim compares a stormy run of every seed with the calm one.
func TestSim(t *testing.T) {
	t.Parallel()
	first, n := uint64(1), *runs
	if *seedFlag != 0 {
		first, n = *seedFlag, 1
	}
	ended := map[engine.Status]int{}
	for seed := first; seed < first+uint64(n); seed++ {
		s := simulate(t, seed)
		ended[s]++
		if t.Failed() {
			t.Fatalf("go test ./internal/sim -run Sim -seed %d", seed)
		}
	}
	t.Logf("%d seeds: %d succeeded, %d failed, %d timed out, %d aborted",
		n, ended[engine.Succeeded], ended[engine.Failed], ended[engine.TimedOut], ended[engine.Aborted])
	if *seedFlag == 0 && (ended[engine.Succeeded] < n/5 || ended[engine.Failed] < n/10) {
		t.Error("the workload is lopsided: the simulation proves little")
	}
}

func simulate(t *testing.T, seed uint64) engine.Status {
	t.Helper()
	text, input := definition(rand.New(rand.NewPCG(seed, 0)))
	p, diagnostics := asl.Compile(text, asl.Standard)
	if p == nil {
		t.Fatalf("seed %d: %v\n%s", seed, diagnostics, text)
	}
	calm := newRun(t, p, seed, nil)
	calm.live(input)
	for storm := uint64(1); storm <= 2; storm++ {
		stormy := newRun(t, p, seed, rand.New(rand.NewPCG(seed, storm)))
		stormy.live(input)
		if diff := cmp.Diff(show(calm.log), show(stormy.log)); diff != "" {
			t.Errorf("storm %d changed the history:\n%s\n%s", storm, diff, text)
			break
		}
	}
	judge(t, calm.log)
	return calm.x.Status
}

// show prints a log as lines.
func show(log [][]byte) []string {
	var lines []string
	for _, turn := range log {
		events, err := history.DecodeTurn(turn)
		if err != nil {
			panic(err)
		}
		for i := range events {
			lines = append(lines, fmt.Sprintf("%+v", eventLine(&events[i])))
		}
		lines = append(lines, "--")
	}
	return lines
}

func eventLine(e *history.Event) string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return fmt.Sprintf("%d<%d %s %s %s frame=%d at=%s until=%s %s %s", e.ID, e.Previous, e.Type, e.Name, e.Payload,
		e.Frame, e.Time.Format("05.000"), e.Until.Format("05.000"), text(e.Error), text(e.Cause))
}

// judge checks what must hold for every history.
func judge(t *testing.T, log [][]byte) {
	t.Helper()
	var last history.EventID
	var at time.Time
	open := map[string]int{}
	for _, turn := range log {
		events, _ := history.DecodeTurn(turn)
		for i := range events {
			e := &events[i]
			if e.Time.Before(at) {
				t.Errorf("event %d goes back in time", e.ID)
			}
			at = e.Time
			if e.ID == 0 {
				continue
			}
			if e.ID != last+1 || e.Previous >= e.ID {
				t.Errorf("event %d<%d follows %d", e.ID, e.Previous, last)
			}
			last = e.ID
			if strings.HasSuffix(e.Type.String(), "StateExited") {
				if open[e.Name]--; open[e.Name] < 0 {
					t.Errorf("event %d: %s is left and was not entered", e.ID, e.Name)
				}
			}
			if strings.HasSuffix(e.Type.String(), "StateEntered") {
				open[e.Name]++
			}
		}
	}
}

// run is one life of an execution: a store in memory, a world and, in a storm,
// bad luck.
type run struct {
	t     *testing.T
	p     *asl.Program
	seed  uint64
	luck  *rand.Rand // nil: calm
	now   time.Time
	log   [][]byte // what is durable
	x     *engine.Execution
	world world
	arena value.Arena
	old   []engine.Input // that were delivered
}

func newRun(t *testing.T, p *asl.Program, seed uint64, luck *rand.Rand) *run {
	return &run{
		t: t, p: p, seed: seed, luck: luck, x: engine.New(), world: world{seed: seed},
		now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// bad reports whether something bad happens, of which the chance is one in n.
func (r *run) bad(n int) bool { return r.luck != nil && r.luck.IntN(n) == 0 }

// live runs the execution to its end.
func (r *run) live(input string) {
	r.t.Helper()
	fate := r.world.fate("stop", 0)
	if fate.IntN(12) == 0 {
		r.world.send(r.now.Add(time.Duration(fate.IntN(5000))*time.Millisecond), 0, engine.Stop{}, true)
	}
	r.offer(engine.Begin{Input: input, Role: "r", Start: &history.Start{Machine: "m", Execution: "e", ARN: "arn:e", StateMachine: "arn:m"}})
	r.toEnd()
	if r.x.Status != engine.Succeeded && fate.IntN(3) == 0 {
		r.now = r.now.Add(time.Hour)
		r.offer(engine.Redrive{})
		r.toEnd()
	}
}

func (r *run) toEnd() {
	r.t.Helper()
	for steps := 0; r.x.Status == engine.Running; steps++ {
		if steps > 5000 {
			r.t.Fatal("the execution does not end")
		}
		r.junk()
		r.step()
	}
	r.junk()
}

// step lets time pass until something reaches the execution.
func (r *run) step() {
	r.t.Helper()
	wake := r.x.NextWake()
	mailed := len(r.world.queue) > 0
	switch {
	case mailed && (wake.IsZero() || !r.world.queue[0].at.After(wake)):
		d := heap.Pop(&r.world.queue).(delivery)
		r.now = later(d.at, r.now)
		r.offer(d.in)
	case !wake.IsZero():
		r.now = later(wake, r.now)
		r.offer(engine.Wake{})
	default:
		r.t.Fatalf("I9: nothing will move the execution\n%s", strings.Join(show(r.log), "\n"))
	}
}

// junk sends inputs that must decide nothing (I6): repeated ones, forged ones,
// early wake-ups.
func (r *run) junk() {
	for r.bad(4) {
		var in engine.Input
		switch n := r.luck.IntN(6); {
		case n < 3 && len(r.old) > 0:
			in = r.old[r.luck.IntN(len(r.old))]
			switch in.(type) {
			case engine.Beat, engine.Redrive: // may be repeated, and count
				continue
			case engine.Stop:
				if r.x.Status == engine.Running { // once more after a redrive
					continue
				}
			case engine.Wake, engine.Continue:
				if r.due() {
					continue
				}
			}
		case n == 3:
			in = engine.TaskDone{Task: history.EventID(r.luck.IntN(30)), Nonce: r.luck.Uint64(), Output: "{}"}
		case n == 4:
			in = engine.MapRunDone{UUID: "forged", Output: "[]"}
		default:
			if r.due() {
				continue
			}
			in = engine.Wake{}
		}
		if turn := r.decide(in); len(turn.Events) > 0 {
			r.t.Fatalf("I6: seed %d: %T decided %v", r.seed, in, turn.Events)
		}
	}
}

// due reports whether a wake-up would be in time.
func (r *run) due() bool {
	wake := r.x.NextWake()
	return !wake.IsZero() && !wake.After(r.now)
}

// decide takes an input. The chance that the engine sees follows from the
// position in the log, so that a turn that was lost is decided alike again.
func (r *run) decide(in engine.Input) engine.Turn {
	r.arena.Reset()
	return engine.Decide(r.p, r.x, in, &engine.Env{
		Now: r.now, Rand: r.world.fate("turn", uint64(len(r.log))), Arena: &r.arena, Region: "eu",
		Token:  func(task history.EventID, nonce uint64, _ string) string { return fmt.Sprint(task, nonce) },
		Budget: 3 + int(r.seed%40),
	})
}

// offer carries one input, and what it leaves to be done, to rest.
func (r *run) offer(in engine.Input) {
	r.t.Helper()
	for {
		turn := r.decide(in)
		if r.bad(20) { // a crash in front of the commit: the input comes again
			r.crash()
			continue
		}
		if len(turn.Events) > 0 {
			r.log = append(r.log, history.AppendTurn(nil, turn.Events))
		}
		if len(turn.Events) > 200 {
			r.t.Errorf("I7: a turn of %d events", len(turn.Events))
		}
		if r.bad(20) { // a crash behind the commit: nothing was released
			r.crash()
		} else {
			for _, e := range turn.Effects {
				r.world.take(e, r.now, r.now)
			}
		}
		if r.old = append(r.old, in); !turn.Yielded {
			return
		}
		in = engine.Continue{}
	}
}

// crash drops everything that is not durable and recovers from the log.
func (r *run) crash() {
	r.t.Helper()
	r.x = engine.New()
	runs := map[string]time.Time{}
	for _, turn := range r.log {
		events, err := history.DecodeTurn(turn)
		if err != nil {
			r.t.Fatal(err)
		}
		for i := range events {
			r.x.Apply(&events[i])
			if events[i].Type == history.MapRunStarted || events[i].Type == history.MapRunRedriven {
				runs[events[i].MapRun] = events[i].Time
			}
		}
	}
	r.world.forget()
	for _, e := range r.x.Outstanding() {
		started := r.now
		switch e := e.(type) {
		case engine.StartMapRun:
			started = runs[e.UUID]
		case engine.RedriveMapRun:
			started = runs[e.UUID]
		}
		r.world.take(e, r.now, started)
	}
}
