package service

import (
	"context"
	"errors"
	"math/rand/v2"

	"pawl.dev/internal/teststate"
)

// Tester runs the tests of single states.
type Tester interface {
	Test(ctx context.Context, t *teststate.Test) error
}

// TestStateInput describes the test of one state.
type TestStateInput struct {
	Definition string  // of the state, or of a state machine when StateName is given
	StateName  string  // "": Definition is the state's
	RoleARN    string  // "" for none
	Input      *string // JSON; nil: {}
	Variables  string  // JSON object; "" for none
	Context    string  // JSON object; "": made up
	Mock       *teststate.Mock
	Config     teststate.Config
	Reveal     bool // of secrets
}

// TestState runs one state as an execution would, without an execution. What the
// state does is done unless it is mocked. Codes: InvalidArn, InvalidDefinition,
// InvalidExecutionInput, ValidationException.
func (s *Service) TestState(ctx context.Context, in TestStateInput) (*teststate.Result, error) {
	input := "{}"
	if in.Input != nil {
		input = *in.Input
		if err := checkInput(input); err != nil {
			return nil, err
		}
	}
	if err := checkLength("definition", in.Definition, MaxDefinitionBytes); err != nil {
		return nil, err
	}
	name, machine := s.newUUID(), s.newUUID()
	t, err := teststate.New(teststate.Request{
		Definition: in.Definition, State: in.StateName, Role: in.RoleARN, Input: input, Variables: in.Variables,
		Context: in.Context, Mock: in.Mock, Config: in.Config, Reveal: in.Reveal,
		ExecutionARN: s.names.prefix + string(expressResource) + ":" + machine + ":" + name, Execution: name,
		MachineARN: s.names.machine(machine), Machine: machine,
	}, s.now(), rand.New(rand.NewPCG(s.config.Random(), s.config.Random())))
	var refusal *teststate.Refusal
	if errors.As(err, &refusal) {
		return nil, refuse(Code(refusal.Code), refusal.Message)
	}
	if err != nil {
		return nil, err
	}
	if err := s.host.Test(ctx, t); err != nil {
		return nil, hostError(err)
	}
	return t.Result(), nil
}
