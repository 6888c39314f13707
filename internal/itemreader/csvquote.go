package itemreader

import "io"

type rowState uint8

const (
	rowDone  rowState = iota
	rowShort          // the data ends before the row's line break
	rowOpen           // the data ends inside quotes
)

// unquote reads a row with quotes or backslashes and returns its size in
// bytes. It starts over when the row turns out to be longer than the window's
// data.
func (r *csvRow) unquote() (int, error) {
	for {
		d := r.w.data()
		size, state := r.parse(d)
		if state != rowDone {
			err := r.w.fill()
			if err == nil {
				continue
			}
			if err != io.EOF {
				return 0, err
			}
			if state == rowOpen {
				return 0, failed("The CSV file is malformed: the row at byte %d has a quote that is never closed.", r.w.offset())
			}
		}
		r.fields = r.fields[:0]
		from := 0
		for _, end := range r.ends {
			r.fields = append(r.fields, r.text[from:end])
			from = end
		}
		return size, nil
	}
}

// parse reads the row at the start of d into text and ends, and returns its
// size.
func (r *csvRow) parse(d []byte) (int, rowState) {
	r.text, r.ends = r.text[:0], r.ends[:0]
	quoted, fresh := false, true // fresh: at the start of a field
	for i := 0; i < len(d); {
		c := d[i]
		i++
		switch {
		case c == '\\':
			if i < len(d) && (d[i] == '"' || d[i] == '\\' || d[i] == r.delimiter) {
				r.text = append(r.text, d[i])
				i++
			}
		case quoted && c == '"':
			if i < len(d) && d[i] == '"' {
				r.text = append(r.text, '"')
				i++
			} else {
				quoted = false
			}
		case quoted:
			r.text = append(r.text, c)
		case c == '"' && fresh:
			quoted = true
		case c == r.delimiter:
			r.ends = append(r.ends, len(r.text))
			fresh = true
			continue
		case c == '\n':
			r.endRow(d[:i-1])
			return i, rowDone
		default:
			r.text = append(r.text, c)
		}
		fresh = false
	}
	if quoted {
		return len(d), rowOpen
	}
	r.endRow(d)
	return len(d), rowShort
}

// endRow ends the last field. An unquoted carriage return before the line
// break belongs to the break.
func (r *csvRow) endRow(row []byte) {
	if n := len(row); n > 0 && row[n-1] == '\r' {
		r.text = r.text[:len(r.text)-1]
	}
	r.ends = append(r.ends, len(r.text))
}
