package asl

import (
	"errors"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// reference compiles a path with root and notes the variable that it reads.
func (c *compiler) reference(text string) (jsonpath.Ref, bool) {
	if len(text) == 0 || text[0] != '$' {
		return jsonpath.Ref{}, false
	}
	r, err := jsonpath.CompileRef(text)
	if err != nil {
		return jsonpath.Ref{}, false
	}
	c.readsRef(r)
	return r, true
}

func (c *compiler) readsRef(r jsonpath.Ref) {
	if r.Root == jsonpath.Variable {
		c.reads(r.Name)
	}
}

// reads notes that the state at hand reads the variable name.
func (c *compiler) reads(name string) {
	if c.variables[c.state] == nil {
		c.variables[c.state] = map[string]bool{}
	}
	c.variables[c.state][name] = true
}

// notFound returns what a reference's error says in Jayway's words.
func notFound(err error) *jsonpath.NotFoundError {
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) {
		return missing
	}
	return &jsonpath.NotFoundError{Message: err.Error()}
}

// runtimeFailure is a States.Runtime failure of a state.
func runtimeFailure(cause string) *Failure {
	f := NewFailure(ErrRuntime, cause)
	f.InState = true
	return f
}

// invalidPath is the failure of InputPath, OutputPath and the like.
func invalidPath(r *jsonpath.Ref, err error) *Failure {
	return runtimeFailure("Invalid path '" + r.Text + "' : " + notFound(err).Message)
}

// missingIn is the failure of a path in a payload template (or ErrorPath,
// CausePath) that finds nothing.
func missingIn(r *jsonpath.Ref, field string, d *Data) *Failure {
	in := d.InputValue()
	if r.Root == jsonpath.Context {
		in = d.ContextValue()
	}
	return runtimeFailure("The JSONPath '" + r.Text + "' specified for the field '" + field +
		"' could not be found in the input '" + in.JSON() + "'")
}

// plainText prints v as AWS does inside a sentence: strings without quotes.
func plainText(v value.Value) string {
	if v.Is(value.String) {
		return v.Str()
	}
	return v.JSON()
}
