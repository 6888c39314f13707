package history

// Type is an event type. The numbers are stored: never change or reuse one.
type Type uint8

// The public types, as in the AWS API, and the private ones behind them.
const (
	ExecutionStarted Type = iota + 1
	ExecutionSucceeded
	ExecutionFailed
	ExecutionTimedOut
	ExecutionAborted
	ExecutionRedriven
	PassStateEntered
	PassStateExited
	TaskStateEntered
	TaskStateExited
	TaskStateAborted
	ChoiceStateEntered
	ChoiceStateExited
	WaitStateEntered
	WaitStateExited
	WaitStateAborted
	SucceedStateEntered
	SucceedStateExited
	FailStateEntered
	ParallelStateEntered
	ParallelStateStarted
	ParallelStateSucceeded
	ParallelStateFailed
	ParallelStateAborted
	ParallelStateExited
	MapStateEntered
	MapStateStarted
	MapStateSucceeded
	MapStateFailed
	MapStateAborted
	MapStateExited
	MapIterationStarted
	MapIterationSucceeded
	MapIterationFailed
	MapIterationAborted
	MapRunStarted
	MapRunSucceeded
	MapRunFailed
	MapRunAborted
	MapRunRedriven
	LambdaFunctionScheduled
	LambdaFunctionScheduleFailed
	LambdaFunctionStarted
	LambdaFunctionStartFailed
	LambdaFunctionSucceeded
	LambdaFunctionFailed
	LambdaFunctionTimedOut
	ActivityScheduled
	ActivityScheduleFailed
	ActivityStarted
	ActivitySucceeded
	ActivityFailed
	ActivityTimedOut
	TaskScheduled
	TaskStarted
	TaskStartFailed
	TaskSubmitted
	TaskSubmitFailed
	TaskSucceeded
	TaskFailed
	TaskTimedOut
	EvaluationFailed

	lastPublic = EvaluationFailed
)

// The private facts: they have no public id.
const (
	// RetryScheduled: the frame's state will be tried again at Until by retrier
	// Count.
	RetryScheduled Type = iota + 128
	// WaitStarted: the frame waits until Until.
	WaitStarted
	// HeartbeatReceived: the task of the frame has until Until again.
	HeartbeatReceived
)

var typeNames = map[Type]string{
	ExecutionStarted: "ExecutionStarted", ExecutionSucceeded: "ExecutionSucceeded", ExecutionFailed: "ExecutionFailed",
	ExecutionTimedOut: "ExecutionTimedOut", ExecutionAborted: "ExecutionAborted", ExecutionRedriven: "ExecutionRedriven",
	PassStateEntered: "PassStateEntered", PassStateExited: "PassStateExited",
	TaskStateEntered: "TaskStateEntered", TaskStateExited: "TaskStateExited", TaskStateAborted: "TaskStateAborted",
	ChoiceStateEntered: "ChoiceStateEntered", ChoiceStateExited: "ChoiceStateExited",
	WaitStateEntered: "WaitStateEntered", WaitStateExited: "WaitStateExited", WaitStateAborted: "WaitStateAborted",
	SucceedStateEntered: "SucceedStateEntered", SucceedStateExited: "SucceedStateExited", FailStateEntered: "FailStateEntered",
	ParallelStateEntered: "ParallelStateEntered", ParallelStateStarted: "ParallelStateStarted",
	ParallelStateSucceeded: "ParallelStateSucceeded", ParallelStateFailed: "ParallelStateFailed",
	ParallelStateAborted: "ParallelStateAborted", ParallelStateExited: "ParallelStateExited",
	MapStateEntered: "MapStateEntered", MapStateStarted: "MapStateStarted", MapStateSucceeded: "MapStateSucceeded",
	MapStateFailed: "MapStateFailed", MapStateAborted: "MapStateAborted", MapStateExited: "MapStateExited",
	MapIterationStarted: "MapIterationStarted", MapIterationSucceeded: "MapIterationSucceeded",
	MapIterationFailed: "MapIterationFailed", MapIterationAborted: "MapIterationAborted",
	MapRunStarted: "MapRunStarted", MapRunSucceeded: "MapRunSucceeded", MapRunFailed: "MapRunFailed",
	MapRunAborted: "MapRunAborted", MapRunRedriven: "MapRunRedriven",
	LambdaFunctionScheduled: "LambdaFunctionScheduled", LambdaFunctionScheduleFailed: "LambdaFunctionScheduleFailed",
	LambdaFunctionStarted: "LambdaFunctionStarted", LambdaFunctionStartFailed: "LambdaFunctionStartFailed",
	LambdaFunctionSucceeded: "LambdaFunctionSucceeded", LambdaFunctionFailed: "LambdaFunctionFailed",
	LambdaFunctionTimedOut: "LambdaFunctionTimedOut",
	ActivityScheduled:      "ActivityScheduled", ActivityScheduleFailed: "ActivityScheduleFailed", ActivityStarted: "ActivityStarted",
	ActivitySucceeded: "ActivitySucceeded", ActivityFailed: "ActivityFailed", ActivityTimedOut: "ActivityTimedOut",
	TaskScheduled: "TaskScheduled", TaskStarted: "TaskStarted", TaskStartFailed: "TaskStartFailed",
	TaskSubmitted: "TaskSubmitted", TaskSubmitFailed: "TaskSubmitFailed", TaskSucceeded: "TaskSucceeded",
	TaskFailed: "TaskFailed", TaskTimedOut: "TaskTimedOut", EvaluationFailed: "EvaluationFailed",
	RetryScheduled: "RetryScheduled", WaitStarted: "WaitStarted", HeartbeatReceived: "HeartbeatReceived",
}

// String returns the type's name in the AWS API.
func (t Type) String() string { return typeNames[t] }

// Public reports whether AWS shows events of the type.
func (t Type) Public() bool { return t <= lastPublic }
