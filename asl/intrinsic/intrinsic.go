// Package intrinsic is the States.* functions of JSONPath state machines.
//
// A Call is compiled once and evaluated many times, by any number of
// goroutines. The package is pure: chance comes in through Env. It imports
// value and jsonpath.
package intrinsic

import (
	"math/rand/v2"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// Call is a compiled call such as States.Format('{}-{}', $.a, $$.Execution.Name).
type Call struct{ text string }

// Compile parses a call. Errors say what is wrong in a few words; AWS's
// diagnostic does not show them.
func Compile(text string) (*Call, error) { return &Call{text: text}, nil }

// String returns the call as it was written.
func (c *Call) String() string { return c.text }

// Refs lists the paths that are arguments, nested calls included.
func (c *Call) Refs() []jsonpath.Ref { return nil }

// Function returns the name of the outermost function, "States.Format".
func (c *Call) Function() string { return "" }

// Env is where evaluation takes chance from.
type Env struct {
	Rand *rand.Rand // States.MathRandom without seed, States.UUID
}

// Eval evaluates the call. The error is a *Failure.
func (c *Call) Eval(d jsonpath.Data, env Env) (value.Value, error) {
	return value.Value{}, &Failure{Name: "States.IntrinsicFailure"}
}

// Failure is a call that can't be evaluated.
type Failure struct {
	Name  string // "States.IntrinsicFailure", or "States.Runtime" for a path argument that finds nothing
	Cause string // AWS's text, without the state's prefix
}

func (f *Failure) Error() string { return f.Name + ": " + f.Cause }
