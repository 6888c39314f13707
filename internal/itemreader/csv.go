package itemreader

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"pawl.dev/value"
)

// csvItems gives one object per row, header to text, in the order of the
// headers.
//
// The dialect is AWS's: a field in double quotes may hold delimiters and line
// breaks, and "" for one quote; a backslash before a quote, a backslash or the
// delimiter makes it plain text, and vanishes before anything else. Missing
// fields are empty, surplus ones ignored, empty lines skipped. A quote in the
// middle of a field is itself. What is not UTF-8 becomes U+FFFD.
type csvItems struct {
	row  csvRow
	keys [][]byte // `{"a":`, `,"b":`
	text []byte   // of the item
	item Item
}

// csvDelimiters by name.
var csvDelimiters = map[string]byte{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// csvHeaders returns the headers of a dataset: given ones, or those of the
// first row of w, which is at the start of the file. None: the file is empty.
func csvHeaders(w *window, spec *Spec) ([]string, error) {
	if err := w.byteOrderMark(); err != nil {
		return nil, err
	}
	if spec.headersGiven() {
		return spec.CSVHeaders, checkHeaders(spec.CSVHeaders)
	}
	row := csvRow{w: w, delimiter: csvDelimiters[spec.CSVDelimiter], limit: -1}
	if err := row.read(); err != nil {
		if err == io.EOF {
			err = nil
		}
		return nil, err
	}
	headers := make([]string, len(row.fields))
	for i, f := range row.fields {
		headers[i] = string(f)
	}
	return headers, checkHeaders(headers)
}

func (s *Spec) headersGiven() bool {
	return s.CSVHeaderLocation == "GIVEN" || s.CSVHeaderLocation == "" && len(s.CSVHeaders) > 0
}

func checkHeaders(headers []string) error {
	sorted := slices.Sorted(slices.Values(headers))
	if len(slices.Compact(sorted)) < len(headers) {
		return failed(causeDuplicates)
	}
	return nil
}

// newCSVItems reads rows from w, which is behind the headers.
func newCSVItems(w *window, headers []string, delimiter byte, source string) *csvItems {
	c := &csvItems{
		row:  csvRow{w: w, delimiter: delimiter, limit: len(headers)},
		item: Item{Source: source},
	}
	for i, h := range headers {
		key := []byte{','}
		if i == 0 {
			key[0] = '{'
		}
		key = appendText(key, []byte(h))
		c.keys = append(c.keys, append(key, ':'))
	}
	return c
}

func (c *csvItems) next() (Item, error) {
	if len(c.keys) == 0 {
		return Item{}, io.EOF
	}
	if err := c.row.read(); err != nil {
		return Item{}, err
	}
	fields, text := c.row.fields, c.text[:0]
	for i, key := range c.keys {
		text = append(text, key...)
		switch {
		case i >= len(fields):
			text = append(text, '"', '"')
		case c.row.plain:
			text = append(text, '"')
			text = append(text, fields[i]...)
			text = append(text, '"')
		default:
			text = appendText(text, fields[i])
		}
	}
	c.text = append(text, '}')
	c.item.Value = c.text
	return c.item, nil
}

// appendText appends the field as a JSON string. A byte that is no UTF-8
// becomes U+FFFD.
func appendText(dst, field []byte) []byte {
	if utf8.Valid(field) {
		return value.AppendQuoted(dst, string(field))
	}
	return value.AppendQuoted(dst, string(bytes.Runes(field)))
}

func (c *csvItems) place(p *position) { p.Offset, p.Inside = c.row.w.offset(), true }

// csvRow reads rows.
type csvRow struct {
	w         *window
	delimiter byte
	limit     int // fields that matter; -1: all

	fields [][]byte // valid until the next read
	// plain says that the fields are JSON string contents as they stand.
	plain bool

	text []byte // of the fields, when they had quotes or backslashes
	ends []int  // of the fields, in text
}

// read reads the next row that is not empty. Errors: io.EOF, *Failure.
func (r *csvRow) read() error {
	for {
		line, size, err := r.w.line()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			r.w.skip(size)
			continue
		}
		quoted, plain := r.look(line)
		if quoted {
			if size, err = r.unquote(); err != nil {
				return err
			}
			r.plain = false
		} else {
			r.split(line)
			r.plain = plain && utf8.Valid(line)
		}
		if size > MaxItemBytes {
			return tooLarge(r.w.offset())
		}
		r.w.skip(size)
		return nil
	}
}

// look tells whether the line has quotes or backslashes, and if not, whether it
// has no other byte either that JSON would escape.
func (r *csvRow) look(line []byte) (quoted, plain bool) {
	plain = true
	for i := special(line, 0); i < len(line); i = special(line, i+1) {
		switch line[i] {
		case '"', '\\':
			return true, false
		case r.delimiter: // the tab
		default:
			plain = false
		}
	}
	return false, plain
}

func (r *csvRow) split(line []byte) {
	r.fields = r.fields[:0]
	for len(r.fields) != r.limit {
		n := bytes.IndexByte(line, r.delimiter)
		if n < 0 {
			r.fields = append(r.fields, line)
			return
		}
		r.fields = append(r.fields, line[:n])
		line = line[n+1:]
	}
}
