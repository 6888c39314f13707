// Package awssdk is the task handler of the AWS SDK integrations:
// arn:aws:states:::aws-sdk:SERVICE:ACTION, also .waitForTaskToken.
//
// It words parameters, results and errors as Step Functions does and leaves the
// call to package awsapi. What a call costs while it waits is its parameters: no
// goroutine, no connection.
package awssdk

import (
	"context"
	"errors"
	"strings"

	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

// Handler calls AWS services.
type Handler struct{ client *awsapi.Client }

// New returns a handler; the client stays the caller's.
func New(client *awsapi.Client) *Handler { return &Handler{client: client} }

// Run implements task.Handler.
func (h *Handler) Run(ctx context.Context, r task.Request, reply task.Reply) {
	if r.Submitted != "" {
		return // the call was made before a crash; the token is waited for
	}
	params, err := value.Parse(r.Input, nil)
	if err != nil {
		reply.Failed(asl.NewFailure(asl.ErrRuntime, "The Parameters are not valid JSON: "+err.Error()))
		return
	}
	h.client.Go(ctx, &awsapi.Request{
		Service: strings.TrimPrefix(r.ResourceType, "aws-sdk:"), Action: r.Action(), Input: params, Role: r.Role, ID: r.ID,
	}, func(resp *awsapi.Response, err error) {
		switch {
		case ctx.Err() != nil: // nobody waits any more
		case err != nil:
			reply.Failed(failure(&r, err))
		case r.Pattern == asl.Callback:
			reply.Submitted(resp.Output.JSON())
		default:
			reply.Done(resp.Output.JSON())
		}
	})
}

// failure words an error of a call.
func failure(r *task.Request, err error) *asl.Failure {
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
		return asl.NewFailure(refused.Service+"."+refused.Exception(), refused.Error())
	case errors.As(err, &unanswered):
		return asl.NewFailure(unanswered.Service+".SdkClientException", unanswered.Error())
	case errors.As(err, &parameters):
		return asl.NewFailure(asl.ErrRuntime, "The Parameters '"+r.Input+"' could not be used to start the Task: ["+parameters.Error()+"]")
	case errors.Is(err, awsapi.ErrTooLarge):
		return asl.NewFailure(asl.ErrDataLimitExceeded,
			"The state/task '"+r.ResourceType+"' returned a result with a size exceeding the maximum number of bytes service limit.")
	case errors.Is(err, awsapi.ErrUnknownAction):
		return asl.NewFailure(asl.ErrRuntime, "The action '"+r.ResourceType+":"+r.Action()+"' is not supported.")
	}
	return asl.NewFailure(asl.ErrRuntime, err.Error())
}
