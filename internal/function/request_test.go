package function

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// textConn is a connection that brings a text, a few bytes at a time.
type textConn struct {
	net.Conn
	r    io.Reader
	step int
}

func (c *textConn) Read(p []byte) (int, error) {
	if c.step > 0 && len(p) > c.step {
		p = p[:c.step]
	}
	return c.r.Read(p)
}

func readerOf(text string, step int) *requestReader {
	return &requestReader{
		conn:           &textConn{r: strings.NewReader(text), step: step},
		beforeBlocking: func() error { return nil },
		answerContinue: func() error { return nil },
	}
}

func TestRequestReader(t *testing.T) {
	t.Parallel()
	const text = "\r\nGET /2018-06-01/runtime/invocation/next?x=1 HTTP/1.1\r\nHost: a\r\n\r\n" +
		"POST http://h:1/a HTTP/1.1\ncontent-LENGTH:  5 \n\nhello" +
		"POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\nLambda-Runtime-Function-Error-Type: E\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nLambda-Runtime-Function-Error-Body: Qg==\r\n\r\n" +
		"GET /c HTTP/1.0\r\n\r\n"
	for _, step := range []int{1, 2, 7, 0} {
		rr := readerOf(text, step)
		var req request
		next := func(path, body string) {
			t.Helper()
			if err := rr.read(&req); err != nil || string(req.path) != path || string(req.body) != body {
				t.Fatalf("step %d: got %s %q, %v", step, req.path, req.body, err)
			}
		}
		next("/2018-06-01/runtime/invocation/next", "")
		next("/a", "hello")
		next("/b", "abc0123456789")
		if req.errorType != "E" || req.errorBody != "Qg==" {
			t.Errorf("got %+v", req)
		}
		next("/c", "")
		if !req.close {
			t.Error("HTTP/1.0 does not keep alive")
		}
		if err := rr.read(&req); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
}

func TestRequestReader_refuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"NONSENSE\r\n\r\n":                                                     errBadRequest,
		"GET / HTTP/2.0\r\n\r\n":                                               errBadRequest,
		"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n":                        errBadRequest,
		"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n":      errBadRequest,
		"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n":                   errBadRequest,
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n":         errBadRequest,
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n":     errBadRequest,
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\nab": errBadRequest,
		"GET / HTTP/1.1\r\nno colon\r\n\r\n":                                   errBadRequest,
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", maxHeadBytes+1):          errHeadLength,
		"GET / HTTP/1.1\r\n":                                                   io.ErrUnexpectedEOF,
		"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc":                      io.ErrUnexpectedEOF,
	} {
		var req request
		if err := readerOf(text, 0).read(&req); !errors.Is(err, want) {
			t.Errorf("%.60q: got %v, want %v", text, err, want)
		}
	}
}

// What net/http accepts of the requests that we understand we read the same
// way, however the bytes are cut.
func FuzzRequestReader(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1)
	f.Add("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET", 2)
	f.Add("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 3)
	f.Fuzz(func(t *testing.T, text string, step int) {
		var ours, cut request
		err := readerOf(text, 0).read(&ours)
		cutErr := readerOf(text, 1+max(step, 0)%64).read(&cut)
		if (err == nil) != (cutErr == nil) || err == nil && !(bytes.Equal(ours.body, cut.body) && bytes.Equal(ours.path, cut.path)) {
			t.Fatalf("cut: %v, %v", err, cutErr)
		}
		theirs, theirErr := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
		if theirErr != nil || err != nil {
			return
		}
		body, theirErr := io.ReadAll(theirs.Body)
		if theirErr == nil && len(body) <= maxResponseBytes && !bytes.Equal(body, ours.body) && len(body) > 0 {
			t.Fatalf("body %q, net/http %q", ours.body, body)
		}
	})
}

// A client that pipelines gets the answer to its result together with the next
// event; one that does not gets it at once. Expect: 100-continue is answered.
func TestConn_onTheWire(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	run := runnable{config: &s.config, name: "f", arn: "arn", version: latest, timeout: 30e9, memory: 128, maxConcurrency: 1,
		argv: func() ([]string, error) { return lookCommand([]string{"sleep", "60"}, "") }}
	p := newPool(s, run, s.logOf("f"))
	s.pools[p] = ""
	answers := make(chan Response, 4)
	event := func(payload string) {
		inv := &Invocation{id: "id-" + payload, arn: "arn", version: latest, payload: []byte(payload), done: func(r Response, err error) { answers <- r }}
		if _, err := p.submit(inv); err != nil {
			t.Fatal(err)
		}
	}
	event("1")
	var in *instance
	eventually(t, "a listening instance", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for in = range p.all {
			return in.proc != nil
		}
		return false
	})
	c, err := net.Dial("tcp", in.ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	br := bufio.NewReader(c)
	send := func(text string) { io.WriteString(c, strings.ReplaceAll(text, "ID", apiPrefix+"invocation/")) }
	want := func(status int, body string) {
		t.Helper()
		res, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != status || !strings.Contains(string(b), body) {
			t.Errorf("got %d %s, %v; want %d %s", res.StatusCode, b, err, status, body)
		}
	}
	send("GET IDnext HTTP/1.1\r\n\r\n")
	want(200, "1")
	send("POST IDwrong/response HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
	want(400, "InvalidRequestID")
	send("POST IDid-1/response HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
	want(100, "")
	send("x")
	want(202, "OK")
	if r := <-answers; string(r.Payload) != "x" {
		t.Errorf("got %+v", r)
	}
	send("GET IDnext HTTP/1.1\r\n\r\n")
	event("2")
	want(200, "2")
	send("POST IDid-2/error HTTP/1.1\r\nContent-Length: 0\r\nLambda-Runtime-Function-Error-Type: Kind\r\n\r\nGET IDnext HTTP/1.1\r\n\r\n")
	if r := <-answers; r.FunctionError != "Unhandled" || string(r.Payload) != `{"errorType":"Kind","errorMessage":""}` {
		t.Errorf("got %+v", r)
	}
	event("3")
	want(202, "OK")
	want(200, "3")
	// A repeated answer is refused, an unknown path too.
	send("POST IDid-2/response HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET /other HTTP/1.1\r\n\r\n")
	want(400, "InvalidRequestID")
	want(404, "no such path")
	// The result may come on another connection than the next request.
	other, err := net.Dial("tcp", in.ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	send("GET IDnext HTTP/1.1\r\n\r\n")
	event("4")
	io.WriteString(other, "POST "+apiPrefix+"invocation/id-3/response HTTP/1.1\r\nContent-Length: 1\r\n\r\ny")
	if r := <-answers; string(r.Payload) != "y" {
		t.Errorf("got %+v", r)
	}
	want(200, "4")
}
