package value

// AppendJSON appends v as compact JSON in AWS's spelling: keys in order,
// integers exact, other numbers as Java prints doubles. Extensions print as
// null, Undefined as nothing.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case Undefined:
		return dst
	case Null, Extension:
		return append(dst, "null"...)
	case Bool:
		if v.n == 1 {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case Number:
		return v.appendNumber(dst)
	case String:
		return AppendQuoted(dst, v.text())
	case Array:
		return v.node().appendArray(dst)
	case Object:
		return v.node().appendObject(dst)
	}
	panic("value: unknown kind")
}

func (n *node) appendArray(dst []byte) []byte {
	if n.text != "" {
		return append(dst, n.text...)
	}
	dst = append(dst, '[')
	for i := range n.vals {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = n.vals[i].AppendJSON(dst)
	}
	return append(dst, ']')
}

func (n *node) appendObject(dst []byte) []byte {
	if n.text != "" {
		return append(dst, n.text...)
	}
	dst = append(dst, '{')
	for i := range n.vals {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendQuoted(dst, n.keys[i])
		dst = append(dst, ':')
		dst = n.vals[i].AppendJSON(dst)
	}
	return append(dst, '}')
}

// JSON returns v as compact JSON text of its own; see AppendJSON.
func (v Value) JSON() string { return string(v.AppendJSON(nil)) }

// String implements fmt.Stringer with the JSON text, for tests and messages.
func (v Value) String() string {
	if v.kind == Undefined {
		return "undefined"
	}
	return v.JSON()
}

const hexDigits = "0123456789ABCDEF"

// AppendQuoted appends s as a JSON string with the fewest escapes.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := special(s, 0); i < len(s); i = special(s, i) {
		c := s[i]
		if c >= 0x80 {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// Quoted returns s as a JSON string.
func Quoted(s string) string { return string(AppendQuoted(nil, s)) }
