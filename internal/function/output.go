package function

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	chunkBytes   = 16 << 10  // of one read
	tailBytes    = 4096      // of Response.LogResult
	maxLineBytes = 256 << 10 // a longer line is cut in two; CloudWatch's event size
)

// output collects what a process prints, line by line, with the lines that
// Lambda adds. A reader waits for the pipe; before an invocation's END line
// the pipe is drained by hand, so that what was printed before the answer
// stands before END, although it came another way.
type output struct {
	log    *functionLog
	stream string
	clock  Clock

	r, w *os.File
	raw  syscall.RawConn
	done chan struct{}

	mu      sync.Mutex
	partial []byte // of an unfinished line
	chunk   []byte // read buffer
	tailing bool   // the running invocation wants its tail
	tail    []byte
}

// report is what the REPORT line says.
type report struct {
	took   time.Duration
	init   time.Duration // 0: not the first invocation of the process
	memory int           // MB
	peak   int64         // bytes
}

func newOutput(log *functionLog, stream string, clock Clock) (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	raw, err := r.SyscallConn()
	if err != nil {
		r.Close()
		w.Close()
		return nil, err
	}
	o := &output{log: log, stream: stream, clock: clock, r: r, w: w, raw: raw, done: make(chan struct{}), chunk: make([]byte, chunkBytes)}
	go o.read()
	return o, nil
}

// writeEnd is the file to give to the process.
func (o *output) writeEnd() *os.File { return o.w }

// handedOver closes our copy of the write end, so that the pipe ends with the
// process.
func (o *output) handedOver() { o.w.Close() }

func (o *output) read() {
	defer close(o.done)
	o.readAll()
}

// close reads what is left and waits for the reader. A descendant that escaped
// the process group can hold the pipe open: hence the deadline.
func (o *output) close() {
	_ = o.r.SetReadDeadline(time.Now().Add(100 * time.Millisecond)) // without one we only wait longer
	<-o.done
	o.mu.Lock()
	o.flushPartialLocked()
	o.mu.Unlock()
	o.r.Close()
}

// line adds a line of our own.
func (o *output) line(text string) {
	o.mu.Lock()
	o.addLocked(o.clock.Now(), []byte(text))
	o.mu.Unlock()
}

// begin writes START.
func (o *output) begin(inv *Invocation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tailing, o.tail = inv.logTail, o.tail[:0]
	var buf [128]byte
	b := append(append(buf[:0], "START RequestId: "...), inv.id...)
	b = append(append(b, " Version: "...), inv.version...)
	o.addLocked(inv.started, b)
}

// end writes END and REPORT and returns the invocation's tail, if it asked.
func (o *output) end(inv *Invocation, rep report) []byte {
	o.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	now := inv.started.Add(rep.took)
	o.flushPartialLocked()
	var buf [256]byte
	o.addLocked(now, append(append(buf[:0], "END RequestId: "...), inv.id...))
	b := append(append(buf[:0], "REPORT RequestId: "...), inv.id...)
	b = appendMillis(append(b, "\tDuration: "...), rep.took)
	b = append(b, " ms\tBilled Duration: "...)
	b = strconv.AppendInt(b, (rep.took + rep.init + time.Millisecond - 1).Milliseconds(), 10)
	b = append(b, " ms\tMemory Size: "...)
	b = strconv.AppendInt(b, int64(rep.memory), 10)
	b = append(b, " MB\tMax Memory Used: "...)
	b = strconv.AppendInt(b, (rep.peak+1<<20-1)>>20, 10)
	b = append(b, " MB\t"...)
	if rep.init > 0 {
		b = append(appendMillis(append(b, "Init Duration: "...), rep.init), " ms\t"...)
	}
	o.addLocked(now, b)
	if !o.tailing {
		return nil
	}
	o.tailing = false
	return bytes.Clone(o.tail)
}

func appendMillis(b []byte, d time.Duration) []byte {
	return strconv.AppendFloat(b, float64(d)/float64(time.Millisecond), 'f', 2, 64)
}

// takeLocked splits what the process printed into lines.
func (o *output) takeLocked(b []byte) {
	now := o.clock.Now()
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		line := b[:i]
		if len(o.partial) > 0 {
			line = append(o.partial, line...)
			o.partial = o.partial[:0]
		}
		o.addLocked(now, bytes.TrimSuffix(line, []byte{'\r'}))
		b = b[i+1:]
	}
	o.partial = append(o.partial, b...)
	if len(o.partial) > maxLineBytes {
		o.flushPartialLocked()
	}
}

func (o *output) flushPartialLocked() {
	if len(o.partial) > 0 {
		o.addLocked(o.clock.Now(), o.partial)
		o.partial = o.partial[:0]
	}
}

func (o *output) addLocked(at time.Time, line []byte) {
	o.log.add(at, o.stream, line)
	if !o.tailing {
		return
	}
	o.tail = append(append(o.tail, line...), '\n')
	if n := len(o.tail) - tailBytes; n > 0 {
		o.tail = append(o.tail[:0], o.tail[n:]...)
	}
}
