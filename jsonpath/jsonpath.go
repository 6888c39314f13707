// Package jsonpath is the JSONPath dialect of the Amazon States Language: that
// of Jayway JsonPath, as AWS Step Functions runs it.
//
// A Path is compiled once and evaluated many times, by any number of goroutines.
// The package is pure: no I/O, clock or chance. It imports only value.
//
// Hostile input is bounded: a path has at most maxSteps steps and maxNesting
// nested filters, and an evaluation looks at no more than maxVisits nodes.
package jsonpath

import (
	"strings"

	"pawl.dev/value"
)

// Path is a compiled path such as $.order.items[0] or $..price.
type Path struct {
	text     string
	steps    []step
	definite bool
	// plain is set when every step is one name or one index: such a path is
	// followed without any memory of its own.
	plain bool
	// reference is plain without the characters that the States language bars
	// from reference paths.
	reference bool
}

// InvalidPathError says why a text is no path.
type InvalidPathError struct{ Message string }

func (e *InvalidPathError) Error() string { return e.Message }

// Compile parses a path, which must start with '$'. The root '$' alone is a
// path. The error is an *InvalidPathError.
func Compile(text string) (*Path, error) {
	trimmed := strings.TrimRight(text, " ")
	if !strings.HasPrefix(trimmed, "$") {
		return nil, &InvalidPathError{"Path must start with '$'"}
	}
	p := parser{text: trimmed, i: 1}
	steps, err := p.path(inDocument)
	if err != nil {
		return nil, err
	}
	path := newPath(steps)
	path.text = text
	path.reference = path.plain && !strings.ContainsAny(unquoted(trimmed), "@,:?*")
	return path, nil
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Definite reports whether the path can select at most one value. Indefinite
// paths (wildcard, slice, filter, union of indexes, "..") give an array of what
// they match.
func (p *Path) Definite() bool { return p.definite }

// Reference reports whether the path is a reference path of the States
// language: names and single indexes only.
func (p *Path) Reference() bool { return p.reference }

// Eval returns what the path selects in root. A definite path that finds
// nothing answers a *NotFoundError; an indefinite one answers [].
func (p *Path) Eval(root value.Value) (value.Value, error) {
	if p.plain {
		if v, ok := p.follow(root); ok {
			return v, nil
		}
		return value.Value{}, p.notFound(root)
	}
	visits := maxVisits
	v, err := p.eval(root, root, &visits)
	if err == nil {
		return v, nil
	}
	if visits > 0 && !p.definite {
		// AWS answers [] where Jayway reports the missing parent:
		// $.item.items[*] on {} is an empty list.
		return value.NewArray(nil), nil
	}
	return value.Value{}, err
}

// NotFoundError says that a definite path found nothing, in Jayway's words.
type NotFoundError struct {
	Message string // "No results for path: $['a']['x']" or "Missing property in path $['a']"
	// IndexOutOfRange is set when the last step is an index past the end: in a
	// payload template AWS makes that null.
	IndexOutOfRange bool
	// NotArray is set when an index or filter met something else than an
	// array: AWS's intrinsic functions then show Message itself.
	NotArray bool
}

func (e *NotFoundError) Error() string { return e.Message }

// unquoted returns text without what stands in quotes.
func unquoted(text string) string {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == 0:
			b.WriteByte(c)
		case c == '\\':
			i++
		case c == quote:
			quote = 0
		}
	}
	return b.String()
}
