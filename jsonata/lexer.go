package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pawl.dev/value"
)

// tokenKind tells the tokens apart as the parser needs it.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenVariable
	tokenOperator
	tokenString
	tokenNumber
	tokenLiteral
	tokenRegex
)

type token struct {
	kind  tokenKind
	at    int         // byte offset behind the token, as jsonata-js counts
	text  string      // name, variable, operator, string
	val   value.Value // number, literal
	regex *regex
}

// value returns the token as error messages show it.
func (t *token) value() value.Value {
	switch t.kind {
	case tokenNumber, tokenLiteral:
		return t.val
	case tokenEnd:
		return value.Text("(end)")
	case tokenRegex:
		return value.Text(t.regex.source)
	case tokenName, tokenVariable, tokenOperator, tokenString:
	}
	return value.Text(t.text)
}

// lexer cuts an expression into tokens. Its methods panic with an *Error, which
// Compile recovers.
type lexer struct {
	src string
	pos int
}

func (l *lexer) fail(code string, at int) *Error {
	return fail(code).placed(at)
}

func (l *lexer) byteAt(i int) byte {
	if i < 0 || i >= len(l.src) {
		return 0
	}
	return l.src[i]
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'
}

const singleOperators = ".[]{}(),@#;:?+-*/%|=<>^&!~"

var doubleOperators = [...]string{"..", ":=", "!=", ">=", "<=", "**", "~>"}

// next returns the next token. A slash starts a regular expression unless infix
// says that an operator is due.
func (l *lexer) next(infix bool) token {
	l.skip()
	if l.pos >= len(l.src) {
		return token{kind: tokenEnd, at: len(l.src)}
	}
	at, c := l.pos, l.src[l.pos]
	if !infix && c == '/' {
		l.pos++
		re := l.regex()
		return token{kind: tokenRegex, at: l.pos, regex: re}
	}
	for _, op := range doubleOperators {
		if strings.HasPrefix(l.src[at:], op) {
			l.pos += 2
			return token{kind: tokenOperator, at: l.pos, text: op}
		}
	}
	switch {
	case strings.IndexByte(singleOperators, c) >= 0:
		l.pos++
		return token{kind: tokenOperator, at: l.pos, text: l.src[at:l.pos]}
	case c == '"' || c == '\'':
		s := l.str(c)
		return token{kind: tokenString, at: l.pos, text: s}
	case c >= '0' && c <= '9':
		v := l.number()
		return token{kind: tokenNumber, at: l.pos, val: v}
	case c == '`':
		end := strings.IndexByte(l.src[at+1:], '`')
		if end < 0 {
			panic(l.fail("S0105", len(l.src)))
		}
		l.pos = at + end + 2
		return token{kind: tokenName, at: l.pos, text: l.src[at+1 : at+1+end]}
	}
	return l.name()
}

// skip passes blanks and comments.
func (l *lexer) skip() {
	for l.pos < len(l.src) {
		switch {
		case isBlank(l.src[l.pos]):
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "/*"):
			end := strings.Index(l.src[l.pos+2:], "*/")
			if end < 0 {
				panic(l.fail("S0106", l.pos))
			}
			l.pos += end + 4
		default:
			return
		}
	}
}

func (l *lexer) name() token {
	at := l.pos
	for l.pos < len(l.src) && !isBlank(l.src[l.pos]) && strings.IndexByte(singleOperators, l.src[l.pos]) < 0 {
		l.pos++
	}
	word := l.src[at:l.pos]
	if word[0] == '$' {
		return token{kind: tokenVariable, at: l.pos, text: word[1:]}
	}
	switch word {
	case "or", "in", "and":
		return token{kind: tokenOperator, at: l.pos, text: word}
	case "true", "false":
		return token{kind: tokenLiteral, at: l.pos, val: value.Of(word == "true")}
	case "null":
		return token{kind: tokenLiteral, at: l.pos, val: value.NullValue}
	}
	return token{kind: tokenName, at: l.pos, text: word}
}

// number reads a JSON number (a sign is an operator).
func (l *lexer) number() value.Value {
	start := l.pos
	digits := func() {
		for l.pos < len(l.src) && l.src[l.pos]-'0' < 10 {
			l.pos++
		}
	}
	if l.src[l.pos] == '0' {
		l.pos++
	} else {
		digits()
	}
	integer := true
	if l.byteAt(l.pos) == '.' && l.byteAt(l.pos+1)-'0' < 10 {
		integer = false
		l.pos++
		digits()
	}
	if l.byteAt(l.pos)|0x20 == 'e' {
		from := l.pos + 1
		if c := l.byteAt(from); c == '+' || c == '-' {
			from++
		}
		if l.byteAt(from)-'0' < 10 {
			integer = false
			l.pos = from
			digits()
		}
	}
	text := l.src[start:l.pos]
	if integer {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return value.Int(i)
		}
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range is infinite, refused below
	if math.IsInf(f, 0) {
		e := l.fail("S0102", start)
		e.token = value.Text(text)
		panic(e)
	}
	return fromFloat(f)
}

// str reads a string literal up to its closing quote.
func (l *lexer) str(quote byte) string {
	l.pos++
	start := l.pos
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case quote:
			s := l.src[start:l.pos]
			l.pos++
			return s
		case '\\':
			return l.escaped(start, quote)
		}
		l.pos++
	}
	panic(l.fail("S0101", len(l.src)))
}

func (l *lexer) escaped(start int, quote byte) string {
	var b strings.Builder
	b.WriteString(l.src[start:l.pos])
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch c {
		case quote:
			l.pos++
			return b.String()
		case '\\':
			l.pos++
			l.escape(&b)
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	panic(l.fail("S0101", len(l.src)))
}

// escape reads what follows a backslash.
func (l *lexer) escape(b *strings.Builder) {
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := l.byteAt(l.pos)
	if i := strings.IndexByte(from, c); i >= 0 && l.pos < len(l.src) {
		b.WriteByte(to[i])
		l.pos++
		return
	}
	if c != 'u' {
		e := l.fail("S0103", l.pos)
		_, size := utf8.DecodeRuneInString(l.src[min(l.pos, len(l.src)):])
		e.token = value.Text(l.src[l.pos : l.pos+size])
		panic(e)
	}
	unit := l.hex4(l.pos + 1)
	if unit < 0 {
		panic(l.fail("S0104", l.pos))
	}
	l.pos += 5
	if utf16.IsSurrogate(unit) && strings.HasPrefix(l.src[l.pos:], `\u`) {
		if low := l.hex4(l.pos + 2); low >= 0 {
			if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
				l.pos += 6
				b.WriteRune(r)
				return
			}
		}
	}
	b.WriteRune(unit) // a lone surrogate becomes U+FFFD
}

func (l *lexer) hex4(i int) rune {
	if i+4 > len(l.src) {
		return -1
	}
	n, err := strconv.ParseUint(l.src[i:i+4], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// regex reads a regular expression after its opening slash. A slash inside
// brackets of any kind does not end it.
func (l *lexer) regex() *regex {
	start, depth := l.pos, 0
	for ; l.pos < len(l.src); l.pos++ {
		c := l.src[l.pos]
		escaped := l.byteAt(l.pos-1) == '\\'
		switch {
		case c == '/' && depth == 0 && l.evenBackslashes(l.pos):
			pattern := l.src[start:l.pos]
			if pattern == "" {
				panic(l.fail("S0301", l.pos))
			}
			l.pos++
			flags := l.pos
			for l.byteAt(l.pos) == 'i' || l.byteAt(l.pos) == 'm' {
				l.pos++
			}
			re, err := compileRegex(pattern, l.src[flags:l.pos])
			if err != nil {
				err.at = start + 1
				panic(err)
			}
			return re
		case (c == '(' || c == '[' || c == '{') && !escaped:
			depth++
		case (c == ')' || c == ']' || c == '}') && !escaped:
			depth--
		}
	}
	panic(l.fail("S0302", len(l.src)))
}

func (l *lexer) evenBackslashes(i int) bool {
	n := 0
	for l.byteAt(i-1-n) == '\\' {
		n++
	}
	return n%2 == 0
}
