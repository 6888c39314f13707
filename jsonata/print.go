package jsonata

import (
	"math"
	"strconv"

	"pawl.dev/value"
)

// printer writes values as JavaScript's JSON.stringify does, which is what
// $string and error messages show. (Results are printed by package value.)
type printer struct {
	st     *state // charged for what is written; nil for messages
	dst    []byte
	pretty bool
	// rounded prints numbers with 15 digits and functions as "", as $string does.
	rounded bool
}

// text returns what $string makes of v, "" for nothing.
func (st *state) text(v value.Value) (string, *Error) {
	switch v.Kind() {
	case value.String:
		return v.Str(), nil
	case value.Undefined:
		return "", nil
	}
	return st.stringify(v, false)
}

func (st *state) stringify(v value.Value, pretty bool) (string, *Error) {
	if isFunction(v) {
		return "", nil
	}
	if v.Is(value.Number) && !v.IsInteger() {
		if f := v.Float64(); math.IsInf(f, 0) || math.IsNaN(f) {
			return "", failValue("D3001", v)
		}
	}
	p := printer{st: st, pretty: pretty, rounded: true}
	if err := p.value(unwrap(v), 0); err != nil {
		return "", err
	}
	return string(p.dst), nil
}

// jsonText returns v as an error message shows it.
func jsonText(v value.Value) string {
	if !v.Defined() || isFunction(v) {
		return "undefined"
	}
	p := printer{}
	if err := p.value(v, 0); err != nil {
		return "..."
	}
	return string(p.dst)
}

func (p *printer) value(v value.Value, depth int) *Error {
	if items, ok := elements(v); ok {
		return p.array(items, depth)
	}
	switch v.Kind() {
	case value.Number:
		return p.number(v)
	case value.String:
		return p.quoted(v.Str())
	case value.Object:
		return p.object(v, depth)
	case value.Bool:
		p.dst = strconv.AppendBool(p.dst, v.True())
		return nil
	case value.Extension:
		if p.rounded {
			p.dst = append(p.dst, `""`...)
			return nil
		}
	}
	p.dst = append(p.dst, "null"...)
	return nil
}

// grow is asked before each container and string: it bounds what is written.
func (p *printer) grow(n, depth int) *Error {
	if depth > maxNesting {
		return overflow()
	}
	if p.st == nil {
		return nil
	}
	if err := p.st.work(1); err != nil {
		return err
	}
	if limit := p.st.maxBytes; limit > 0 && len(p.dst)+n > limit {
		return &Error{Message: textMemory}
	}
	return p.st.charge(n)
}

func (p *printer) array(items []value.Value, depth int) *Error {
	if err := p.grow(2*len(items), depth); err != nil {
		return err
	}
	p.dst = append(p.dst, '[')
	for i, item := range items {
		if i > 0 {
			p.dst = append(p.dst, ',')
		}
		p.indent(depth + 1)
		if err := p.value(item, depth+1); err != nil {
			return err
		}
	}
	if len(items) > 0 {
		p.indent(depth)
	}
	p.dst = append(p.dst, ']')
	return nil
}

func (p *printer) object(v value.Value, depth int) *Error {
	if err := p.grow(2*v.Len(), depth); err != nil {
		return err
	}
	p.dst = append(p.dst, '{')
	first := true
	for i, key := range v.Keys() {
		member := v.At(i)
		if !member.Defined() || isFunction(member) && !p.rounded {
			continue
		}
		if !first {
			p.dst = append(p.dst, ',')
		}
		first = false
		p.indent(depth + 1)
		if err := p.quoted(key); err != nil {
			return err
		}
		p.dst = append(p.dst, ':')
		if p.pretty {
			p.dst = append(p.dst, ' ')
		}
		if err := p.value(member, depth+1); err != nil {
			return err
		}
	}
	if !first {
		p.indent(depth)
	}
	p.dst = append(p.dst, '}')
	return nil
}

func (p *printer) indent(depth int) {
	if !p.pretty {
		return
	}
	p.dst = append(p.dst, '\n')
	for range depth {
		p.dst = append(p.dst, ' ', ' ')
	}
}

// quoted writes a string with JavaScript's escapes: value's differ in the case
// of \u001f.
func (p *printer) quoted(s string) *Error {
	if err := p.grow(len(s)+2, 0); err != nil {
		return err
	}
	const hex = "0123456789abcdef"
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 0x20
	}
	if plain {
		p.dst = value.AppendQuoted(p.dst, s)
		return nil
	}
	start := len(p.dst)
	p.dst = value.AppendQuoted(p.dst, s)
	for i := start; i+5 < len(p.dst); i++ {
		if p.dst[i] != '\\' {
			continue
		}
		if p.dst[i+1] == 'u' {
			p.dst[i+5] = hex[unhex(p.dst[i+5])]
		}
		i++
	}
	return nil
}

func unhex(c byte) byte {
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}

func (p *printer) number(v value.Value) *Error {
	if v.IsInteger() {
		if i, ok := v.Int64(); ok && (!p.rounded || i > -1e15 && i < 1e15) {
			p.dst = strconv.AppendInt(p.dst, i, 10)
			return nil
		}
	}
	f := v.Float64()
	if math.IsInf(f, 0) && p.rounded {
		return failValue("D1001", v)
	}
	if p.rounded {
		f = roundDigits(f)
	}
	p.dst = appendNumber(p.dst, f)
	return nil
}

// roundDigits rounds to 15 significant digits.
func roundDigits(f float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	if err != nil {
		return f
	}
	return r
}

// appendNumber prints f as JavaScript does: in full from 1e-6 to 1e21.
func appendNumber(dst []byte, f float64) []byte {
	switch abs := math.Abs(f); {
	case math.IsNaN(f), math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0:
		return append(dst, '0')
	case abs >= 1e-6 && abs < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go pads the exponent to two digits.
	if n := len(dst); n-start > 4 && dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
