package itemreader

import (
	"errors"
	"io"
	"unicode/utf8"

	"pawl.dev/value"
)

// jsonItems gives the elements of a JSON array, or the members of a JSON
// object, one at a time.
//
// A key that comes twice in the object gives two items: to know it would need
// memory for all keys.
type jsonItems struct {
	w        *window
	opening  byte // '[' or '{'; 0: not yet entered
	pointer  []string
	resumed  bool // stands behind an item
	over     bool
	trailing bool // what follows the container is none of ours
	item     Item
}

func newJSONItems(w *window, pointer string, at position, source string) (*jsonItems, error) {
	j := &jsonItems{w: w, item: Item{Source: source}}
	var err error
	if j.pointer, err = parsePointer(pointer); err != nil {
		return nil, err
	}
	j.trailing = len(j.pointer) > 0
	if at.Inside {
		if at.Kind != "[" && at.Kind != "{" {
			return nil, errors.New("item cursor: no JSON container")
		}
		j.opening, j.resumed = at.Kind[0], true
	}
	return j, nil
}

func (j *jsonItems) next() (Item, error) {
	if j.over {
		return Item{}, io.EOF
	}
	if j.opening == 0 {
		if err := j.enter(); err != nil {
			return Item{}, err
		}
	}
	more, err := j.separator()
	if err != nil {
		return Item{}, err
	}
	if !more {
		return Item{}, j.end()
	}
	if j.opening == '{' {
		if j.item.Key, err = j.w.key(); err != nil {
			return Item{}, err
		}
		j.item.HasKey = true
	}
	j.item.Value, err = j.w.value()
	return j.item, err
}

// enter finds the container and skips its opening bracket.
func (j *jsonItems) enter() error {
	if err := j.w.byteOrderMark(); err != nil {
		return err
	}
	for _, token := range j.pointer {
		if err := j.w.descend(token); err != nil {
			return err
		}
	}
	c, err := j.w.peek()
	if err != nil {
		return err
	}
	if c != '[' && c != '{' {
		return failed(causeNotIterable)
	}
	j.opening = c
	j.w.skip(1)
	return nil
}

// separator skips to the next element or key, and returns false behind the
// container.
func (j *jsonItems) separator() (bool, error) {
	more, err := j.w.separator(j.opening, !j.resumed)
	j.resumed = true
	return more, err
}

// end checks that nothing follows the document.
func (j *jsonItems) end() error {
	j.over = true
	if j.trailing {
		return io.EOF
	}
	err := j.w.space()
	if err == nil {
		return j.w.malformed("was expecting end of input")
	}
	return err
}

func (j *jsonItems) place(p *position) {
	if j.resumed {
		p.Offset, p.Inside, p.Kind = j.w.offset(), true, string(j.opening)
	}
}

// peek returns the first byte that is no blank.
func (w *window) peek() (byte, error) {
	if err := w.space(); err != nil {
		return 0, w.unexpectedEnd(err)
	}
	return w.data()[0], nil
}

// separator skips the comma before the next element, which the first one does
// not have. It returns false when the container is closed, and skips that.
func (w *window) separator(opening byte, first bool) (bool, error) {
	c, err := w.peek()
	if err != nil {
		return false, err
	}
	switch {
	case c == opening+2: // ASCII: '[' and ']', '{' and '}' lie two apart
		w.skip(1)
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, w.malformed("was expecting comma to separate entries")
	}
	w.skip(1)
	if c, err = w.peek(); err == nil && c == opening+2 {
		err = w.malformed("expected a value behind the comma")
	}
	return true, err
}

// value returns the value that comes next and skips it.
func (w *window) value() ([]byte, error) {
	if _, err := w.peek(); err != nil {
		return nil, err
	}
	for {
		d := w.data()
		n, result := scanValue(d, w.final())
		switch {
		case result == malformed, result == scanned && !utf8.Valid(d[:n]):
			return nil, w.malformed(syntaxMessage(d))
		case result == scanned:
			if n > MaxItemBytes {
				return nil, tooLarge(w.offset())
			}
			w.skip(n)
			return d[:n:n], nil
		}
		if err := w.fill(); err != nil {
			return nil, w.unexpectedEnd(err)
		}
	}
}

// key returns the object key that comes next and skips its colon.
func (w *window) key() (string, error) {
	c, err := w.peek()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", w.malformed("was expecting double-quote to start field name")
	}
	text, err := w.value()
	if err != nil {
		return "", err
	}
	v, err := value.Parse(string(text), nil)
	if err != nil {
		return "", w.malformed(err.Error())
	}
	if c, err = w.peek(); err != nil {
		return "", err
	}
	if c != ':' {
		return "", w.malformed("was expecting a colon to separate field name and value")
	}
	w.skip(1)
	return v.Str(), nil
}

// syntaxMessage says in Jackson's words what is wrong at the start of d.
func syntaxMessage(d []byte) string {
	_, err := value.Parse(string(d), nil)
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Message
	}
	return "not a value"
}

func (w *window) malformed(message string) error {
	return failed("The JSON text is malformed at byte %d: %s", w.offset(), message)
}

func (w *window) unexpectedEnd(err error) error {
	if err == io.EOF {
		return w.malformed("Unexpected end-of-input")
	}
	return err
}
