// Package storetest is the one suite, and the benchmarks, of every store.Store.
//
// A store that passes keeps the invariants that the rest of Pawl builds on: I4
// (positions and leases are checked), I8 (one wake-up row per log), I9 (open logs
// are found again). It knows nothing of any adapter; what only one of them
// promises, such as outliving a crash of the machine, is tested beside it.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/store"
)

// Run tests a store. open returns an empty one, which Run closes.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, open(t))
			t.Cleanup(f.close)
			test(f)
		})
	}
}

// RunPersistent does the same for a store that outlives its process: reopen opens
// what the store of open, closed meanwhile, has left.
func RunPersistent(t *testing.T, open func(t *testing.T) (s store.Store, reopen func() store.Store)) {
	Run(t, func(t *testing.T) store.Store {
		s, _ := open(t)
		return s
	})
	for name, test := range reopenTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, reopen := open(t)
			f := newFixture(t, s)
			t.Cleanup(f.close)
			test(f, func() {
				f.close()
				f.Store = reopen()
				f.lease = f.acquire(f.lease.Shard)
			})
		})
	}
}

var tests = map[string]func(f *fixture){
	"commit appends in order":               commitAppends,
	"commit is all or nothing":              commitAllOrNothing,
	"commit refuses a wrong position":       commitConflicts,
	"commit checks records without turns":   commitWithoutTurns,
	"commit refuses a log twice":            commitTwice,
	"commit keeps large turns":              commitLargeTurns,
	"commit keeps many turns":               commitManyTurns,
	"commit refuses a cancelled context":    commitCancelled,
	"acquire fences":                        acquireFences,
	"turns start where asked":               turnsFrom,
	"turns stop when told":                  turnsStop,
	"turns of like-named logs stay apart":   turnsApart,
	"due is ordered and limited":            dueOrdered,
	"due keeps logs of one time apart":      dueSameTime,
	"due follows moves":                     dueMoves,
	"due repeats until committed":           dueRepeats,
	"due agrees with a model":               dueModel,
	"due of many":                           dueMany,
	"due keeps shards apart":                dueShards,
	"open logs are found":                   openLogs,
	"summary comes back":                    summaryComesBack,
	"list of a machine":                     listMachine,
	"list by status":                        listStatus,
	"list keeps machines apart":             listMachinesApart,
	"list pages are stable":                 listStable,
	"list of a run":                         listRun,
	"list of a run by status":               listRunStatus,
	"list of a parent":                      listParent,
	"list refuses bad queries":              listBadQueries,
	"list refuses bad cursors":              listBadCursors,
	"children are in order":                 childrenOrder,
	"children come with their turns":        childTurns,
	"a log is known to exist":               exists,
	"delete removes every row":              deleteAll,
	"delete gives the name free":            deleteThenCreate,
	"delete removes a moved wake-up":        deleteMovedWake,
	"delete leaves neighbours":              deleteNeighbours,
	"catalogue reads what was written":      catalogReads,
	"catalogue scans":                       catalogScans,
	"catalogue updates are all or nothing":  catalogRollback,
	"catalogue views are isolated":          catalogIsolation,
	"catalogue updates run alone":           catalogSerial,
	"long scans honour a cancelled context": scansCancelled,
	"shards commit at the same time":        shardsConcurrent,
	"one log has one winner":                oneWinner,
	"readers see whole commits":             readersSeeWhole,
}

var reopenTests = map[string]func(f *fixture, reopen func()){
	"reopen finds everything":     reopenFinds,
	"reopen raises epochs":        reopenEpochs,
	"reopen still checks":         reopenChecks,
	"reopen finds wake-ups":       reopenWakes,
	"reopen keeps what is closed": reopenDeleted,
}

// epoch is the zero of test times.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// at returns a time n milliseconds after epoch.
func at(n int) time.Time { return epoch.Add(time.Duration(n) * time.Millisecond) }

// fixture is a store with a lease on shard 1.
type fixture struct {
	store.Store
	t     *testing.T
	ctx   context.Context
	lease store.Lease
}

func newFixture(t *testing.T, s store.Store) *fixture {
	t.Helper()
	f := &fixture{Store: s, t: t, ctx: t.Context()}
	f.lease = f.acquire(1)
	return f
}

func (f *fixture) close() {
	f.t.Helper()
	if f.Store == nil {
		return
	}
	if err := f.Store.Close(); err != nil {
		f.t.Errorf("close: %v", err)
	}
	f.Store = nil
}

func (f *fixture) acquire(shard uint32) store.Lease {
	f.t.Helper()
	lease, err := f.Acquire(f.ctx, shard)
	f.ok(err, "acquire")
	if lease.Shard != shard || lease.Epoch == 0 {
		f.t.Fatalf("acquire(%d) = %+v", shard, lease)
	}
	return lease
}

func (f *fixture) ok(err error, doing string) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("%s: %v", doing, err)
	}
}

// commit commits under the fixture's lease.
func (f *fixture) commit(records ...store.Record) {
	f.t.Helper()
	f.ok(f.Commit(f.ctx, f.lease, records), "commit")
}

// turnsOf returns the log's turns from a number on.
func (f *fixture) turnsOf(id store.LogID, from uint64) []string {
	f.t.Helper()
	var turns []string
	err := f.Turns(f.ctx, id, from, func(turn []byte) bool {
		turns = append(turns, string(turn))
		return true
	})
	f.ok(err, "turns of "+string(id))
	return turns
}

func (f *fixture) wantTurns(id store.LogID, want ...string) {
	f.t.Helper()
	f.equal(f.turnsOf(id, 0), want, "turns of "+string(id))
}

// dueAt returns the fixture's shard's due wake-ups as "id@ms".
func (f *fixture) dueAt(until time.Time, limit int) []string {
	f.t.Helper()
	due, err := f.Due(f.ctx, f.lease.Shard, until, limit)
	f.ok(err, "due")
	var texts []string
	for _, w := range due {
		texts = append(texts, fmt.Sprintf("%s@%d", w.ID, w.At.Sub(epoch).Milliseconds()))
	}
	return texts
}

func (f *fixture) wantNextWake(want time.Time) {
	f.t.Helper()
	got, err := f.NextWake(f.ctx, f.lease.Shard)
	f.ok(err, "next wake")
	if !got.Equal(want) {
		f.t.Errorf("next wake = %v, want %v", got, want)
	}
}

func (f *fixture) openOf(shard uint32, after store.LogID, limit int) []store.LogID {
	f.t.Helper()
	ids, err := f.Open(f.ctx, shard, after, limit)
	f.ok(err, "open logs")
	return ids
}

// listAll follows the cursors and returns all ids, and the sizes of the pages.
func (f *fixture) listAll(q store.Query) (ids []store.LogID, pages []int) {
	f.t.Helper()
	for range 10_000 {
		page, next, err := f.List(f.ctx, q)
		f.ok(err, "list")
		pages = append(pages, len(page))
		for _, s := range page {
			ids = append(ids, s.ID)
		}
		if next == "" {
			return ids, pages
		}
		q.Cursor = next
	}
	f.t.Fatal("list does not end")
	return nil, nil
}

func (f *fixture) wantList(q store.Query, want ...store.LogID) {
	f.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	ids, _ := f.listAll(q)
	f.equal(ids, want, fmt.Sprintf("list %+v", q))
}

// equal compares; a nil slice equals an empty one.
func (f *fixture) equal(got, want any, what string) {
	f.t.Helper()
	if fmt.Sprint(got) == fmt.Sprint(want) {
		return
	}
	f.t.Errorf("%s (-want +got):\n%s", what, cmp.Diff(want, got))
}

// turn is a record that appends text.
func turn(id store.LogID, position uint64, text string) store.Record {
	return store.Record{ID: id, Position: position, Turn: []byte(text)}
}

// execution is the summary of an execution that started n ms after epoch.
func execution(machine, name string, n int, status store.Status) *store.Summary {
	return &store.Summary{
		ID: store.ExecutionID(machine, name), Machine: machine, Name: name,
		Status: status, Start: at(n),
	}
}

// started is the first record of a summary's log.
func started(s *store.Summary) store.Record {
	return store.Record{ID: s.ID, Turn: []byte("start"), Summary: s}
}

// childUUID names the map run of the tests; childRun is its run.
const childUUID = "0f8fad5b-d9cb-469f-a165-70867728950e"

const childRun = store.RunID("0f8fad5bd9cb")

// child is the summary of a child of the test's map run.
func child(index uint64, status store.Status) *store.Summary {
	return &store.Summary{
		ID: store.ChildID(childRun, index), Machine: "m", Label: "Each",
		Name: fmt.Sprintf("child-%d", index), Status: status, Start: at(int(index)),
		MapRun: childUUID, ItemCount: 3,
	}
}
