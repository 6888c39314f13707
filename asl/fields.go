package asl

import (
	"math/rand/v2"
	"time"

	"pawl.dev/value"
)

// Path is InputPath, OutputPath or ItemsPath.
type Path struct{}

// Null reports whether the field is the JSON null.
func (p *Path) Null() bool { return false }

// Eval returns what the path selects; null selects {}. in is what "$" means
// (d.Input is not used for it).
func (p *Path) Eval(in Document, d *Data) (Document, *Failure) { return in, nil }

// Template is a payload template (JSONPath) or a JSON value with {% %}
// expressions (JSONata).
type Template struct{}

// Eval evaluates the template over d.
func (t *Template) Eval(d *Data) (Document, *Failure) { return d.Input, nil }

// Assigned is one variable that a state assigns.
type Assigned struct {
	Name string
	JSON string // compact
}

// Assign evaluates t, an object, as an Assign field: in the order of the
// definition, all over the same data. It checks the size of each value and of
// their sum (States.DataLimitExceeded with Location "Assign"); the total of the
// execution is the engine's to check.
func (t *Template) Assign(d *Data) ([]Assigned, *Failure) { return nil, nil }

// ResultPath is where a result is put into the raw input.
type ResultPath struct{}

// Merge returns raw with result at the path; a null path returns raw.
func (p *ResultPath) Merge(raw, result Document, d *Data) (Document, *Failure) {
	return result, nil
}

// Number is a numeric field: a literal, a reference path or an expression.
type Number struct{}

// Int evaluates an integer field and checks its range; texts as AWS words them
// for the field.
func (n *Number) Int(d *Data) (int64, *Failure) { return 0, nil }

// Float evaluates a field that may have a fraction.
func (n *Number) Float(d *Data) (float64, *Failure) { return 0, nil }

// TextField is Error or Cause of a Fail state: a literal, a path, an intrinsic
// call or an expression.
type TextField struct{}

// Eval evaluates the field.
func (f *TextField) Eval(d *Data) (string, *Failure) { return "", nil }

// Wait is what a Wait state waits for.
type Wait struct{}

// Until returns when the wait ends; a time that is not after entered ends it at
// once. d is the state's effective input.
func (w *Wait) Until(d *Data, entered time.Time) (time.Time, *Failure) { return entered, nil }

type condition interface {
	holds(d *Data) (bool, *Failure)
}

// Match returns the first rule whose condition holds, nil when none does.
func (c *Choice) Match(d *Data) (*Rule, *Failure) { return nil, nil }

// Retrier is one element of Retry.
type Retrier struct {
	ErrorEquals []string
	MaxAttempts int // 0: never
}

// Matches reports whether the retrier handles f (wildcards included).
func (r *Retrier) Matches(f *Failure) bool { return false }

// Delay returns how long to wait before retry n (from 1) of this retrier:
// IntervalSeconds * BackoffRate^(n-1), at most MaxDelaySeconds, then full
// jitter if asked for. Source: States language, "Retrying after error".
func (r *Retrier) Delay(n int, chance *rand.Rand) time.Duration { return 0 }

// Catcher is one element of Catch.
type Catcher struct {
	ErrorEquals []string
	Next        *State
	ResultPath  *ResultPath // JSONPath; nil: "$"
	Output      *Template   // JSONata; nil: the error output
	Assign      *Template
}

// Matches reports whether the catcher handles f (wildcards included).
func (c *Catcher) Matches(f *Failure) bool { return false }

// DecodeItems returns the elements that a Map state iterates over: those of an
// array, or {Key, Value} pairs of an object (distributed maps only). The failure
// is worded for the state's language.
func (m *Map) DecodeItems(s *State, items Document, d *Data) (value.Value, *Failure) {
	return value.Value{}, nil
}
