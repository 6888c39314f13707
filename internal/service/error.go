package service

// Code names a kind of refusal as the AWS API does.
type Code string

// The codes of the AWS model, and two that every AWS service has.
const (
	ActivityAlreadyExists          Code = "ActivityAlreadyExists"
	ActivityDoesNotExist           Code = "ActivityDoesNotExist"
	ActivityWorkerLimitExceeded    Code = "ActivityWorkerLimitExceeded"
	ConflictException              Code = "ConflictException"
	ExecutionAlreadyExists         Code = "ExecutionAlreadyExists"
	ExecutionDoesNotExist          Code = "ExecutionDoesNotExist"
	ExecutionNotRedrivable         Code = "ExecutionNotRedrivable"
	InvalidArn                     Code = "InvalidArn"
	InvalidDefinition              Code = "InvalidDefinition"
	InvalidEncryptionConfiguration Code = "InvalidEncryptionConfiguration"
	InvalidExecutionInput          Code = "InvalidExecutionInput"
	InvalidLoggingConfiguration    Code = "InvalidLoggingConfiguration"
	InvalidName                    Code = "InvalidName"
	InvalidOutput                  Code = "InvalidOutput"
	InvalidToken                   Code = "InvalidToken"
	MissingRequiredParameter       Code = "MissingRequiredParameter"
	ResourceNotFound               Code = "ResourceNotFound"
	ServiceQuotaExceededException  Code = "ServiceQuotaExceededException"
	StateMachineAlreadyExists      Code = "StateMachineAlreadyExists"
	StateMachineDeleting           Code = "StateMachineDeleting"
	StateMachineDoesNotExist       Code = "StateMachineDoesNotExist"
	StateMachineTypeNotSupported   Code = "StateMachineTypeNotSupported"
	TaskDoesNotExist               Code = "TaskDoesNotExist"
	TaskTimedOut                   Code = "TaskTimedOut"
	TooManyTags                    Code = "TooManyTags"
	ValidationException            Code = "ValidationException"

	AccessDeniedException Code = "AccessDeniedException"
	// ServiceUnavailable: the process is shutting down; the client should try
	// again elsewhere or later.
	ServiceUnavailable Code = "ServiceUnavailable"
)

// Reason is the reason member of a ValidationException.
type Reason string

// The reasons.
const (
	ReasonLabeledARN       Reason = "API_DOES_NOT_SUPPORT_LABELED_ARNS"
	ReasonMissingParameter Reason = "MISSING_REQUIRED_PARAMETER"
	ReasonMapRunOver       Reason = "CANNOT_UPDATE_COMPLETED_MAP_RUN"
	ReasonRouting          Reason = "INVALID_ROUTING_CONFIGURATION"
)

// Error is an operation's refusal: what the client did wrong, in AWS's words.
type Error struct {
	Code     Code
	Message  string
	Reason   Reason // ValidationException only; may be ""
	Resource string // ResourceNotFound and TooManyTags: the resource's ARN; may be ""
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

func refuse(code Code, message string) *Error { return &Error{Code: code, Message: message} }

func invalidARN(what string) *Error { return refuse(InvalidArn, "Invalid Arn: '"+what+"'") }

func invalidToken() *Error { return refuse(InvalidToken, "Invalid Token: 'Invalid token'") }

func noStateMachine(arn string) *Error {
	return refuse(StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+"'")
}

func deletingStateMachine(arn string) *Error {
	return refuse(StateMachineDeleting, "State Machine is being deleted: '"+arn+"'")
}

func wrongMachineType() *Error {
	return refuse(StateMachineTypeNotSupported, "This operation is not supported by this type of state machine")
}

func noExecution(arn string) *Error {
	return refuse(ExecutionDoesNotExist, "Execution Does Not Exist: '"+arn+"'")
}

func noActivity(arn string) *Error {
	return refuse(ActivityDoesNotExist, "Activity Does Not Exist: '"+arn+"'")
}

func noResource(arn string) *Error {
	return &Error{Code: ResourceNotFound, Message: "Resource not found: '" + arn + "'", Resource: arn}
}

// noReferencedResource is what the alias operations answer about an alias or a
// version that does not exist.
func noReferencedResource(arn string) *Error {
	return &Error{Code: ResourceNotFound, Message: "Request references a resource that does not exist.", Resource: arn}
}

func labeledARN() *Error {
	return &Error{Code: ValidationException, Message: "This operation does not support labeled state machine ARNs.", Reason: ReasonLabeledARN}
}
