package value

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// MaxDepth is how deeply arrays and objects may be nested in a text.
const MaxDepth = 1000

// SyntaxError says where and why a text is no JSON. Message is worded as
// Jackson words it, which is what AWS answers.
type SyntaxError struct {
	Offset  int    // in bytes, from 0
	Line    int    // from 1
	Column  int    // in characters, from 1
	Message string // without position
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at line %d, column %d", e.Message, e.Line, e.Column)
}

// Arena holds the memory of parsed values for reuse. The zero Arena is ready.
// It must not be used by two goroutines at once.
type Arena struct {
	vals  []Value
	keys  []string
	nodes []node
	p     parser
}

// Reset takes all memory back: every value parsed with the arena dies.
func (a *Arena) Reset() {
	clear(a.vals) // what lies behind the lengths was never used, or is clear
	clear(a.keys)
	clear(a.nodes)
	const keep = 1 << 14 // elements; a larger slab is not worth holding on to
	if cap(a.vals) > keep {
		*a = Arena{}
		return
	}
	a.vals, a.keys, a.nodes = a.vals[:0], a.keys[:0], a.nodes[:0]
}

// Parse parses one JSON text. Of a key that comes twice the last value wins, at
// the place of the first. Lone surrogates become U+FFFD; text that is not valid
// UTF-8 is refused. With an arena the value dies with the arena's next Reset;
// with nil it has memory of its own. Either way it aliases src.
//
// The error is a *SyntaxError.
func Parse(src string, a *Arena) (Value, error) {
	if a == nil {
		a = &Arena{}
	}
	p := &a.p
	*p = parser{src: src, arena: a, vals: p.vals[:0], keys: p.keys[:0]}
	v, err := p.document()
	p.src = ""
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// Valid returns nil when src is one JSON text, else the *SyntaxError.
func Valid(src string) error {
	var a Arena
	_, err := Parse(src, &a)
	return err
}

type parser struct {
	src   string
	i     int
	arena *Arena
	vals  []Value  // stack of elements of open containers
	keys  []string // stack of keys of open objects
	// plain stays true while the text since the container's start is what
	// AppendJSON would print.
	plain bool
}

func (p *parser) document() (Value, *SyntaxError) {
	p.plain = true
	p.space()
	if p.i == len(p.src) {
		return Value{}, p.fail(p.i, "No content to map due to end-of-input")
	}
	v, err := p.value(0)
	if err != nil {
		return v, err
	}
	p.space()
	if p.i < len(p.src) {
		return v, p.unexpected(p.i, "was expecting end of input")
	}
	return v, nil
}

func (p *parser) fail(at int, message string) *SyntaxError {
	at = min(at, len(p.src))
	line := 1 + strings.Count(p.src[:at], "\n")
	start := strings.LastIndexByte(p.src[:at], '\n') + 1
	return &SyntaxError{Offset: at, Line: line, Column: 1 + utf8.RuneCountInString(p.src[start:at]), Message: message}
}

const expectValue = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// unexpected words an error for the character or token at position at.
func (p *parser) unexpected(at int, expecting string) *SyntaxError {
	if at >= len(p.src) {
		return p.fail(at, "Unexpected end-of-input: "+expecting)
	}
	r, size := utf8.DecodeRuneInString(p.src[at:])
	if r == utf8.RuneError && size == 1 {
		return p.fail(at, "Invalid UTF-8 byte 0x"+strconv.FormatUint(uint64(p.src[at]), 16))
	}
	if r < ' ' {
		return p.fail(at, fmt.Sprintf("Illegal character ((CTRL-CHAR, code %d)): only regular white space (\\r, \\n, \\t) is allowed between tokens", r))
	}
	return p.fail(at, fmt.Sprintf("Unexpected character ('%c' (code %d)): %s", r, r, expecting))
}

// badToken words the error for a bare word where a value was expected.
func (p *parser) badToken(at int) *SyntaxError {
	end := at
	for end < len(p.src) {
		r, size := utf8.DecodeRuneInString(p.src[end:])
		if r != '_' && r != '$' && !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 && r != utf8.RuneError) {
			break
		}
		end += size
	}
	if end == at {
		return p.unexpected(at, "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')")
	}
	return p.fail(end, "Unrecognized token '"+p.src[at:end]+"': "+expectValue)
}

func (p *parser) space() {
	for p.i < len(p.src) {
		c := p.src[p.i]
		if c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return
		}
		p.i++
		p.plain = false
	}
}

func (p *parser) value(depth int) (Value, *SyntaxError) {
	if p.i >= len(p.src) {
		return Value{}, p.unexpected(p.i, "expected a value")
	}
	if depth > MaxDepth {
		return Value{}, p.fail(p.i, "Document nesting depth exceeds the maximum allowed ("+strconv.Itoa(MaxDepth)+")")
	}
	switch c := p.src[p.i]; {
	case c == '"':
		s, err := p.str()
		return Text(s), err
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '-' || c-'0' < 10:
		return p.number()
	case p.word("true"):
		return Of(true), nil
	case p.word("false"):
		return Of(false), nil
	case p.word("null"):
		return NullValue, nil
	}
	return Value{}, p.badToken(p.i)
}

// word consumes w if it stands here as a whole token.
func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.src[p.i:], w) {
		return false
	}
	end := p.i + len(w)
	if end < len(p.src) {
		if c := p.src[end]; c == '_' || c == '$' || c-'0' < 10 || c|0x20-'a' < 26 {
			return false
		}
	}
	p.i = end
	return true
}

func (p *parser) number() (Value, *SyntaxError) {
	s, i, start := p.src, p.i, p.i
	if s[i] == '-' {
		i++
	}
	digits := i
	i = skipDigits(s, i)
	switch {
	case i == digits:
		return Value{}, p.unexpected(i, "expected digit (0-9) to follow minus sign, for valid numeric value")
	case i-digits > 1 && s[digits] == '0':
		return Value{}, p.fail(digits+1, "Invalid numeric value: Leading zeroes not allowed")
	}
	plain := i-digits > 1 || s[digits] != '0' || start == digits // "-0" prints as "0"
	if i < len(s) && s[i] == '.' {
		plain = false
		from := i + 1
		if i = skipDigits(s, from); i == from {
			return Value{}, p.unexpected(i, "Decimal point not followed by a digit")
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		plain = false
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		from := i
		if i = skipDigits(s, from); i == from {
			return Value{}, p.unexpected(i, "Exponent indicator not followed by a digit")
		}
	}
	p.plain = p.plain && plain
	p.i = i
	v := Text(s[start:i])
	v.kind = Number
	return v, nil
}

func skipDigits(s string, i int) int {
	for i < len(s) && s[i]-'0' < 10 {
		i++
	}
	return i
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// special returns the offset of the first quote, backslash, control or
// non-ASCII byte at or after i, eight bytes at a time.
func special(s string, i int) int {
	for i+8 <= len(s) {
		w := *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))
		quote := w ^ (lowBits * '"')
		slash := w ^ (lowBits * '\\')
		m := ((quote-lowBits)&^quote | (slash-lowBits)&^slash | (w-lowBits*0x20)&^w | w) & highBits
		if m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
		i += 8
	}
	for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= 0x20 && s[i] < 0x80 {
		i++
	}
	return i
}

// str reads the string that starts at p.i.
func (p *parser) str() (string, *SyntaxError) {
	start := p.i + 1
	i := start
	for {
		i = special(p.src, i)
		if i >= len(p.src) {
			return "", p.fail(len(p.src), "Unexpected end-of-input in VALUE_STRING")
		}
		c := p.src[i]
		if c < 0x80 {
			if c == '"' {
				p.i = i + 1
				return p.src[start:i], nil
			}
			break
		}
		r, size := utf8.DecodeRuneInString(p.src[i:])
		if r == utf8.RuneError && size == 1 {
			return "", p.unexpected(i, "")
		}
		i += size
	}
	p.plain = false
	return p.unescape(start, i)
}

// unescape copies a string that has escapes, from its first one on.
func (p *parser) unescape(start, i int) (string, *SyntaxError) {
	s := p.src
	buf := append(make([]byte, 0, i-start+32), s[start:i]...)
	for {
		j := special(s, i)
		buf = append(buf, s[i:j]...)
		if i = j; i >= len(s) {
			return "", p.fail(len(s), "Unexpected end-of-input in VALUE_STRING")
		}
		switch c := s[i]; {
		case c == '"':
			p.i = i + 1
			return unsafe.String(unsafe.SliceData(buf), len(buf)), nil
		case c < 0x20:
			return "", p.fail(i, fmt.Sprintf("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c))
		case c == '\\':
			var err *SyntaxError
			if buf, i, err = p.escape(buf, i+1); err != nil {
				return "", err
			}
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return "", p.unexpected(i, "")
			}
			buf = append(buf, s[i:i+size]...)
			i += size
		}
	}
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f'}

// escape appends what the escape at s[i] (behind the backslash) stands for and
// returns the position behind it.
func (p *parser) escape(buf []byte, i int) ([]byte, int, *SyntaxError) {
	if i >= len(p.src) {
		return buf, i, p.fail(i, "Unexpected end-of-input in character escape sequence")
	}
	c := p.src[i]
	if e := escapes[c]; e != 0 {
		return append(buf, e), i + 1, nil
	}
	if c != 'u' {
		r, _ := utf8.DecodeRuneInString(p.src[i:])
		return buf, i, p.fail(i, fmt.Sprintf("Unrecognized character escape '%c' (code %d)", r, r))
	}
	r, ok := hex4(p.src, i+1)
	if !ok {
		return buf, i, p.fail(i+1, "Unexpected character: expected a hex-digit for character escape sequence")
	}
	i += 5
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if strings.HasPrefix(p.src[i:], `\u`) {
			low, ok = hex4(p.src, i+2)
		}
		if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
			r = pair
			i += 6
		} else {
			r = utf8.RuneError
		}
	}
	return utf8.AppendRune(buf, r), i, nil
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case c-'0' < 10:
			r = r<<4 | rune(c-'0')
		case c|0x20-'a' < 6:
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

func (p *parser) array(depth int) (Value, *SyntaxError) {
	start, outer := p.i, p.plain
	p.plain = true
	p.i++
	from := len(p.vals)
	p.space()
	if p.i < len(p.src) && p.src[p.i] == ']' {
		p.i++
		return p.container(Array, start, outer, from, len(p.keys)), nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		p.vals = append(p.vals, v)
		p.space()
		done, err := p.separator(']', "was expecting comma to separate Array entries")
		if err != nil {
			return v, err
		}
		if done {
			return p.container(Array, start, outer, from, len(p.keys)), nil
		}
	}
}

func (p *parser) object(depth int) (Value, *SyntaxError) {
	start, outer := p.i, p.plain
	p.plain = true
	p.i++
	from, keysFrom := len(p.vals), len(p.keys)
	p.space()
	if p.i < len(p.src) && p.src[p.i] == '}' {
		p.i++
		return p.container(Object, start, outer, from, keysFrom), nil
	}
	for {
		if p.i >= len(p.src) || p.src[p.i] != '"' {
			return Value{}, p.unexpected(p.i, "was expecting double-quote to start field name")
		}
		key, err := p.str()
		if err != nil {
			return Value{}, err
		}
		p.space()
		if p.i >= len(p.src) || p.src[p.i] != ':' {
			return Value{}, p.unexpected(p.i, "was expecting a colon to separate field name and value")
		}
		p.i++
		p.space()
		p.keys = append(p.keys, key)
		v, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		p.vals = append(p.vals, v)
		p.space()
		done, err := p.separator('}', "was expecting comma to separate Object entries")
		if err != nil {
			return v, err
		}
		if done {
			return p.container(Object, start, outer, from, keysFrom), nil
		}
	}
}

// separator consumes a comma (and the space behind it) or the closing byte.
func (p *parser) separator(closing byte, expecting string) (done bool, err *SyntaxError) {
	if p.i >= len(p.src) || p.src[p.i] != ',' && p.src[p.i] != closing {
		return false, p.unexpected(p.i, expecting)
	}
	done = p.src[p.i] == closing
	p.i++
	if !done {
		p.space()
	}
	return done, nil
}

// container closes an array or object whose parts are on the stacks.
func (p *parser) container(kind Kind, start int, outer bool, from, keysFrom int) Value {
	a := p.arena
	n := a.newNode()
	n.vals = a.takeVals(p.vals[from:])
	p.vals = p.vals[:from]
	if kind == Object {
		n.keys = a.takeKeys(p.keys[keysFrom:])
		p.keys = p.keys[:keysFrom]
		p.distinct(n)
	}
	if p.plain {
		n.text = p.src[start:p.i]
	}
	p.plain = p.plain && outer
	return Value{kind: kind, p: unsafe.Pointer(n)}
}

// distinct drops keys that come twice: the last value wins, at the first place.
func (p *parser) distinct(n *node) {
	if len(n.keys) < indexFrom {
		for i := 1; i < len(n.keys); i++ {
			for j := range i {
				if n.keys[i] == n.keys[j] {
					p.merge(n)
					return
				}
			}
		}
		return
	}
	n.buildIndex()
	if len(n.index) < len(n.keys) {
		p.merge(n)
	}
}

func (p *parser) merge(n *node) {
	var b Builder
	for i, k := range n.keys {
		b.Set(k, n.vals[i])
	}
	*n = b.n
	p.plain = false
}

func (a *Arena) newNode() *node {
	if len(a.nodes) == cap(a.nodes) {
		a.nodes = make([]node, 0, min(max(2*cap(a.nodes), 4), 4096))
	}
	a.nodes = append(a.nodes, node{})
	return &a.nodes[len(a.nodes)-1]
}

func (a *Arena) takeVals(from []Value) []Value {
	if len(from) == 0 {
		return nil
	}
	if cap(a.vals)-len(a.vals) < len(from) {
		a.vals = make([]Value, 0, max(min(max(2*cap(a.vals), 8), 1<<14), len(from)))
	}
	at := len(a.vals)
	a.vals = append(a.vals, from...)
	return a.vals[at:len(a.vals):len(a.vals)]
}

func (a *Arena) takeKeys(from []string) []string {
	if len(from) == 0 {
		return nil
	}
	if cap(a.keys)-len(a.keys) < len(from) {
		a.keys = make([]string, 0, max(min(max(2*cap(a.keys), 8), 1<<14), len(from)))
	}
	at := len(a.keys)
	a.keys = append(a.keys, from...)
	return a.keys[at:len(a.keys):len(a.keys)]
}
