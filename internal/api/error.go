package api

import (
	"net/http"
	"strconv"
	"strings"

	"pawl.dev/internal/service"
	"pawl.dev/value"
)

// The prefixes of error types. Clients cut them off; AWS sends them.
const (
	model          = "com.amazonaws.swf.service.v2.model#"
	coralValidate  = "com.amazon.coral.validate#"
	coralService   = "com.amazon.coral.service#"
	coralAvailable = "com.amazon.coral.availability#"
)

// wireError is an error as it is sent.
type wireError struct {
	status   int
	kind     string // __type
	message  string
	reason   string // "" leaves the member out
	resource string // resourceName; "" leaves the member out
	// capital names the member "Message", as the errors that all AWS services
	// have do.
	capital bool
}

func (e *wireError) Error() string { return e.kind + ": " + e.message }

// refused is the error for a caller within the process.
func (e *wireError) refused() *Refused {
	_, code, _ := strings.Cut(e.kind, "#")
	return &Refused{Code: code, Message: e.message, Status: e.status}
}

// elsewhere are the codes that are not in the Step Functions model. HTTP status
// 400 is that of every modelled error, whatever its name.
var elsewhere = map[service.Code]wireError{
	service.AccessDeniedException: {status: http.StatusBadRequest, kind: coralService + "AccessDeniedException", capital: true},
	service.ServiceUnavailable:    {status: http.StatusServiceUnavailable, kind: coralAvailable + "ServiceUnavailable"},
}

// refusal translates the service's refusal.
func refusal(e *service.Error) *wireError {
	w, ok := elsewhere[e.Code]
	if !ok {
		w = wireError{status: http.StatusBadRequest, kind: model + string(e.Code), reason: string(e.Reason), resource: e.Resource}
	}
	w.message = e.Message
	return &w
}

func internalFailure(id string) *wireError {
	return &wireError{
		status: http.StatusInternalServerError, kind: coralService + "InternalFailure",
		message: "The request could not be processed because of an internal error. Request ID: " + id,
	}
}

func unknownOperation(name string) *wireError {
	message := "The operation is unknown."
	if name != "" {
		message = "The operation " + name + " is unknown."
	}
	return &wireError{status: http.StatusBadRequest, kind: coralService + "UnknownOperationException", message: message, capital: true}
}

func requestTooLarge() *wireError {
	return &wireError{
		status: http.StatusRequestEntityTooLarge, kind: coralService + "RequestEntityTooLargeException", capital: true,
		message: "The request body must not be larger than " + strconv.Itoa(MaxRequestBytes) + " bytes.",
	}
}

func serialization(message string) *wireError {
	return &wireError{status: http.StatusBadRequest, kind: coralService + "SerializationException", message: message, capital: true}
}

func writeError(w http.ResponseWriter, e *wireError) {
	member := `,"message":`
	if e.capital {
		member = `,"Message":`
	}
	body := value.AppendQuoted([]byte(`{"__type":`), e.kind)
	body = value.AppendQuoted(append(body, member...), e.message)
	if e.reason != "" {
		body = value.AppendQuoted(append(body, `,"reason":`...), e.reason)
	}
	if e.resource != "" {
		body = value.AppendQuoted(append(body, `,"resourceName":`...), e.resource)
	}
	body = append(body, '}')
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(e.status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}
