package store

import (
	"encoding/json"
	"fmt"
	"time"
)

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
	ID           LogID     `json:"i"`
	Machine      string    `json:"m"`           // the state machine's name
	Label        string    `json:"l,omitempty"` // of the distributed map, for children and map runs
	Name         string    `json:"n"`           // execution name; a map run's UUID
	Status       Status    `json:"s"`
	Start        time.Time `json:"t"`
	Stop         time.Time `json:"e,omitzero"`
	Express      bool      `json:"x,omitempty"`
	Version      string    `json:"v,omitempty"` // number of the version started
	Alias        string    `json:"a,omitempty"` // name of the alias started
	RedriveCount int       `json:"r,omitempty"`
	RedriveDate  time.Time `json:"d,omitzero"`
	Events       int       `json:"h,omitempty"` // length of the history
	Turns        uint64    `json:"u,omitempty"` // length of the log
	ItemCount    int64     `json:"c,omitempty"` // items of a child's batch
	MapRun       string    `json:"p,omitempty"` // UUID of the map run a child belongs to
	Parent       LogID     `json:"o,omitempty"` // execution a map run belongs to
	TraceHeader  string    `json:"z,omitempty"`
}

// summaryVersion is the first byte of every stored summary.
const summaryVersion = 1

// Encode returns the stored form.
func (s *Summary) Encode() []byte {
	body, err := json.Marshal(s)
	if err != nil {
		panic("store: summary does not encode: " + err.Error())
	}
	return append([]byte{summaryVersion}, body...)
}

// DecodeSummary reads any stored form there ever was.
func DecodeSummary(stored []byte) (*Summary, error) {
	if len(stored) == 0 || stored[0] != summaryVersion {
		return nil, fmt.Errorf("store: summary of unknown version % x", stored[:min(len(stored), 1)])
	}
	s := new(Summary)
	if err := json.Unmarshal(stored[1:], s); err != nil {
		return nil, fmt.Errorf("store: decode summary: %w", err)
	}
	return s, nil
}
