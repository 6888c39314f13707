package states

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// wording is how one of the two integrations spells requests, results and
// errors.
type wording struct {
	prefix string // of error names
	// result words an answer of the API.
	result func(answer, id string, now time.Time) string
	// cause words a refusal.
	cause func(e *Refusal, id string) string
}

var (
	// optimized is states:startExecution, a client of the Java SDK 1.
	optimized = &wording{
		prefix: "StepFunctions.",
		result: envelope,
		cause: func(e *Refusal, id string) string {
			return fmt.Sprintf("%s (Service: AWSStepFunctions; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", e.Message, e.Status, e.Code, id)
		},
	}
	// sdk is aws-sdk:sfn, a client of the Java SDK 2.
	sdk = &wording{
		prefix: "Sfn.",
		result: func(answer, _ string, _ time.Time) string { return pascal(parsed(answer), isoDate).JSON() },
		cause: func(e *Refusal, id string) string {
			return fmt.Sprintf("%s (Service: Sfn, Status Code: %d, Request ID: %s) (SDK Attempt Count: 1)", e.Message, e.Status, id)
		},
	}
)

// failure is the refusal as the task's failure. Names of exceptions end as Java
// has them.
func (w *wording) failure(e *Refusal, id string) *asl.Failure {
	return asl.NewFailure(w.prefix+strings.TrimSuffix(e.Code, "Exception")+"Exception", w.cause(e, id))
}

// members are the members of a request.
type members struct{ value.Builder }

func (m *members) has(name string) bool {
	_, ok := m.Get(name)
	return ok
}

func (m *members) setText(name, text string) { m.Set(name, value.Text(text)) }

// JSON is the request. It can be called once.
func (m *members) JSON() string { return m.Object().JSON() }

// request is a request with one member.
func request(name, text string) string {
	var m members
	m.setText(name, text)
	return m.JSON()
}

// structured are the members of requests that are no texts, numbers or flags.
var structured = map[string]bool{
	"encryptionConfiguration": true, "loggingConfiguration": true, "tracingConfiguration": true,
	"routingConfiguration": true, "tags": true, "tagKeys": true,
}

// requestOf words a task's parameters as a request of the API. Null leaves a
// parameter out; objects and lists given for a text are serialised.
func requestOf(operation, parameters string) (members, *asl.Failure) {
	var m members
	v := parsed(parameters)
	if !v.Is(value.Object) {
		return m, asl.NewFailure(asl.ErrRuntime, "The Parameters of "+operation+" must be an object.")
	}
	for i, key := range v.Keys() {
		name, item := lower(key), v.At(i)
		switch {
		case item.Is(value.Null):
			continue
		case structured[name]:
			item = renamed(item, lower)
		case item.Is(value.Object), item.Is(value.Array):
			item = value.Text(item.JSON())
		}
		m.Set(name, item)
	}
	return m, nil
}

// envelope is an answer with the HTTP envelope that Java SDK 1 clients show.
func envelope(answer, id string, now time.Time) string {
	var b value.Builder
	v := parsed(answer)
	b.Set("ExecutionArn", v.Member("executionArn"))
	all, single := headers(len(answer), id, now)
	var metadata, response value.Builder
	metadata.Set("AllHttpHeaders", all)
	metadata.Set("HttpHeaders", single)
	metadata.Set("HttpStatusCode", value.Int(200))
	response.Set("RequestId", value.Text(id))
	b.Set("SdkHttpMetadata", metadata.Object())
	b.Set("SdkResponseMetadata", response.Object())
	b.Set("StartDate", milliseconds(v.Member("startDate")))
	return b.Object().JSON()
}

func headers(length int, id string, now time.Time) (all, single value.Value) {
	var a, s value.Builder
	for _, header := range [][2]string{
		{"connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(length)},
		{"Content-Type", "application/x-amz-json-1.0"},
		{"Date", now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		{"x-amzn-RequestId", id},
	} {
		a.Set(header[0], value.NewArray([]value.Value{value.Text(header[1])}))
		s.Set(header[0], value.Text(header[1]))
	}
	return a.Object(), s.Object()
}

// executionARN is the ARN in the result of a start.
func executionARN(output string) string { return parsed(output).Member("ExecutionArn").Str() }

// parsed is a JSON text of our own; what is none is Undefined.
func parsed(text string) value.Value {
	v, _ := value.Parse(text, nil) // our own text
	return v
}

// pascal spells the members of an answer as the SDK's classes do and dates as
// date says.
func pascal(v value.Value, date func(value.Value) value.Value) value.Value {
	switch v.Kind() {
	case value.Array:
		items := make([]value.Value, v.Len())
		for i := range items {
			items[i] = pascal(v.At(i), date)
		}
		return value.NewArray(items)
	case value.Object:
		var b value.Builder
		for i, key := range v.Keys() {
			item := v.At(i)
			switch {
			case key == "variableReferences": // its keys are names of states
			case isDate(key):
				item = date(item)
			default:
				item = pascal(item, date)
			}
			b.Set(upper(key), item)
		}
		return b.Object()
	default:
		return v
	}
}

// renamed renames the keys of every object in v.
func renamed(v value.Value, name func(string) string) value.Value {
	switch v.Kind() {
	case value.Array:
		items := make([]value.Value, v.Len())
		for i := range items {
			items[i] = renamed(v.At(i), name)
		}
		return value.NewArray(items)
	case value.Object:
		var b value.Builder
		for i, key := range v.Keys() {
			b.Set(name(key), renamed(v.At(i), name))
		}
		return b.Object()
	default:
		return v
	}
}

func upper(name string) string {
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}

func lower(name string) string {
	return strings.ToLower(name[:min(1, len(name))]) + name[min(1, len(name)):]
}

func isDate(name string) bool { return name == "timestamp" || strings.HasSuffix(name, "Date") }

func keepDates(v value.Value) value.Value { return v }

// milliseconds turns the wire's seconds with a fraction into whole milliseconds.
func milliseconds(v value.Value) value.Value {
	return value.Int(int64(math.Round(v.Float64() * 1000)))
}

// isoDate turns the wire's seconds into what Java prints for an Instant.
func isoDate(v value.Value) value.Value {
	ms, _ := milliseconds(v).Int64()
	at := time.UnixMilli(ms).UTC()
	if ms%1000 == 0 {
		return value.Text(at.Format("2006-01-02T15:04:05Z"))
	}
	return value.Text(at.Format("2006-01-02T15:04:05.000Z"))
}

// id is a UUID that the attempt has for one purpose, the same whenever it is
// handed over.
func (a *attempt) id(purpose string) string {
	sum := sha256.Sum256([]byte(a.r.ID + "\x00" + purpose))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
