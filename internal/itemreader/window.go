package itemreader

import (
	"errors"
	"io"
)

// A window begins with so many bytes, or with fewer where the stream is known to
// be shorter: a dataset may be of many small objects.
const (
	firstWindow = 256 << 10
	leastWindow = 512
)

// window is a stretch of a stream, large enough for one item. What is parsed
// stays in place until skip or fill is called.
type window struct {
	r          io.Reader // nil: buf is the whole text
	length     int64     // of what comes, 0: not known
	buf        []byte
	start, end int   // buf[start:end] is unread
	base       int64 // offset of buf[0] in the stream
	err        error // why no more bytes come, io.EOF at the end
}

// newWindow reads r, whose first byte has the given offset in the stream.
func newWindow(r io.Reader, offset int64) *window { return &window{r: r, base: offset} }

// textWindow is the window on a whole text, from its byte offset on.
func textWindow(text []byte, offset int64) *window {
	return &window{buf: text, start: int(offset), end: len(text), err: io.EOF}
}

// data is what has been read and not skipped.
func (w *window) data() []byte { return w.buf[w.start:w.end] }

// skip gives n bytes of data back.
func (w *window) skip(n int) { w.start += n }

// offset is the place in the stream of the first byte of data.
func (w *window) offset() int64 { return w.base + int64(w.start) }

// final says that data is all that is left of the stream.
func (w *window) final() bool { return w.err == io.EOF }

// fill makes data longer. It reads until the buffer is full, so that whoever
// scans data again after each fill does so a bounded number of times: the
// buffer doubles. It returns io.EOF when nothing more comes.
//
// Errors: *Failure when data is as large as an item may be.
func (w *window) fill() error {
	if w.err != nil {
		return w.err
	}
	unread := w.end - w.start
	switch {
	case w.buf == nil:
		size := firstWindow
		if w.length > 0 {
			size = int(max(leastWindow, min(w.length, firstWindow)))
		}
		w.buf = make([]byte, size)
	case unread > len(w.buf)/2:
		// One byte more than an item may have, for what ends it.
		if unread > MaxItemBytes {
			return tooLarge(w.offset())
		}
		larger := make([]byte, 2*len(w.buf))
		copy(larger, w.data())
		w.buf = larger
	default:
		copy(w.buf, w.data())
	}
	w.base += int64(w.start)
	w.start, w.end = 0, unread
	n, err := io.ReadFull(w.r, w.buf[w.end:])
	w.end += n
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	w.err = err
	if n > 0 {
		return nil // err comes next time
	}
	return err
}

// space skips blanks as JSON knows them. At the end of the stream it returns
// io.EOF.
func (w *window) space() error {
	for {
		d := w.data()
		i := 0
		for i < len(d) && isSpace(d[i]) {
			i++
		}
		w.skip(i)
		if i < len(d) {
			return nil
		}
		if err := w.fill(); err != nil {
			return err
		}
	}
}

// byteOrderMark skips UTF-8's mark at the start of a stream.
func (w *window) byteOrderMark() error {
	for w.end-w.start < 3 {
		if err := w.fill(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	if d := w.data(); len(d) >= 3 && string(d[:3]) == "\uFEFF" {
		w.skip(3)
	}
	return nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
