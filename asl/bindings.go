package asl

import (
	"pawl.dev/jsonata"
	"pawl.dev/value"
)

// jsonataData is what expressions see of a Data. $states is kept for the next
// expression of the same state; the context object is left out of it until an
// expression looks at it.
type jsonataData struct {
	of       *Data // a copy of Data must not see the original's
	env      jsonata.Env
	bindings jsonata.Bindings
	states   statesObject
}

// statesObject is $states and what it was made of.
type statesObject struct {
	object                     value.Value
	input, result, errorOutput value.Value
	context                    bool
}

// bind sets d up for an expression, which looks at $states.context if context
// says so.
func (d *Data) bind(context bool) *jsonataData {
	x := d.jsonata
	if x == nil || x.of != d {
		x = d.newBindings()
		d.jsonata = x
	}
	next := statesObject{input: d.InputValue(), context: context}
	if d.HasResult {
		next.result = d.Result.Value(d.arena())
	}
	if d.HasError {
		next.errorOutput = d.ErrorOutput.Value(d.arena())
	}
	if !x.states.serves(&next) {
		next.build(d)
		x.states = next
	}
	return x
}

func (d *Data) newBindings() *jsonataData {
	x := &jsonataData{of: d}
	x.bindings = func(name string) (value.Value, bool) {
		if name == "states" {
			return x.states.object, true
		}
		return d.VariableValue(name)
	}
	if d.Env != nil {
		x.env = jsonata.Env{Now: d.Env.Now, Rand: d.Env.Rand, Expired: d.Env.Expired}
	}
	return x
}

// serves reports whether s is what next would be built to. The values are
// compared as pointers: it is the same document or it is not.
func (s *statesObject) serves(next *statesObject) bool {
	return s.object.Defined() && (s.context || !next.context) &&
		s.input == next.input && s.result == next.result && s.errorOutput == next.errorOutput
}

func (s *statesObject) build(d *Data) {
	keys := make([]string, 0, 4)
	vals := make([]value.Value, 0, 4)
	add := func(k string, v value.Value) {
		if v.Defined() {
			keys = append(keys, k)
			vals = append(vals, v)
		}
	}
	add("input", s.input)
	add("result", s.result)
	add("errorOutput", s.errorOutput)
	if s.context {
		add("context", d.ContextValue())
	}
	s.object = value.NewObject(keys, vals)
}
