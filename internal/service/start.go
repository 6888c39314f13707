package service

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
	"pawl.dev/value"
)

// MaxInputBytes bounds the input of an execution and the output of a task.
const MaxInputBytes = asl.MaxPayloadBytes

// StartExecutionInput starts an execution.
type StartExecutionInput struct {
	StateMachineARN string  // plain, of a version or of an alias
	Name            string  // "": a UUID
	Input           *string // JSON; nil: {}
	TraceHeader     string
	// StartedBy is the id of the task attempt that starts the execution, ""
	// when a client does. The attempt can repeat its start (it does so after a
	// crash) and is answered as the first time even when the execution has
	// ended.
	StartedBy string
}

// StartExecutionOutput names the execution started, now or before.
type StartExecutionOutput struct {
	ExecutionARN string
	StartDate    time.Time
}

// StartExecution starts an execution and returns when the start is durable. The
// repetition of a start with the name and input of a running Standard execution
// answers as the first time. Codes: ExecutionAlreadyExists, InvalidArn,
// InvalidExecutionInput, InvalidName, StateMachineDeleting,
// StateMachineDoesNotExist, ValidationException.
func (s *Service) StartExecution(ctx context.Context, in StartExecutionInput) (*StartExecutionOutput, error) {
	s.starting.RLock()
	defer s.starting.RUnlock()
	request, err := s.startRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	started, err := s.host.Start(ctx, request)
	if errors.Is(err, host.ErrExists) {
		arn := s.names.execution(&store.Summary{Machine: request.Machine, Name: request.Name})
		return nil, refuse(ExecutionAlreadyExists, "Execution Already Exists: '"+arn+"'")
	}
	if err != nil {
		return nil, hostError(err)
	}
	return &StartExecutionOutput{s.names.execution(started), started.Start}, nil
}

// SyncExecution is an Express execution that ran to its end.
type SyncExecution struct {
	Execution
	BilledMemoryMB int
	BilledDuration time.Duration
}

// StartSyncExecution runs an Express execution and returns when it has ended,
// however it ended. Codes: InvalidArn, InvalidExecutionInput, InvalidName,
// StateMachineDeleting, StateMachineDoesNotExist, StateMachineTypeNotSupported.
func (s *Service) StartSyncExecution(ctx context.Context, in StartExecutionInput, included IncludedData) (*SyncExecution, error) {
	request, err := s.startRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	if request.Type != asl.Express {
		return nil, wrongMachineType()
	}
	ended, err := s.host.StartSync(ctx, request)
	if err != nil {
		return nil, hostError(err)
	}
	out := &SyncExecution{Execution: *s.present(ended, included)}
	out.Name, _, _ = strings.Cut(out.Name, ":")
	out.BilledMemoryMB, out.BilledDuration = bill(ended)
	return out, nil
}

// bill computes what AWS would bill for an Express execution: its duration
// rounded up to 100 ms, and the smallest memory there is.
func bill(x *host.Execution) (memoryMB int, duration time.Duration) {
	const unit = 100 * time.Millisecond
	units := (x.Stop.Sub(x.Start) + unit - 1) / unit
	return 64, max(units, 1) * unit
}

// startRequest checks the input and finds what is to be started.
func (s *Service) startRequest(ctx context.Context, in StartExecutionInput) (host.StartRequest, error) {
	none := host.StartRequest{}
	arn, err := s.names.parseMachine(in.StateMachineARN)
	if err != nil {
		return none, err
	}
	if arn.Label != "" {
		return none, labeledARN()
	}
	name := in.Name
	if name == "" {
		name = s.newUUID()
	} else if err := checkName(name); err != nil {
		return none, err
	}
	input := "{}"
	if in.Input != nil {
		input = *in.Input
		if err := checkInput(input); err != nil {
			return none, err
		}
	}
	t, err := s.resolve(ctx, arn)
	if err != nil {
		return none, err
	}
	request := host.StartRequest{
		Machine: t.machine.Name, Type: t.machine.Type, Definition: t.revision.Definition, RoleARN: t.revision.Role,
		Revision: t.revision.ID, Version: t.version,
		// The host keeps the name; a copy does not hold on to the whole request.
		Name: strings.Clone(name), Input: input, TraceHeader: in.TraceHeader, StartedBy: in.StartedBy,
	}
	if log := &t.revision.Logging; log.Level != "OFF" && len(log.Destinations) > 0 {
		request.Logging = history.Logging{Level: log.Level, Group: *log.Destinations[0].LogGroupARN, Data: log.IncludeExecutionData}
	}
	if arn.alias() {
		request.Alias = strings.Clone(arn.Qualifier)
	}
	return request, nil
}

func checkInput(input string) error {
	if input == "" {
		return refuse(InvalidExecutionInput, "Invalid State Machine Execution Input: 'Invalid execution input.'")
	}
	if err := checkLength("input", input, MaxInputBytes); err != nil {
		return err
	}
	if why := syntaxError(input); why != "" {
		return refuse(InvalidExecutionInput, "Invalid State Machine Execution Input: '"+why+"'")
	}
	return nil
}

// arenas are for checking texts: a third of the allocations of a start were
// those of a fresh one (BenchmarkStartExecution in package api).
var arenas = sync.Pool{New: func() any { return new(value.Arena) }}

// syntaxError says why a text is no JSON, "" when it is.
func syntaxError(text string) string {
	arena := arenas.Get().(*value.Arena)
	_, err := value.Parse(text, arena)
	arena.Reset()
	arenas.Put(arena)
	if err == nil {
		return ""
	}
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Message
	}
	return err.Error()
}

// hostError translates what every operation of the host may answer.
func hostError(err error) error {
	switch {
	case errors.Is(err, host.ErrClosed):
		return refuse(ServiceUnavailable, "The server is shutting down.")
	case errors.Is(err, store.ErrBadCursor): // in a forged page token
		return invalidToken()
	}
	return err
}
