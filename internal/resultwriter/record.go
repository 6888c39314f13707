package resultwriter

import (
	"fmt"
	"strconv"
	"time"

	"pawl.dev/value"
)

// timeFormat is that of the dates in records: UTC, milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Encode returns the record as the files of transformation NONE hold it.
func Encode(r *Record) []byte {
	if r.Status == "PENDING" {
		return appendPending(nil, r)
	}
	return appendRecord(nil, r)
}

// appendRecord appends the record of a child that has ended, in the order of
// AWS: by name. Input and output are strings of JSON text. OutputDetails is
// there even without an output.
func appendRecord(b []byte, r *Record) []byte {
	b = append(b, '{')
	b = appendOptional(b, "Cause", r.Cause)
	b = appendOptional(b, "Error", r.Error)
	b = appendMember(b, "ExecutionArn", r.ExecutionARN)
	b = appendMember(b, "Input", r.Input)
	b = append(b, `,"InputDetails":{"Included":true}`...)
	b = appendMember(b, "Name", r.Name)
	if r.Output != "" {
		b = appendMember(b, "Output", r.Output)
	}
	b = append(b, `,"OutputDetails":{"Included":true},"RedriveCount":`...)
	b = strconv.AppendInt(b, int64(r.RedriveCount), 10)
	status, reason := redriveStatus(r)
	b = appendMember(b, "RedriveStatus", status)
	if reason != "" {
		b = appendMember(b, "RedriveStatusReason", reason)
	}
	b = appendTime(b, "StartDate", r.StartDate)
	b = appendMember(b, "StateMachineArn", r.StateMachineARN)
	b = appendMember(b, "Status", r.Status)
	b = appendTime(b, "StopDate", r.StopDate)
	return append(b, '}')
}

// appendPending appends the record of a child that never started, which has no
// identity yet.
func appendPending(b []byte, r *Record) []byte {
	b = append(b, '{')
	b = appendMember(b, "Input", r.Input)
	return append(b, `,"InputDetails":{"Included":true},"Status":"PENDING"}`...)
}

// redriveStatus is what AWS says of a child that has ended: a failed one is
// redriven with its map run.
func redriveStatus(r *Record) (status, reason string) {
	switch {
	case r.RedriveStatus != "":
		return r.RedriveStatus, r.RedriveStatusReason
	case r.Status == "SUCCEEDED":
		return "NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven"
	}
	return "REDRIVABLE_BY_MAP_RUN", ""
}

func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

func appendMember(b []byte, name, text string) []byte {
	return value.AppendQuoted(appendName(b, name), text)
}

func appendOptional(b []byte, name string, text *string) []byte {
	if text == nil {
		return b
	}
	return appendMember(b, name, *text)
}

func appendTime(b []byte, name string, t time.Time) []byte {
	b = append(appendName(b, name), '"')
	b = t.UTC().AppendFormat(b, timeFormat)
	return append(b, '"')
}

// writeOutput writes the output of a child alone (COMPACT), or each element of
// an output that is an array (FLATTEN).
func (w *Writer) writeOutput(output string) error {
	set := &w.groups[groupSucceeded]
	if w.spec.Transformation == "COMPACT" && !w.lines() {
		w.text = append(w.text[:0], output...)
		return set.add(w.text)
	}
	// Parsed also for JSON Lines: a line must not have line breaks within.
	v, err := value.Parse(output, &w.arena)
	if err != nil {
		return fmt.Errorf("result writer: output is no JSON: %w", err)
	}
	defer w.arena.Reset()
	elements := []value.Value{v}
	if w.spec.Transformation == "FLATTEN" && v.Is(value.Array) {
		elements = v.Items()
	}
	for _, e := range elements {
		w.text = e.AppendJSON(w.text[:0])
		if err := set.add(w.text); err != nil {
			return err
		}
	}
	return nil
}
