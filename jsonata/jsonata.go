// Package jsonata is JSONata 2.0.6 as AWS Step Functions runs it: the language
// of jsonata-js 2.0.6, with AWS's functions, numbers and guards.
//
// An Expr is compiled once and evaluated many times, by any number of
// goroutines. The package is pure: clock, chance and limits come in through
// Env. It imports only value (and a regular-expression library).
package jsonata

import (
	"math/rand/v2"
	"time"

	"pawl.dev/value"
)

// Expr is a compiled expression.
type Expr struct {
	text string
	root *node
}

// Compile parses an expression (without {% and %}). The error is an *Error.
func Compile(text string) (*Expr, error) {
	e := &Expr{text: text}
	if err := e.parse(); err != nil {
		return nil, err.finish(text)
	}
	return e, nil
}

func (e *Expr) parse() (err *Error) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if err, ok = r.(*Error); !ok {
				panic(r)
			}
		}
	}()
	p := &parser{lex: lexer{src: e.text}}
	p.next(false)
	root := p.expression(0)
	if p.tok.kind != tokenEnd {
		return p.fail("S0201", p.tok.at, p.tok.value())
	}
	root = p.process(root)
	if root.kind == nodeParent || root.seeking != nil {
		return p.fail("S0217", root.at, value.Text(kindNames[root.kind]))
	}
	plan(root)
	e.root = root
	return nil
}

// String returns the expression as it was written.
func (e *Expr) String() string { return e.text }

// Bindings are the variables an expression sees beside the built-in functions;
// names come without '$'.
type Bindings func(name string) (value.Value, bool)

// Env is where evaluation takes its surroundings from. The zero Env is usable:
// fixed clock and chance, AWS's limits.
type Env struct {
	Now      time.Time   // $now, $millis
	Rand     *rand.Rand  // $random, $shuffle, $uuid
	Expired  func() bool // asked every few hundred steps; true ends in the time-out error. nil: never
	MaxDepth int         // nested evaluations; 0 means 100, AWS's limit; negative means none
	MaxBytes int         // size of a built value, 8 for a number and 1 for a character; an evaluation may build 16 times that. 0 means AWS's 6,990,256; negative means none
}

// Eval evaluates the expression. input is the context item ("$"), Undefined for
// Step Functions. The result may be Undefined. Results are JSON values (singleton
// sequences collapsed) or an Extension for a function. The error is an *Error.
func (e *Expr) Eval(input value.Value, vars Bindings, env *Env) (value.Value, error) {
	v, err := e.eval(input, vars, env)
	if err == nil {
		v, err = result(v, 0)
	}
	if err != nil {
		return value.Value{}, err.finish(e.text)
	}
	return v, nil
}

func (e *Expr) eval(input value.Value, vars Bindings, env *Env) (value.Value, *Error) {
	if v, ok := e.follow(vars); ok {
		return v, nil
	}
	st := newState(vars, env)
	root := newFrame(nil)
	root.bind("$", input)
	if input.Is(value.Array) {
		input = newSequence([]value.Value{input}, outerWrapper)
	}
	return st.eval(e.root, input, root)
}

// follow evaluates an expression that is a bare path from a bound variable
// through objects, which most expressions of a state machine are.
func (e *Expr) follow(vars Bindings) (value.Value, bool) {
	first, rest := e.root, []*node(nil)
	if first.plain {
		first, rest = first.list[0], first.list[1:]
	}
	if vars == nil || first.kind != nodeVariable || first.text == "" || first.text == "$" || e.root.decorated() {
		return value.Value{}, false
	}
	v, ok := vars(first.text)
	for _, step := range rest {
		if !ok || !v.Is(value.Object) {
			return value.Value{}, false
		}
		if v, ok = v.Get(step.text); !ok {
			return value.Value{}, true
		}
	}
	return v, ok
}
