package itemreader

import (
	"strconv"
	"strings"
)

// parsePointer splits a JSON Pointer (RFC 6901) into its tokens.
func parsePointer(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, nil
	}
	if pointer[0] != '/' {
		return nil, failed("The ItemsPointer %q is not a JSON Pointer.", pointer)
	}
	tokens := strings.Split(pointer[1:], "/")
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i, t := range tokens {
		tokens[i] = unescape.Replace(t)
	}
	return tokens, nil
}

// descend moves to the start of the value that the token names in the
// container that comes next. What has no such value is not iterable.
func (w *window) descend(token string) error {
	opening, err := w.peek()
	if err != nil {
		return err
	}
	if opening != '[' && opening != '{' {
		return failed(causeNotIterable)
	}
	w.skip(1)
	for i := 0; ; i++ {
		more, err := w.separator(opening, i == 0)
		if err != nil {
			return err
		}
		if !more {
			return failed(causeNotIterable)
		}
		found := token == strconv.Itoa(i)
		if opening == '{' {
			key, err := w.key()
			if err != nil {
				return err
			}
			found = key == token
		}
		if found {
			return nil
		}
		if err := w.pass(); err != nil {
			return err
		}
	}
}

// pass skips one value of any size, in flat memory. It finds its end and does
// not judge what is in it.
func (w *window) pass() error {
	c, err := w.peek()
	if err != nil {
		return err
	}
	if c != '[' && c != '{' && c != '"' {
		_, err := w.value()
		return err
	}
	depth, quoted, escaped := 0, false, false
	for {
		d := w.data()
		for i, c := range d {
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '[' || c == '{':
				depth++
			case c == ']' || c == '}':
				depth--
			}
			if depth == 0 && !quoted {
				w.skip(i + 1)
				return nil
			}
		}
		w.skip(len(d))
		if err := w.fill(); err != nil {
			return w.unexpectedEnd(err)
		}
	}
}
