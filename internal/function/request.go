package function

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
)

// This is the reading half of the smallest HTTP/1.1 server that the Runtime
// API's clients need: keep-alive, pipelining, chunked bodies with trailers,
// Expect: 100-continue, HTTP/1.0. It replaces net/http because a request costs
// about 1 µs here against 15, and because two answers can share one write.

const (
	maxHeadBytes     = 1<<20 + 1<<16 // an X-Ray cause may fill 1 MiB
	maxResponseBytes = 6_291_556     // of a handler's result; AWS's number
	maxDiscardBytes  = 64 << 20      // of a too large result before we hang up
)

var (
	errBadRequest = errors.New("malformed HTTP request")
	errHeadLength = errors.New("HTTP head too long")
)

// request is one request of a runtime. head and path alias the reader's buffer
// and hold until the next read; body is the receiver's own.
type request struct {
	method, path []byte
	errorType    string // Lambda-Runtime-Function-Error-Type, in header or trailer
	errorBody    string // Lambda-Runtime-Function-Error-Body, base64, trailer only
	body         []byte
	tooLarge     bool // body exceeded maxResponseBytes and was thrown away
	close        bool // the client wants no further request on this connection

	length  int64 // Content-Length; 0 when absent
	chunked bool
	expects bool // Expect: 100-continue
}

// requestReader reads requests off one connection.
type requestReader struct {
	conn net.Conn
	// beforeBlocking runs before each read of the connection, so that answers
	// held back for a common write go out before we wait.
	beforeBlocking func() error
	// answerContinue sends "100 Continue".
	answerContinue func() error

	buf  []byte
	r, w int // unread bytes are buf[r:w]
}

func (rr *requestReader) fill() error {
	if rr.r > 0 {
		copy(rr.buf, rr.buf[rr.r:rr.w])
		rr.r, rr.w = 0, rr.w-rr.r
	}
	if rr.w == len(rr.buf) {
		grown := make([]byte, max(4096, 2*len(rr.buf)))
		copy(grown, rr.buf[:rr.w])
		rr.buf = grown
	}
	if err := rr.beforeBlocking(); err != nil {
		return err
	}
	n, err := rr.conn.Read(rr.buf[rr.w:])
	rr.w += n
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}

// read waits for the next request. io.EOF: the client closed between requests.
func (rr *requestReader) read(req *request) error {
	*req = request{}
	head, err := rr.readHead()
	if err != nil {
		return err
	}
	if err := req.parseHead(head); err != nil {
		return err
	}
	// Reading the body moves the buffer under path.
	if req.length == 0 && !req.chunked {
		return nil
	}
	line := append(append([]byte(nil), req.method...), req.path...)
	req.method, req.path = line[:len(req.method)], line[len(req.method):]
	if req.expects && rr.r == rr.w {
		if err := rr.answerContinue(); err != nil {
			return err
		}
	}
	if req.chunked {
		return rr.readChunks(req)
	}
	return rr.readSized(req)
}

// readHead returns the bytes up to the blank line, without it.
func (rr *requestReader) readHead() ([]byte, error) {
	for scanned := 0; ; {
		window := rr.buf[rr.r:rr.w]
		for scanned == 0 && len(window) > 0 && (window[0] == '\r' || window[0] == '\n') {
			window = window[1:] // blank lines before a request are to be ignored
			rr.r++
		}
		if end, size := headEnd(window, scanned); end >= 0 {
			rr.r += end + size
			return window[:end], nil
		}
		scanned = max(0, len(window)-3)
		if len(window) > maxHeadBytes {
			return nil, errHeadLength
		}
		if err := rr.fill(); err != nil {
			if errors.Is(err, io.EOF) && len(window) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
}

// headEnd finds the blank line; size is its length with the line end before.
func headEnd(b []byte, from int) (end, size int) {
	for {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return -1, 0
		}
		i += from
		switch {
		case i+1 < len(b) && b[i+1] == '\n':
			return i, 2
		case i+2 < len(b) && b[i+1] == '\r' && b[i+2] == '\n':
			if i > 0 && b[i-1] == '\r' {
				return i - 1, 4
			}
			return i, 3
		}
		from = i + 1
	}
}

func (req *request) parseHead(head []byte) error {
	line, rest := cutLine(head)
	method, line, ok := bytes.Cut(line, []byte{' '})
	target, proto, ok2 := bytes.Cut(line, []byte{' '})
	if !ok || !ok2 || len(method) == 0 || !bytes.HasPrefix(proto, []byte("HTTP/1.")) {
		return errBadRequest
	}
	req.method, req.path = method, pathOf(target)
	req.close = string(proto) == "HTTP/1.0"
	for len(rest) > 0 {
		line, rest = cutLine(rest)
		name, value, ok := bytes.Cut(line, []byte{':'})
		if !ok {
			return errBadRequest
		}
		if err := req.header(name, bytes.TrimSpace(value)); err != nil {
			return err
		}
	}
	if req.chunked {
		req.length = 0 // RFC 9112, 6.3: the coding wins
	}
	return nil
}

// header keeps what we look at, and skips the others by their length alone.
func (req *request) header(name, value []byte) error {
	switch len(name) {
	case len("Content-Length"):
		if foldEqual(name, "Content-Length") {
			n, err := strconv.ParseUint(string(value), 10, 62)
			if err != nil {
				return errBadRequest
			}
			req.length = int64(n)
		}
	case len("Transfer-Encoding"):
		if foldEqual(name, "Transfer-Encoding") {
			if !foldEqual(value, "chunked") {
				return errBadRequest
			}
			req.chunked = true
		}
	case len("Connection"):
		if foldEqual(name, "Connection") {
			req.close = foldEqual(value, "close") || req.close && !foldEqual(value, "keep-alive")
		}
	case len("Expect"):
		if foldEqual(name, "Expect") {
			req.expects = foldEqual(value, "100-continue")
		}
	case len("Lambda-Runtime-Function-Error-Type"): // the -Body trailer is as long
		if foldEqual(name, "Lambda-Runtime-Function-Error-Type") {
			req.errorType = string(value)
		} else if foldEqual(name, "Lambda-Runtime-Function-Error-Body") {
			req.errorBody = string(value)
		}
	}
	return nil
}

func foldEqual(b []byte, s string) bool { return bytes.EqualFold(b, []byte(s)) }

func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// pathOf strips scheme, host and query off a request target.
func pathOf(target []byte) []byte {
	if after, ok := bytes.CutPrefix(target, []byte("http://")); ok {
		i := bytes.IndexByte(after, '/')
		if i < 0 {
			return []byte("/")
		}
		target = after[i:]
	}
	path, _, _ := bytes.Cut(target, []byte{'?'})
	return path
}

func (rr *requestReader) readSized(req *request) error {
	if req.length > maxResponseBytes {
		req.tooLarge = true
		return rr.discard(req.length)
	}
	req.body = make([]byte, req.length)
	return rr.readFull(req.body)
}

func (rr *requestReader) readFull(dst []byte) error {
	n := copy(dst, rr.buf[rr.r:rr.w])
	rr.r += n
	if n == len(dst) {
		return nil
	}
	if err := rr.beforeBlocking(); err != nil {
		return err
	}
	_, err := io.ReadFull(rr.conn, dst[n:])
	return noEOF(err)
}

func (rr *requestReader) discard(n int64) error {
	if n > maxDiscardBytes {
		return errBadRequest
	}
	for n > 0 {
		if rr.r == rr.w {
			if err := rr.fill(); err != nil {
				return noEOF(err)
			}
		}
		step := min(n, int64(rr.w-rr.r))
		rr.r += int(step)
		n -= step
	}
	return nil
}

func (rr *requestReader) readChunks(req *request) error {
	var total int64
	for {
		line, err := rr.readLine()
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(line, []byte{';'})
		n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 40)
		if err != nil {
			return errBadRequest
		}
		if n == 0 {
			return rr.readTrailers(req)
		}
		total += int64(n)
		switch {
		case total > maxDiscardBytes:
			return errBadRequest
		case total > maxResponseBytes:
			req.body, req.tooLarge = nil, true
			err = rr.discard(int64(n))
		default:
			at := len(req.body)
			req.body = append(req.body, make([]byte, n)...)
			err = rr.readFull(req.body[at:])
		}
		if err != nil {
			return err
		}
		if line, err := rr.readLine(); err != nil || len(line) > 0 {
			return or(err, errBadRequest)
		}
	}
}

func (rr *requestReader) readTrailers(req *request) error {
	for {
		line, err := rr.readLine()
		if err != nil || len(line) == 0 {
			return err
		}
		name, value, ok := bytes.Cut(line, []byte{':'})
		if !ok {
			return errBadRequest
		}
		if len(name) == len("Lambda-Runtime-Function-Error-Type") {
			if err := req.header(name, bytes.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
}

// readLine returns a line without its end; it aliases the buffer.
func (rr *requestReader) readLine() ([]byte, error) {
	for {
		if i := bytes.IndexByte(rr.buf[rr.r:rr.w], '\n'); i >= 0 {
			line := rr.buf[rr.r : rr.r+i]
			rr.r += i + 1
			return bytes.TrimSuffix(line, []byte{'\r'}), nil
		}
		if rr.w-rr.r > maxHeadBytes {
			return nil, errHeadLength
		}
		if err := rr.fill(); err != nil {
			return nil, noEOF(err)
		}
	}
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
