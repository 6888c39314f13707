package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxSteps   = 1000 // of one path
	maxNesting = 50   // filters and functions inside each other, brackets included
)

// place is where a path stands; it decides what ends the path.
type place uint8

const (
	inDocument place = iota // by itself, up to the end of the text
	inFilter                // operand of a filter
	inCall                  // argument of a function
)

// parser reads one path, with the paths nested in it.
type parser struct {
	text  string
	i     int
	depth int
}

func (p *parser) failf(format string, args ...any) error {
	return &InvalidPathError{fmt.Sprintf(format, args...)}
}

// enter counts nesting; the caller must leave.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return p.failf("Path is nested too deeply at position %d", p.i)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) blanks() {
	for p.i < len(p.text) && p.text[p.i] == ' ' {
		p.i++
	}
}

// peek returns the byte at the position, 0 at the end.
func (p *parser) peek() byte {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

// ends reports whether c can't be part of an undotted name at the given place.
func ends(c byte, at place) bool {
	switch c {
	case ' ', '.', '[', ']', '(', ')':
		return true
	case '<', '>', '=', '~', '!', '&', '|':
		return at == inFilter
	case ',':
		return at == inCall
	}
	return false
}

// path reads the steps after the root.
func (p *parser) path(at place) ([]step, error) {
	var steps []step
	for p.i < len(p.text) {
		if len(steps) >= maxSteps {
			return nil, p.failf("Path has more than %d steps", maxSteps)
		}
		var s step
		var err error
		switch c := p.text[p.i]; {
		case c == '.':
			s, err = p.dot(at)
		case c == '[':
			s, err = p.bracket()
		case at != inDocument && (ends(c, at) || len(steps) > 0):
			return steps, nil
		case len(steps) == 0:
			err = p.failf("Illegal character at position %d expected '.' or '['", p.i)
		case c == ' ':
			err = p.failf("Use bracket notion ['my prop'] if your property contains blank characters. position: %d", p.i)
		default:
			err = p.failf("Could not parse token starting at position %d", p.i)
		}
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	if n := len(steps); n > 0 && steps[n-1].kind == stepScan {
		return nil, p.failf("Path must not end with a '.' or '..'")
	}
	return steps, nil
}

// dot reads a step that starts with '.'.
func (p *parser) dot(at place) (step, error) {
	p.i++
	if p.peek() == '.' {
		// The '..' is a step of its own; what it scans for follows, with its
		// dot read here.
		if next := p.i + 1; next < len(p.text) && p.text[next] != '.' {
			if p.text[next] == '[' {
				p.i = next
			}
			return step{kind: stepScan, text: ".."}, nil
		}
	}
	switch c := p.peek(); {
	case p.i == len(p.text):
		return step{}, p.failf("Path must not end with a '.' or '..'")
	case c == '.':
		return step{}, p.failf("Character '.' on position %d is not valid.", p.i)
	case c == '*':
		p.i++
		return step{kind: stepAny, text: "[*]"}, nil
	case c == '[':
		return p.bracket()
	}
	start := p.i
	for p.i < len(p.text) && !ends(p.text[p.i], at) {
		p.i++
	}
	name := p.text[start:p.i]
	if name == "" {
		return step{}, p.failf("Could not parse token starting at position %d", start)
	}
	if p.peek() == '(' {
		return p.call(name)
	}
	return nameStep(name), nil
}

// bracket reads a step in brackets.
func (p *parser) bracket() (step, error) {
	start := p.i
	p.i++
	p.blanks()
	switch p.peek() {
	case '\'', '"':
		return p.names()
	case '?':
		return p.filter(start)
	case '*':
		p.i++
		return step{kind: stepAny, text: "[*]"}, p.closing()
	}
	end := strings.IndexByte(p.text[p.i:], ']')
	if end < 0 {
		return step{}, p.badBracket(start)
	}
	text := strings.TrimSpace(p.text[p.i : p.i+end])
	p.i += end + 1
	if text == "" || strings.Trim(text, "0123456789,-: ") != "" {
		return step{}, p.badBracket(start)
	}
	if strings.Contains(text, ":") {
		return p.slice(text)
	}
	return p.indexes(text)
}

func (p *parser) badBracket(at int) error {
	return p.failf("Could not parse token starting at position %d. Expected ?, ', 0-9, * ", at)
}

func (p *parser) closing() error {
	p.blanks()
	if p.peek() != ']' {
		return p.failf("Expected wildcard token to end with ']' on position %d", p.i)
	}
	p.i++
	return nil
}

func (p *parser) names() (step, error) {
	var names []string
	for {
		p.blanks()
		if c := p.peek(); c != '\'' && c != '"' {
			return step{}, p.unterminated()
		}
		name, err := p.quoted()
		if err != nil {
			return step{}, err
		}
		names = append(names, name)
		p.blanks()
		switch p.peek() {
		case ',':
			p.i++
		case ']':
			p.i++
			if len(names) == 1 {
				return nameStep(names[0]), nil
			}
			return namesStep(names), nil
		default:
			return step{}, p.unterminated()
		}
	}
}

func (p *parser) unterminated() error {
	return p.failf("Property must be separated by comma or Property must be terminated close square bracket at index %d", p.i)
}

func (p *parser) slice(text string) (step, error) {
	var s slice
	for i, part := range strings.Split(text, ":") {
		if part == "" {
			continue
		}
		n, err := parseIndex(part)
		if err != nil {
			return step{}, p.failf("Failed to parse SliceOperation: %s", text)
		}
		switch i {
		case 0:
			s.from, s.hasFrom = n, true
		case 1:
			s.to, s.hasTo = n, true
		}
	}
	if !s.hasFrom && !s.hasTo {
		return step{}, p.failf("Failed to parse SliceOperation: %s", text)
	}
	return sliceStep(s), nil
}

func (p *parser) indexes(text string) (step, error) {
	var indexes []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := parseIndex(strings.TrimSpace(part))
		if err != nil {
			return step{}, p.failf("Failed to parse token in ArrayIndexOperation: %s", text)
		}
		indexes = append(indexes, n)
	}
	return indexStep(indexes), nil
}

// parseIndex reads a Java int.
func parseIndex(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err
}
