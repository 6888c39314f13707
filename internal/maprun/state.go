// Package maprun is the aggregate of a distributed map's run: what was started,
// what became of it, when it must stop and when it is done.
//
// Its facts (Fact) are the start of batches of children, changes and the end;
// what became of each child is in the child's own log, so that counting needs no
// commit of its own (Recount). State is O(running children), never O(items) (I7).
//
// The package is pure: no clock, chance, goroutine or I/O. It imports asl for
// failures only; reading items and writing results is the shell's.
package maprun

import (
	"encoding/json"
	"fmt"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// MaxConcurrency is how many children of one run may run at once.
// Source: Step Functions quotas.
const MaxConcurrency = 10_000

// Outcome is what became of a child.
type Outcome uint8

// The outcomes.
const (
	Succeeded Outcome = iota + 1
	Failed
	TimedOut
	Aborted
)

// Counts counts items or children by what became of them.
type Counts struct {
	Running, Succeeded, Failed, TimedOut, Aborted int64
}

func (c *Counts) add(o Outcome, n int64) {
	switch o {
	case Succeeded:
		c.Succeeded += n
	case Failed:
		c.Failed += n
	case TimedOut:
		c.TimedOut += n
	case Aborted:
		c.Aborted += n
	}
}

// Ended is the number of those that have ended.
func (c *Counts) Ended() int64 { return c.Succeeded + c.Failed + c.TimedOut + c.Aborted }

// Limits are the parameters that can change while a run runs.
type Limits struct {
	Concurrency         int64    `json:"concurrency"` // 0: MaxConcurrency
	ToleratedCount      *int64   `json:"toleratedCount,omitempty"`
	ToleratedPercentage *float64 `json:"toleratedPercentage,omitempty"`
}

// State is the fold of a run's facts and of what its children came to.
type State struct {
	Limits   Limits
	Next     uint64           // index of the next child
	Cursor   string           // of the reader, behind the last child's items
	Taken    int64            // items handed to children so far
	Running  map[uint64]int64 // items of running children, by index
	Items    Counts
	Children Counts
	AllTaken bool // the source is exhausted
	Stop     *Stop
	Ended    *Ended
	Redrive  *Redrive // the last one; nil: never redriven
}

// Stop says why no more children are started.
type Stop struct {
	Failure *Reason `json:"failure,omitempty"` // nil: the execution was stopped
}

// Reason is a failure in stored form.
type Reason struct {
	Error string `json:"error"`
	Cause string `json:"cause"`
}

// Ended is a run's end.
type Ended struct {
	Status   string    `json:"status"` // SUCCEEDED, FAILED, ABORTED
	At       time.Time `json:"at"`
	Output   string    `json:"output,omitempty"` // of the Map state, when succeeded
	Failure  *Reason   `json:"failure,omitempty"`
	Written  int64     `json:"written"` // records the ResultWriter wrote
	Pending  int64     `json:"pending"` // items no child was started for, as far as read
	Items    Counts    `json:"items"`
	Children Counts    `json:"children"`
}

// Fact is one entry of a run's log. Exactly one part is set.
type Fact struct {
	Created  *Created  `json:"created,omitempty"`
	Started  *Started  `json:"started,omitempty"`
	AllTaken bool      `json:"allTaken,omitempty"`
	Limits   *Limits   `json:"limits,omitempty"`
	Stop     *Stop     `json:"stop,omitempty"`
	Ended    *Ended    `json:"ended,omitempty"`
	Redriven *Redriven `json:"redriven,omitempty"`
	Resumed  *Resumed  `json:"resumed,omitempty"`
}

// Created is the start of a run: what it was asked to do and for whom.
type Created struct {
	UUID         string          `json:"uuid"`
	Parent       string          `json:"parent"` // log of the execution
	Machine      string          `json:"machine"`
	Label        string          `json:"label"`
	Role         string          `json:"role"`
	Definition   string          `json:"definition"`
	Revision     string          `json:"revision,omitempty"`
	Version      string          `json:"version,omitempty"`
	Alias        string          `json:"alias,omitempty"`
	MapState     string          `json:"mapState"`
	ParentState  string          `json:"parentState,omitempty"` // the parent's own MapState, for maps in maps
	ExecutionARN string          `json:"executionArn"`
	Express      bool            `json:"express,omitempty"` // of the children
	Logging      history.Logging `json:"logging,omitzero"`
	Limits       Limits          `json:"limits"`
	Spec         json.RawMessage `json:"spec"`
}

// Started is a batch of children that one commit started.
type Started struct {
	Items  []int64 `json:"items"`  // of each child, in index order
	Cursor string  `json:"cursor"` // of the reader, behind them
}

// New returns the state before the first fact.
func New() *State { return &State{Running: make(map[uint64]int64)} }

// Apply folds one fact.
func (s *State) Apply(f *Fact) {
	switch {
	case f.Created != nil:
		s.Limits = f.Created.Limits
	case f.Started != nil:
		for _, n := range f.Started.Items {
			s.Running[s.Next] = n
			s.Items.Running += n
			s.Children.Running++
			s.Taken += n
			s.Next++
		}
		s.Cursor = f.Started.Cursor
	case f.AllTaken:
		s.AllTaken = true
	case f.Limits != nil:
		s.Limits = *f.Limits
	case f.Stop != nil:
		s.Stop = f.Stop
	case f.Ended != nil:
		s.Ended = f.Ended
		s.Items, s.Children = f.Ended.Items, f.Ended.Children
		s.Running = nil
		if s.Redrive != nil {
			s.Redrive.LeftItems, s.Redrive.Left = Counts{}, Counts{}
		}
	case f.Redriven != nil:
		s.redrive(f.Redriven)
	case f.Resumed != nil:
		s.resume(f.Resumed)
	}
}

// ChildEnded counts a child that has ended; a repetition counts nothing (I6).
func (s *State) ChildEnded(index uint64, o Outcome) {
	n, running := s.Running[index]
	if !running {
		return
	}
	delete(s.Running, index)
	s.Items.Running -= n
	s.Children.Running--
	s.Items.add(o, n)
	s.Children.add(o, 1)
}

// Room is how many more children may start now.
func (s *State) Room() int64 {
	if s.Stop != nil || s.Ended != nil {
		return 0
	}
	limit := s.Limits.Concurrency
	if limit <= 0 || limit > MaxConcurrency {
		limit = MaxConcurrency
	}
	return max(limit-s.Children.Running, 0)
}

// Exceeded reports whether more items have failed than is tolerated. With a
// percentage the total must be known, so the source must be exhausted.
// Source: Step Functions, "Setting failure thresholds for Distributed Map".
func (s *State) Exceeded() bool {
	failed := s.Items.Failed + s.Items.TimedOut
	count, percentage := s.Limits.ToleratedCount, s.Limits.ToleratedPercentage
	if failed == 0 {
		return false
	}
	// A count of 0 beside a percentage is the default, not a demand.
	if count != nil && (failed > *count && (*count > 0 || percentage == nil)) {
		return true
	}
	if percentage != nil && s.AllTaken {
		return float64(failed)*100 > *percentage*float64(s.Taken)
	}
	return count == nil && percentage == nil
}

// ThresholdExceeded is the failure of a run with too many failed items.
func ThresholdExceeded() *Reason {
	return &Reason{asl.ErrToleratedFailures, "The specified tolerated failure threshold was exceeded"}
}

// Quiet reports whether no child runs and none will be started.
func (s *State) Quiet() bool {
	return s.Ended == nil && s.Children.Running == 0 && (s.AllTaken && !s.Redriving() || s.Stop != nil)
}

// codecVersion is the first byte of every stored turn of a run.
const codecVersion = 1

// AppendTurn appends the stored form of facts.
func AppendTurn(dst []byte, facts []Fact) []byte {
	body, err := json.Marshal(facts)
	if err != nil {
		panic("maprun: facts do not encode: " + err.Error())
	}
	return append(append(dst, codecVersion), body...)
}

// DecodeTurn decodes a stored turn.
func DecodeTurn(turn []byte) ([]Fact, error) {
	if len(turn) == 0 || turn[0] != codecVersion {
		return nil, fmt.Errorf("maprun: turn of unknown version % x", turn[:min(len(turn), 1)])
	}
	var facts []Fact
	if err := json.Unmarshal(turn[1:], &facts); err != nil {
		return nil, fmt.Errorf("maprun: decode turn: %w", err)
	}
	return facts, nil
}
