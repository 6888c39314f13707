package jsonpath

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pawl.dev/value"
)

// quoted reads a string in single or double quotes with Java's escapes.
func (p *parser) quoted() (string, error) {
	start, quote := p.i, p.text[p.i]
	p.i++
	for i := p.i; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case quote:
			inner := p.text[p.i:i]
			p.i = i + 1
			return unescape(inner), nil
		}
	}
	return "", p.failf("Property must be terminated: quote opened at index %d", start)
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, n := unicodeEscape(s[i+1:])
			b = utf8.AppendRune(b, r)
			i += n
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

// unicodeEscape reads what follows \u, a surrogate pair included, and returns
// the bytes it took. Half a pair becomes U+FFFD; without four hex digits the
// escape is just the letter u.
func unicodeEscape(s string) (rune, int) {
	hex := func(s string) (rune, bool) {
		if len(s) < 4 {
			return 0, false
		}
		n, err := strconv.ParseUint(s[:4], 16, 16)
		return rune(n), err == nil
	}
	r, ok := hex(s)
	if !ok {
		return 'u', 0
	}
	if utf16.IsSurrogate(r) && len(s) >= 10 && s[4:6] == `\u` {
		if low, ok := hex(s[6:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), 10
		}
	}
	return r, 4 // AppendRune writes a lone surrogate as U+FFFD
}

// literal reads a JSON value; strings inside may be single-quoted.
func (p *parser) literal() (value.Value, error) {
	switch p.peek() {
	case '\'', '"':
		s, err := p.quoted()
		return value.Text(s), err
	case '[', '{':
		return p.container()
	}
	start := p.i
	for p.i < len(p.text) && isWord(p.text[p.i]) {
		p.i++
	}
	v, err := value.Parse(p.text[start:p.i], nil)
	if err != nil {
		p.i = start
		return v, p.failf("Expected a literal on position %d", start)
	}
	return v, nil
}

func isWord(c byte) bool {
	return c == '.' || c == '+' || c == '-' || c-'0' < 10 || c|0x20-'a' < 26
}

// container reads an array or object up to its closing bracket.
func (p *parser) container() (value.Value, error) {
	start, depth := p.i, 0
	var b []byte
	for p.i < len(p.text) {
		c := p.text[p.i]
		if c == '\'' || c == '"' {
			s, err := p.quoted()
			if err != nil {
				return value.Value{}, err
			}
			b = value.AppendQuoted(b, s)
			continue
		}
		b = append(b, c)
		p.i++
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth == 0 {
			v, err := value.Parse(string(b), nil)
			if err != nil {
				return v, p.failf("Expected JSON on position %d: %v", start, err)
			}
			return v, nil
		}
	}
	return value.Value{}, p.failf("Brackets are not balanced on position %d", start)
}
