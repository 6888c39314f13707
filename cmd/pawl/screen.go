package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// screen shows lines that stay and, on a terminal, one last line that is
// redrawn. It is used by one goroutine at a time.
type screen struct {
	out      io.Writer
	terminal bool
	colours  bool
	width    func() int // of the terminal, in columns
	status   string     // the last line, as shown
	plain    time.Time  // when the status was printed where no line can be redrawn
}

// newScreen shows on f, which may be no terminal. NO_COLOR is respected.
func newScreen(f io.Writer) *screen {
	s := &screen{out: f, width: func() int { return 80 }}
	file, ok := f.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return s
	}
	s.terminal, s.colours = true, os.Getenv("NO_COLOR") == ""
	s.width = func() int {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
		return 80
	}
	return s
}

// line prints a line that stays, after the time since the start.
func (s *screen) line(elapsed time.Duration, kind lineKind, text string) {
	status := s.status
	s.setStatus("")
	stamp := fmt.Sprintf("%8.2fs", max(elapsed, 0).Seconds())
	text = printable(text)
	if s.terminal {
		text = shorten(text, max(s.width()*3, 240)) // a cause can be 32 KB
	}
	if s.colours {
		stamp = "\x1b[2m" + stamp + "\x1b[0m"
		switch kind {
		case badLine:
			text = "\x1b[31m" + text + "\x1b[0m"
		case goodLine:
			text = "\x1b[32m" + text + "\x1b[0m"
		case logLine:
			text = "\x1b[36m" + text + "\x1b[0m"
		case plainLine:
		}
	}
	_, _ = fmt.Fprintln(s.out, stamp+"  "+text) // progress is worth no error
	s.setStatus(status)
}

// setStatus redraws the last line; "" takes it away.
func (s *screen) setStatus(text string) {
	if !s.terminal || text == s.status {
		return
	}
	s.status = text
	_, _ = fmt.Fprint(s.out, "\r\x1b[K"+shorten(printable(text), s.width()-1))
}

// shorten cuts text to width characters.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(width-1, 0)]) + "…"
}

// printable keeps what a definition or a function says from steering the
// terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}
