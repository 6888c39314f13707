package main

import (
	"errors"

	"pawl.dev/internal/console"
	"pawl.dev/internal/function"
	"pawl.dev/internal/service"
)

// shownFunctions are the node's functions as the console shows them.
type shownFunctions struct{ functions *function.Service }

func (s shownFunctions) List(marker string, limit int) ([]console.Function, string, error) {
	all, next, err := s.functions.List(marker, limit)
	if err != nil {
		return nil, "", functionRefusal(err)
	}
	shown := make([]console.Function, len(all))
	for i, f := range all {
		stats := s.functions.Stats(f.FunctionName)
		shown[i] = console.Function{
			Name: f.FunctionName, ARN: f.FunctionArn, Runtime: f.Runtime, Handler: f.Handler,
			State: f.State, StateReason: f.StateReason, MemoryMB: f.MemorySize, TimeoutSeconds: f.Timeout, Modified: f.LastModified,
			Processes: stats.Processes, Idle: stats.Idle, Waiting: stats.Waiting,
		}
	}
	return shown, next, nil
}

func (s shownFunctions) Log(name string, last int) ([]console.LogLine, error) {
	lines, err := s.functions.Logs(name, function.LogOptions{Last: last})
	if err != nil {
		return nil, functionRefusal(err)
	}
	shown := make([]console.LogLine, len(lines))
	for i, l := range lines {
		shown[i] = console.LogLine(l)
	}
	return shown, nil
}

// functionRefusal is a function's error in the service's words; others stay.
func functionRefusal(err error) error {
	var refused *function.Error
	if !errors.As(err, &refused) {
		return err
	}
	code := service.ValidationException
	if refused.Code == "ResourceNotFoundException" {
		code = service.ResourceNotFound
	}
	return &service.Error{Code: code, Message: refused.Message}
}
