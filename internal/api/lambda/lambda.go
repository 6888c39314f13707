// Package lambda serves the AWS Lambda REST API (version 2015-03-31) in front
// of package function: enough of it for SDKs, the AWS CLI and deployment tools
// to create, update, list, delete and invoke functions.
//
// It translates and decides nothing. Operations it does not know are refused in AWS's form.
package lambda

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"pawl.dev/internal/auth"
	"pawl.dev/internal/function"
)

// maxBodyBytes is AWS's limit of a CreateFunction request: a zip of 50 MB in
// base64, with room for the settings.
const maxBodyBytes = 70_167_211

// handler serves the API; its routes are in route.
type handler struct {
	functions *function.Service
	options   Options
}

// Options are how requests are served.
type Options struct {
	// Verifier checks signatures and what the key may do. Without one nothing is
	// checked, and only clients on this machine are served.
	Verifier *auth.Verifier
}

// New returns the handler of the Lambda API. It answers every path below
// /2015-03-31, /2017-03-31 (tags) and the dated paths that tools ask for;
// everything else is refused with 404.
func New(functions *function.Service, options Options) http.Handler {
	return &handler{functions: functions, options: options}
}

// call is one request on its way.
type call struct {
	*handler
	w http.ResponseWriter
	r *http.Request

	caller *auth.Caller // nil: no keys are configured
}

// ServeHTTP finds the operation. http.ServeMux is no help: function names may
// be ARNs, escaped or not, and it would redirect paths that it finds untidy.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{handler: h, w: w, r: r}
	w.Header().Set("x-amzn-RequestId", newID())
	err := c.admit()
	if err == nil {
		var segments []string
		if segments, err = split(r.URL.EscapedPath()); err == nil {
			err = c.route(segments)
		}
	}
	if err != nil {
		c.fail(err)
	}
}

// split takes an escaped path apart.
func split(escaped string) ([]string, error) {
	parts := strings.Split(strings.Trim(escaped, "/"), "/")
	for i, p := range parts {
		plain, err := url.PathUnescape(p)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "InvalidRequestContentException", "Malformed path")
		}
		parts[i] = plain
	}
	return parts, nil
}

// route runs the operation of a path: [date, "functions", name, rest...].
func (c *call) route(path []string) error {
	if len(path) < 2 {
		return errUnknown
	}
	if path[1] == "tags" && len(path) == 3 {
		if err := c.may(tagActions[c.r.Method], path[2]); err != nil {
			return err
		}
		return c.tags(path[2])
	}
	if path[1] == "event-source-mappings" && len(path) == 2 && c.r.Method == http.MethodGet {
		if err := c.mayList("ListEventSourceMappings"); err != nil {
			return err
		}
		return c.answer(http.StatusOK, map[string]any{"EventSourceMappings": []any{}})
	}
	if path[1] != "functions" || len(path) > 4 {
		return errUnknown
	}
	if len(path) == 2 {
		switch c.r.Method {
		case http.MethodGet:
			return c.list()
		case http.MethodPost:
			return c.create()
		}
		return errUnknown
	}
	name, rest := path[2], strings.Join(path[3:], "/")
	operation := c.r.Method + " " + rest
	if err := c.may(actions[operation], name); err != nil {
		return err
	}
	switch operation {
	case "GET ":
		return c.get(name)
	case "DELETE ":
		return c.delete(name)
	case "GET configuration":
		return c.getConfiguration(name)
	case "PUT configuration":
		return c.updateConfiguration(name)
	case "GET code":
		return c.download(name)
	case "PUT code":
		return c.updateCode(name)
	case "GET versions":
		return c.versions(name)
	case "GET aliases":
		return c.none(name, map[string]any{"Aliases": []any{}})
	case "GET concurrency":
		return c.none(name, map[string]any{})
	case "GET code-signing-config":
		return c.none(name, map[string]any{"FunctionName": name})
	case "POST invocations":
		return c.invoke(name)
	}
	return errUnknown
}

var errUnknown = refuse(http.StatusNotFound, "UnknownOperationException", "This operation of AWS Lambda is not supported here.")

func refuse(status int, code, message string) *function.Error {
	return &function.Error{Code: code, Message: message, HTTPStatus: status}
}

// errorBody is the body of a refusal, in AWS's order.
type errorBody struct {
	Reason  string  `json:",omitempty"`
	Type    string  `json:",omitempty"`
	Capital *string `json:"Message,omitempty"`
	Small   *string `json:"message,omitempty"`
}

// fail writes an error as AWS does: name in a header, text in the body.
func (c *call) fail(err error) {
	own, ok := refusedCaller(err)
	if !ok && !errors.As(err, &own) {
		own = refuse(http.StatusInternalServerError, "ServiceException", err.Error())
	}
	body := errorBody{Type: "User"}
	text := own.Message
	switch own.Code { // the model's casing differs from error to error
	case "ResourceNotFoundException":
		body.Capital = &text
	case string(auth.AccessDenied):
		body.Type, body.Capital = "", &text
	case string(auth.InvalidSignature), string(auth.IncompleteSignature), string(auth.MissingAuthentication), string(auth.UnrecognizedClient):
		body.Type, body.Small = "", &text
	case "ServiceException", "InvalidRuntimeException":
		body.Type, body.Capital = "Service", &text
	case "ValidationException", "UnknownOperationException":
		body.Type, body.Small = "", &text
	default:
		body.Small = &text
	}
	if own.HTTPStatus == http.StatusTooManyRequests {
		body.Reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
		c.w.Header().Set("Retry-After", "1")
	}
	c.w.Header().Set("x-amzn-ErrorType", own.Code)
	_ = c.answer(own.HTTPStatus, body) // the client went away
}

// answer writes a JSON body.
func (c *call) answer(status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // the client went away
	return nil
}
