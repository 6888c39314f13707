package function

import (
	"fmt"
	"net/http"
)

// Error is a refusal of the service in AWS's words. A failure inside a
// function is no Error; see Response.FunctionError.
type Error struct {
	Code       string // the AWS exception, e.g. ResourceNotFoundException
	Message    string // AWS's text where one is known
	HTTPStatus int
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func errorNotFound(arn string) *Error {
	return &Error{"ResourceNotFoundException", "Function not found: " + arn, http.StatusNotFound}
}

func errorExists(name string) *Error {
	return &Error{"ResourceConflictException", "Function already exist: " + name, http.StatusConflict}
}

func errorInvalid(format string, args ...any) *Error {
	return &Error{"InvalidParameterValueException", fmt.Sprintf(format, args...), http.StatusBadRequest}
}

// errorValidation is what AWS answers for a value that its model forbids.
func errorValidation(value, field, constraint string) *Error {
	return &Error{"ValidationException", fmt.Sprintf(
		"1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
		value, field, constraint), http.StatusBadRequest}
}

func errorRevision() *Error {
	return &Error{"PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id. " +
		"Call the GetFunction/GetAlias API to retrieve the latest Revision Id", http.StatusPreconditionFailed}
}

func errorTooLarge(format string, args ...any) *Error {
	return &Error{"RequestEntityTooLargeException", fmt.Sprintf(format, args...), http.StatusRequestEntityTooLarge}
}

func errorThrottled() *Error {
	return &Error{"TooManyRequestsException", "Rate Exceeded.", http.StatusTooManyRequests}
}

func errorClosed() *Error {
	return &Error{"ServiceException", "The function service is shutting down.", http.StatusInternalServerError}
}

func errorDeclared(name, from string) *Error {
	return &Error{"InvalidParameterValueException", fmt.Sprintf(
		"The function %s is declared by %s and cannot be changed through the API.", name, from), http.StatusBadRequest}
}

// errorInternal is an operator's problem: disk full, no permission.
func errorInternal(doing string, err error) *Error {
	return &Error{"ServiceException", fmt.Sprintf("%s: %v", doing, err), http.StatusInternalServerError}
}
