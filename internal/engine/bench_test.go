package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

const benchInput = `{"order":{"id":"o-1842","customer":"c-77","lines":[{"sku":"a","n":2},{"sku":"b","n":1}]},"total":129.95,"currency":"EUR"}`

// bench is a host in little: it decides, stores in memory and forgets.
type bench struct {
	p     *asl.Program
	env   Env
	arena value.Arena
	buf   []byte
}

func newBench(b *testing.B, definition string) *bench {
	b.Helper()
	p, diagnostics := asl.Compile(definition, asl.Standard)
	if p == nil {
		b.Fatal(diagnostics)
	}
	k := &bench{p: p}
	k.env = Env{
		Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Rand: rand.New(rand.NewPCG(1, 2)), Arena: &k.arena,
		Token: func(history.EventID, uint64, string) string { return "token" },
	}
	b.ReportAllocs()
	return k
}

// measure runs op and reports its CPU time by unit, of which it has n: on a
// machine that others use, only that is steady.
func measure(b *testing.B, unit string, n int, op func()) {
	b.Helper()
	before := cpuTime()
	for b.Loop() {
		op()
	}
	if used := cpuTime() - before; used > 0 {
		b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*n), "cpu-ns/"+unit)
	}
}

func (k *bench) begin() Begin {
	return Begin{Input: benchInput, Role: "role", Start: &history.Start{Definition: "d", Machine: "m", Execution: "e", StateMachine: "sm", ARN: "arn"}}
}

// take decides one input and encodes the turn.
func (k *bench) take(x *Execution, in Input) Turn {
	k.arena.Reset()
	turn := Decide(k.p, x, in, &k.env)
	k.env.Events = turn.Events
	k.buf = history.AppendTurn(k.buf[:0], turn.Events)
	return turn
}

// chain is a definition of n states and a Succeed.
func chain(n int, state string) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S0","States":{`)
	for i := range n {
		fmt.Fprintf(&b, `"S%d":{%s,"Next":"S%d"},`, i, state, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Succeed"}}}`, n)
	return b.String()
}

// BenchmarkChain carries an execution through 100 states in one turn.
func BenchmarkChain(b *testing.B) {
	for _, bb := range []struct{ name, state string }{
		{"Pass", `"Type":"Pass"`},
		{"Parameters", `"Type":"Pass","Parameters":{"id.$":"$.order.id","total.$":"$.total"},"ResultPath":"$.copy"`},
		{"Assign", `"Type":"Pass","Assign":{"id.$":"$.order.id"}`},
		{"JSONata", `"Type":"Pass","QueryLanguage":"JSONata","Output":{"order":"{% $states.input.order %}","total":"{% $states.input.total %}"}`},
	} {
		b.Run(bb.name, func(b *testing.B) {
			const n = 100
			k := newBench(b, chain(n, bb.state))
			measure(b, "transition", n+1, func() {
				x := New()
				if k.take(x, k.begin()); x.Status != Succeeded {
					b.Fatal(x.Status, *x.Cause)
				}
			})
		})
	}
}

// BenchmarkTask schedules a task and takes its answer: two turns.
func BenchmarkTask(b *testing.B) {
	const n = 20
	k := newBench(b, chain(n, `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$.order"},"ResultPath":"$.result"`))
	measure(b, "task", n, func() {
		x := New()
		turn := k.take(x, k.begin())
		for x.Status == Running {
			run := turn.Effects[0].(RunTask)
			turn = k.take(x, TaskDone{Task: run.Task, Nonce: run.Nonce, Output: `{"StatusCode":200,"Payload":{"ok":true}}`})
		}
		if x.Status != Succeeded {
			b.Fatal(x.Status)
		}
	})
}

// BenchmarkMap runs an inline Map of 1,000 items with a Pass.
func BenchmarkMap(b *testing.B) {
	k := newBench(b, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"End":true}}}`)
	in := k.begin()
	in.Input = "[" + strings.Repeat("12,", 999) + "12]"
	k.env.Budget = 10000
	measure(b, "item", 1000, func() {
		x := New()
		if k.take(x, in); x.Status != Succeeded {
			b.Fatal(x.Status)
		}
	})
}

// BenchmarkFold recovers an execution of 1,000 events.
func BenchmarkFold(b *testing.B) {
	k := newBench(b, chain(210, `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$.order"},"ResultPath":"$.result"`))
	x := New()
	var log [][]byte
	turn := k.take(x, k.begin())
	for x.Last < 1000 {
		log = append(log, append([]byte(nil), k.buf...))
		run := turn.Effects[0].(RunTask)
		turn = k.take(x, TaskDone{Task: run.Task, Nonce: run.Nonce, Output: `{"StatusCode":200}`})
	}
	measure(b, "event", 1000, func() {
		x := New()
		for _, stored := range log {
			events, err := history.DecodeTurn(stored)
			if err != nil {
				b.Fatal(err)
			}
			for i := range events {
				x.Apply(&events[i])
			}
		}
	})
}
