package asl

import (
	"strconv"
	"time"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// maxDelay is the longest wait: 2^31 seconds. AWS accepts 24,855 days and
// refuses 24,856.
const maxDelay = (1 << 31) * time.Second

// Wait is what a Wait state waits for: one of Seconds, SecondsPath, Timestamp
// and TimestampPath, the first and third also as expressions.
type Wait struct {
	duration      time.Duration
	timestamp     time.Time // zero: none
	secondsPath   *jsonpath.Ref
	timestampPath *jsonpath.Ref
	secondsExpr   *expression
	timestampExpr *expression
}

// Until returns when the wait ends; a time that is not after entered ends it at
// once. d is the state's effective input.
func (w *Wait) Until(d *Data, entered time.Time) (time.Time, *Failure) {
	until, failure := w.until(d, entered)
	if failure == nil && until.After(entered.Add(maxDelay)) {
		return until, runtimeFailure("Wait state delay is too long.")
	}
	return until, failure
}

func (w *Wait) until(d *Data, entered time.Time) (time.Time, *Failure) {
	switch {
	case w.secondsPath != nil:
		n, failure := w.evalSecondsPath(d)
		return after(entered, n), failure
	case w.secondsExpr != nil:
		n, failure := w.evalSeconds(d)
		return after(entered, n), failure
	case w.timestampPath != nil:
		return w.evalTimestampPath(d)
	case w.timestampExpr != nil:
		return w.evalTimestamp(d)
	case !w.timestamp.IsZero():
		return w.timestamp, nil
	}
	return entered.Add(w.duration), nil
}

// after adds n seconds; more than can be waited for stays more.
func after(t time.Time, n int64) time.Time {
	const most = int64(maxDelay/time.Second) + 1
	return t.Add(time.Duration(min(n, most)) * time.Second)
}

func (w *Wait) evalSecondsPath(d *Data) (int64, *Failure) {
	v, err := w.secondsPath.Eval(d)
	if err != nil || v.Is(value.Null) {
		return 0, runtimeFailure("The SecondsPath parameter does not reference an input value: " + w.secondsPath.Text)
	}
	n, err := strconv.ParseInt(plainText(v), 10, 64)
	if err != nil {
		return 0, runtimeFailure("The SecondsPath parameter cannot be parsed as a long value: " + w.secondsPath.Text + " == " + plainText(v))
	}
	if n < 0 {
		return 0, runtimeFailure("The SecondsPath parameter references a negative value: " + w.secondsPath.Text + " == " + plainText(v))
	}
	return n, nil
}

func (w *Wait) evalSeconds(d *Data) (int64, *Failure) {
	v, failure := w.secondsExpr.typed(d, value.Number)
	if failure != nil {
		return 0, failure
	}
	n, ok := v.Int64()
	switch {
	case !ok:
		return 0, w.secondsExpr.unexpected("integer", v)
	case n < 0 || n > maxSeconds:
		return 0, evaluationFailure("Seconds", "The Seconds field must be between 0 and 99999999 but was: "+v.JSON())
	}
	return n, nil
}

func (w *Wait) evalTimestampPath(d *Data) (time.Time, *Failure) {
	v, err := w.timestampPath.Eval(d)
	if err != nil || v.Is(value.Null) {
		return time.Time{}, runtimeFailure("The TimestampPath parameter does not reference an input value: " + w.timestampPath.Text)
	}
	t, ok := parseOffsetDateTime(v.Str())
	if !ok {
		return t, runtimeFailure("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: " +
			w.timestampPath.Text + " == " + plainText(v))
	}
	return t, nil
}

func (w *Wait) evalTimestamp(d *Data) (time.Time, *Failure) {
	v, failure := w.timestampExpr.typed(d, value.String)
	if failure != nil {
		return time.Time{}, failure
	}
	t, ok := parseOffsetDateTime(v.Str())
	if !ok {
		return t, evaluationFailure("Timestamp", "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+v.Str())
	}
	return t, nil
}

func (c *compiler) wait(st *State, o object) {
	w := &Wait{}
	st.Wait = w
	switch name := o.single(true, "SecondsPath", "Seconds", "TimestampPath", "Timestamp"); name {
	case "SecondsPath":
		w.secondsPath = c.waitPath(st, o, name)
	case "TimestampPath":
		w.timestampPath = c.waitPath(st, o, name)
	case "Seconds":
		s := o.v.Member(name).Str()
		if st.Language == JSONata && s != "" {
			w.secondsExpr = c.marked(s, o.fieldPlace("", name), access{})
		}
		if w.secondsExpr == nil {
			w.duration = seconds(o.integer(name, 0, maxSeconds, 0))
		}
	case "Timestamp":
		c.waitTimestamp(st, o, w)
	}
}

func (c *compiler) waitPath(st *State, o object, name string) *jsonpath.Ref {
	if st.Language == JSONata {
		return nil
	}
	r, ok := c.referencePath(o, name)
	if !ok {
		return nil
	}
	return &r
}

func (c *compiler) waitTimestamp(st *State, o object, w *Wait) {
	s := o.text("Timestamp")
	if st.Language == JSONata {
		if w.timestampExpr = c.marked(s, o.fieldPlace("", "Timestamp"), access{}); w.timestampExpr != nil {
			return
		}
	}
	t, ok := parseTimestamp(s)
	if !ok && o.v.Member("Timestamp").Is(value.String) {
		o.failAt("Timestamp", "String does not match RFC3339 timestamp")
	}
	w.timestamp = t
}
