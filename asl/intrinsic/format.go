package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// maxTextBytes bounds the strings that a call builds. It is far above what a
// payload may hold; it stops templates that multiply their input.
const maxTextBytes = 1 << 24

var errTextTooLong = errors.New("the result is too long")

// template is the text of a States.Format around its holes: n+1 pieces for n
// arguments.
type template []string

// parseTemplate cuts s at each {}; a backslash keeps the following character
// from being a brace.
func parseTemplate(s string) template {
	var t template
	var piece []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			piece = append(piece, s[i])
		case strings.HasPrefix(s[i:], "{}"):
			t = append(t, string(piece))
			piece = piece[:0]
			i++
		default:
			piece = append(piece, s[i])
		}
	}
	return append(t, string(piece))
}

func (t template) fill(args []value.Value) (value.Value, error) {
	if len(args) != len(t)-1 {
		return value.Value{}, fmt.Errorf("number of arguments do not match the occurrences of {} in '%s': %d", strings.Join(t, "{}"), len(args))
	}
	b := []byte(t[0])
	for i, arg := range args {
		b = jsonpath.AppendJava(b, arg)
		if b = append(b, t[i+1]...); len(b) > maxTextBytes {
			return value.Value{}, errTextTooLong
		}
	}
	return value.Text(string(b)), nil
}

// format is States.Format with a template that is not a constant. In such a
// text only braces are escaped: other backslashes are data.
func format(args []value.Value, _ Env) (value.Value, error) {
	s, err := text(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	return parseTemplate(escapeBackslashes(s)).fill(args[1:])
}

func escapeBackslashes(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && !(i+1 < len(s) && (s[i+1] == '{' || s[i+1] == '}')) {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return string(b)
}
