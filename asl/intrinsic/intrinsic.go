// Package intrinsic is the States.* functions of JSONPath state machines.
//
// A Call is compiled once and evaluated many times, by any number of
// goroutines. The package is pure: chance comes in through Env. It imports
// value and jsonpath.
package intrinsic

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// Call is a compiled call such as States.Format('{}-{}', $.a, $$.Execution.Name).
type Call struct {
	text string
	root *node
	refs []jsonpath.Ref
}

// Compile parses a call. Errors say what is wrong in a few words; AWS's
// diagnostic does not show them. The number and types of arguments are checked
// by Eval, as AWS does.
func Compile(text string) (*Call, error) {
	p := parser{text: text}
	root, err := p.call(1)
	if err != nil {
		return nil, err
	}
	if p.blanks(); p.i < len(text) {
		return nil, p.failf("unexpected text after the call")
	}
	return &Call{text: text, root: root, refs: p.refs}, nil
}

// String returns the call as it was written.
func (c *Call) String() string { return c.text }

// Refs lists the paths that are arguments, nested calls included, in the order
// of the text. The slice is shared: do not change it.
func (c *Call) Refs() []jsonpath.Ref { return c.refs }

// Function returns the name of the outermost function, "States.Format".
func (c *Call) Function() string { return c.root.function.name }

// Env is where evaluation takes chance from.
type Env struct {
	Rand *rand.Rand // States.MathRandom without seed, States.UUID
}

// Eval evaluates the call. The error is a *Failure.
func (c *Call) Eval(d jsonpath.Data, env Env) (value.Value, error) {
	v, err := c.root.eval(d, env)
	if err == nil {
		return v, nil
	}
	name, text := "States.IntrinsicFailure", err.Error()
	var missing *missingError
	if errors.As(err, &missing) {
		name = "States.Runtime"
	}
	return value.Value{}, &Failure{Name: name, Cause: "The function '" + c.text + "' had the following error: " + text}
}

// Failure is a call that can't be evaluated.
type Failure struct {
	Name  string // "States.IntrinsicFailure", or "States.Runtime" for a path argument that finds nothing
	Cause string // AWS's text, without the state's prefix
}

func (f *Failure) Error() string { return f.Name + ": " + f.Cause }

// missingError is a path argument that finds nothing.
type missingError struct{ text string }

func (e *missingError) Error() string { return e.text }

// node is an argument: a nested call, a path or a constant.
type node struct {
	function *function // nil unless a call
	args     []node
	ref      *jsonpath.Ref
	constant value.Value
	// template is set for a constant that is the first argument of
	// States.Format.
	template template
}

// function is one entry of the language's library.
type function struct {
	name             string
	minArgs, maxArgs int // maxArgs < 0: any number
	apply            func(args []value.Value, env Env) (value.Value, error)
}

// anyNumber of arguments.
const anyNumber = -1

// functions is the library, by name.
var functions = byName([]*function{
	{"States.Format", 1, anyNumber, format},
	{"States.StringToJson", 1, 1, stringToJSON},
	{"States.JsonToString", 1, 1, jsonToString},
	{"States.StringSplit", 2, 2, stringSplit},
	{"States.Base64Encode", 1, 1, base64Encode},
	{"States.Base64Decode", 1, 1, base64Decode},
	{"States.Hash", 2, 2, hash},
	{"States.UUID", 0, 0, uuid},
	{"States.Array", 0, anyNumber, array},
	{"States.ArrayPartition", 2, 2, arrayPartition},
	{"States.ArrayContains", 2, 2, arrayContains},
	{"States.ArrayRange", 3, 3, arrayRange},
	{"States.ArrayGetItem", 2, 2, arrayGetItem},
	{"States.ArrayLength", 1, 1, arrayLength},
	{"States.ArrayUnique", 1, 1, arrayUnique},
	{"States.JsonMerge", 3, 3, jsonMerge},
	{"States.MathRandom", 2, 3, mathRandom},
	{"States.MathAdd", 2, 2, mathAdd},
})

func byName(list []*function) map[string]*function {
	m := make(map[string]*function, len(list))
	for _, f := range list {
		m[f.name] = f
	}
	return m
}

func (n *node) eval(d jsonpath.Data, env Env) (value.Value, error) {
	switch {
	case n.ref != nil:
		return read(n.ref, d)
	case n.function == nil:
		return n.constant, nil
	}
	f := n.function
	if len(n.args) < f.minArgs || f.maxArgs >= 0 && len(n.args) > f.maxArgs {
		return value.Value{}, fmt.Errorf("invalid number of arguments for %s: %d", f.name, len(n.args))
	}
	args := make([]value.Value, len(n.args))
	for i := range n.args {
		var err error
		if args[i], err = n.args[i].eval(d, env); err != nil {
			return value.Value{}, err
		}
	}
	if t := n.template; t != nil {
		return t.fill(args[1:])
	}
	return f.apply(args, env)
}

func read(ref *jsonpath.Ref, d jsonpath.Data) (value.Value, error) {
	v, err := ref.Eval(d)
	if err == nil {
		return v, nil
	}
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) && missing.NotArray {
		return v, &missingError{missing.Message}
	}
	// AWS prints a path into the context object with one '$', and the input
	// beside it all the same.
	text := ref.Text
	if ref.Root == jsonpath.Context {
		text = strings.TrimPrefix(text, "$")
	}
	return v, &missingError{"The JsonPath argument for the field '" + text + "' could not be found in the input '" + d.InputValue().JSON() + "'"}
}
