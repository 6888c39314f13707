package service

import (
	"context"
	"errors"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// RedriveStatus says whether an execution can be redriven.
type RedriveStatus string

// The redrive statuses.
const (
	Redrivable         RedriveStatus = "REDRIVABLE"
	NotRedrivable      RedriveStatus = "NOT_REDRIVABLE"
	RedrivableByMapRun RedriveStatus = "REDRIVABLE_BY_MAP_RUN"
)

// ExecutionItem is an execution in a list. ARNs are "" and times zero when there
// are none.
type ExecutionItem struct {
	ExecutionARN           string
	StateMachineARN        string
	StateMachineVersionARN string
	StateMachineAliasARN   string
	MapRunARN              string
	Name                   string
	Status                 store.Status
	StartDate, StopDate    time.Time
	ItemCount              int64 // items of a map run's child; 0: no child
	RedriveCount           int
	RedriveDate            time.Time
}

// Execution describes an execution.
type Execution struct {
	ExecutionItem
	Included            bool // input and output may be shown
	Input               string
	Output              string  // "" unless succeeded
	Error, Cause        *string // nil when absent
	TraceHeader         string
	RedriveStatus       RedriveStatus
	RedriveStatusReason string // "" when redrivable
}

// DescribeExecution describes an execution. Codes: ExecutionDoesNotExist,
// InvalidArn.
func (s *Service) DescribeExecution(ctx context.Context, executionARN string, included IncludedData) (*Execution, error) {
	x, err := s.execution(ctx, executionARN)
	if err != nil {
		return nil, err
	}
	return s.present(x, included), nil
}

// OnEnd calls f once, as soon as the execution has ended, unless leave is called
// before. f must return at once. Codes: ExecutionDoesNotExist, InvalidArn; f is
// then not called.
func (s *Service) OnEnd(ctx context.Context, executionARN string, f func()) (leave func(), err error) {
	arn, err := s.names.parseExecution(executionARN)
	if err != nil {
		return nil, err
	}
	if arn.foreign {
		return nil, noExecution(executionARN)
	}
	leave, err = s.host.OnEnd(ctx, arn.ref(), f)
	if err != nil {
		return nil, executionError(err, executionARN)
	}
	return leave, nil
}

// execution finds an execution by its ARN.
func (s *Service) execution(ctx context.Context, executionARN string) (*host.Execution, error) {
	arn, err := s.names.parseExecution(executionARN)
	if err != nil {
		return nil, err
	}
	if arn.foreign {
		return nil, noExecution(executionARN)
	}
	x, err := s.host.Describe(ctx, arn.ref())
	if err != nil {
		return nil, executionError(err, executionARN)
	}
	return x, nil
}

// executionError translates the host's answer about one execution.
func executionError(err error, executionARN string) error {
	if errors.Is(err, host.ErrNotFound) {
		return noExecution(executionARN)
	}
	return hostError(err)
}

func (s *Service) item(x *store.Summary) ExecutionItem {
	item := ExecutionItem{
		ExecutionARN: s.names.execution(x), StateMachineARN: s.names.machineOf(x), Name: x.Name, Status: x.Status,
		StartDate: x.Start, StopDate: x.Stop, ItemCount: x.ItemCount, RedriveCount: x.RedriveCount, RedriveDate: x.RedriveDate,
	}
	if x.Version != "" {
		item.StateMachineVersionARN = s.names.qualified(x.Machine, x.Version)
	}
	if x.Alias != "" {
		item.StateMachineAliasARN = s.names.qualified(x.Machine, x.Alias)
	}
	if x.MapRun != "" {
		item.MapRunARN = s.names.mapRun(x.Machine, x.Label, x.MapRun)
	}
	return item
}

func (s *Service) present(x *host.Execution, included IncludedData) *Execution {
	out := &Execution{ExecutionItem: s.item(&x.Summary), TraceHeader: x.TraceHeader}
	out.RedriveStatus, out.RedriveStatusReason = s.redriveStatus(&x.Summary)
	if included == MetadataOnly {
		return out
	}
	out.Included, out.Input, out.Output = true, x.Input, x.Output
	// AWS shows no error for an execution that timed out, though its last event
	// has one. An Express execution that a client waited for has only this.
	if x.Status != store.TimedOut || x.Express {
		out.Error, out.Cause = x.Error, x.Cause
	}
	return out
}

// redrivePeriod is how long after its end an execution can be redriven, and
// redriveAge how long after its start.
const (
	redrivePeriod = 14 * 24 * time.Hour
	redriveAge    = 365 * 24 * time.Hour
)

func (s *Service) redriveStatus(x *store.Summary) (RedriveStatus, string) {
	switch x.Status {
	case store.Failed, store.Aborted, store.TimedOut:
	default:
		return NotRedrivable, "Execution is " + string(x.Status) + " and cannot be redriven"
	}
	switch {
	case x.MapRun != "":
		return RedrivableByMapRun, ""
	case x.Events >= asl.MaxHistoryEvents-1: // no room for ExecutionRedriven and one more
		return NotRedrivable, "Execution has exceeded the maximum history event limit"
	case s.now().Sub(x.Stop) > redrivePeriod, s.now().Sub(x.Start) > redriveAge:
		return NotRedrivable, "Execution has exceeded the redrivable period"
	}
	return Redrivable, ""
}

// StopExecution aborts an execution and returns when it stopped. Stopping one
// that has ended answers when it ended. Codes: ExecutionDoesNotExist, InvalidArn.
func (s *Service) StopExecution(ctx context.Context, executionARN string, errorName, cause *string) (time.Time, error) {
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
	stopped, err := s.host.Stop(ctx, arn.ref(), errorName, cause)
	if err != nil {
		return time.Time{}, executionError(err, executionARN)
	}
	return stopped, nil
}
