package service

import (
	"context"
	"errors"

	"pawl.dev/internal/host"
)

// SendTaskSuccess ends a task with an output, which must be JSON. Codes:
// InvalidOutput, InvalidToken, TaskDoesNotExist, TaskTimedOut,
// ValidationException.
func (s *Service) SendTaskSuccess(ctx context.Context, token, output string) error {
	if err := checkLength("output", output, MaxInputBytes); err != nil {
		return err
	}
	if why := syntaxError(output); why != "" {
		return refuse(InvalidOutput, "Invalid Output: '"+why+"'")
	}
	resource, err := s.host.Complete(ctx, token, host.Answer{Output: output})
	return taskError(resource, err)
}

// SendTaskFailure ends a task with an error, whose parts may both be nil. Codes:
// InvalidToken, TaskDoesNotExist, TaskTimedOut.
func (s *Service) SendTaskFailure(ctx context.Context, token string, errorName, cause *string) error {
	resource, err := s.host.Complete(ctx, token, host.Answer{Failed: true, Error: errorName, Cause: cause})
	return taskError(resource, err)
}

// SendTaskHeartbeat reports that a task is alive. Codes: InvalidToken,
// TaskDoesNotExist, TaskTimedOut.
func (s *Service) SendTaskHeartbeat(ctx context.Context, token string) error {
	resource, err := s.host.Heartbeat(ctx, token)
	return taskError(resource, err)
}

// taskError translates the host's answer about the task of a token.
func taskError(resource string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, host.ErrBadToken):
		return invalidToken()
	case errors.Is(err, host.ErrTaskOver):
		return refuse(TaskTimedOut, "Task Timed Out: '"+resource+"'")
	case errors.Is(err, host.ErrNotFound):
		return refuse(TaskDoesNotExist, "Task does not exist")
	}
	return hostError(err)
}
