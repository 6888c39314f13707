package jsonpath

import (
	"strings"
	"unicode"

	"pawl.dev/value"
)

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

// CompileRef parses text as a path with root. The error is an
// *InvalidPathError.
func CompileRef(text string) (Ref, error) {
	ref := Ref{Text: text}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return ref, &InvalidPathError{"Path must start with '$'"}
	}
	if after, ok := strings.CutPrefix(rest, "$"); ok {
		ref.Root, rest = Context, after
	} else if n := identifier(rest); n > 0 {
		ref.Root, ref.Name, rest = Variable, rest[:n], rest[n:]
	}
	var err error
	ref.Path, err = Compile("$" + rest)
	return ref, err
}

// identifier returns the length in bytes of the Unicode identifier (ID_Start,
// then ID_Continue, of UAX #31) at the start of s, 0 when there is none.
func identifier(s string) int {
	for i, r := range s {
		start := unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Other_ID_Start)
		if start || i > 0 && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) {
			continue
		}
		return i
	}
	return len(s)
}

// IsVariableName reports whether name can follow the '$' of a variable: it is a
// Unicode identifier. Length and reserved names are the caller's to check.
func IsVariableName(name string) bool { return name != "" && identifier(name) == len(name) }

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
func (r Ref) Eval(d Data) (value.Value, error) {
	switch r.Root {
	case Input:
		return r.Path.Eval(d.InputValue())
	case Context:
		return r.Path.Eval(d.ContextValue())
	case Variable:
		v, ok := d.VariableValue(r.Name)
		if !ok {
			return value.Value{}, &NotFoundError{Message: "No results for path: $" + r.Name}
		}
		return r.Path.Eval(v)
	}
	panic("jsonpath: unknown root")
}
