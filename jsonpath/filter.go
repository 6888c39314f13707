package jsonpath

import (
	"regexp"
	"strings"
	"unicode/utf16"

	"pawl.dev/value"
)

// expr is a compiled filter.
type expr interface {
	// test evaluates the filter for the item, within the walk w.
	test(w *walk, item value.Value) bool
}

type (
	anyOf  []expr // a || b || …
	allOf  []expr // a && b && …
	negate struct{ of expr }
	// exists is a lone path.
	exists struct{ path operand }
	// compare is left operator right.
	compare struct {
		operator    string
		left, right operand
	}
)

// operand is a path from the item (@) or the document ($), a pattern, or a
// constant.
type operand struct {
	path     *Path
	fromRoot bool
	pattern  *regexp.Regexp
	constant value.Value
}

func (e anyOf) test(w *walk, item value.Value) bool {
	for _, x := range e {
		if x.test(w, item) {
			return true
		}
	}
	return false
}

func (e allOf) test(w *walk, item value.Value) bool {
	for _, x := range e {
		if !x.test(w, item) {
			return false
		}
	}
	return true
}

func (e negate) test(w *walk, item value.Value) bool { return !e.of.test(w, item) }

func (e exists) test(w *walk, item value.Value) bool {
	if e.path.fromRoot {
		item = w.root
	}
	if p := e.path.path; !p.plain {
		sub := walk{path: p, root: w.root, visits: w.visits, strict: true}
		_, err := sub.run(item)
		return err == nil
	}
	_, ok := e.path.path.follow(item)
	return ok
}

// eval returns the operand's value, Undefined when its path finds nothing.
func (o *operand) eval(w *walk, item value.Value) value.Value {
	if o.path == nil {
		return o.constant
	}
	if o.fromRoot {
		item = w.root
	}
	if o.path.plain {
		if v, ok := o.path.follow(item); ok {
			return v
		}
		return value.Value{}
	}
	v, err := o.path.eval(item, w.root, w.visits)
	if err != nil {
		return value.Value{}
	}
	return v
}

func (e *compare) test(w *walk, item value.Value) bool {
	if e.operator == "=~" {
		return e.match(w, item)
	}
	l, r := e.left.eval(w, item), e.right.eval(w, item)
	switch e.operator {
	case "==":
		return equal(l, r)
	case "!=":
		return !equal(l, r)
	case "===":
		return l.Kind() == r.Kind() && equal(l, r)
	case "!==":
		return l.Kind() != r.Kind() || !equal(l, r)
	case "<", "<=", ">", ">=":
		return ordered(e.operator, l, r)
	case "IN":
		return contains(r, l)
	case "NIN":
		return !contains(r, l)
	case "CONTAINS":
		if l.Kind() == value.String && r.Kind() == value.String {
			return strings.Contains(l.Str(), r.Str())
		}
		return contains(l, r)
	case "ALL":
		return l.Kind() == value.Array && isSubset(r, l)
	case "SUBSETOF":
		return l.Kind() == value.Array && isSubset(l, r)
	case "ANYOF":
		return overlaps(l, r)
	case "NONEOF":
		return l.Kind() == value.Array && r.Kind() == value.Array && !overlaps(l, r)
	case "SIZE":
		return hasSize(l, r)
	case "EMPTY":
		return r.Kind() == value.Bool && isEmpty(l, r.True())
	}
	panic("jsonpath: unknown filter operator " + e.operator)
}

// match applies the pattern on either side to the text on the other, or to any
// element of a list there. A match is of the whole text.
func (e *compare) match(w *walk, item value.Value) bool {
	pattern, subject := e.right.pattern, &e.left
	if pattern == nil {
		pattern, subject = e.left.pattern, &e.right
	}
	if pattern == nil || subject.pattern != nil {
		return false
	}
	v := subject.eval(w, item)
	if v.Kind() != value.Array {
		return pattern.MatchString(patternInput(v))
	}
	for _, x := range v.Items() {
		if pattern.MatchString(patternInput(x)) {
			return true
		}
	}
	return false
}

func patternInput(v value.Value) string {
	switch v.Kind() {
	case value.String:
		return v.Str()
	case value.Number, value.Bool:
		return v.JSON()
	default:
		return ""
	}
}

// equal is Jayway's ==: a string and a number are compared as the left one is.
func equal(l, r value.Value) bool {
	switch {
	case !l.Defined() || !r.Defined():
		return false
	case l.Kind() == value.Number && r.Kind() == value.String:
		n, err := value.Parse(r.Str(), nil)
		return err == nil && value.Equal(l, n)
	case l.Kind() == value.String && r.Kind() == value.Number:
		return l.Str() == r.NumberText()
	}
	return value.Equal(l, r)
}

// ordered compares two numbers or two strings; everything else is not ordered.
func ordered(operator string, l, r value.Value) bool {
	var less, greater bool
	switch {
	case l.Kind() == value.Number && r.Kind() == value.Number:
		if a, ok := l.Int64(); ok {
			if b, ok := r.Int64(); ok {
				less, greater = a < b, a > b // exact beyond 2^53
				break
			}
		}
		less, greater = l.Float64() < r.Float64(), l.Float64() > r.Float64()
	case l.Kind() == value.String && r.Kind() == value.String:
		less, greater = l.Str() < r.Str(), l.Str() > r.Str()
	default:
		return false
	}
	switch operator {
	case "<":
		return less
	case "<=":
		return !greater
	case ">":
		return greater
	default:
		return !less
	}
}

func contains(list, v value.Value) bool {
	if list.Kind() != value.Array {
		return false
	}
	for _, x := range list.Items() {
		if equal(v, x) {
			return true
		}
	}
	return false
}

func isSubset(part, whole value.Value) bool {
	if part.Kind() != value.Array {
		return false
	}
	for _, x := range part.Items() {
		if !contains(whole, x) {
			return false
		}
	}
	return true
}

func overlaps(l, r value.Value) bool {
	if l.Kind() != value.Array {
		return false
	}
	for _, x := range l.Items() {
		if contains(r, x) {
			return true
		}
	}
	return false
}

func hasSize(v, size value.Value) bool {
	n, ok := size.Int64()
	if !ok {
		return false
	}
	switch v.Kind() {
	case value.String:
		length := 0
		for _, r := range v.Str() {
			length += utf16.RuneLen(r)
		}
		return int64(length) == n
	case value.Array, value.Object:
		return int64(v.Len()) == n
	default:
		return false
	}
}

func isEmpty(v value.Value, want bool) bool {
	switch v.Kind() {
	case value.String:
		return (v.Str() == "") == want
	case value.Array, value.Object:
		return (v.Len() == 0) == want
	default:
		return false
	}
}
