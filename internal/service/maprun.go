package service

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/host"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
)

// MapRun describes a map run.
type MapRun struct {
	MapRunItem
	Status                     store.Status
	MaxConcurrency             int64
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64
	ItemCounts                 host.MapRunCounts
	ExecutionCounts            host.MapRunCounts
	RedriveCount               int
	RedriveDate                time.Time // zero: never
}

// MapRunItem is a map run in a list.
type MapRunItem struct {
	MapRunARN       string
	ExecutionARN    string // of the parent
	StateMachineARN string // labelled
	StartDate       time.Time
	StopDate        time.Time // zero while running
}

// DescribeMapRun describes a map run. Codes: InvalidArn, ResourceNotFound.
func (s *Service) DescribeMapRun(ctx context.Context, mapRunARN string) (*MapRun, error) {
	run, err := s.mapRun(ctx, mapRunARN)
	if err != nil {
		return nil, err
	}
	parent, err := s.parentARN(ctx, &run.Summary)
	if err != nil {
		return nil, err
	}
	return &MapRun{
		MapRunItem: s.mapRunItem(&run.Summary, parent), Status: run.Status,
		MaxConcurrency: run.MaxConcurrency, ToleratedFailureCount: run.ToleratedFailureCount,
		ToleratedFailurePercentage: run.ToleratedFailurePercentage,
		ItemCounts:                 run.Items, ExecutionCounts: run.Executions,
		RedriveCount: run.RedriveCount, RedriveDate: run.RedriveDate,
	}, nil
}

func (s *Service) mapRunItem(run *store.Summary, parentARN string) MapRunItem {
	return MapRunItem{
		MapRunARN: s.names.mapRun(run.Machine, run.Label, run.Name), ExecutionARN: parentARN,
		StateMachineARN: s.names.machineOf(run), StartDate: run.Start, StopDate: run.Stop,
	}
}

// parentARN is the ARN of the execution that a map run belongs to. When that is
// itself a child of a map run, its siblings know the label that the ARN needs.
func (s *Service) parentARN(ctx context.Context, run *store.Summary) (string, error) {
	outer, index, nested := run.Parent.Child()
	if !nested {
		name := strings.TrimPrefix(string(run.Parent), string(store.ExecutionID(run.Machine, "")))
		return s.names.execution(&store.Summary{Machine: run.Machine, Name: name}), nil
	}
	siblings, _, err := s.host.List(ctx, store.Query{Run: outer, Limit: 1})
	if err != nil {
		return "", hostError(err)
	}
	if len(siblings) == 0 {
		return "", fmt.Errorf("map run %s: its parent %s is missing", run.ID, run.Parent)
	}
	return s.names.execution(&store.Summary{
		Machine: run.Machine, Label: siblings[0].Label, Name: maprun.ChildName(string(outer), index),
	}), nil
}

// ListMapRuns returns a page of the map runs of an execution, newest first.
// Codes: ExecutionDoesNotExist, InvalidArn, InvalidToken.
func (s *Service) ListMapRuns(ctx context.Context, executionARN string, p Page) (items []MapRunItem, nextToken string, err error) {
	x, err := s.execution(ctx, executionARN)
	if err != nil {
		return nil, "", err
	}
	list := s.listing("ListMapRuns", executionARN)
	cursor, err := list.open(p.NextToken)
	if err != nil {
		return nil, "", err
	}
	runs, next, err := s.host.List(ctx, store.Query{Parent: x.ID, Cursor: cursor, Limit: p.limit()})
	if err != nil {
		return nil, "", hostError(err)
	}
	for _, run := range runs {
		items = append(items, s.mapRunItem(run, executionARN))
	}
	if next != "" {
		nextToken = list.seal(next)
	}
	return items, nextToken, nil
}

// UpdateMapRun changes a map run while it runs. Codes: InvalidArn,
// ResourceNotFound, ValidationException.
func (s *Service) UpdateMapRun(ctx context.Context, mapRunARN string, change host.MapRunChange) error {
	run, err := s.mapRun(ctx, mapRunARN)
	if err != nil {
		return err
	}
	if err := s.host.UpdateMapRun(ctx, run.Name, change); err != nil {
		return mapRunError(err, mapRunARN)
	}
	return nil
}

// mapRun finds a map run by its ARN.
func (s *Service) mapRun(ctx context.Context, mapRunARN string) (*host.MapRun, error) {
	arn, err := s.names.parseMapRun(mapRunARN)
	if err != nil {
		return nil, err
	}
	if _, err := store.RunOf(arn.Execution); err != nil || arn.foreign {
		return nil, noResource(mapRunARN)
	}
	run, err := s.host.MapRun(ctx, arn.Execution)
	if err != nil {
		return nil, mapRunError(err, mapRunARN)
	}
	// The store knows runs by a part of their UUID.
	if run.Machine != arn.Name || run.Label != arn.Label || run.Name != arn.Execution {
		return nil, noResource(mapRunARN)
	}
	return run, nil
}

// mapRunError translates the host's answer about one map run.
func mapRunError(err error, mapRunARN string) error {
	switch {
	case errors.Is(err, host.ErrNotFound):
		return noResource(mapRunARN)
	case errors.Is(err, host.ErrMapRunOver):
		return &Error{
			Code: ValidationException, Reason: ReasonMapRunOver,
			Message: "Map Run '" + mapRunARN + "' has ended and cannot be updated.",
		}
	}
	return hostError(err)
}
