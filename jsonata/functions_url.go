package jsonata

import (
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

const (
	urlUnreserved = "-_.!~*'()"
	urlReserved   = ";/?:@&=+$,#"
	upperHex      = "0123456789ABCDEF"
)

func isAlphanumeric(c byte) bool { return c|0x20-'a' < 26 || c-'0' < 10 }

func callEncodeURLComponent(st *state, args []value.Value) (value.Value, *Error) {
	return st.encodeURL("encodeUrlComponent", args[0], urlUnreserved)
}

func callEncodeURL(st *state, args []value.Value) (value.Value, *Error) {
	return st.encodeURL("encodeUrl", args[0], urlUnreserved+urlReserved)
}

func (st *state) encodeURL(name string, v value.Value, safe string) (value.Value, *Error) {
	if !v.Defined() {
		return v, nil
	}
	s := v.Str()
	if strings.ContainsRune(s, utf8.RuneError) { // stands for a lone surrogate
		return v, malformedURL(name, v)
	}
	if err := st.charge(len(s)); err != nil {
		return v, err
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isAlphanumeric(c) || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return value.Text(b.String()), nil
}

func callDecodeURLComponent(st *state, args []value.Value) (value.Value, *Error) {
	return st.decodeURL("decodeUrlComponent", args[0], "")
}

func callDecodeURL(st *state, args []value.Value) (value.Value, *Error) {
	return st.decodeURL("decodeUrl", args[0], urlReserved)
}

// decodeURL decodes escapes, but those of the characters in keep.
func (st *state) decodeURL(name string, v value.Value, keep string) (value.Value, *Error) {
	if !v.Defined() {
		return v, nil
	}
	s := v.Str()
	if err := st.charge(len(s)); err != nil {
		return v, err
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return v, malformedURL(name, v)
		}
		c := hexValue(s[i+1])<<4 | hexValue(s[i+2])
		if c < utf8.RuneSelf && strings.IndexByte(keep, c) >= 0 {
			out = append(out, s[i:i+3]...)
		} else {
			out = append(out, c)
		}
		i += 2
	}
	if !utf8.Valid(out) {
		return v, malformedURL(name, v)
	}
	return value.Text(string(out)), nil
}

func isHex(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 6 }

func hexValue(c byte) byte {
	if c-'0' < 10 {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func malformedURL(name string, v value.Value) *Error {
	e := failValue("D3140", v)
	e.Function = name
	return e
}
