package itemreader

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// line returns the line that comes next, without its end, and how many bytes
// it takes with it. At the end of the stream it returns io.EOF. Nothing is
// skipped.
func (w *window) line() (line []byte, size int, err error) {
	seen := 0
	for {
		d := w.data()
		if n := bytes.IndexByte(d[seen:], '\n'); n >= 0 {
			n += seen
			return trimReturn(d[:n]), n + 1, nil
		}
		seen = len(d)
		switch err := w.fill(); {
		case err == io.EOF && seen > 0:
			return trimReturn(d), seen, nil
		case err != nil:
			return nil, 0, err
		}
	}
}

func trimReturn(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// jsonLines gives one item per line that is not blank.
type jsonLines struct {
	w    *window
	item Item
}

func newJSONLines(w *window, at position, source string) (*jsonLines, error) {
	if !at.Inside {
		if err := w.byteOrderMark(); err != nil {
			return nil, err
		}
	}
	return &jsonLines{w: w, item: Item{Source: source}}, nil
}

func (j *jsonLines) next() (Item, error) {
	for {
		line, size, err := j.w.line()
		if err != nil {
			return Item{}, err
		}
		text := bytes.Trim(line, " \t\r")
		if len(text) == 0 {
			j.w.skip(size)
			continue
		}
		if len(text) > MaxItemBytes {
			return Item{}, tooLarge(j.w.offset())
		}
		if n, result := scanValue(text, true); result != scanned || n < len(text) || !utf8.Valid(text) {
			return Item{}, j.w.malformed(syntaxMessage(text))
		}
		j.w.skip(size)
		j.item.Value = text
		return j.item, nil
	}
}

func (j *jsonLines) place(p *position) { p.Offset, p.Inside = j.w.offset(), true }
