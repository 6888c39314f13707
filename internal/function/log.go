package function

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	logBufferBytes = 32 << 10
	logFlushAfter  = 250 * time.Millisecond
	logTimeFormat  = "2006-01-02T15:04:05.000Z"
)

// functionLog is the log of one function in two files: NAME.log, and NAME.log.1
// with what came before. Each is at most half of Config.MaxLogBytes. A line is
//
//	2026-01-01T00:00:00.000Z <tab> log stream <tab> message
//
// where line ends inside a message cannot occur. Lines are buffered for up to
// 250 ms; a crash of the server can lose those.
type functionLog struct {
	path  string
	limit int64
	clock Clock

	mu     sync.Mutex
	buf    []byte
	file   *os.File // nil until first used and after close
	size   int64
	timer  Timer
	armed  bool
	closed bool
	failed error // of the last write; logs never stop a function

	second    int64 // whose formatted text is stamp
	stampText []byte
}

func newFunctionLog(dir, name string, limit int64, clock Clock) *functionLog {
	return &functionLog{path: filepath.Join(dir, name+".log"), limit: max(limit/2, 4096), clock: clock}
}

// add appends a line.
func (l *functionLog) add(at time.Time, stream string, message []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.stampLocked(at)
	l.buf = append(append(append(l.buf, '\t'), stream...), '\t')
	l.buf = append(append(l.buf, message...), '\n')
	if len(l.buf) >= logBufferBytes {
		l.flushLocked()
		return
	}
	if !l.armed {
		l.armed = true
		l.timer = rearm(l.clock, l.timer, logFlushAfter, l.flush)
	}
}

// stampLocked appends the time; the text of a second is made once.
func (l *functionLog) stampLocked(at time.Time) {
	if s := at.Unix(); s != l.second || l.stampText == nil {
		l.second = s
		l.stampText = at.UTC().AppendFormat(l.stampText[:0], "2006-01-02T15:04:05.")
	}
	ms := at.Nanosecond() / 1e6
	l.buf = append(l.buf, l.stampText...)
	l.buf = append(l.buf, byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z')
}

func (l *functionLog) flush() {
	l.mu.Lock()
	l.armed = false
	l.flushLocked()
	l.mu.Unlock()
}

func (l *functionLog) flushLocked() {
	if len(l.buf) == 0 {
		return
	}
	l.failed = l.writeLocked()
	l.buf = l.buf[:0]
	if cap(l.buf) > 8*logBufferBytes {
		l.buf = nil
	}
}

func (l *functionLog) writeLocked() error {
	if l.file == nil {
		f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			f.Close()
			return err
		}
		l.file, l.size = f, info.Size()
	}
	if l.size > 0 && l.size+int64(len(l.buf)) > l.limit {
		l.file.Close()
		l.file = nil
		if err := os.Rename(l.path, l.path+".1"); err != nil {
			return err
		}
		return l.writeLocked()
	}
	n, err := l.file.Write(l.buf)
	l.size += int64(n)
	return err
}

func (l *functionLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.timer != nil {
		l.timer.Stop()
	}
	l.flushLocked()
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}

// LogLine is one line of a function's log.
type LogLine struct {
	Time    time.Time
	Stream  string // one per process
	Message string // without line end
}

// LogOptions choose lines; the zero value takes all that are kept.
type LogOptions struct {
	Since     time.Time // only later lines
	RequestID string    // only lines between START and REPORT of this invocation
	Last      int       // only the last n of them; 0 for all
}

// read returns the kept lines, oldest first.
func (l *functionLog) read(o LogOptions) ([]LogLine, error) {
	l.mu.Lock()
	l.flushLocked()
	old, err := readIfThere(l.path + ".1")
	if err == nil {
		var b []byte
		b, err = readIfThere(l.path)
		old = append(old, b...)
	}
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var lines []LogLine
	open := map[string]bool{} // streams inside the wanted invocation
	for len(old) > 0 {
		var line []byte
		line, old, _ = bytes.Cut(old, []byte{'\n'})
		parsed, ok := parseLogLine(line)
		if !ok || !parsed.Time.After(o.Since) && !o.Since.IsZero() {
			continue
		}
		if o.RequestID != "" && !within(open, parsed, o.RequestID) {
			continue
		}
		lines = append(lines, parsed)
	}
	if o.Last > 0 && len(lines) > o.Last {
		lines = lines[len(lines)-o.Last:]
	}
	return lines, nil
}

// within follows START and REPORT of one invocation; its process has no other
// meanwhile (F1).
func within(open map[string]bool, l LogLine, id string) bool {
	switch {
	case strings.HasPrefix(l.Message, "START RequestId: "+id):
		open[l.Stream] = true
	case strings.HasPrefix(l.Message, "REPORT RequestId: "+id) && open[l.Stream]:
		delete(open, l.Stream)
		return true
	}
	return open[l.Stream]
}

func parseLogLine(b []byte) (LogLine, bool) {
	stamp, rest, ok := strings.Cut(string(b), "\t")
	stream, message, ok2 := strings.Cut(rest, "\t")
	at, err := time.Parse(logTimeFormat, stamp)
	return LogLine{Time: at, Stream: stream, Message: message}, ok && ok2 && err == nil
}

func readIfThere(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return b, err
}

func logTime(at time.Time) string { return at.UTC().Format(logTimeFormat) }
