// Package store says what Pawl keeps and how it is asked for: logs of turns
// (executions and map runs), their summaries and wake-ups, and the catalogue of
// named things (state machines, activities, definitions, …).
//
// It holds the interfaces, the row types and their stored forms; the engines
// beneath are adapters (pebblestore). Every adapter passes storetest. The package
// knows nothing of how executions are decided: a turn is bytes to it.
//
// Invariants it stands for: I4 (one writer: a log grows only at its end and only
// by the lease holder), I7 (sets that grow are rows), I8 (one wake-up row per
// log), I9 (what is running is found again).
package store

import (
	"context"
	"errors"
	"time"
)

// Errors of every adapter.
var (
	// ErrNotFound: there is no such log, summary or document.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict: a record's Position is not the length of its log. Nothing
	// of the commit was written.
	ErrConflict = errors.New("store: position conflict")
	// ErrFenced: the lease is lost to another owner. Nothing was written.
	ErrFenced = errors.New("store: lease lost")
	// ErrBadCursor: a Query's Cursor is not one that List returned for the same
	// Machine, Run, Parent and Status.
	ErrBadCursor = errors.New("store: bad cursor")
)

// Lease is the right to write the logs of one shard. A higher epoch fences off
// all lower ones.
type Lease struct {
	Shard uint32
	Epoch uint64
}

// Record is what one commit does to one log.
type Record struct {
	ID LogID
	// Position is how many turns the log holds before this record; 0 makes the
	// log. A commit whose positions do not fit fails as a whole with
	// ErrConflict.
	Position uint64
	// Turn is appended to the log; nil appends nothing.
	Turn []byte
	// Summary is written when not nil.
	Summary *Summary
	// OldStatus is the status in the summary stored so far, "" when there is
	// none yet; it lets an adapter move index rows without reading.
	OldStatus Status
	// OldWake and Wake are the log's wake-up before and after; zero: none.
	OldWake, Wake time.Time
	// OldOpen and Open say whether the log has effects that nobody answered
	// yet, before and after; open logs are found by Store.Open.
	OldOpen, Open bool
}

// Wake is a wake-up row.
type Wake struct {
	ID LogID
	At time.Time
}

// Store is everything that Pawl keeps.
type Store interface {
	Logs
	Catalog
	// Acquire takes the lease on a shard, fencing off its former holder.
	Acquire(ctx context.Context, shard uint32) (Lease, error)
	// Close releases everything; nothing may be called afterwards.
	Close() error
}

// Logs are the logs of executions and map runs.
type Logs interface {
	// Commit writes all records, durably, or none. All belong to the lease's
	// shard; no log comes twice. Errors: ErrConflict, ErrFenced.
	Commit(ctx context.Context, lease Lease, records []Record) error

	// Turns calls yield with each turn of the log from number from (0 is the
	// first) on, in order, until yield returns false. The slice is valid only
	// during the call. A log that does not exist has no turns.
	Turns(ctx context.Context, id LogID, from uint64, yield func(turn []byte) bool) error

	// Exists reports whether the log has a turn. It is the cheap question for
	// logs that most likely have none.
	Exists(ctx context.Context, id LogID) (bool, error)

	// Due returns the shard's wake-ups with At <= until, earliest first, at
	// most limit (1 to 10,000) of them. Fewer than limit means that no more are
	// due. A row stays until its log commits another Wake, so the same wake-up
	// can return after a crash; early or repeated ones decide nothing.
	Due(ctx context.Context, shard uint32, until time.Time, limit int) ([]Wake, error)

	// NextWake returns the shard's earliest wake-up, zero when there is none.
	NextWake(ctx context.Context, shard uint32) (time.Time, error)

	// Open returns the shard's open logs in id order, starting behind after
	// ("" is the beginning), at most limit.
	Open(ctx context.Context, shard uint32, after LogID, limit int) ([]LogID, error)

	// Summary returns the summary of a log. Errors: ErrNotFound.
	Summary(ctx context.Context, id LogID) (*Summary, error)

	// List returns one page of summaries, newest start first, and the cursor
	// of the next page ("" when this was the last).
	List(ctx context.Context, q Query) (page []*Summary, next string, err error)

	// Children calls yield with the summaries of a map run's children in index
	// order, from index from on, until yield returns false.
	Children(ctx context.Context, run RunID, from uint64, yield func(*Summary) bool) error

	// ChildTurns is Children with each child's first and last turn (the same
	// one when it has only one), read in one pass. The slices are valid only
	// during the call.
	ChildTurns(ctx context.Context, run RunID, from uint64, yield func(child *Summary, first, last []byte) bool) error

	// Delete removes logs with all their rows, in one commit. Unknown ids are
	// ignored.
	Delete(ctx context.Context, ids []LogID) error
}

// Query asks for a page of summaries. Exactly one of Machine, Run and Parent is
// set.
type Query struct {
	Machine string // executions of a state machine, by its name
	Run     RunID  // children of a map run
	Parent  LogID  // map runs of an execution
	Status  Status // "" for all
	Cursor  string // from the page before; "" for the first
	Limit   int    // 1 to 1,000
}

// Kind names a kind of document in the catalogue.
type Kind string

// The kinds.
const (
	KindStateMachine Kind = "machine"    // key: name
	KindVersion      Kind = "version"    // key: name:0000000007
	KindAlias        Kind = "alias"      // key: name:alias
	KindActivity     Kind = "activity"   // key: name
	KindTags         Kind = "tags"       // key: resource ARN
	KindDefinition   Kind = "definition" // key: hex SHA-256 of the text
	KindSetting      Kind = "setting"    // key: free
)

// Document is a named document of the catalogue; its value is JSON or text that
// only the service reads.
type Document struct {
	Key   string
	Value []byte
}

// Catalog keeps named documents.
type Catalog interface {
	// View runs fn over a consistent state of the catalogue.
	View(ctx context.Context, fn func(CatalogReader) error) error
	// Update runs fn alone and writes what it changed, durably, all or nothing:
	// nothing when fn returns an error, which Update returns.
	Update(ctx context.Context, fn func(CatalogWriter) error) error
}

// CatalogReader reads the catalogue. It is valid only inside View or Update.
type CatalogReader interface {
	// Get returns a document's value. Errors: ErrNotFound.
	Get(kind Kind, key string) ([]byte, error)
	// Scan returns the documents whose keys have prefix and sort behind after,
	// in byte order, at most limit (0: all).
	Scan(kind Kind, prefix, after string, limit int) ([]Document, error)
}

// CatalogWriter changes the catalogue; it sees its own changes.
type CatalogWriter interface {
	CatalogReader
	Put(kind Kind, key string, value []byte) error
	Delete(kind Kind, key string) error
}
