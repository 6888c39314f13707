package jsonata

import (
	"encoding/base64"
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

// formatBigFloat prints an integral float beyond int64 in a base.
func formatBigFloat(f float64, base int) string {
	i, _ := new(big.Float).SetFloat64(f).Int(nil)
	return i.Text(base)
}

func callString(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() || args[0].Is(value.String) {
		return args[0], nil
	}
	s, err := st.stringify(args[0], argument(args, 1).True())
	return value.Text(s), err
}

// offset returns the byte offset of character n, len(s) past the end.
func offset(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for i := range s {
		if n--; n < 0 {
			return i
		}
	}
	return len(s)
}

// integerOf truncates a number argument and keeps it within what an index can
// be.
func integerOf(v value.Value) int {
	f := math.Trunc(v.Float64())
	switch {
	case f > math.MaxInt32:
		return math.MaxInt32
	case f < math.MinInt32:
		return math.MinInt32
	}
	return int(f)
}

func callSubstring(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	s := args[0].Str()
	n := utf8.RuneCountInString(s)
	from := args[1].Float64()
	if math.IsNaN(from) { // undefined: all of the text, but no part of it
		if args[2].Defined() {
			return value.Text(""), nil
		}
		return args[0], nil
	}
	if float64(n)+from < 0 {
		from = 0
	}
	to := math.Inf(1)
	if args[2].Defined() {
		length := args[2].Float64()
		if length <= 0 {
			return value.Text(""), nil
		}
		if to = from + length; from < 0 {
			to += float64(n)
		}
	}
	start, end := sliceIndex(from, n), sliceIndex(to, n)
	if start >= end {
		return value.Text(""), nil
	}
	return value.Text(s[offset(s, start):offset(s, end)]), nil
}

// sliceIndex is how Array.prototype.slice reads an index.
func sliceIndex(f float64, n int) int {
	f = math.Trunc(f)
	if f < 0 {
		return int(max(f+float64(n), 0))
	}
	return int(min(f, float64(n)))
}

func callSubstringBefore(_ *state, args []value.Value) (value.Value, *Error) {
	before, _, found := strings.Cut(args[0].Str(), args[1].Str())
	if !args[0].Defined() || !found || !args[1].Defined() {
		return args[0], nil
	}
	return value.Text(before), nil
}

func callSubstringAfter(_ *state, args []value.Value) (value.Value, *Error) {
	_, after, found := strings.Cut(args[0].Str(), args[1].Str())
	if !args[0].Defined() || !found || !args[1].Defined() {
		return args[0], nil
	}
	return value.Text(after), nil
}

// onText applies f, which builds at most three times as much, to a string.
func (st *state) onText(v value.Value, f func(string) string) (value.Value, *Error) {
	if !v.Defined() {
		return v, nil
	}
	if err := st.charge(len(v.Str())); err != nil {
		return v, err
	}
	return value.Text(f(v.Str())), nil
}

func callLowercase(st *state, args []value.Value) (value.Value, *Error) {
	return st.onText(args[0], strings.ToLower)
}

func callUppercase(st *state, args []value.Value) (value.Value, *Error) {
	return st.onText(args[0], uppercase)
}

// uppercase maps the one letter whose capital is two letters, too.
func uppercase(s string) string {
	return strings.ReplaceAll(strings.ToUpper(s), "ß", "SS")
}

func callLength(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	return value.Int(int64(utf8.RuneCountInString(args[0].Str()))), nil
}

func callTrim(st *state, args []value.Value) (value.Value, *Error) {
	return st.onText(args[0], func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
			return r == ' ' || r == '\t' || r == '\n' || r == '\r'
		}), " ")
	})
}

// maxPadding is how many characters $pad may add on AWS.
const maxPadding = 1 << 18

func callPad(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	s, with := args[0].Str(), argument(args, 2).Str()
	if with == "" {
		with = " "
	}
	width := integerOf(args[1])
	missing := max(width, -width) - utf8.RuneCountInString(s)
	if missing <= 0 {
		return args[0], nil
	}
	if st.maxBytes > 0 && missing > maxPadding {
		return value.Value{}, &Error{Message: textMemory}
	}
	if err := st.charge(len(s) + missing*utf8.UTFMax); err != nil {
		return value.Value{}, err
	}
	count := utf8.RuneCountInString(with)
	padding := strings.Repeat(with, missing/count) + with[:offset(with, missing%count)]
	if width < 0 {
		return value.Text(padding + s), nil
	}
	return value.Text(s + padding), nil
}

func callJoin(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	items, _ := elements(args[0])
	separator := argument(args, 1).Str()
	if err := st.work(len(items)); err != nil {
		return args[0], err
	}
	size := 0
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = item.Str()
		size += len(parts[i]) + len(separator)
	}
	if err := st.charge(size); err != nil {
		return args[0], err
	}
	return value.Text(strings.Join(parts, separator)), nil
}

// callBase64Encode encodes the characters' low bytes, as jsonata-js does.
func callBase64Encode(st *state, args []value.Value) (value.Value, *Error) {
	return st.onText(args[0], func(s string) string {
		latin := make([]byte, 0, len(s))
		for _, r := range s {
			if r > 0xFFFF {
				r -= 0x10000
				latin = append(latin, byte(r>>10))
				r &= 0x3FF
			}
			latin = append(latin, byte(r))
		}
		return base64.StdEncoding.EncodeToString(latin)
	})
}

func callBase64Decode(st *state, args []value.Value) (value.Value, *Error) {
	return st.onText(args[0], func(s string) string {
		latin := decodeBase64(s)
		var b strings.Builder
		b.Grow(len(latin))
		for _, c := range latin {
			b.WriteRune(rune(c))
		}
		return b.String()
	})
}

// decodeBase64 reads both alphabets and skips what belongs to neither, up to the
// padding.
func decodeBase64(s string) []byte {
	clean := make([]byte, 0, len(s))
	for _, c := range []byte(s) {
		switch {
		case c == '=':
			s = ""
		case c == '-':
			c = '+'
		case c == '_':
			c = '/'
		}
		if s == "" {
			break
		}
		if c|0x20-'a' < 26 || c-'0' < 10 || c == '+' || c == '/' {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean) // clean text cannot fail
	return out[:n]
}
