package function

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
)

// Invocation types, as X-Amz-Invocation-Type has them.
const (
	RequestResponse = "RequestResponse" // the default
	Event           = "Event"           // answered 202 at once, run later, tried again on failure
	DryRun          = "DryRun"          // answered 204 if the function exists
)

// Request asks for one invocation. The service keeps Payload until the answer
// and does not change it.
type Request struct {
	Function      string // name, partial or full ARN, with or without qualifier
	Qualifier     string
	Payload       []byte // JSON, not checked; empty stands for {}
	Type          string // "" is RequestResponse
	LogTail       bool   // ask for Response.LogResult
	ClientContext string // JSON, handed to the function as it is
	RequestID     string // "" for a new one; give it again to let the function see a repeat
	TraceHeader   string // X-Ray trace header; "" for a new one
}

// Response is what a caller gets to see. The slices are the caller's.
type Response struct {
	StatusCode      int // 200, 202 for Event, 204 for DryRun
	Payload         []byte
	FunctionError   string // "" or "Unhandled"; then Payload holds errorType, errorMessage
	ExecutedVersion string
	LogResult       []byte // last 4 KB of the invocation's log, not base64
	RequestID       string
}

// Invocation is one event on its way; see Service.InvokeAsync.
type Invocation struct {
	id            string
	arn           string
	version       string
	payload       []byte
	clientContext string
	trace         string
	logTail       bool
	done          func(Response, error)

	// The pool's, under its lock.
	pool     *pool
	settled  bool // done was called or is about to be
	repeated bool // was handed to a process that was gone already
	queued   time.Time
	started  time.Time
	deadline time.Time
}

// Cancel withdraws an invocation that no process has begun: its callback gets
// err. One that runs goes on and is answered, as with AWS Lambda. It reports
// whether it withdrew it.
func (inv *Invocation) Cancel(err error) bool {
	p := inv.pool
	if p == nil {
		return false
	}
	p.mu.Lock()
	withdrawn := !inv.settled && inv.started.IsZero()
	if withdrawn {
		inv.settled = true
		p.withdrawn++
	}
	p.mu.Unlock()
	if withdrawn {
		inv.done(Response{}, err)
	}
	return withdrawn
}

// respond answers the caller; F2 is kept by settled, set before under the lock.
func (inv *Invocation) respond(o outcome, tail []byte) {
	r := Response{StatusCode: 200, Payload: o.payload, ExecutedVersion: inv.version, LogResult: tail, RequestID: inv.id}
	if o.failed {
		r.FunctionError = "Unhandled"
	}
	inv.done(r, nil)
}

// appendHead appends the HTTP head of an answer to "next".
func (inv *Invocation) appendHead(b []byte) []byte {
	b = append(b, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: "...)
	b = append(b, inv.id...)
	b = append(b, "\r\nLambda-Runtime-Deadline-Ms: "...)
	b = strconv.AppendInt(b, inv.deadline.UnixMilli(), 10)
	b = append(b, "\r\nLambda-Runtime-Invoked-Function-Arn: "...)
	b = append(b, inv.arn...)
	b = append(b, "\r\nLambda-Runtime-Trace-Id: "...)
	b = append(b, inv.trace...)
	if inv.clientContext != "" {
		b = append(b, "\r\nLambda-Runtime-Client-Context: "...)
		b = append(b, inv.clientContext...)
	}
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(inv.payload)), 10)
	return append(b, "\r\n\r\n"...)
}

// newRequestID returns a UUID of version 4.
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var s [36]byte
	hex.Encode(s[:8], b[:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:], b[10:])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// newTrace makes an unsampled X-Ray header: Root=1-<seconds>-<96 bits>.
func newTrace(now time.Time) string {
	var b [20]byte
	rand.Read(b[:])
	var s [40]byte
	hex.Encode(s[:], b[:])
	return "Root=1-" + strconv.FormatInt(now.Unix(), 16) + "-" + string(s[:24]) + ";Parent=" + string(s[24:]) + ";Sampled=0"
}

// failure is the payload of an error that the service reports itself.
func failure(errorType, message string) []byte {
	b, err := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{errorType, message})
	if err != nil {
		panic(err) // two strings always marshal
	}
	return b
}
