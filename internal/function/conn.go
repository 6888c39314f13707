package function

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
)

// directPayloadBytes is the largest event that a caller's own goroutine writes
// to an idle process: it fits the empty socket buffers, so it cannot block.
const directPayloadBytes = 32 << 10

const (
	apiPrefix  = "/2018-06-01/runtime/"
	accepted   = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n"
	continuing = "HTTP/1.1 100 Continue\r\n\r\n"
)

// conn is one connection of a runtime to its instance's Runtime API.
//
// A request for the next event is held until there is one; the answer is then
// written by whoever brings it. An answer to a result is held back while the
// same read already brought the next request, and shares its write: clients
// that send both at once (our own bootstraps) save a wake-up for each event.
type conn struct {
	requestReader
	in *instance

	mu   sync.Mutex
	out  []byte // answers not yet written
	held bool   // a request for the next event waits here
}

func newConn(in *instance, c net.Conn) *conn {
	cn := &conn{in: in}
	cn.requestReader = requestReader{
		conn: c, buf: make([]byte, 4096),
		beforeBlocking: cn.flushUnlessHeld,
		answerContinue: func() error { cn.answer([]byte(continuing)); return cn.flush() },
	}
	return cn
}

// serve answers requests until the connection ends.
func (c *conn) serve() {
	defer c.conn.Close()
	defer c.in.hungUp(c)
	var req request
	for {
		err := c.read(&req)
		if errors.Is(err, errBadRequest) || errors.Is(err, errHeadLength) {
			c.refuse(400, "InvalidRequest", err.Error())
		}
		if err != nil {
			_ = c.flush() // the connection ends either way
			return
		}
		c.handle(&req)
		if req.close && !c.waits() {
			_ = c.flush()
			return
		}
	}
}

func (c *conn) handle(req *request) {
	route, ok := bytes.CutPrefix(req.path, []byte(apiPrefix))
	if !ok {
		c.refuse(404, "NotFound", "no such path")
		return
	}
	get, post := string(req.method) == "GET", string(req.method) == "POST"
	if get && string(route) == "invocation/next" {
		c.in.next(c)
		return
	}
	if post && string(route) == "init/error" {
		c.in.initFailed(req.errorType, req.body)
		c.answer([]byte(accepted))
		return
	}
	rest, ok := bytes.CutPrefix(route, []byte("invocation/"))
	id, kind, ok2 := bytes.Cut(rest, []byte{'/'})
	if !post || !ok || !ok2 {
		c.refuse(404, "NotFound", "no such path")
		return
	}
	switch string(kind) {
	case "response":
		c.result(string(id), outcomeOf(req))
	case "error":
		c.result(string(id), outcome{payload: errorPayload(req), failed: true})
	default:
		c.refuse(404, "NotFound", "no such path")
	}
}

func (c *conn) result(id string, o outcome) {
	switch {
	case !c.in.answered(id, o):
		c.refuse(400, "InvalidRequestID", "Invalid request ID")
	case o.tooLarge:
		c.refuse(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).")
	default:
		c.answer([]byte(accepted))
	}
}

// outcome is what a runtime says of an invocation.
type outcome struct {
	payload  []byte
	failed   bool
	tooLarge bool
}

func outcomeOf(req *request) outcome {
	if req.tooLarge {
		return outcome{payload: failure("Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (6291556 bytes)."), failed: true, tooLarge: true}
	}
	if req.errorType != "" { // a streamed response broke off and says so in its trailers
		body, err := base64.StdEncoding.DecodeString(req.errorBody)
		if err != nil || len(body) == 0 {
			body = failure(req.errorType, "")
		}
		return outcome{payload: body, failed: true}
	}
	return outcome{payload: req.body}
}

func errorPayload(req *request) []byte {
	if len(req.body) == 0 || req.tooLarge {
		return failure(or(req.errorType, "Function.UnknownReason"), "")
	}
	return req.body
}

// hold parks the request for the next event; the instance calls it before
// anybody can deliver.
func (c *conn) hold() {
	c.mu.Lock()
	c.held = true
	c.mu.Unlock()
}

func (c *conn) waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// deliver answers the held request with an invocation.
func (c *conn) deliver(inv *Invocation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	c.out = inv.appendHead(c.out)
	if len(inv.payload) <= directPayloadBytes {
		c.out = append(c.out, inv.payload...)
		return c.flushLocked()
	}
	if err := c.flushLocked(); err != nil {
		return err
	}
	_, err := c.conn.Write(inv.payload)
	return err
}

func (c *conn) answer(b []byte) {
	c.mu.Lock()
	c.out = append(c.out, b...)
	c.mu.Unlock()
}

func (c *conn) refuse(status int, kind, message string) {
	body := `{"errorMessage":"` + message + `","errorType":"` + kind + `"}` + "\n"
	text := map[int]string{400: "Bad Request", 404: "Not Found", 413: "Request Entity Too Large"}[status]
	c.answer([]byte("HTTP/1.1 " + strconv.Itoa(status) + " " + text + "\r\nContent-Type: application/json\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body))
}

// flushUnlessHeld writes what is held back, unless the next event will bring
// a write anyway.
func (c *conn) flushUnlessHeld() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held {
		return nil
	}
	return c.flushLocked()
}

func (c *conn) flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flushLocked()
}

func (c *conn) flushLocked() error {
	if len(c.out) == 0 {
		return nil
	}
	n, err := c.conn.Write(c.out)
	if err == nil && n < len(c.out) {
		err = io.ErrShortWrite
	}
	if cap(c.out) > 2*directPayloadBytes {
		c.out = nil
	}
	c.out = c.out[:0]
	return err
}
