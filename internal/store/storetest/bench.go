package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"pawl.dev/internal/store"
)

// Stored is how many logs the benchmarks of large stores put in first.
const Stored = 1_000_000

// Bench measures a store. open returns an empty one, which Bench closes. Each
// benchmark reports its operations a second, and the CPU time of the process
// for each: on a shared machine only the latter is steady.
func Bench(b *testing.B, open func(b *testing.B) store.Store) {
	run := func(name string, bench func(b *testing.B, s store.Store)) {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			bench(b, s)
			if err := s.Close(); err != nil {
				b.Error(err)
			}
		})
	}
	for _, records := range []int{1, 16, 256} {
		run(fmt.Sprintf("commit/records=%d", records), func(b *testing.B, s store.Store) {
			benchCommit(b, s, records)
		})
	}
	for _, shards := range []int{4, 16, 64} {
		run(fmt.Sprintf("parallel/records=16/shards=%d", shards), func(b *testing.B, s store.Store) {
			benchShards(b, s, shards, 16)
		})
	}
	run("tasks/records=64", benchTasks)
	run("executions/records=64", benchExecutions)
	run("children/records=64", benchChildren)
	run("large/1MB", benchLarge)
	run("due/stored=1M", benchDue)
	run("list/stored=1M", benchList)
}

// meter reports rates; it starts with the timed part of a benchmark.
type meter struct {
	b       *testing.B
	started time.Time
	cpu     time.Duration
}

func startMeter(b *testing.B) meter {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	return meter{b, time.Now(), cpuTime()}
}

// stop reports n operations called what.
func (m meter) stop(n int, what string) {
	m.b.Helper()
	m.b.StopTimer()
	m.b.ReportMetric(float64(n)/time.Since(m.started).Seconds(), what+"/s")
	if cpu := cpuTime() - m.cpu; cpu > 0 {
		m.b.ReportMetric(float64(cpu.Nanoseconds())/float64(n), "cpu-ns/"+what)
	}
}

func acquire(tb testing.TB, s store.Store, shard uint32) store.Lease {
	tb.Helper()
	lease, err := s.Acquire(context.Background(), shard)
	if err != nil {
		tb.Fatal(err)
	}
	return lease
}

func commit(tb testing.TB, s store.Store, lease store.Lease, records []store.Record) {
	if err := s.Commit(context.Background(), lease, records); err != nil {
		tb.Fatal(err)
	}
}

// payload is a turn of 300 bytes, as compressible as JSON is.
func payload(n int) []byte {
	text := fmt.Appendf(make([]byte, 0, 300), `{"type":"TaskStateEntered","id":%d,"input":{"order":"%x"`, n, uint64(n)*0x9e3779b97f4a7c15)
	for i := 0; len(text) < 280; i++ {
		text = fmt.Appendf(text, `,"item%d":%d`, i, n*(i+7919)%100_000)
	}
	return append(text, "}}"...)
}

// benchCommit appends to chains: each commit holds one turn of each of records
// logs, which end after 20 turns.
func benchCommit(b *testing.B, s store.Store, records int) {
	lease := acquire(b, s, 1)
	batch := make([]store.Record, records)
	turn, n, round := payload(1), 0, uint64(0)
	m := startMeter(b)
	for b.Loop() {
		advance(batch, turn, 0, round)
		commit(b, s, lease, batch)
		round++
		n += records
	}
	m.stop(n, "record")
}

// advance makes batch the round-th commit of the chains of a shard.
func advance(batch []store.Record, turn []byte, shard int, round uint64) {
	for i := range batch {
		if round%20 == 0 {
			batch[i].ID = store.ExecutionID("machine", fmt.Sprintf("%d-%d-%d", shard, round/20, i))
		}
		batch[i].Position, batch[i].Turn = round%20, turn
	}
}

// benchShards lets each of the shards commit on its own, one after the other.
func benchShards(b *testing.B, s store.Store, shards, records int) {
	turn := payload(1)
	var next atomic.Uint32
	b.SetParallelism((shards + 1) / 2) // times GOMAXPROCS, of 2 on the machine of our budgets
	var total atomic.Int64
	m := startMeter(b)
	b.RunParallel(func(pb *testing.PB) {
		shard := next.Add(1)
		lease := acquire(b, s, shard)
		batch := make([]store.Record, records)
		for round := uint64(0); pb.Next(); round++ {
			advance(batch, turn, int(shard), round)
			if err := s.Commit(context.Background(), lease, batch); err != nil {
				b.Error(err)
				return
			}
			total.Add(int64(records))
		}
	})
	m.stop(int(total.Load()), "record")
}

// benchTasks does task transitions: a turn that opens the log and sets a timeout,
// one that closes it and takes the timeout back, and the look at the clock
// between.
func benchTasks(b *testing.B, s store.Store) {
	lease := acquire(b, s, 1)
	batch := make([]store.Record, 64)
	turn, n := payload(1), 0
	var wakes [64]time.Time
	m := startMeter(b)
	for round := uint64(0); b.Loop(); round++ {
		advance(batch, turn, 0, round)
		opens := round%2 == 0
		for i := range batch {
			batch[i].OldOpen, batch[i].OldWake = !opens, wakes[i]
			wakes[i] = time.Time{}
			if opens {
				wakes[i] = at(60_000 + n + i)
			}
			batch[i].Open, batch[i].Wake = opens, wakes[i]
		}
		commit(b, s, lease, batch)
		if _, err := s.NextWake(context.Background(), 1); err != nil {
			b.Fatal(err)
		}
		n += len(batch)
	}
	m.stop(n, "record")
}

// benchExecutions starts executions and ends them in a second turn.
func benchExecutions(b *testing.B, s store.Store) {
	benchTwoTurns(b, s, "execution", func(n int) *store.Summary {
		return execution("machine", fmt.Sprintf("%08x-order", uint32(n)*0x9e3779b9), n, store.Running)
	})
}

// benchChildren does the same with children of a map run.
func benchChildren(b *testing.B, s store.Store) {
	benchTwoTurns(b, s, "child", func(n int) *store.Summary { return child(uint64(n), store.Running) })
}

func benchTwoTurns(b *testing.B, s store.Store, what string, summary func(n int) *store.Summary) {
	lease := acquire(b, s, 1)
	batch := make([]store.Record, 64)
	turn, n := payload(1), 0
	m := startMeter(b)
	for b.Loop() {
		for i := range batch {
			batch[i] = store.Record{Turn: turn, Summary: summary(n + i), Wake: at(n + 60_000)}
			batch[i].ID = batch[i].Summary.ID
		}
		commit(b, s, lease, batch)
		for i := range batch {
			r := &batch[i]
			r.Summary.Status, r.Summary.Stop, r.OldStatus = store.Succeeded, at(n+50), store.Running
			r.Position, r.OldWake, r.Wake = 1, r.Wake, time.Time{}
		}
		commit(b, s, lease, batch)
		n += len(batch)
	}
	m.stop(n, what)
}

func benchLarge(b *testing.B, s store.Store) {
	lease := acquire(b, s, 1)
	turn := make([]byte, 0, 1<<20)
	for n := 0; len(turn) < 1<<20-300; n++ {
		turn = append(turn, payload(n)...)
	}
	batch := make([]store.Record, 1)
	n := 0
	m := startMeter(b)
	for round := uint64(0); b.Loop(); round++ {
		advance(batch, turn, 0, round)
		commit(b, s, lease, batch)
		n++
	}
	m.stop(n, "record")
}

// FillSleepers starts n sleeping executions of one machine in shard 1, the i-th
// of which wakes i ms after 2026-01-02T03:04:05Z. It returns the shard's lease.
func FillSleepers(tb testing.TB, s store.Store, n int) store.Lease {
	tb.Helper()
	return fill(tb, s, n, func(i int) store.Record {
		r := started(execution("machine", fmt.Sprintf("%08x-order", uint32(i)*0x9e3779b9), i, store.Running))
		r.Turn, r.Wake = payload(i), at(i)
		return r
	})
}

// FillExecutions stores n executions of one machine that have ended.
func FillExecutions(tb testing.TB, s store.Store, n int) store.Lease {
	tb.Helper()
	return fill(tb, s, n, func(i int) store.Record {
		summary := execution("machine", fmt.Sprintf("%08x-order", uint32(i)*0x9e3779b9), i, store.Succeeded)
		summary.Stop = at(i + 50)
		r := started(summary)
		r.Turn = payload(i)
		return r
	})
}

func fill(tb testing.TB, s store.Store, n int, record func(i int) store.Record) store.Lease {
	tb.Helper()
	lease := acquire(tb, s, 1)
	batch := make([]store.Record, 0, 1000)
	for i := range n {
		batch = append(batch, record(i))
		if len(batch) == cap(batch) || i == n-1 {
			commit(tb, s, lease, batch)
			batch = batch[:0]
		}
	}
	return lease
}

// benchDue takes the sleepers that are due in pages of 100 and puts them to sleep
// again, behind all others.
func benchDue(b *testing.B, s store.Store) {
	lease := FillSleepers(b, s, Stored)
	positions := make(map[store.LogID]uint64)
	var batch []store.Record
	n := 0
	m := startMeter(b)
	for b.Loop() {
		due, err := s.Due(context.Background(), 1, at(n+100), 100)
		if err != nil || len(due) != 100 {
			b.Fatalf("%d due: %v", len(due), err)
		}
		batch = batch[:0]
		for _, w := range due {
			n++
			batch = append(batch, store.Record{ID: w.ID, Position: positions[w.ID] + 1, Turn: []byte("woken"),
				OldWake: w.At, Wake: at(Stored + n)})
			positions[w.ID]++
		}
		commit(b, s, lease, batch)
	}
	m.stop(n, "wake")
}

func benchList(b *testing.B, s store.Store) {
	FillExecutions(b, s, Stored)
	for _, q := range []store.Query{{Machine: "machine", Limit: 100}, {Machine: "machine", Status: store.Succeeded, Limit: 100}} {
		b.Run(fmt.Sprintf("status=%s", q.Status), func(b *testing.B) {
			n := 0
			m := startMeter(b)
			for b.Loop() {
				page, next, err := s.List(context.Background(), q)
				if err != nil || len(page) != 100 {
					b.Fatalf("%d summaries: %v", len(page), err)
				}
				q.Cursor = next
				n++
			}
			m.stop(n, "page")
		})
	}
}
