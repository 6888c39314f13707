package awsapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Error is what a service answers to a call that it refuses.
type Error struct {
	Service           string // as in exceptions: "DynamoDb"
	Shape             string // of the error; "" if the service's model has none for Code
	Code              string // on the wire; can differ from Shape
	Message           string
	Status            int // HTTP
	RequestID         string
	ExtendedRequestID string // S3's second id; "" for other services
	Attempts          int
}

// Exception returns the name of the SDK for Java 2's exception:
// "ResourceNotFoundException", or that of all of the service's errors,
// "DynamoDbException", for one without a model.
func (e *Error) Exception() string {
	if e.Shape == "" {
		return e.Service + "Exception"
	}
	return exceptionName(e.Shape)
}

// Error returns the message of the exception.
func (e *Error) Error() string {
	extended := ""
	if e.ExtendedRequestID != "" {
		extended = ", Extended Request ID: " + e.ExtendedRequestID
	}
	return fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s%s) (SDK Attempt Count: %d)",
		orNullText(e.Message), e.Service, e.Status, orNullText(e.RequestID), extended, e.Attempts)
}

// Version1 returns the message of the SDK for Java 1's exception, in which the
// service has another label: "AmazonDynamoDBv2".
func (e *Error) Version1(label string) string {
	return fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
		orNullText(e.Message), label, e.Status, orNullText(e.Code), orNullText(e.RequestID))
}

// orNullText prints what is missing as Java does.
func orNullText(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

// ClientError is a call that got no answer from the service: the
// SdkClientException of the SDK for Java.
type ClientError struct {
	Service  string // as in exceptions: "DynamoDb"
	Message  string
	Attempts int
	cause    error
}

func (e *ClientError) Error() string {
	return fmt.Sprintf("%s (SDK Attempt Count: %d)", e.Message, max(e.Attempts, 1))
}

// Unwrap returns what went wrong.
func (e *ClientError) Unwrap() error { return e.cause }

// ParameterError is a call that was not made because of its parameters.
type ParameterError struct{ Problems []string }

func (e *ParameterError) Error() string { return strings.Join(e.Problems, ", ") }

// ErrTooLarge is the error of a call whose response is over the client's limit.
var ErrTooLarge = errors.New("the response is too large")

// ErrUnknownAction is wrapped by errors about services and actions that are not
// known, or that Step Functions does not call.
var ErrUnknownAction = errors.New("the action is not supported")

// newError reads the error that a service answered.
func newError(ctx context.Context, s *service, op *operation, resp *http.Response, body []byte) *Error {
	e := &Error{Service: s.name, Status: resp.StatusCode, RequestID: requestID(resp.Header, body)}
	if isS3(s) {
		e.ExtendedRequestID = orNullText(resp.Header.Get("X-Amz-Id-2"))
	}
	// The code of the service's query past hides the shape's name.
	queryCode, _, _ := strings.Cut(resp.Header.Get("X-Amzn-Query-Error"), ";")
	resp.Header.Del("X-Amzn-Query-Error")
	resp.Body = io.NopCloser(bytes.NewReader(body))
	err := s.protocol.DeserializeResponse(ctx, op.schema, new(smithy.TypeRegistry), &smithyhttp.Response{Response: resp}, new(result))
	var generic *smithy.GenericAPIError
	if errors.As(err, &generic) {
		e.Code, e.Message = said(generic.Code, body), said(generic.Message, body)
	}
	e.Shape = s.exceptions[e.Code]
	if queryCode != "" {
		if e.Shape == "" {
			e.Shape = s.exceptions[queryCode]
		}
		e.Code = queryCode
	}
	if e.Message == "" {
		e.Message = messageOf(body)
	}
	if len(body) == 0 && resp.StatusCode == http.StatusNotFound && s.Source == "s3" {
		e.Code, e.Shape = headCode(op.Name, e.Code), headCode(op.Name, e.Shape)
	}
	return e
}

// said returns what smithy-go read from a body, but not what it puts where there
// is nothing.
func said(text string, body []byte) string {
	const nothing = "UnknownError"
	if text == nothing && !bytes.Contains(body, []byte(nothing)) {
		return ""
	}
	return text
}

// headCode is the code that S3 cannot answer a HEAD request with.
func headCode(operation, otherwise string) string {
	switch operation {
	case "HeadObject":
		return "NoSuchKey"
	case "HeadBucket":
		return "NoSuchBucket"
	}
	return otherwise
}

var (
	xmlRequestID = regexp.MustCompile(`<(?:RequestId|RequestID)>([^<]*)<`)
	xmlMessage   = regexp.MustCompile(`<[Mm]essage>([^<]*)<`)
)

func requestID(h http.Header, body []byte) string {
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	if m := xmlRequestID.FindSubmatch(body); m != nil {
		return string(m[1])
	}
	return ""
}

// messageOf finds the message in a body that the protocol does not describe.
func messageOf(body []byte) string {
	if m := xmlMessage.FindSubmatch(body); m != nil {
		return html.UnescapeString(string(m[1]))
	}
	var o map[string]any
	if json.Unmarshal(body, &o) == nil {
		for _, name := range []string{"message", "Message", "errorMessage"} {
			if s, ok := o[name].(string); ok {
				return s
			}
		}
	}
	return ""
}

// newClientError words what kept a request from being answered.
func newClientError(s *service, host string, err error) *ClientError {
	e := &ClientError{Service: s.name, cause: err}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		e.Message = dns.Name + ": Name or service not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Message = "Connect to " + host + " failed: Connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Message = "The target server failed to respond"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		e.Message = "Read timed out"
	default:
		e.Message = err.Error()
	}
	e.Message = "Unable to execute HTTP request: " + e.Message
	return e
}
