package teststate

import (
	"pawl.dev/asl"
	"pawl.dev/value"
)

// loneState is how AWS calls a state that is tested by itself.
const loneState = "StateName"

// find compiles the definition and finds the state in it.
func find(r *Request) (*asl.Program, *asl.State, error) {
	definition, name := r.Definition, r.State
	if name == "" {
		definition, name = alone(definition), loneState
	}
	program, found := asl.Compile(definition, asl.Standard)
	if program == nil {
		return nil, nil, &Refusal{InvalidDefinition, "Invalid State Machine Definition: '" + found.Error() + "'"}
	}
	state := program.State(name)
	if state == nil {
		return nil, nil, invalid("State not found in definition")
	}
	return program, state, nil
}

// alone makes a state machine of one state. The states that it leads to are
// made up: where a state goes is no fault of a test. A text that is no object is
// left for the compiler to refuse.
func alone(definition string) string {
	state, err := value.Parse(definition, nil)
	if err != nil || !state.Is(value.Object) {
		return definition
	}
	succeed := value.NewObject([]string{"Type"}, []value.Value{value.Text("Succeed")})
	var states value.Builder
	states.Set(loneState, state)
	for _, target := range targets(state) {
		if _, known := states.Get(target); !known {
			states.Set(target, succeed)
		}
	}
	return value.NewObject([]string{"StartAt", "States"}, []value.Value{value.Text(loneState), states.Object()}).JSON()
}

// targets are the names of the states that a state leads to.
func targets(state value.Value) []string {
	fields := []value.Value{state.Member("Next"), state.Member("Default")}
	for _, list := range []string{"Catch", "Choices"} {
		if all := state.Member(list); all.Is(value.Array) {
			for _, x := range all.Items() {
				fields = append(fields, x.Member("Next"))
			}
		}
	}
	var names []string
	for _, f := range fields {
		if f.Is(value.String) {
			names = append(names, f.Str())
		}
	}
	return names
}

// inMap reports whether the state runs for an item of a Map state.
func inMap(program *asl.Program, s *asl.State) bool {
	for m := s.Machine; m != nil; m = m.Holder.Machine {
		switch {
		case m == program.Root:
			return false
		case m.Holder == nil || m.Holder.Type == asl.TypeMap: // without a holder: of a distributed map
			return true
		}
	}
	return false
}
