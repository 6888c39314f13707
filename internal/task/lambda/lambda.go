// Package lambda is the task handler of functions: direct function ARNs, the
// optimized integration lambda:invoke (also .waitForTaskToken) and
// aws-sdk:lambda:invoke.
//
// It words requests and results as Step Functions does and leaves running the
// function to package function.
package lambda

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/function"
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

// Handler runs functions of a function.Service.
type Handler struct {
	functions *function.Service
	now       func() time.Time
}

// New returns a handler; now stamps the Date header of results.
func New(functions *function.Service, now func() time.Time) *Handler {
	return &Handler{functions: functions, now: now}
}

// Run implements task.Handler.
func (h *Handler) Run(ctx context.Context, r task.Request, reply task.Reply) {
	call, fail := newCall(&r)
	if fail != nil {
		reply.Failed(fail)
		return
	}
	inv, err := h.functions.InvokeAsync(call.request, func(resp function.Response, err error) {
		if err != nil {
			if ctx.Err() == nil {
				reply.Failed(call.refused(err))
			}
			return
		}
		h.answer(call, resp, reply)
	})
	if err != nil {
		reply.Failed(call.refused(err))
		return
	}
	context.AfterFunc(ctx, func() { inv.Cancel(context.Canceled) })
}

// form is how the task names the function and wants its result.
type form uint8

const (
	direct    form = iota // the function's ARN is the resource
	optimized             // lambda:invoke
	sdk                   // aws-sdk:lambda:invoke
)

type call struct {
	form    form
	pattern asl.Pattern
	request function.Request
}

// newCall reads the parameters of the task.
func newCall(r *task.Request) (*call, *asl.Failure) {
	c := &call{pattern: r.Pattern}
	if r.Kind == asl.LambdaFunction {
		c.request = function.Request{Function: r.Resource, Payload: []byte(r.Input)}
		return c, nil
	}
	c.form = optimized
	if r.ResourceType != "lambda" {
		c.form = sdk
	}
	if r.Action() != "invoke" {
		return nil, asl.NewFailure(asl.ErrRuntime, "The action '"+r.ResourceType+":"+r.Action()+"' is not supported.")
	}
	params, err := value.Parse(r.Input, nil)
	if err != nil {
		return nil, asl.NewFailure(asl.ErrRuntime, "The Parameters are not valid JSON: "+err.Error())
	}
	c.request = function.Request{
		Function:      params.Member("FunctionName").Str(),
		Qualifier:     params.Member("Qualifier").Str(),
		Type:          params.Member("InvocationType").Str(),
		LogTail:       params.Member("LogType").Str() == "Tail",
		ClientContext: params.Member("ClientContext").Str(),
	}
	if payload, ok := params.Get("Payload"); ok {
		c.request.Payload = payloadOf(payload)
		if err := value.Valid(string(c.request.Payload)); err != nil && len(c.request.Payload) > 0 {
			return nil, c.refused(&function.Error{
				Code:       "InvalidRequestContentException",
				Message:    "Could not parse request body into json: Could not parse payload into json: " + err.Error(),
				HTTPStatus: http.StatusBadRequest,
			})
		}
	}
	if c.request.Type == function.RequestResponse {
		c.request.Type = ""
	}
	return c, nil
}

// payloadOf is the JSON that the function gets. The SDK's parameter is a string
// that holds it: other values given for it are serialised, null leaves it out.
// Source: recordings lambda_task_service/invoke_json_values, invoke_unsupported_param.
func payloadOf(v value.Value) []byte {
	switch v.Kind() {
	case value.Null:
		return nil
	case value.String:
		return []byte(v.Str())
	default:
		return v.AppendJSON(nil)
	}
}

// answer words the function's response for the task.
func (h *Handler) answer(c *call, resp function.Response, reply task.Reply) {
	if resp.FunctionError != "" && c.form != sdk {
		reply.Failed(functionFailure(resp.Payload, c.form))
		return
	}
	var output string
	switch c.form {
	case direct:
		if err := value.Valid(string(resp.Payload)); err != nil {
			reply.Failed(asl.NewFailure("Lambda.Unknown", "The function's result is not valid JSON: "+err.Error()))
			return
		}
		output = string(resp.Payload)
	case optimized:
		output = h.result(resp)
	case sdk:
		output = sdkResult(resp)
	}
	if c.pattern == asl.Callback {
		reply.Submitted(output)
		return
	}
	reply.Done(output)
}

// functionFailure is a function's error: its errorType, and all of its payload
// as the cause (compact for lambda:invoke, verbatim for direct ARNs).
func functionFailure(payload []byte, f form) *asl.Failure {
	cause := string(payload)
	v, err := value.Parse(cause, nil)
	if err != nil {
		return asl.NewFailure("Lambda.Unknown", cause)
	}
	if f == optimized {
		cause = v.JSON()
	}
	name := v.Member("errorType").Str()
	if name == "" {
		name = "Lambda.Unknown"
	}
	return asl.NewFailure(name, cause)
}

// refused words an error of the function service, which the SDK of Step
// Functions would have thrown.
func (c *call) refused(err error) *asl.Failure {
	var known *function.Error
	if !errors.As(err, &known) {
		return asl.NewFailure("Lambda.SdkClientException", err.Error())
	}
	message := known.Message
	if known.Code == "ResourceNotFoundException" && c.request.Qualifier == "" && !strings.HasSuffix(message, ":$LATEST") {
		message += ":$LATEST"
	}
	id := "00000000-0000-0000-0000-000000000000"
	if c.form == sdk {
		return asl.NewFailure("Lambda."+known.Code, fmt.Sprintf("%s (Service: Lambda, Status Code: %d, Request ID: %s)", message, known.HTTPStatus, id))
	}
	return asl.NewFailure("Lambda."+known.Code, fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
		message, known.HTTPStatus, known.Code, id))
}

// result is what lambda:invoke answers: the SDK's result with the payload parsed
// and the HTTP envelope of the call.
func (h *Handler) result(resp function.Response) string {
	var b value.Builder
	b.Set("ExecutedVersion", value.Text(resp.ExecutedVersion))
	if len(resp.LogResult) > 0 {
		b.Set("LogResult", value.Text(base64.StdEncoding.EncodeToString(resp.LogResult)))
	}
	b.Set("Payload", parsedPayload(resp.Payload))
	all, single := h.headers(resp)
	b.Set("SdkHttpMetadata", object("AllHttpHeaders", all, "HttpHeaders", single, "HttpStatusCode", value.Int(int64(resp.StatusCode))))
	b.Set("SdkResponseMetadata", object("RequestId", value.Text(resp.RequestID)))
	b.Set("StatusCode", value.Int(int64(resp.StatusCode)))
	return b.Object().JSON()
}

// parsedPayload is the payload as JSON; text that is none stays a string.
func parsedPayload(payload []byte) value.Value {
	text := string(payload)
	if text == "" {
		return value.Text("")
	}
	v, err := value.Parse(text, nil)
	if err != nil {
		return value.Text(text)
	}
	return v
}

func (h *Handler) headers(resp function.Response) (all, single value.Value) {
	var a, s value.Builder
	add := func(name, text string) {
		a.Set(name, value.NewArray([]value.Value{value.Text(text)}))
		s.Set(name, value.Text(text))
	}
	add("Connection", "keep-alive")
	add("Content-Length", fmt.Sprint(len(resp.Payload)))
	add("Content-Type", "application/json")
	add("Date", h.now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	add("X-Amz-Executed-Version", resp.ExecutedVersion)
	if len(resp.LogResult) > 0 {
		add("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(resp.LogResult))
	}
	add("x-amzn-Remapped-Content-Length", "0")
	add("x-amzn-RequestId", resp.RequestID)
	add("X-Amzn-Trace-Id", "root=1-"+fmt.Sprintf("%08x", h.now().Unix())+"-000000000000000000000000;sampled=0")
	return a.Object(), s.Object()
}

func sdkResult(resp function.Response) string {
	var b value.Builder
	b.Set("ExecutedVersion", value.Text(resp.ExecutedVersion))
	if resp.FunctionError != "" {
		b.Set("FunctionError", value.Text(resp.FunctionError))
	}
	b.Set("Payload", value.Text(string(resp.Payload)))
	b.Set("StatusCode", value.Int(int64(resp.StatusCode)))
	return b.Object().JSON()
}

// object builds an object from name, value pairs.
func object(pairs ...any) value.Value {
	var b value.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.Set(pairs[i].(string), pairs[i+1].(value.Value))
	}
	return b.Object()
}
