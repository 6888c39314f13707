package service

import (
	"context"
	"strconv"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
)

// HistoryEvent is an event with the ARNs that a client sees in place of ids.
type HistoryEvent struct {
	history.Event
	MapRunARN              string // MapRunStarted, MapRunRedriven
	StateMachineVersionARN string // ExecutionStarted; "" when none
	StateMachineAliasARN   string // ExecutionStarted; "" when none
}

// GetExecutionHistoryInput asks for events, oldest first unless Reverse is set.
type GetExecutionHistoryInput struct {
	Page
	ExecutionARN string
	Reverse      bool
}

// GetExecutionHistory returns a page of an execution's history. Codes:
// ExecutionDoesNotExist, InvalidArn, InvalidToken.
func (s *Service) GetExecutionHistory(ctx context.Context, in GetExecutionHistoryInput) (events []HistoryEvent, nextToken string, err error) {
	arn, err := s.names.parseExecution(in.ExecutionARN)
	if err != nil {
		return nil, "", err
	}
	if arn.resource == expressResource {
		return nil, "", invalidARN("Resource type not valid in this context: express")
	}
	if arn.foreign {
		return nil, "", noExecution(in.ExecutionARN)
	}
	list := s.listing("GetExecutionHistory", in.ExecutionARN, strconv.FormatBool(in.Reverse))
	first, err := firstEvent(list, in)
	if err != nil {
		return nil, "", err
	}
	var next history.EventID
	err = s.host.Events(ctx, arn.ref(), first, in.Reverse, func(e *history.Event) bool {
		if len(events) == in.limit() {
			next = e.ID
			return false
		}
		events = append(events, HistoryEvent{Event: *e})
		return true
	})
	if err != nil {
		return nil, "", executionError(err, in.ExecutionARN)
	}
	s.nameResources(arn.ref(), events)
	if next != 0 {
		nextToken = list.seal(strconv.FormatUint(uint64(next), 10))
	}
	return events, nextToken, nil
}

func firstEvent(list listing, in GetExecutionHistoryInput) (history.EventID, error) {
	cursor, err := list.open(in.NextToken)
	if err != nil {
		return 0, err
	}
	switch {
	case cursor != "":
		id, err := strconv.ParseUint(cursor, 10, 32)
		return history.EventID(id), err
	case in.Reverse:
		return 0, nil
	}
	return 1, nil
}

// nameResources sets the ARNs in the events.
func (s *Service) nameResources(ref host.ExecutionRef, events []HistoryEvent) {
	for i := range events {
		e := &events[i]
		switch e.Type {
		case history.ExecutionStarted:
			if e.Version != "" {
				e.StateMachineVersionARN = s.names.qualified(ref.Machine, e.Version)
			}
			if e.Alias != "" {
				e.StateMachineAliasARN = s.names.qualified(ref.Machine, e.Alias)
			}
		case history.MapRunStarted, history.MapRunRedriven:
			e.MapRunARN = s.names.mapRun(ref.Machine, e.Label, e.MapRun)
		}
	}
}
