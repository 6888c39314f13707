package store

import "time"

// Status is that of an execution or a map run, in AWS's spelling.
type Status string

// The statuses.
const (
	Running        Status = "RUNNING"
	Succeeded      Status = "SUCCEEDED"
	Failed         Status = "FAILED"
	TimedOut       Status = "TIMED_OUT"
	Aborted        Status = "ABORTED"
	PendingRedrive Status = "PENDING_REDRIVE"
)

// Summary is what lists and descriptions show of a log without reading it.
// Times are UTC, to the millisecond.
type Summary struct {
	ID           LogID
	Machine      string // the state machine's name
	Label        string // of the distributed map, for children and map runs
	Name         string // execution name; a map run's UUID
	Status       Status
	Start        time.Time // never changes: lists are ordered by it
	Stop         time.Time // zero: not stopped
	Express      bool
	Version      string // number of the version started
	Alias        string // name of the alias started
	RedriveCount int
	RedriveDate  time.Time // zero: never redriven
	Events       int       // length of the history
	Turns        uint64    // length of the log
	ItemCount    int64     // items of a child's batch
	MapRun       string    // UUID of the map run a child belongs to
	Parent       LogID     // execution a map run belongs to
	TraceHeader  string
}
