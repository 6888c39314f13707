// Package jsonata is JSONata 2.0.6 as AWS Step Functions runs it: the language
// of jsonata-js 2.0.6, with AWS's functions, numbers and guards.
//
// An Expr is compiled once and evaluated many times, by any number of
// goroutines. The package is pure: clock, chance and limits come in through
// Env. It imports only value (and a regular-expression library).
package jsonata

import (
	"errors"
	"math/rand/v2"
	"time"

	"pawl.dev/value"
)

// Expr is a compiled expression.
type Expr struct{ text string }

// Compile parses an expression (without {% and %}). The error is an *Error.
func Compile(text string) (*Expr, error) { return &Expr{text: text}, nil }

// String returns the expression as it was written.
func (e *Expr) String() string { return e.text }

// Reference is a name that the expression reads from outside itself.
type Reference struct {
	// Path is the reference's leading names: ["$x"], ["$states", "input", "a"],
	// ["phone"] for a bare top-level name, ["$$"] for the root.
	Path     []string
	Position int
}

// References lists what the expression reads from outside: variables that it
// does not bind itself, bare names of a path's first step without context, and
// "$$". Names of built-in functions are left out.
func (e *Expr) References() []Reference { return nil }

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
	MaxBytes int         // size of a built value; 0 means AWS's 6,990,256; negative means none
}

// Eval evaluates the expression. input is the context item ("$"), Undefined for
// Step Functions. The result may be Undefined. Results are JSON values (singleton
// sequences collapsed) or an Extension for a function. The error is an *Error.
func (e *Expr) Eval(input value.Value, vars Bindings, env *Env) (value.Value, error) {
	return value.Value{}, errors.New("not implemented")
}

// Error is a parse or evaluation error. Code is that of jsonata-js ("T2001"),
// empty for the guards (time, depth, memory), whose Message is AWS's.
type Error struct {
	Code     string
	Message  string // as jsonata-js words it, values filled in
	Position int    // in UTF-16 units, from 0
	Token    string
}

func (e *Error) Error() string {
	if e.Code == "" {
		return e.Message
	}
	return e.Code + ": " + e.Message
}
