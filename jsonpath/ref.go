package jsonpath

import "pawl.dev/value"

// Root says what a Ref starts from.
type Root uint8

// The roots of the States language.
const (
	Input    Root = iota // $       the effective input or the result
	Context              // $$      the context object
	Variable             // $name   a workflow variable
)

// Ref is a path with its root: "$.a", "$$.Execution.Id", "$var.b[0]".
type Ref struct {
	Text string // as written
	Root Root
	Name string // of the variable
	Path *Path  // from the root, spelled with one '$'
}

// CompileRef parses text as a path with root.
func CompileRef(text string) (Ref, error) {
	p, err := Compile(text)
	return Ref{Text: text, Path: p}, err
}

// Data is what references read.
type Data interface {
	// InputValue is the value of "$".
	InputValue() value.Value
	// ContextValue is the context object, "$$".
	ContextValue() value.Value
	// VariableValue is the variable name, false when it is not assigned.
	VariableValue(name string) (value.Value, bool)
}

// Eval returns what the reference selects. Errors: *NotFoundError.
func (r Ref) Eval(d Data) (value.Value, error) { return r.Path.Eval(d.InputValue()) }
