package objects

import "fmt"

// Error is an answer of the storage: the request came through and was refused.
// Errors of the same code are the same to errors.Is.
type Error struct {
	Code       string // S3's error code, "NoSuchKey"
	Message    string // in S3's words
	StatusCode int    // of HTTP
	RequestID  string // "" for local directories
	Bucket     string
	Key        string // "" when the bucket is meant
	Err        error  // what lies beneath, or nil
}

func (e *Error) Error() string {
	where := e.Bucket
	if e.Key != "" {
		where += "/" + e.Key
	}
	return fmt.Sprintf("%s: %s: %s", where, e.Code, e.Message)
}

// Unwrap returns the error beneath.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Cause words the error as the AWS SDK for Java does, which is what Step
// Functions puts into the cause of a failed map run.
func (e *Error) Cause() string {
	s := fmt.Sprintf("%s (Service: S3, Status Code: %d", e.Message, e.StatusCode)
	if e.RequestID != "" {
		s += ", Request ID: " + e.RequestID
	}
	return s + ")"
}

// at returns the error for the given place.
func (e *Error) at(bucket, key string, err error) *Error {
	c := *e
	c.Bucket, c.Key, c.Err = bucket, key, err
	return &c
}

// The refusals that callers tell apart, with S3's texts.
var (
	ErrNoSuchBucket       = &Error{Code: "NoSuchBucket", Message: "The specified bucket does not exist", StatusCode: 404}
	ErrNoSuchKey          = &Error{Code: "NoSuchKey", Message: "The specified key does not exist.", StatusCode: 404}
	ErrNoSuchVersion      = &Error{Code: "NoSuchVersion", Message: "The specified version does not exist.", StatusCode: 404}
	ErrAccessDenied       = &Error{Code: "AccessDenied", Message: "Access Denied", StatusCode: 403}
	ErrInvalidRange       = &Error{Code: "InvalidRange", Message: "The requested range is not satisfiable", StatusCode: 416}
	ErrPreconditionFailed = &Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold", StatusCode: 412}

	// ErrInvalidKey has no counterpart in S3, where any text is a key: a file
	// cannot have this name.
	ErrInvalidKey = &Error{Code: "InvalidKey", Message: "The specified key cannot be the name of a file.", StatusCode: 400}
)
