package store

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// The stored form of a summary, version 1. A map run of a million children keeps
// a million summaries and writes each twice, so the form is short: no field
// names, no empty fields, UUIDs as 16 bytes, and no identifier that the other
// fields already tell. (A child takes 59 bytes where JSON took 409, and a fourth
// of its CPU to write, a tenth to read.)
//
//	byte     version
//	byte     status: index into statuses; 0: a text follows the flags
//	uvarint  flags: the identifier's form and the fields present
//	varint   start, Unix milliseconds
//	text     machine, name
//	…        the fields present, in the order of the flags
//	…        the identifier, as its form says
//
// A text is a uvarint, twice its length, and its bytes; or 1 and 16 bytes of a
// UUID. Times but the start are milliseconds after the start.
const summaryVersion = 1

// statuses are the stored numbers of statuses. Append only.
var statuses = [...]Status{"", Running, Succeeded, Failed, TimedOut, Aborted, PendingRedrive}

// The flags. Never renumber.
const (
	idMask      = 3 // the low two bits are the identifier's form
	idText      = 0 // a text
	idExecution = 1 // ExecutionID(Machine, Name)
	idChild     = 2 // uvarint index in MapRun
	idMapRun    = 3 // the run of Name

	hasStop = 1 << (iota - 3)
	hasEvents
	hasTurns
	isExpress
	hasLabel
	hasMapRun
	hasItemCount
	hasVersion
	hasAlias
	hasRedriveCount
	hasRedriveDate
	hasParent
	hasTraceHeader
)

// Encode returns the stored form.
func (s *Summary) Encode() []byte { return s.AppendEncoded(make([]byte, 0, 128)) }

// AppendEncoded appends the stored form to dst.
func (s *Summary) AppendEncoded(dst []byte) []byte {
	code := s.statusCode()
	flags := s.flags()
	dst = append(dst, summaryVersion, code)
	dst = binary.AppendUvarint(dst, flags)
	if code == 0 {
		dst = appendText(dst, string(s.Status))
	}
	dst = binary.AppendVarint(dst, s.Start.UnixMilli())
	dst = appendText(dst, s.Machine)
	dst = appendText(dst, s.Name)
	if flags&hasStop != 0 {
		dst = s.appendTime(dst, s.Stop)
	}
	dst = appendNumber(dst, flags&hasEvents, int64(s.Events))
	dst = appendNumber(dst, flags&hasTurns, int64(s.Turns))
	dst = appendOptional(dst, flags&hasLabel, s.Label)
	dst = appendOptional(dst, flags&hasMapRun, s.MapRun)
	dst = appendNumber(dst, flags&hasItemCount, s.ItemCount)
	dst = appendOptional(dst, flags&hasVersion, s.Version)
	dst = appendOptional(dst, flags&hasAlias, s.Alias)
	dst = appendNumber(dst, flags&hasRedriveCount, int64(s.RedriveCount))
	if flags&hasRedriveDate != 0 {
		dst = s.appendTime(dst, s.RedriveDate)
	}
	dst = appendOptional(dst, flags&hasParent, string(s.Parent))
	dst = appendOptional(dst, flags&hasTraceHeader, s.TraceHeader)
	switch flags & idMask {
	case idText:
		dst = appendText(dst, string(s.ID))
	case idChild:
		_, index, _ := s.ID.Child()
		dst = binary.AppendUvarint(dst, index)
	}
	return dst
}

func (s *Summary) statusCode() byte {
	for i, status := range statuses {
		if i > 0 && status == s.Status {
			return byte(i)
		}
	}
	return 0
}

func (s *Summary) flags() uint64 {
	flags := s.idForm()
	set := func(flag uint64, present bool) {
		if present {
			flags |= flag
		}
	}
	set(hasStop, !s.Stop.IsZero())
	set(hasEvents, s.Events != 0)
	set(hasTurns, s.Turns != 0)
	set(isExpress, s.Express)
	set(hasLabel, s.Label != "")
	set(hasMapRun, s.MapRun != "")
	set(hasItemCount, s.ItemCount != 0)
	set(hasVersion, s.Version != "")
	set(hasAlias, s.Alias != "")
	set(hasRedriveCount, s.RedriveCount != 0)
	set(hasRedriveDate, !s.RedriveDate.IsZero())
	set(hasParent, s.Parent != "")
	set(hasTraceHeader, s.TraceHeader != "")
	return flags
}

// idForm chooses the shortest form that gives the identifier back exactly.
func (s *Summary) idForm() uint64 {
	switch {
	case s.ID == ExecutionID(s.Machine, s.Name):
		return idExecution
	case isUUID(s.MapRun) && s.ID == childOf(s.MapRun, s.ID):
		return idChild
	case isUUID(s.Name) && s.ID == MapRunID(runOfUUID(s.Name)):
		return idMapRun
	}
	return idText
}

// childOf returns the child of the map run uuid that has id's index.
func childOf(uuid string, id LogID) LogID {
	_, index, ok := id.Child()
	if !ok {
		return ""
	}
	return ChildID(runOfUUID(uuid), index)
}

// runOfUUID is RunOf for what isUUID accepts.
func runOfUUID(uuid string) RunID { return RunID(uuid[:8] + uuid[9:13]) }

func (s *Summary) appendTime(dst []byte, t time.Time) []byte {
	return binary.AppendVarint(dst, t.UnixMilli()-s.Start.UnixMilli())
}

func appendNumber(dst []byte, present uint64, n int64) []byte {
	if present == 0 {
		return dst
	}
	return binary.AppendVarint(dst, n)
}

func appendOptional(dst []byte, present uint64, text string) []byte {
	if present == 0 {
		return dst
	}
	return appendText(dst, text)
}

func appendText(dst []byte, text string) []byte {
	if !isUUID(text) {
		dst = binary.AppendUvarint(dst, uint64(len(text))<<1)
		return append(dst, text...)
	}
	dst = append(dst, 1)
	for i := 0; i < len(text); i += 2 {
		if text[i] == '-' {
			i--
			continue
		}
		dst = append(dst, nibble(text[i])<<4|nibble(text[i+1]))
	}
	return dst
}

// isUUID reports whether text is a UUID as we print it: lower case, with dashes.
func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

// nibble returns the value of a lower-case hexadecimal digit.
func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'a' + 10
}

// StatusOf returns the status in a stored summary without decoding the rest.
func StatusOf(stored []byte) (Status, error) {
	if len(stored) < 2 || stored[0] != summaryVersion {
		return "", unknownVersion(stored)
	}
	if code := stored[1]; code > 0 && int(code) < len(statuses) {
		return statuses[code], nil
	}
	s, err := DecodeSummary(stored)
	if err != nil {
		return "", err
	}
	return s.Status, nil
}

// DecodeSummary reads any stored form there ever was. The summary keeps nothing
// of stored.
func DecodeSummary(stored []byte) (*Summary, error) {
	if len(stored) < 2 || stored[0] != summaryVersion {
		return nil, unknownVersion(stored)
	}
	s := new(Summary)
	r := summaryReader{rest: stored[2:]}
	r.read(s, stored[1])
	if r.broken || len(r.rest) != 0 {
		return nil, errBadSummary
	}
	return s, nil
}

var errBadSummary = errors.New("store: decode summary: malformed")

func unknownVersion(stored []byte) error {
	return fmt.Errorf("store: summary of unknown version % x", stored[:min(len(stored), 1)])
}

// summaryReader takes the fields off the front of rest. After a malformed one
// broken is true and every further field is zero.
type summaryReader struct {
	rest   []byte
	start  int64
	broken bool
}

func (r *summaryReader) read(s *Summary, code byte) {
	flags := r.uvarint()
	switch {
	case code == 0:
		s.Status = Status(r.text())
	case int(code) < len(statuses):
		s.Status = statuses[code]
	default:
		r.broken = true
	}
	r.start = r.varint()
	s.Start = time.UnixMilli(r.start).UTC()
	s.Machine, s.Name = r.text(), r.text()
	s.Stop = r.time(flags & hasStop)
	s.Events = int(r.number(flags & hasEvents))
	s.Turns = uint64(r.number(flags & hasTurns))
	s.Express = flags&isExpress != 0
	s.Label = r.optional(flags & hasLabel)
	s.MapRun = r.optional(flags & hasMapRun)
	s.ItemCount = r.number(flags & hasItemCount)
	s.Version = r.optional(flags & hasVersion)
	s.Alias = r.optional(flags & hasAlias)
	s.RedriveCount = int(r.number(flags & hasRedriveCount))
	s.RedriveDate = r.time(flags & hasRedriveDate)
	s.Parent = LogID(r.optional(flags & hasParent))
	s.TraceHeader = r.optional(flags & hasTraceHeader)
	s.ID = r.id(s, flags&idMask)
}

func (r *summaryReader) id(s *Summary, form uint64) LogID {
	switch form {
	case idExecution:
		return ExecutionID(s.Machine, s.Name)
	case idChild:
		if index := r.uvarint(); isUUID(s.MapRun) {
			return ChildID(runOfUUID(s.MapRun), index)
		}
	case idMapRun:
		if isUUID(s.Name) {
			return MapRunID(runOfUUID(s.Name))
		}
	case idText:
		return LogID(r.text())
	}
	r.broken = true
	return ""
}

func (r *summaryReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.rest, r.broken = nil, true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *summaryReader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.rest, r.broken = nil, true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *summaryReader) number(present uint64) int64 {
	if present == 0 {
		return 0
	}
	return r.varint()
}

func (r *summaryReader) time(present uint64) time.Time {
	if present == 0 {
		return time.Time{}
	}
	return time.UnixMilli(r.start + r.varint()).UTC()
}

func (r *summaryReader) optional(present uint64) string {
	if present == 0 {
		return ""
	}
	return r.text()
}

func (r *summaryReader) text() string {
	n := r.uvarint()
	if n == 1 {
		return r.uuid()
	}
	length := n >> 1
	if n&1 != 0 || length > uint64(len(r.rest)) {
		r.rest, r.broken = nil, true
		return ""
	}
	text := string(r.rest[:length])
	r.rest = r.rest[length:]
	return text
}

func (r *summaryReader) uuid() string {
	if len(r.rest) < 16 {
		r.rest, r.broken = nil, true
		return ""
	}
	var text [36]byte
	hex.Encode(text[0:8], r.rest[0:4])
	hex.Encode(text[9:13], r.rest[4:6])
	hex.Encode(text[14:18], r.rest[6:8])
	hex.Encode(text[19:23], r.rest[8:10])
	hex.Encode(text[24:36], r.rest[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	r.rest = r.rest[16:]
	return string(text[:])
}
