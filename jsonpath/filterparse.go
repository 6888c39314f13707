package jsonpath

import (
	"regexp"
	"strings"

	"pawl.dev/value"
)

// filter reads [?(…)], whose bracket stands at start.
func (p *parser) filter(start int) (step, error) {
	p.i++
	p.blanks()
	if p.peek() != '(' {
		return step{}, p.badBracket(start)
	}
	p.i++
	e, err := p.anyOf()
	if err != nil {
		return step{}, err
	}
	if p.blanks(); p.peek() != ')' {
		return step{}, p.badFilter()
	}
	p.i++
	return step{kind: stepFilter, filter: e, text: "[?]"}, p.closing()
}

func (p *parser) badFilter() error {
	if p.i >= len(p.text) {
		return p.failf("Failed to parse filter: %s, unexpected end", p.text)
	}
	return p.failf("Failed to parse filter: %s, error on position: %d, char: %c", p.text, p.i, p.text[p.i])
}

// accept skips blanks and token, if it is there.
func (p *parser) accept(token string) bool {
	p.blanks()
	if !strings.HasPrefix(p.text[p.i:], token) {
		return false
	}
	p.i += len(token)
	return true
}

func (p *parser) anyOf() (expr, error) {
	var terms anyOf
	for {
		term, err := p.allOf()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if p.accept("||") {
			continue
		}
		if len(terms) == 1 {
			return term, nil
		}
		return terms, nil
	}
}

func (p *parser) allOf() (expr, error) {
	var terms allOf
	for {
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if p.accept("&&") {
			continue
		}
		if len(terms) == 1 {
			return term, nil
		}
		return terms, nil
	}
}

func (p *parser) term() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if p.accept("!") {
		of, err := p.term()
		return negate{of}, err
	}
	if p.accept("(") {
		e, err := p.anyOf()
		if err != nil {
			return nil, err
		}
		if p.blanks(); p.peek() != ')' {
			return nil, p.badFilter()
		}
		p.i++
		return e, nil
	}
	return p.comparison()
}

func (p *parser) comparison() (expr, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.blanks()
	operator := p.operator()
	if operator == "" {
		if left.path == nil {
			return nil, p.badFilter()
		}
		return exists{left}, nil
	}
	right, err := p.rightOperand()
	if err != nil {
		return nil, err
	}
	return &compare{operator: operator, left: left, right: right}, nil
}

// rightOperand reads an operand; here a word without quotes is a string too, as
// in [?(@.Name==Receipt)]. Jayway itself refuses it since 2.1, but state machines
// that AWS runs have it.
func (p *parser) rightOperand() (operand, error) {
	p.blanks()
	start := p.i
	right, err := p.operand()
	if err == nil {
		return right, nil
	}
	end := start
	for end < len(p.text) && isBareWord(p.text[end]) {
		end++
	}
	if end == start {
		return operand{}, err
	}
	p.i = end
	return operand{constant: value.Text(p.text[start:end])}, nil
}

// isBareWord reports whether c can stand in a string without quotes.
func isBareWord(c byte) bool { return isWord(c) || c == '_' || c >= 0x80 }

// operator reads an operator, "" when there is none. Operators in words stand
// between blanks, in any case of letters.
func (p *parser) operator() string {
	start := p.i
	for p.i < len(p.text) && strings.IndexByte("<>=~!", p.text[p.i]) >= 0 {
		p.i++
	}
	switch symbol := p.text[start:p.i]; symbol {
	case "==", "!=", "===", "!==", "<", "<=", ">", ">=", "=~":
		return symbol
	case "":
	default:
		p.i = start
		return ""
	}
	end := strings.IndexByte(p.text[start:], ' ')
	if end < 0 {
		return ""
	}
	switch word := strings.ToUpper(p.text[start : start+end]); word {
	case "IN", "NIN", "CONTAINS", "ALL", "SIZE", "EMPTY", "SUBSETOF", "ANYOF", "NONEOF":
		p.i += end
		return word
	}
	return ""
}

func (p *parser) operand() (operand, error) {
	p.blanks()
	switch c := p.peek(); c {
	case 0:
		return operand{}, p.badFilter()
	case '@', '$':
		p.i++
		steps, err := p.path(inFilter)
		if err != nil {
			return operand{}, err
		}
		path := newPath(steps)
		path.text = textOf(string(c), path.steps)
		return operand{path: path, fromRoot: c == '$'}, nil
	case '/':
		return p.pattern()
	}
	v, err := p.literal()
	if err != nil {
		return operand{}, p.badFilter()
	}
	return operand{constant: v}, nil
}

// pattern reads /regex/flags. Patterns are RE2's: Java's look-around and back
// references are refused.
func (p *parser) pattern() (operand, error) {
	p.i++
	start := p.i
	for p.i < len(p.text) && p.text[p.i] != '/' {
		if p.text[p.i] == '\\' {
			p.i++
		}
		p.i++
	}
	if p.i >= len(p.text) {
		p.i = len(p.text)
		return operand{}, p.badFilter()
	}
	source := strings.ReplaceAll(p.text[start:p.i], `\/`, "/")
	p.i++
	flags := ""
	for p.i < len(p.text) && strings.IndexByte("imsuUdx", p.text[p.i]) >= 0 {
		switch c := p.text[p.i]; c {
		case 'i', 'm', 's':
			flags += string(c)
		case 'x':
			return operand{}, p.badFilter()
		}
		p.i++
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + `\A(?:` + source + `)\z`)
	if err != nil {
		return operand{}, p.failf("Failed to parse filter: %v", err)
	}
	return operand{pattern: re, constant: value.NullValue}, nil
}
