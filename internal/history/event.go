// Package history is the facts of an execution: event types, their stored form
// and the order they are kept in.
//
// An event is what AWS shows in GetExecutionHistory plus a few private fields
// (frame, deadline, nonce) that folding needs. Private facts have no public id
// and are not shown. The package is pure; it imports nothing that decides.
package history

import (
	"time"
)

// EventID is the public number of an event, from 1; 0 marks a private fact.
type EventID uint32

// FrameID numbers the threads of control of an execution: 0 is the root, every
// branch of a Parallel state and every iteration of a Map state has its own.
type FrameID uint32

// Assigned is a variable that a state assigned, as JSON text.
type Assigned struct{ Name, JSON string }

// Event is one fact. Which fields are set depends on Type; see the AWS API
// reference, HistoryEvent.
type Event struct {
	ID       EventID
	Previous EventID
	Type     Type
	Time     time.Time // UTC, to the millisecond

	Name       string // of the state (entered, exited, iterations); ExecutionRedriven: the client's token, which AWS does not show
	Payload    string // input, output or parameters: JSON text
	HasPayload bool
	Error      *string // nil: absent
	Cause      *string // nil: absent
	Assigned   []Assigned

	Resource     string // ARN (Lambda, Activity), or the action of a service task
	ResourceType string // service task only
	Region       string
	Timeout      int64  // seconds; 0: absent
	Heartbeat    int64  // seconds; 0: absent
	Role         string // roleArn of the start; taskCredentials of a scheduled task
	Worker       string // ActivityStarted
	MapRun       string // UUID
	Label        string // MapRunStarted, MapRunRedriven: of the distributed map
	Location     string // EvaluationFailed
	Index        int    // MapIteration…
	Length       int    // MapStateStarted
	RedriveCount int    // ExecutionRedriven, MapRunRedriven
	Version      string // ExecutionStarted: number of the version started
	Alias        string // ExecutionStarted: name of the alias started

	// Private fields: what folding needs and AWS does not show.
	Frame  FrameID
	Parent FrameID   // first event of a frame: the frame that holds it
	Until  time.Time // deadline of a wait, a retry or a task
	Next   string    // StateExited: the state that follows, "" when Final
	Count  int       // RetryScheduled: index of the retrier; MapStateStarted: concurrency, 0 is no limit
	Nonce  uint64    // secret part of a task token
	Final  bool      // StateExited: the state was the last of its machine
	Start  *Start    // ExecutionStarted
}

// Start is the private part of ExecutionStarted: what an execution keeps of the
// state machine it was started from.
type Start struct {
	Definition   string // key of the definition document
	Revision     string
	Machine      string // state machine name
	Label        string // children of a map run: the map's label
	Execution    string // execution name; Express: "name:uuid"
	StateMachine string // ARN, with the label for children
	ARN          string // of the execution
	MapState     string // children: the Map state whose processor they run
	Express      bool
	TraceHeader  string
	StartedBy    string // id of the task attempt that started it; "" when a client did
	Logging      Logging
}

// Logging says which events of an execution go to the execution log. The zero
// Logging is none.
type Logging struct {
	Level string `json:"level,omitempty"` // ALL, ERROR or FATAL; "" is OFF
	Group string `json:"group,omitempty"` // ARN of the log group
	Data  bool   `json:"data,omitempty"`  // includeExecutionData
}
