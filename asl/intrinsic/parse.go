package intrinsic

import (
	"fmt"
	"strings"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// maxNesting is how deeply calls may stand in each other (AWS's quota).
const maxNesting = 10

type parser struct {
	text string
	i    int
	refs []jsonpath.Ref
}

func (p *parser) failf(format string, args ...any) error {
	return fmt.Errorf("%s at offset %d", fmt.Sprintf(format, args...), p.i)
}

func (p *parser) blanks() {
	for p.i < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.i]) >= 0 {
		p.i++
	}
}

func (p *parser) peek() byte {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

// call reads States.Name(…); depth counts from 1.
func (p *parser) call(depth int) (*node, error) {
	if depth > maxNesting {
		return nil, p.failf("calls are nested more than %d deep", maxNesting)
	}
	p.blanks()
	open := strings.IndexByte(p.text[p.i:], '(')
	if open < 0 {
		return nil, p.failf("expected a call")
	}
	f := functions[strings.TrimRight(p.text[p.i:p.i+open], " ")]
	if f == nil {
		return nil, p.failf("unknown function")
	}
	p.i += open + 1
	n := &node{function: f}
	p.blanks()
	if p.peek() == ')' {
		p.i++
		return n, nil
	}
	for {
		arg, err := p.argument(n, depth)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
		p.blanks()
		switch p.peek() {
		case ',':
			p.i++
		case ')':
			p.i++
			return n, nil
		default:
			return nil, p.failf("expected ',' or ')'")
		}
	}
}

// argument reads the next argument of the call in.
func (p *parser) argument(in *node, depth int) (node, error) {
	p.blanks()
	switch c := p.peek(); {
	case c == '\'':
		raw, err := p.quoted()
		if err != nil {
			return node{}, err
		}
		if in.function.name == "States.Format" && len(in.args) == 0 {
			in.template = parseTemplate(raw)
		}
		return node{constant: value.Text(unescape(raw))}, nil
	case c == '$':
		return p.path()
	case c == 'S':
		n, err := p.call(depth + 1)
		if err != nil {
			return node{}, err
		}
		return *n, nil
	}
	start := p.i
	for p.i < len(p.text) && strings.IndexByte(",) \t\r\n", p.text[p.i]) < 0 {
		p.i++
	}
	v, err := value.Parse(p.text[start:p.i], nil)
	if k := v.Kind(); err != nil || k != value.Number && k != value.Bool && k != value.Null {
		p.i = start
		return node{}, p.failf("expected a string in single quotes, number, boolean, null, path or call")
	}
	return node{constant: v}, nil
}

// quoted reads a string and returns it with its escapes. A backslash must
// escape one of \ ' { }.
func (p *parser) quoted() (string, error) {
	start := p.i + 1
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case '\'':
			p.i = i + 1
			return p.text[start:i], nil
		case '\\':
			i++
			if i == len(p.text) || strings.IndexByte(`\'{}`, p.text[i]) < 0 {
				p.i = i
				return "", p.failf("open escape backslash")
			}
		}
	}
	return "", p.failf("string is not closed")
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}

// path reads a path up to the ',' or ')' that is outside of its brackets.
func (p *parser) path() (node, error) {
	start := p.i
	end := pathEnd(p.text, start)
	ref, err := jsonpath.CompileRef(strings.TrimRight(p.text[start:end], " \t\r\n"))
	if err != nil {
		return node{}, p.failf("%v", err)
	}
	p.i = end
	p.refs = append(p.refs, ref)
	return node{ref: &ref}, nil
}

func pathEnd(s string, i int) int {
	depth := 0
	var quote byte
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '\'' || c == '"'):
			quote = c
		case c == '[' || c == '(':
			depth++
		case depth == 0 && (c == ',' || c == ')'):
			return i
		case c == ']' || c == ')':
			depth--
		}
	}
	return len(s)
}
