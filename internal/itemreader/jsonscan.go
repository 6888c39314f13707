package itemreader

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"pawl.dev/value"
)

// scanner finds the end of one JSON value without building it.
//
// Its grammar is that of value.Parse, which is what looks at the item later;
// only UTF-8 is left to the caller. Measured against value.Parse it saves the
// copies of strings with escapes and the slabs.
type scanner struct {
	d     []byte
	i     int
	short bool // the value reaches beyond d
}

type scanResult uint8

const (
	scanned    scanResult = iota
	incomplete            // the text ends too early
	malformed
)

// scanValue scans the value at the start of d (no blanks before it) and
// returns the index behind it. final says that nothing comes behind d, which
// is what ends a number there.
func scanValue(d []byte, final bool) (int, scanResult) {
	s := scanner{d: d}
	ok := s.value(0)
	switch {
	case s.short, ok && s.i == len(d) && !final && isNumberByte(d[len(d)-1]):
		return s.i, incomplete
	case !ok:
		return s.i, malformed
	}
	return s.i, scanned
}

func isNumberByte(c byte) bool {
	return c-'0' < 10 || c == '.' || c == '-' || c == '+' || c|0x20 == 'e'
}

// at returns the byte here, 0 (which is in no grammar rule) behind the end.
func (s *scanner) at() byte {
	if s.i < len(s.d) {
		return s.d[s.i]
	}
	s.short = true
	return 0
}

func (s *scanner) space() byte {
	for s.i < len(s.d) {
		if c := s.d[s.i]; c > ' ' || !isSpace(c) {
			return c
		}
		s.i++
	}
	s.short = true
	return 0
}

func (s *scanner) value(depth int) bool {
	if depth > value.MaxDepth {
		return false
	}
	switch c := s.at(); c {
	case '"':
		return s.str()
	case '{':
		return s.object(depth)
	case '[':
		return s.array(depth)
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		return (c == '-' || c-'0' < 10) && s.number()
	}
}

func (s *scanner) object(depth int) bool {
	s.i++
	if s.space() == '}' {
		s.i++
		return true
	}
	for {
		if s.at() != '"' || !s.str() || s.space() != ':' {
			return false
		}
		s.i++
		s.space()
		if !s.value(depth + 1) {
			return false
		}
		switch s.space() {
		case ',':
			s.i++
			s.space()
		case '}':
			s.i++
			return true
		default:
			return false
		}
	}
}

func (s *scanner) array(depth int) bool {
	s.i++
	if s.space() == ']' {
		s.i++
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		switch s.space() {
		case ',':
			s.i++
			s.space()
		case ']':
			s.i++
			return true
		default:
			return false
		}
	}
}

func (s *scanner) word(w string) bool {
	rest := s.d[s.i:]
	if len(rest) < len(w) {
		s.short = w[:len(rest)] == string(rest)
		return false
	}
	if string(rest[:len(w)]) != w {
		return false
	}
	s.i += len(w)
	return true
}

func (s *scanner) number() bool {
	if s.d[s.i] == '-' {
		s.i++
	}
	if s.at() == '0' {
		s.i++
	} else if !s.digits() {
		return false
	}
	if s.i < len(s.d) && s.d[s.i] == '.' {
		s.i++
		if !s.digits() {
			return false
		}
	}
	if s.i < len(s.d) && s.d[s.i]|0x20 == 'e' {
		s.i++
		if c := s.at(); c == '+' || c == '-' {
			s.i++
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	from := s.i
	for s.i < len(s.d) && s.d[s.i]-'0' < 10 {
		s.i++
	}
	s.short = s.short || s.i == from && s.i == len(s.d)
	return s.i > from
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// special returns the index of the first quote, backslash or control byte at
// or after i, len(d) if there is none; eight bytes at a time.
func special(d []byte, i int) int {
	for i+8 <= len(d) {
		w := binary.LittleEndian.Uint64(d[i:])
		quote := w ^ (lowBits * '"')
		slash := w ^ (lowBits * '\\')
		m := ((quote-lowBits)&^quote | (slash-lowBits)&^slash | (w-lowBits*0x20)&^w) & highBits
		if m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
		i += 8
	}
	for i < len(d) && d[i] != '"' && d[i] != '\\' && d[i] >= 0x20 {
		i++
	}
	return i
}

// str scans the string whose opening quote is here.
func (s *scanner) str() bool {
	s.i++
	for {
		s.i = special(s.d, s.i)
		switch s.at() {
		case '"':
			s.i++
			return true
		case '\\':
			s.i++
			if !s.escape() {
				return false
			}
		default:
			return false
		}
	}
}

// escape scans what stands behind a backslash.
func (s *scanner) escape() bool {
	c := s.at()
	if c == 'u' {
		for range 4 {
			s.i++
			if h := s.at(); h-'0' >= 10 && (h|0x20)-'a' >= 6 {
				return false
			}
		}
	} else if c == 0 || bytes.IndexByte([]byte(`"\/bfnrt`), c) < 0 {
		return false
	}
	s.i++
	return true
}
