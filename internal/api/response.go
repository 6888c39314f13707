package api

import (
	"strconv"
	"time"

	"pawl.dev/value"
)

// response writes a JSON object, member by member.
type response struct{ buf []byte }

func newResponse() *response { return &response{append(make([]byte, 0, 512), '{')} }

// finish ends the object and returns it.
func (w *response) finish() []byte { return append(w.buf, '}') }

// name begins a member.
func (w *response) name(name string) {
	if last := w.buf[len(w.buf)-1]; last != '{' && last != '[' {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

// text writes a text.
func (w *response) text(name, s string) {
	w.name(name)
	w.buf = value.AppendQuoted(w.buf, s)
}

// some writes a text unless it is empty.
func (w *response) some(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

// present writes a text unless it is nil.
func (w *response) present(name string, s *string) {
	if s != nil {
		w.text(name, *s)
	}
}

func (w *response) integer(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *response) number(name string, f float64) {
	w.name(name)
	w.buf = value.AppendDouble(w.buf, f)
}

func (w *response) flag(name string, b bool) {
	w.name(name)
	w.buf = strconv.AppendBool(w.buf, b)
}

// date writes a time as seconds since 1970 with milliseconds.
func (w *response) date(name string, t time.Time) {
	w.name(name)
	ms := t.UnixMilli()
	w.buf = strconv.AppendInt(w.buf, ms/1000, 10)
	w.buf = append(w.buf, '.', byte('0'+ms/100%10), byte('0'+ms/10%10), byte('0'+ms%10))
}

// someDate writes a time unless it is zero.
func (w *response) someDate(name string, t time.Time) {
	if !t.IsZero() {
		w.date(name, t)
	}
}

// begin starts a structure; end ends it.
func (w *response) begin(name string) {
	w.name(name)
	w.buf = append(w.buf, '{')
}

func (w *response) end() { w.buf = append(w.buf, '}') }

// list writes a list of n structures; item writes the members of one.
func (w *response) list(name string, n int, item func(i int)) {
	w.name(name)
	w.buf = append(w.buf, '[')
	for i := range n {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, '{')
		item(i)
		w.buf = append(w.buf, '}')
	}
	w.buf = append(w.buf, ']')
}

// quotedName begins a member whose name a user chose.
func (w *response) quotedName(name string) {
	if w.buf[len(w.buf)-1] != '{' {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(value.AppendQuoted(w.buf, name), ':')
}

// texts writes a list of texts as the value of the member begun.
func (w *response) texts(all []string) {
	w.buf = append(w.buf, '[')
	for i, s := range all {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = value.AppendQuoted(w.buf, s)
	}
	w.buf = append(w.buf, ']')
}
