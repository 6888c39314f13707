package asl

import (
	"pawl.dev/asl/intrinsic"
	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// TextField is Error or Cause of a Fail state: a literal, a path, an intrinsic
// call or an expression.
type TextField struct {
	name    string // "Error"
	literal string
	path    *jsonpath.Ref
	call    *intrinsic.Call
	expr    *expression
}

// Eval evaluates the field.
func (f *TextField) Eval(d *Data) (string, *Failure) {
	switch {
	case f.expr != nil:
		v, failure := f.expr.typed(d, value.String)
		return v.Str(), failure
	case f.path != nil:
		v, err := f.path.Eval(d)
		if err != nil {
			return "", missingIn(f.path, f.name+"Path", d)
		}
		return f.str(v, f.path.Text)
	case f.call != nil:
		v, failure := evalCall(f.call, d)
		if failure != nil {
			return "", failure
		}
		return f.str(v, f.call.String())
	}
	return f.literal, nil
}

func (f *TextField) str(v value.Value, from string) (string, *Failure) {
	if v.Is(value.String) {
		return v.Str(), nil
	}
	return "", runtimeFailure("The value of '" + from + "' specified for the field '" + f.name + "Path' must be a string but was: " + v.JSON())
}

// stringFunctions are the intrinsic functions that ErrorPath and CausePath may
// call: those that make a string.
var stringFunctions = map[string]bool{
	"States.Format": true, "States.JsonToString": true, "States.ArrayGetItem": true,
	"States.Base64Encode": true, "States.Base64Decode": true, "States.Hash": true, "States.UUID": true,
}

// textField compiles Error or Cause, or the "…Path" twin; nil when neither is
// there.
func (c *compiler) textField(st *State, o object, name string) *TextField {
	if path := name + "Path"; o.has(path) && st.Language == JSONPath {
		return c.textPath(o, name, path)
	}
	if !o.has(name) {
		return nil
	}
	s := o.text(name)
	if st.Language == JSONata {
		if e := c.marked(s, o.fieldPlace("", name), access{}); e != nil {
			return &TextField{name: name, expr: e}
		}
	}
	return &TextField{name: name, literal: s}
}

func (c *compiler) textPath(o object, name, path string) *TextField {
	s := o.text(path)
	if r, ok := c.reference(s); ok && r.Path.Reference() {
		return &TextField{name: name, path: &r}
	}
	if call, ok := c.intrinsic(s); ok && stringFunctions[call.Function()] {
		return &TextField{name: name, call: call}
	}
	o.failAt(path, "Value is not a Reference Path")
	return nil
}
