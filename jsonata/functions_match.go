package jsonata

import (
	"strconv"
	"strings"

	"pawl.dev/value"
)

// limitOf reads an optional limit; without one it is negative. A limit below
// zero is the error code.
func limitOf(v value.Value, code string) (int, *Error) {
	if !v.Defined() {
		return -1, nil
	}
	if v.Float64() < 0 {
		return 0, failValue(code, v)
	}
	return integerOf(v), nil
}

func callContains(st *state, args []value.Value) (value.Value, *Error) {
	s, token := args[0], args[1]
	switch {
	case !s.Defined():
		return s, nil
	case token.Is(value.String):
		return value.Of(strings.Contains(s.Str(), token.Str())), nil
	}
	m, err := st.matches(token, s.Str()).next()
	return value.Of(m != nil), err
}

func callMatch(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	limit, err := limitOf(argument(args, 2), "D3040")
	if err != nil {
		return args[0], err
	}
	var out list
	all := st.matches(args[1], args[0].Str())
	for limit < 0 || out.n < limit {
		m, err := all.next()
		if err != nil {
			return args[0], err
		}
		if m == nil {
			break
		}
		if err := st.charge(bytesPerTuple); err != nil {
			return args[0], err
		}
		out.push(value.NewObject([]string{"match", "index", "groups"}, []value.Value{
			value.Text(m.text), value.Int(int64(m.index)), value.NewArray(m.groups),
		}))
	}
	return out.value(), nil
}

func callSplit(st *state, args []value.Value) (value.Value, *Error) {
	s, separator := args[0], args[1]
	if !s.Defined() {
		return s, nil
	}
	limit, err := limitOf(argument(args, 2), "D3020")
	if err != nil {
		return s, err
	}
	if separator.Is(value.String) {
		return st.splitText(s.Str(), separator.Str(), limit)
	}
	var out []value.Value
	start := 0
	all := st.matches(separator, s.Str())
	for limit < 0 || len(out) < limit {
		m, err := all.next()
		if err != nil {
			return s, err
		}
		if m == nil {
			out = append(out, value.Text(s.Str()[start:]))
			break
		}
		out = append(out, value.Text(s.Str()[start:max(m.start, start)]))
		start = m.end
	}
	return value.NewArray(out), st.chargeItems(len(out))
}

func (st *state) splitText(s, separator string, limit int) (value.Value, *Error) {
	if err := st.chargeItems(strings.Count(s, separator) + 1); err != nil {
		return value.Value{}, err
	}
	parts := strings.Split(s, separator)
	if limit >= 0 && len(parts) > limit {
		parts = parts[:limit]
	}
	out := make([]value.Value, len(parts))
	for i, part := range parts {
		out[i] = value.Text(part)
	}
	return value.NewArray(out), nil
}

func callReplace(st *state, args []value.Value) (value.Value, *Error) {
	s, pattern, replacement := args[0], args[1], args[2]
	if !s.Defined() {
		return s, nil
	}
	if pattern.Is(value.String) && pattern.Str() == "" {
		return s, failValue("D3010", pattern)
	}
	limit, err := limitOf(argument(args, 3), "D3011")
	if err != nil {
		return s, err
	}
	if pattern.Is(value.String) {
		return st.replaceText(s.Str(), pattern.Str(), replacement, limit)
	}
	return st.replaceMatches(s.Str(), pattern, replacement, limit)
}

func (st *state) replaceText(s, old string, replacement value.Value, limit int) (value.Value, *Error) {
	count := strings.Count(s, old)
	if limit >= 0 {
		count = min(count, limit)
	}
	if count > 0 && !replacement.Is(value.String) {
		return value.Value{}, failValue("D3012", replacement)
	}
	if err := st.charge(len(s) + count*max(0, len(replacement.Str())-len(old))); err != nil {
		return value.Value{}, err
	}
	return value.Text(strings.Replace(s, old, replacement.Str(), limit)), nil
}

func (st *state) replaceMatches(s string, pattern, replacement value.Value, limit int) (value.Value, *Error) {
	var b strings.Builder
	all := st.matches(pattern, s)
	position := 0
	for n := 0; limit < 0 || n < limit; n++ {
		m, err := all.next()
		if err != nil {
			return value.Value{}, err
		}
		if m == nil {
			break
		}
		with, err := st.replacementOf(m, replacement)
		if err != nil {
			return value.Value{}, err
		}
		start := max(m.start, position)
		added := start - position + len(with)
		if st.maxBytes > 0 && b.Len()+added > st.maxBytes {
			added = st.maxBytes + 1
		}
		if err := st.charge(added); err != nil {
			return value.Value{}, err
		}
		b.WriteString(s[position:start])
		b.WriteString(with)
		position = min(start+len(m.text), len(s))
	}
	b.WriteString(s[position:])
	return value.Text(b.String()), nil
}

// replacementOf returns what takes the place of a match.
func (st *state) replacementOf(m *match, replacement value.Value) (string, *Error) {
	if replacement.Is(value.String) {
		return expand(replacement.Str(), m), nil
	}
	v, err := st.invoke(replacement, m.object())
	if err != nil {
		return "", err
	}
	if !v.Is(value.String) {
		return "", failValue("D3012", v)
	}
	return v.Str(), nil
}

// expand fills in $$, $0 (the match) and $n (a group): as many digits as name a
// group that there is.
func expand(template string, m *match) string {
	if !strings.Contains(template, "$") {
		return template
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		template = rest
		switch {
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			template = rest[1:]
		case strings.HasPrefix(rest, "0"):
			b.WriteString(m.text)
			template = rest[1:]
		default:
			group, size := groupNumber(rest, len(m.groups))
			if size == 0 {
				b.WriteByte('$')
				continue
			}
			if group >= 1 && group <= len(m.groups) {
				b.WriteString(m.groups[group-1].Str())
			}
			template = rest[size:]
		}
	}
}

// groupNumber reads the group number at the start of s, and its length: one
// digit less if there are not as many groups.
func groupNumber(s string, groups int) (group, size int) {
	digits := len(strconv.Itoa(groups))
	for size < digits && size < len(s) && s[size]-'0' < 10 {
		size++
	}
	if size == 0 {
		return 0, 0
	}
	group, _ = strconv.Atoi(s[:size]) // a few digits
	if digits > 1 && group > groups && size == digits {
		size--
		group, _ = strconv.Atoi(s[:size])
	}
	return group, len(strconv.Itoa(group))
}
