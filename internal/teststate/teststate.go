// Package teststate tests single states (the operation TestState): it finds the
// state, checks what the test says of it, lets the engine decide over it and
// shows what came of the data on the way.
//
// It decides with the engine that runs executions, and does nothing else: no
// clock, chance, goroutine or I/O (I2). Running a task that is not mocked and
// waiting are the host's.
package teststate

import (
	"math/rand/v2"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

// Request is what is to be tested. Texts are JSON; "" stands for absent.
type Request struct {
	Definition string // of one state, or of a state machine when State is given
	State      string
	Role       string
	Input      string // not ""
	Variables  string
	Context    string
	Mock       *Mock // nil: the state really works
	Config     Config
	Reveal     bool // of secrets

	// ExecutionARN, Execution, MachineARN and Machine are what the context
	// object says when Context does not.
	ExecutionARN, Execution, MachineARN, Machine string
}

// Mock is what the work of a Task, Map or Parallel state comes to.
type Mock struct {
	Result *string
	Error  *MockError
	Fields Validation
}

// MockError is a mocked error.
type MockError struct{ Error, Cause *string }

// Validation says how a mocked result is compared with the service's model.
type Validation uint8

// The validations: required members must be there, only members that are there
// are looked at, nothing is.
const (
	Strict Validation = iota
	Present
	None
)

// Config is how far the state is in the test.
type Config struct {
	RetrierRetryCount int
	ErrorCausedBy     string // name of a state inside
	IterationFailures *int64
	ReaderData        *string // what the ItemReader reads
}

// Code names a kind of refusal as the API does.
type Code string

// The codes.
const (
	InvalidDefinition Code = "InvalidDefinition"
	InvalidRequest    Code = "ValidationException"
)

// Refusal says why a state can't be tested as asked.
type Refusal struct {
	Code    Code
	Message string
}

func (r *Refusal) Error() string { return r.Message }

func invalid(message string) error { return &Refusal{InvalidRequest, message} }

// Test is the test of one state in progress. It goes as an execution does:
// Decide is given inputs until it is Over.
type Test struct {
	request Request
	program *asl.Program
	state   *asl.State
	probe   engine.Probe
	x       *engine.Execution
	rand    *rand.Rand
}

// New checks the request. Errors: *Refusal.
func New(r Request, now time.Time, chance *rand.Rand) (*Test, error) {
	program, state, err := find(&r)
	if err != nil {
		return nil, err
	}
	t := &Test{request: r, program: program, state: state, x: engine.New(), rand: chance}
	if err := t.check(); err != nil {
		return nil, err
	}
	t.probe.State, t.probe.Retried = state.Name, r.Config.RetrierRetryCount
	if t.probe.Variables, err = variables(r.Variables); err != nil {
		return nil, err
	}
	if t.probe.Context, err = t.context(now); err != nil {
		return nil, err
	}
	if state.Type == asl.TypeMap || state.Type == asl.TypeParallel {
		if t.probe.Children, err = t.children(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// variables reads the object of the variables in scope.
func variables(text string) ([]engine.Variable, error) {
	if text == "" {
		return nil, nil
	}
	v, err := value.Parse(text, nil)
	if err != nil || !v.Is(value.Object) {
		return nil, invalid("Invalid Variables provided: must be a valid JSON object")
	}
	all := make([]engine.Variable, v.Len())
	for i, name := range v.Keys() {
		all[i] = engine.Variable{Name: name, JSON: v.At(i).JSON()}
	}
	return all, nil
}

// children is the mock of a Map or Parallel state's children.
func (t *Test) children() (*engine.Children, error) {
	c := &engine.Children{Failure: t.mockedFailure()}
	if m := t.request.Mock; m.Result != nil {
		c.Result = *m.Result
	}
	if n := t.request.Config.IterationFailures; n != nil {
		c.Failed = *n
	}
	if data := t.request.Config.ReaderData; data != nil && t.state.Type == asl.TypeMap && t.state.Map.Reader != nil {
		items, err := read(t.state.Map.Reader, *data)
		if err != nil {
			return nil, err
		}
		c.Read = items
	}
	return c, nil
}

func (t *Test) mockedFailure() *asl.Failure {
	if m := t.request.Mock; m != nil && m.Error != nil {
		return &asl.Failure{Error: m.Error.Error, Cause: m.Error.Cause}
	}
	return nil
}

// Begin enters the state. It returns the attempt to run, if the state waits for
// one that is not mocked.
func (t *Test) Begin(now time.Time) []engine.Effect {
	r := &t.request
	effects := t.Decide(engine.Begin{
		Input: r.Input, Role: r.Role,
		// Express: nothing may take longer than five minutes.
		Start: &history.Start{
			ARN: r.ExecutionARN, Execution: r.Execution, StateMachine: r.MachineARN, Machine: r.Machine, Express: true,
		},
	}, now)
	if r.Mock == nil {
		return effects
	}
	for _, e := range effects {
		task, ok := e.(engine.RunTask)
		switch {
		case !ok:
		case r.Mock.Error != nil:
			t.Decide(engine.TaskBroke{Task: task.Task, Nonce: task.Nonce, Failure: t.mockedFailure()}, now)
		default:
			t.Decide(engine.TaskDone{Task: task.Task, Nonce: task.Nonce, Output: *r.Mock.Result}, now)
		}
	}
	return nil
}

// Decide carries the test on by one input.
func (t *Test) Decide(in engine.Input, now time.Time) []engine.Effect {
	if t.Over() {
		return nil
	}
	return engine.Decide(t.program, t.x, in, &engine.Env{
		Now: now, Rand: t.rand, Probe: &t.probe,
		Token: func(history.EventID, uint64, string) string { return engine.NewUUID(t.rand) },
	}).Effects
}

// Over reports whether the state has come to an end, or to another attempt.
func (t *Test) Over() bool { return t.probe.Left || t.probe.Backoff != nil || t.x.Ended() }

// NextWake is when an input Wake is due, zero when none is.
func (t *Test) NextWake() time.Time { return t.x.NextWake() }

// State is the state under test.
func (t *Test) State() *asl.State { return t.state }

// ExecutionARN is the execution that the test claims to be.
func (t *Test) ExecutionARN() string { return t.request.ExecutionARN }

// StateMachineARN is the state machine that the test claims to belong to.
func (t *Test) StateMachineARN() string { return t.request.MachineARN }
