package main

import (
	"context"
	"errors"

	"pawl.dev/internal/api"
	"pawl.dev/internal/service"
	"pawl.dev/internal/task/states"
)

// ownAPI is the process's own Step Functions API for tasks that call it.
type ownAPI struct{ service *service.Service }

var _ states.API = ownAPI{}

func (o ownAPI) Start(ctx context.Context, attempt, request string) (string, error) {
	return o.answer(ctx, api.Call{Operation: "StartExecution", Request: request, StartedBy: attempt})
}

func (o ownAPI) Call(ctx context.Context, operation, request string) (string, error) {
	return o.answer(ctx, api.Call{Operation: operation, Request: request})
}

func (o ownAPI) answer(ctx context.Context, c api.Call) (string, error) {
	answer, err := api.Answer(ctx, o.service, c)
	var refused *api.Refused
	if errors.As(err, &refused) {
		return "", &states.Refusal{Code: refused.Code, Message: refused.Message, Status: refused.Status}
	}
	return string(answer), err
}

func (o ownAPI) OnEnd(ctx context.Context, executionARN string, f func()) (func(), error) {
	leave, err := o.service.OnEnd(ctx, executionARN, f)
	var refused *service.Error
	if errors.As(err, &refused) {
		return nil, &states.Refusal{Code: string(refused.Code), Message: refused.Message, Status: 400}
	}
	return leave, err
}
