package teststate

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

// shape is what a service's model says of a value. A nil shape allows anything.
type shape struct {
	kind     value.Kind // String, Number, Bool, Array or Object
	min, max *float64   // of a number, or of the length of a text or list
	enum     []string
	element  *shape // of a list or map
	members  []member
}

type member struct {
	name     string
	required bool
	shape    *shape
}

// mismatch says how v breaks the model; "" when it does not. Members that the
// model does not know are allowed. strict demands the required ones.
func (s *shape) mismatch(name string, v value.Value, strict bool) string {
	if s == nil || v.Is(value.Null) && name != "" {
		return ""
	}
	field := "Field '" + name + "' "
	if !v.Is(s.kind) {
		return field + "must be " + kindNames[s.kind]
	}
	switch s.kind {
	case value.String:
		return s.textMismatch(field, v.Str())
	case value.Number:
		return bounds(field, v.Float64(), s, "is less than the minimum value", "exceeds the maximum value")
	case value.Array:
		if why := bounds(field, float64(v.Len()), s, tooShort, tooLong); why != "" {
			return why
		}
		return s.each(name, v, strict)
	case value.Object:
		if s.element != nil {
			return s.each("", v, strict)
		}
		return s.structureMismatch(v, strict)
	default:
		return ""
	}
}

const (
	tooShort = "is smaller than the minimum length"
	tooLong  = "exceeds the maximum length"
)

var kindNames = map[value.Kind]string{
	value.String: "a string", value.Number: "a number", value.Bool: "a boolean", value.Array: "an array", value.Object: "an object",
}

func (s *shape) textMismatch(field, text string) string {
	if s.enum != nil && !slices.Contains(s.enum, text) {
		return field + "is not an expected value"
	}
	return bounds(field, float64(utf8.RuneCountInString(text)), s, tooShort, tooLong)
}

func bounds(field string, n float64, s *shape, less, more string) string {
	switch {
	case s.min != nil && n < *s.min:
		return field + less
	case s.max != nil && n > *s.max:
		return field + more
	}
	return ""
}

// each checks the elements of a list, which go by its name, or of a map, which
// go by their keys.
func (s *shape) each(name string, v value.Value, strict bool) string {
	for i, item := range v.Items() {
		called := name
		if v.Is(value.Object) {
			called = v.Key(i)
		}
		if why := s.element.mismatch(called, item, strict); why != "" {
			return why
		}
	}
	return ""
}

func (s *shape) structureMismatch(v value.Value, strict bool) string {
	for _, m := range s.members {
		if _, ok := v.Get(m.name); m.required && strict && !ok {
			return "Required field '" + m.name + "' is missing"
		}
	}
	for _, m := range s.members {
		got, ok := v.Get(m.name)
		if !ok {
			continue
		}
		if why := m.shape.mismatch(m.name, got, strict); why != "" {
			return why
		}
	}
	return ""
}

// modelOf returns the shape of what an action answers, nil when it is not known.
// The notation is read anew: nobody tests states by the thousand.
func modelOf(action string) *shape {
	p := modelParser{text: strings.Fields(models), named: map[string]*shape{}}
	for len(p.text) > 0 {
		p.entry()
	}
	return p.named[action]
}

// modelParser reads the notation of models.
type modelParser struct {
	text  []string // the fields left
	rest  string   // of the current one
	named map[string]*shape
}

// entry reads one name and its shape. Shapes that others refer to come first.
func (p *modelParser) entry() {
	name := p.text[0]
	p.text = p.text[1:]
	p.rest = ""
	p.named[strings.TrimPrefix(name, "@")] = p.shape()
}

// peek returns the next character, reading on in the next field where needed.
func (p *modelParser) peek() byte {
	for p.rest == "" && len(p.text) > 0 {
		p.rest, p.text = p.text[0], p.text[1:]
	}
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *modelParser) accept(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// until reads up to one of the characters, which stays.
func (p *modelParser) until(stop string) string {
	var b strings.Builder
	for c := p.peek(); c != 0 && strings.IndexByte(stop, c) < 0; c = p.peek() {
		b.WriteByte(c)
		p.rest = p.rest[1:]
	}
	return b.String()
}

func (p *modelParser) shape() *shape {
	c := p.peek()
	p.rest = p.rest[1:]
	s := &shape{}
	switch c {
	case '*':
		return nil
	case '@':
		name := p.reference()
		if p.named[name] == nil {
			panic("teststate: model of unknown shape " + name)
		}
		return p.named[name]
	case 's':
		s.kind = value.String
		if p.rest != "" && p.rest[0] == '[' {
			p.rest = p.rest[1:]
			s.enum = strings.Split(p.until("]"), "|")
			p.accept(']')
		}
	case 'n':
		s.kind = value.Number
	case 'b':
		s.kind = value.Bool
	case '[':
		s.kind, s.element = value.Array, p.shape()
		p.accept(']')
	case '<':
		s.kind, s.element = value.Object, p.shape()
		p.accept('>')
	case '{':
		s.kind = value.Object
		p.structure(s)
	default:
		panic("teststate: model has no such shape: " + string(c))
	}
	p.bounds(s)
	return s
}

// reference reads a name, which ends with its field or before a bracket.
func (p *modelParser) reference() string {
	n := strings.IndexAny(p.rest, "}]>")
	if n < 0 {
		n = len(p.rest)
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return name
}

func (p *modelParser) structure(s *shape) {
	for !p.accept('}') {
		m := member{required: p.accept('!')}
		m.name = p.until(":")
		p.accept(':')
		m.shape = p.shape()
		s.members = append(s.members, m)
	}
}

func (p *modelParser) bounds(s *shape) {
	if p.rest == "" || p.rest[0] != '(' {
		return
	}
	p.rest = p.rest[1:]
	s.min = number(p.until(","))
	p.accept(',')
	s.max = number(p.until(")"))
	p.accept(')')
}

func number(text string) *float64 {
	if text == "" {
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic("teststate: model has a bad bound: " + text)
	}
	return &f
}
