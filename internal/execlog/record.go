package execlog

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/value"
)

// maxRecordBytes is the size from which AWS cuts inputs and outputs: what fits
// into one log event of 256 KiB with its envelope.
const maxRecordBytes = 248 << 10

// appendRecord appends an event as AWS logs it: a JSON object on one line.
// Source: recordings of CloudWatch Logs; ids and times are texts there.
func appendRecord(dst []byte, t *host.ObservedTurn, e *history.Event) []byte {
	w := recordWriter{buf: dst, turn: t, event: e, room: -1}
	w.write()
	if over := len(w.buf) - len(dst) - maxRecordBytes; over > 0 {
		w = recordWriter{buf: dst, turn: t, event: e, room: max(w.payloadBytes-over, 0), noVariables: over > w.payloadBytes}
		w.write()
	}
	return w.buf
}

// recordWriter writes one record.
type recordWriter struct {
	buf   []byte
	turn  *host.ObservedTurn
	event *history.Event

	room         int  // bytes for the payload, quoted; negative: no limit
	noVariables  bool // leave out what was assigned
	payloadBytes int  // how long the payload was, quoted

	comma bool
}

func (w *recordWriter) write() {
	e, start := w.event, w.turn.Start
	w.buf = append(w.buf, '{')
	w.text("id", strconv.FormatUint(uint64(e.ID), 10))
	w.text("type", e.Type.String())
	w.begin("details")
	w.details()
	w.end()
	w.text("previous_event_id", strconv.FormatUint(uint64(e.Previous), 10))
	w.text("event_timestamp", strconv.FormatInt(e.Time.UnixMilli(), 10))
	w.text("execution_arn", start.ARN)
	w.text("redrive_count", strconv.Itoa(w.turn.RedriveCount))
	if w.turn.MapRun != "" {
		w.text("map_run_arn", mapRunARN(start, start.Label, w.turn.MapRun))
	}
	w.end()
}

// mapRunARN is the ARN of a map run that an execution started, or is part of.
func mapRunARN(start *history.Start, label, uuid string) string {
	prefix, _, _ := strings.Cut(start.StateMachine, ":stateMachine:")
	return prefix + ":mapRun:" + start.Machine + "/" + label + ":" + uuid
}

// qualifiedARN is the ARN of a version or an alias.
func qualifiedARN(start *history.Start, qualifier string) string {
	prefix, _, _ := strings.Cut(start.StateMachine, ":stateMachine:")
	return prefix + ":stateMachine:" + start.Machine + ":" + qualifier
}

func (w *recordWriter) name(name string) {
	if w.comma {
		w.buf = append(w.buf, ',')
	}
	w.comma = true
	w.buf = append(append(append(w.buf, '"'), name...), '"', ':')
}

func (w *recordWriter) begin(name string) {
	w.name(name)
	w.buf = append(w.buf, '{')
	w.comma = false
}

func (w *recordWriter) end() {
	w.buf = append(w.buf, '}')
	w.comma = true
}

func (w *recordWriter) text(name, s string) {
	w.name(name)
	w.buf = value.AppendQuoted(w.buf, s)
}

func (w *recordWriter) some(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *recordWriter) number(name string, n int64) {
	w.name(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *recordWriter) seconds(name string, n int64) {
	if n != 0 {
		w.number(name, n)
	}
}

func (w *recordWriter) truncated(name string, is bool) {
	w.begin(name + "Details")
	w.name("truncated")
	w.buf = strconv.AppendBool(w.buf, is)
	w.end()
}

// payload writes the event's input or output, as much as there is room for.
func (w *recordWriter) payload(name string, withDetails bool) {
	if !w.turn.Start.Logging.Data || !w.event.HasPayload {
		return
	}
	w.name(name)
	from := len(w.buf)
	w.buf = value.AppendQuoted(w.buf, w.event.Payload)
	w.payloadBytes = len(w.buf) - from
	cut := w.room >= 0 && w.payloadBytes > w.room
	if cut {
		w.buf = append(cutQuoted(w.buf, from, w.room), '"')
	}
	if withDetails {
		w.truncated(name, cut)
	}
}

// cutQuoted shortens the JSON string that begins at from to less than limit
// bytes, leaving no half character and no closing quote.
func cutQuoted(b []byte, from, limit int) []byte {
	end := from + 1 // behind the opening quote
	for at := end; at < len(b)-1; {
		size := 1
		switch {
		case b[at] == '\\' && b[at+1] == 'u':
			size = 6
		case b[at] == '\\':
			size = 2
		case b[at] >= utf8.RuneSelf:
			_, size = utf8.DecodeRune(b[at:])
		}
		if at += size; at-from+1 > limit {
			break
		}
		end = at
	}
	return b[:end]
}

func (w *recordWriter) variables() {
	if !w.turn.Start.Logging.Data || len(w.event.Assigned) == 0 {
		return
	}
	if !w.noVariables {
		w.begin("assignedVariables")
		for _, v := range w.event.Assigned {
			if w.comma {
				w.buf = append(w.buf, ',')
			}
			w.comma = true
			w.buf = append(value.AppendQuoted(w.buf, v.Name), ':')
			w.buf = value.AppendQuoted(w.buf, v.JSON)
		}
		w.end()
	}
	w.truncated("assignedVariables", w.noVariables)
}
