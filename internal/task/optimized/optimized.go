// Package optimized is the task handler of the optimized integrations that are
// one call of an AWS API: DynamoDB items, EventBridge events, SNS and SQS
// messages; those that can wait for a token too.
//
// It words parameters, results and errors as Step Functions does, which is as
// the SDK for Java 1 does, and leaves the call to package awsapi. Integrations
// that wait for a job are elsewhere.
package optimized

import (
	"context"
	"errors"
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

// integration is what is special about a service.
type integration struct {
	service string   // the AWS SDK's name: "eventbridge"
	actions []string // that there are
	prefix  string   // of errors: "DynamoDB"
	label   string   // of the service in causes: "AmazonDynamoDBv2"
	base    string   // the exception of errors that the service's model lacks
	// prepare changes the parameters; nil: they stay as they are.
	prepare func(r *task.Request, params value.Value) value.Value
	// output words the result; nil: with the HTTP envelope.
	output func(resp *awsapi.Response) (string, *asl.Failure)
}

// integrations by resource type.
var integrations = map[string]*integration{
	"dynamodb": &dynamodb, "events": &events, "sns": &sns, "sqs": &sqs,
}

// Services returns the resource types that the handler takes.
func Services() []string { return []string{"dynamodb", "events", "sns", "sqs"} }

// Handler calls the services of optimized integrations.
type Handler struct{ client *awsapi.Client }

// New returns a handler; the client stays the caller's.
func New(client *awsapi.Client) *Handler { return &Handler{client: client} }

// Run implements task.Handler.
func (h *Handler) Run(ctx context.Context, r task.Request, reply task.Reply) {
	if r.Submitted != "" {
		return // the call was made before a crash; the token is waited for
	}
	x := integrations[r.ResourceType]
	if x == nil || !x.has(r.Action()) {
		reply.Failed(asl.NewFailure(asl.ErrRuntime, "The action '"+r.ResourceType+":"+r.Action()+"' is not supported."))
		return
	}
	params, err := value.Parse(r.Input, nil)
	if err != nil {
		reply.Failed(asl.NewFailure(asl.ErrRuntime, "The Parameters are not valid JSON: "+err.Error()))
		return
	}
	if x.prepare != nil {
		params = x.prepare(&r, params)
	}
	h.client.Go(ctx, &awsapi.Request{
		Service: x.service, Action: r.Action(), Input: params, Role: r.Role, ID: r.ID, NativeNames: true,
	}, func(resp *awsapi.Response, err error) {
		if ctx.Err() != nil {
			return // nobody waits any more
		}
		if err != nil {
			reply.Failed(x.failure(&r, err))
			return
		}
		x.answer(&r, resp, reply)
	})
}

func (x *integration) has(action string) bool {
	for _, a := range x.actions {
		if a == action {
			return true
		}
	}
	return false
}

// answer words what the service answered.
func (x *integration) answer(r *task.Request, resp *awsapi.Response, reply task.Reply) {
	word := x.output
	if word == nil {
		word = withMetadata
	}
	output, failure := word(resp)
	switch {
	case failure != nil:
		reply.Failed(failure)
	case r.Pattern == asl.Callback:
		reply.Submitted(output)
	default:
		reply.Done(output)
	}
}

// failure words an error of a call.
func (x *integration) failure(r *task.Request, err error) *asl.Failure {
	var (
		refused    *awsapi.Error
		unanswered *awsapi.ClientError
		parameters *awsapi.ParameterError
		role       *awsapi.RoleError
	)
	switch {
	case errors.As(err, &role): // wraps STS's refusal
		return asl.NewFailure(asl.ErrTaskFailed, "The execution's role is not authorized to assume the task state's role, "+role.Role+".")
	case errors.As(err, &refused):
		name := x.base
		if refused.Shape != "" {
			name = refused.Exception()
		}
		return asl.NewFailure(x.prefix+"."+name, refused.Version1(x.label))
	case errors.As(err, &unanswered):
		return asl.NewFailure(x.prefix+".SdkClientException", unanswered.Message)
	case errors.As(err, &parameters):
		return asl.NewFailure(asl.ErrRuntime, fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", r.Input, parameters.Error()))
	case errors.Is(err, awsapi.ErrTooLarge):
		return asl.NewFailure(asl.ErrDataLimitExceeded,
			"The state/task '"+r.ResourceType+"' returned a result with a size exceeding the maximum number of bytes service limit.")
	}
	return asl.NewFailure(asl.ErrRuntime, err.Error())
}

// asText returns params with a member turned into text: Step Functions sends the
// JSON of what is no string.
func asText(params value.Value, member string) value.Value {
	v, ok := params.Get(member)
	if !ok || v.Is(value.String) {
		return params
	}
	return with(params, member, value.Text(v.JSON()))
}

// with returns an object with one member set.
func with(object value.Value, member string, v value.Value) value.Value {
	var b value.Builder
	for i, key := range object.Keys() {
		b.Set(key, object.At(i))
	}
	b.Set(member, v)
	return b.Object()
}
