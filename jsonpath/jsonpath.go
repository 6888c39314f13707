// Package jsonpath is the JSONPath dialect of the Amazon States Language: that
// of Jayway JsonPath, as AWS Step Functions runs it.
//
// A Path is compiled once and evaluated many times, by any number of goroutines.
// The package is pure: no I/O, clock or chance. It imports only value.
package jsonpath

import "pawl.dev/value"

// Path is a compiled path such as $.order.items[0] or $..price.
type Path struct{ text string }

// Compile parses a path, which must start with '$'. The root '$' alone is a
// path.
func Compile(text string) (*Path, error) { return &Path{text: text}, nil }

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Definite reports whether the path can select at most one value. Indefinite
// paths (wildcard, slice, filter, union of indexes, "..") give an array of what
// they match.
func (p *Path) Definite() bool { return true }

// Reference reports whether the path is a reference path of the States
// language: names and single indexes only.
func (p *Path) Reference() bool { return true }

// Eval returns what the path selects in root. A definite path that finds
// nothing answers a *NotFoundError; an indefinite one answers [].
func (p *Path) Eval(root value.Value) (value.Value, error) { return root, nil }

// Set returns root with the node at p, which must be a reference path, replaced
// by v. Missing objects on the way are made; a member that exists keeps its
// place. The error says which step meets a value that can't hold it.
func (p *Path) Set(root, v value.Value) (value.Value, error) { return v, nil }

// NotFoundError says that a definite path found nothing, in Jayway's words.
type NotFoundError struct {
	Message string // "No results for path: $['a']['x']" or "Missing property in path $['a']"
	// IndexOutOfRange is set when the last step is an index past the end: in a
	// payload template AWS makes that null.
	IndexOutOfRange bool
}

func (e *NotFoundError) Error() string { return e.Message }
