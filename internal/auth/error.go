package auth

// Code is the name of an error in AWS's APIs. All AWS services share these.
type Code string

// The codes of this package's errors.
const (
	AccessDenied          Code = "AccessDeniedException"
	IncompleteSignature   Code = "IncompleteSignatureException"
	InvalidSignature      Code = "InvalidSignatureException"
	MissingAuthentication Code = "MissingAuthenticationTokenException"
	UnrecognizedClient    Code = "UnrecognizedClientException"
)

// Error is a refusal. Its message is meant for the client.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

func refuse(code Code, message string) *Error { return &Error{code, message} }
