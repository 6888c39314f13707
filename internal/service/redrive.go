package service

import (
	"context"
	"errors"
	"time"

	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// RedriveExecution lets an execution that did not succeed go on from where it
// was, with the definition and role it was started with, and returns when it was
// redriven. Repeating a redrive with its client token answers as the first time.
// Codes: ExecutionDoesNotExist, ExecutionNotRedrivable, InvalidArn.
func (s *Service) RedriveExecution(ctx context.Context, executionARN, clientToken string) (time.Time, error) {
	arn, err := s.names.parseExecution(executionARN)
	if err != nil {
		return time.Time{}, err
	}
	if arn.resource == expressResource {
		return time.Time{}, invalidARN("Resource type not valid in this context: express")
	}
	if arn.foreign {
		return time.Time{}, noExecution(executionARN)
	}
	s.starting.RLock() // no machine is marked as being deleted meanwhile
	defer s.starting.RUnlock()
	at, again, err := s.host.Redriven(ctx, arn.ref(), clientToken)
	if err != nil {
		return at, executionError(err, executionARN)
	}
	if again {
		return at, nil
	}
	if err := s.checkRedrivable(ctx, arn); err != nil {
		return at, err
	}
	at, err = s.host.Redrive(ctx, arn.ref(), clientToken)
	if errors.Is(err, host.ErrNotRedrivable) { // somebody else has just redriven it
		return at, notRedrivable(executionARN, "Execution is RUNNING and cannot be redriven")
	}
	if err != nil {
		return at, executionError(err, executionARN)
	}
	return at, nil
}

// checkRedrivable refuses executions that can't be redriven.
func (s *Service) checkRedrivable(ctx context.Context, arn ARN) error {
	x, err := s.execution(ctx, arn.text)
	if err != nil {
		return err
	}
	switch status, reason := s.redriveStatus(&x.Summary); status {
	case NotRedrivable:
		return notRedrivable(arn.text, reason)
	case RedrivableByMapRun:
		return notRedrivable(arn.text, "Execution was started by a Map Run and can only be redriven by it")
	case Redrivable:
	}
	var m *machine
	err = s.catalog.View(ctx, func(r store.CatalogReader) (err error) {
		m, err = get[machine](r, store.KindStateMachine, x.Machine)
		return err
	})
	if err == nil && (m == nil || m.Deleting) {
		err = notRedrivable(arn.text, "State machine is being deleted")
	}
	return err
}

func notRedrivable(executionARN, reason string) error {
	return refuse(ExecutionNotRedrivable, "Execution "+executionARN+" invalid for redrive as: "+reason)
}
