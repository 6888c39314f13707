package teststate

import (
	"strings"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// check refuses what can't be tested, in AWS's words.
func (t *Test) check() error {
	if t.request.Mock == nil {
		return t.checkUnmocked()
	}
	if err := t.checkMock(); err != nil {
		return err
	}
	if inner := t.request.Config.ErrorCausedBy; inner != "" && t.program.State(inner) == nil {
		return invalid("State not found in definition")
	}
	return nil
}

// checkUnmocked refuses states whose work can't be done within a request.
func (t *Test) checkUnmocked() error {
	r, s := &t.request, t.state
	switch {
	case r.Config.IterationFailures != nil:
		return invalid("TestState does not support MapIterationFailureCount when a mock is not specified.")
	case r.Context != "":
		return invalid("TestState does not support Context when a mock is not specified.")
	case s.Type == asl.TypeMap || s.Type == asl.TypeParallel:
		return &Refusal{InvalidDefinition, "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"}
	case s.Type != asl.TypeTask:
		return nil
	case s.Task.Kind == asl.Activity:
		return &Refusal{InvalidDefinition, "TestState API does not support Activity tasks when a mock is not specified."}
	case s.Task.Pattern != asl.RequestResponse:
		return &Refusal{InvalidDefinition, "TestState API does not support the '." + patternOf(s.Task) + "' service integration pattern when a mock is not specified."}
	case r.Role == "":
		return invalid("RoleArn must be specified when testing a Task state")
	}
	return nil
}

// patternOf is the pattern as the resource spells it: "sync:2", "" for none.
func patternOf(task *asl.Task) string {
	_, pattern, _ := strings.Cut(task.Action, ".")
	return pattern
}

func (t *Test) checkMock() error {
	r, s := &t.request, t.state
	switch s.Type {
	case asl.TypeTask, asl.TypeMap, asl.TypeParallel:
	default:
		return invalid("State type '" + s.Type.String() + "' is not supported when a mock is specified")
	}
	if r.Reveal {
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	}
	if (r.Mock.Result == nil) == (r.Mock.Error == nil) {
		return invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	}
	if r.Mock.Result == nil {
		return nil
	}
	result, err := value.Parse(*r.Mock.Result, nil)
	if err != nil {
		return invalid("Mocked result must be valid JSON")
	}
	switch s.Type {
	case asl.TypeMap:
		return t.checkMapResult(result)
	case asl.TypeParallel:
		if !result.Is(value.Array) {
			return invalid("Mocked result must be an array.")
		}
		if result.Len() != len(s.Parallel.Branches) {
			return invalid("Mocked result must contain the same number of items as number of Parallel branches.")
		}
		return nil
	default:
		return t.checkFields(result)
	}
}

func (t *Test) checkMapResult(result value.Value) error {
	if t.state.Map.Writer != nil && t.state.Map.Writer.Arguments != nil {
		if !result.Is(value.Object) {
			return invalid("Mocked result must be a JSON object.")
		}
		return nil
	}
	if !result.Is(value.Array) {
		return invalid("Mocked result must be an array.")
	}
	if n := t.request.Config.IterationFailures; n != nil && *n > int64(result.Len()) {
		return invalid("Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	return nil
}

// checkFields compares the mocked result of a task with the model of what its
// service answers. What a worker sends for a task token has no model.
func (t *Test) checkFields(result value.Value) error {
	task, mode := t.state.Task, t.request.Mock.Fields
	if mode == None || task.Kind != asl.Service || task.Pattern == asl.Callback {
		return nil
	}
	model := modelOf(task.ResourceType + ":" + task.Action)
	if model == nil {
		return nil
	}
	if !result.Is(value.Object) {
		return invalid("Mocked result must be a JSON object.")
	}
	if why := model.mismatch("", result, mode == Strict); why != "" {
		return invalid("Mock result schema validation error: " + why)
	}
	return nil
}
