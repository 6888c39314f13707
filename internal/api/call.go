package api

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"pawl.dev/internal/service"
)

// Call is one operation asked for within this process.
type Call struct {
	Operation string // "StartExecution"
	Request   string // JSON, as on the wire
	// StartedBy is the id of the task attempt that asks, see
	// service.StartExecutionInput; "" when none does.
	StartedBy string
}

// Refused is why a call was refused.
type Refused struct {
	Code    string // "StateMachineDoesNotExist"
	Message string
	Status  int // of HTTP
}

func (e *Refused) Error() string { return e.Code + ": " + e.Message }

// Answer answers a call as a request over HTTP is answered, with the same checks,
// but for the checks of who asks. An error that is no *Refused is internal.
func Answer(ctx context.Context, s *service.Service, c Call) (answer []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", c.Operation, panicked, debug.Stack())
		}
	}()
	operation := operations[c.Operation]
	if operation == nil {
		return nil, unknownOperation(c.Operation).refused()
	}
	answer, err = respond(ctx, s, operation, c.Request, c.StartedBy, nil)
	var wire *wireError
	var refused *service.Error
	switch {
	case errors.As(err, &wire):
		return nil, wire.refused()
	case errors.As(err, &refused):
		return nil, refusal(refused).refused()
	}
	return answer, err
}
