package teststate

import (
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/value"
)

// contextFields are the members that a context object of a test may have.
// Undefined allows any value.
var contextFields = []struct {
	name   string
	fields map[string]value.Kind
}{
	{"Execution", map[string]value.Kind{
		"Id": value.String, "Input": value.Undefined, "Name": value.String, "RoleArn": value.String, "StartTime": value.String,
		"RedriveCount": value.Number, "RedriveTime": value.String,
	}},
	{"State", map[string]value.Kind{"EnteredTime": value.String, "Name": value.String, "RetryCount": value.Number}},
	{"StateMachine", map[string]value.Kind{"Id": value.String, "Name": value.String}},
	{"Task", map[string]value.Kind{"Token": value.String}},
}

// context is the context object of the test: the one given, or that of an
// Express execution that only has this state.
func (t *Test) context(now time.Time) (value.Value, error) {
	if t.request.Context == "" {
		return t.usualContext(now), nil
	}
	v, err := value.Parse(t.request.Context, nil)
	if err != nil || !v.Is(value.Object) {
		return v, invalidContext("must be a valid JSON object")
	}
	for i, name := range v.Keys() {
		if why := t.contextFault(name, v.At(i)); why != "" {
			return v, invalidContext(why)
		}
	}
	return v, nil
}

func invalidContext(why string) error { return invalid("Invalid Context object provided: " + why) }

// contextFault says what is wrong with a part of a context object, "" when
// nothing is.
func (t *Test) contextFault(name string, v value.Value) string {
	if name == "Map" {
		return "'Map' field is not supported when mocking a Context object"
	}
	for _, part := range contextFields {
		if part.name != name {
			continue
		}
		if name == "Task" && (t.state.Type != asl.TypeTask || t.state.Task.Pattern == asl.RequestResponse) {
			return "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
		}
		if !v.Is(value.Object) {
			return name + " must be an object"
		}
		for i, field := range v.Keys() {
			kind, known := part.fields[field]
			switch {
			case !known:
				return "Field '" + field + "' is not allowed"
			case kind != value.Undefined && !v.At(i).Is(kind):
				return name + "." + field + " must be " + kindNames[kind]
			}
		}
		return ""
	}
	return "Field '" + name + "' is not allowed"
}

func (t *Test) usualContext(now time.Time) value.Value {
	r := &t.request
	at := value.Text(engine.Timestamp(now))
	input := asl.TextDocument(r.Input)
	role := value.NullValue
	if r.Role != "" {
		role = value.Text(r.Role)
	}
	var execution, state, context value.Builder
	execution.Set("Id", value.Text(r.ExecutionARN))
	execution.Set("Input", input.Value(nil))
	execution.Set("StartTime", at)
	execution.Set("Name", value.Text(r.Execution))
	execution.Set("RoleArn", role)
	context.Set("Execution", execution.Object())
	context.Set("StateMachine", value.NewObject([]string{"Id", "Name"}, []value.Value{value.Text(r.MachineARN), value.Text(r.Machine)}))
	state.Set("Name", value.Text(loneState))
	state.Set("EnteredTime", at)
	switch t.state.Type {
	case asl.TypeTask, asl.TypeMap, asl.TypeParallel:
		state.Set("RetryCount", value.Int(int64(r.Config.RetrierRetryCount)))
	default:
	}
	context.Set("State", state.Object())
	if inMap(t.program, t.state) {
		item := value.NewObject([]string{"Index", "Value"}, []value.Value{value.Int(0), input.Value(nil)})
		context.Set("Map", value.NewObject([]string{"Item"}, []value.Value{item}))
	}
	return context.Object()
}
