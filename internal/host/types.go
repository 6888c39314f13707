package host

import (
	"errors"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// Errors of the host's operations.
var (
	// ErrExists: the execution's name was used before and the start is no
	// repetition of a running one.
	ErrExists = errors.New("host: execution already exists")
	// ErrNotFound: there is no such execution, map run or task.
	ErrNotFound = errors.New("host: not found")
	// ErrBadToken: the text is no task token.
	ErrBadToken = errors.New("host: malformed task token")
	// ErrTaskOver: the task that the token names was answered before, timed
	// out, or its execution has ended.
	ErrTaskOver = errors.New("host: task is over")
	// ErrMapRunOver: the map run has ended and can't be changed.
	ErrMapRunOver = errors.New("host: map run has ended")
	// ErrNotRedrivable: the execution runs, has succeeded, or is none that a
	// client may redrive.
	ErrNotRedrivable = errors.New("host: not redrivable")
	// ErrTooManyPollers: 1,000 workers poll this activity already.
	ErrTooManyPollers = errors.New("host: too many pollers")
	// ErrClosed: the host is shutting down.
	ErrClosed = errors.New("host: shutting down")
)

// StartRequest starts an execution.
type StartRequest struct {
	Machine     string          // the state machine's name
	Type        asl.MachineType // Standard or Express
	Definition  string          // key of the definition document (store.KindDefinition)
	RoleARN     string
	Revision    string // revision id of the definition, for DescribeStateMachineForExecution
	Version     string // number of the version started, "" when none
	Alias       string // name of the alias started, "" when none
	Name        string // execution name
	Input       string // valid JSON
	TraceHeader string
	// StartedBy is the id of the task attempt that starts the execution, ""
	// when a client does. The repetition of its start answers the execution
	// even when that has ended.
	StartedBy string
	Logging   history.Logging // which events the Observer is told
}

// Execution is what is known of one execution.
type Execution struct {
	store.Summary
	Input      string
	Output     string  // JSON; "" unless succeeded
	Error      *string // nil when absent
	Cause      *string // nil when absent
	RoleARN    string
	Definition string // key of the definition document
	Revision   string
}

// Answer is how a task ends: with an output, or with an error.
type Answer struct {
	Failed bool
	Output string  // valid JSON, unless Failed
	Error  *string // Failed only
	Cause  *string // Failed only
}

// ActivityTask is a task handed to an activity worker.
type ActivityTask struct {
	Token string
	Input string
}

// MapRun is what is known of a map run.
type MapRun struct {
	store.Summary                    // ID, Machine, Label, Name (UUID), Status, Start, Stop, Redrive…, Parent
	MaxConcurrency             int64 // 0: no limit of the definition's
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64
	Items                      MapRunCounts
	Executions                 MapRunCounts
}

// MapRunCounts counts items or child executions by what became of them.
type MapRunCounts struct {
	Pending, Running, Succeeded, Failed, TimedOut, Aborted int64
	Total, ResultsWritten                                  int64
	FailuresNotRedrivable, PendingRedrive                  int64
}

// MapRunChange is what UpdateMapRun changes; nil leaves a value as it is.
type MapRunChange struct {
	MaxConcurrency             *int64
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64
}

// ExecutionRef names an execution as its ARN does.
type ExecutionRef struct {
	Machine string
	Label   string // of the distributed map, for children
	Name    string // Express: "name:uuid"
	Express bool
}
