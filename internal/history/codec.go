package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// codecVersion is the first byte of every stored turn. Decoders of older
// versions stay (I5).
const codecVersion = 1

// ErrCorrupt says that a stored turn can't be decoded.
var ErrCorrupt = errors.New("history: corrupt turn")

// Field tags of the stored form: never change or reuse one.
const (
	tagEnd = iota
	tagPrevious
	tagName
	tagPayload
	tagSamePayload // the payload of the event before that had one, in this turn
	tagError
	tagCause
	tagAssigned
	tagResource
	tagResourceType
	tagRegion
	tagTimeout
	tagHeartbeat
	tagRole
	tagWorker
	tagMapRun
	tagLocation
	tagIndex
	tagLength
	tagRedriveCount
	tagVersion
	tagAlias
	tagFrame
	tagParent
	tagUntil
	tagNext
	tagCount
	tagNonce
	tagFinal
	tagStart
	tagLabel
)

// AppendTurn appends the stored form of a turn's events: a version byte, the id
// of the first public event, then the events. A payload that repeats the one
// before it is stored once (I7).
func AppendTurn(dst []byte, events []Event) []byte {
	enc := encoder{dst: append(dst, codecVersion)}
	var first EventID
	for i := range events {
		if events[i].ID != 0 {
			first = events[i].ID
			break
		}
	}
	enc.uint(uint64(first))
	enc.uint(uint64(len(events)))
	for i := range events {
		enc.event(&events[i])
	}
	return enc.dst
}

type encoder struct {
	dst        []byte
	time       int64 // of the event before
	payload    string
	hasPayload bool
}

func (c *encoder) uint(n uint64) { c.dst = binary.AppendUvarint(c.dst, n) }

func (c *encoder) string(s string) {
	c.uint(uint64(len(s)))
	c.dst = append(c.dst, s...)
}

func (c *encoder) tagged(tag byte, n uint64) {
	if n != 0 {
		c.dst = append(c.dst, tag)
		c.uint(n)
	}
}

func (c *encoder) text(tag byte, s string) {
	if s != "" {
		c.dst = append(c.dst, tag)
		c.string(s)
	}
}

func (c *encoder) optional(tag byte, s *string) {
	if s != nil {
		c.dst = append(c.dst, tag)
		c.string(*s)
	}
}

func (c *encoder) event(e *Event) {
	ms := e.Time.UnixMilli()
	c.dst = append(c.dst, byte(e.Type))
	c.dst = binary.AppendVarint(c.dst, ms-c.time)
	c.time = ms
	c.tagged(tagPrevious, uint64(e.Previous))
	c.text(tagName, e.Name)
	if e.HasPayload {
		if c.hasPayload && c.payload == e.Payload {
			c.dst = append(c.dst, tagSamePayload)
		} else {
			c.dst = append(c.dst, tagPayload)
			c.string(e.Payload)
			c.payload, c.hasPayload = e.Payload, true
		}
	}
	c.optional(tagError, e.Error)
	c.optional(tagCause, e.Cause)
	if len(e.Assigned) > 0 {
		c.tagged(tagAssigned, uint64(len(e.Assigned)))
		for _, a := range e.Assigned {
			c.string(a.Name)
			c.string(a.JSON)
		}
	}
	c.text(tagResource, e.Resource)
	c.text(tagResourceType, e.ResourceType)
	c.text(tagRegion, e.Region)
	c.tagged(tagTimeout, uint64(e.Timeout))
	c.tagged(tagHeartbeat, uint64(e.Heartbeat))
	c.text(tagRole, e.Role)
	c.text(tagWorker, e.Worker)
	c.text(tagMapRun, e.MapRun)
	c.text(tagLabel, e.Label)
	c.text(tagLocation, e.Location)
	c.tagged(tagIndex, uint64(e.Index))
	c.tagged(tagLength, uint64(e.Length))
	c.tagged(tagRedriveCount, uint64(e.RedriveCount))
	c.text(tagVersion, e.Version)
	c.text(tagAlias, e.Alias)
	c.private(e)
	c.dst = append(c.dst, tagEnd)
}

func (c *encoder) private(e *Event) {
	c.tagged(tagFrame, uint64(e.Frame))
	c.tagged(tagParent, uint64(e.Parent))
	if !e.Until.IsZero() {
		c.tagged(tagUntil, uint64(e.Until.UnixMilli()))
	}
	c.text(tagNext, e.Next)
	c.tagged(tagCount, uint64(e.Count))
	c.tagged(tagNonce, e.Nonce)
	if e.Final {
		c.dst = append(c.dst, tagFinal)
	}
	if s := e.Start; s != nil {
		c.dst = append(c.dst, tagStart)
		fields := s.fields()
		c.uint(uint64(len(fields)))
		for _, f := range fields {
			c.string(*f)
		}
		flags := uint64(0)
		if s.Express {
			flags |= flagExpress
		}
		if s.Logging.Data {
			flags |= flagLogData
		}
		c.uint(flags)
	}
}

// The flags of a Start: never change or reuse one.
const (
	flagExpress = 1 << iota
	flagLogData
)

// fields are the texts of a Start in stored order: append only.
func (s *Start) fields() []*string {
	return []*string{
		&s.Definition, &s.Revision, &s.Machine, &s.Label, &s.Execution,
		&s.StateMachine, &s.ARN, &s.MapState, &s.TraceHeader, &s.StartedBy,
		&s.Logging.Level, &s.Logging.Group,
	}
}

// FirstID returns the id of the first public event of a stored turn, 0 when it
// has only private facts, without decoding the rest.
func FirstID(turn []byte) (EventID, error) {
	if len(turn) == 0 || turn[0] != codecVersion {
		return 0, ErrCorrupt
	}
	n, size := binary.Uvarint(turn[1:])
	if size <= 0 {
		return 0, ErrCorrupt
	}
	return EventID(n), nil
}

// DecodeTurn decodes a stored turn. The events share no memory with it.
func DecodeTurn(turn []byte) ([]Event, error) {
	if len(turn) == 0 || turn[0] != codecVersion {
		return nil, fmt.Errorf("%w: unknown version", ErrCorrupt)
	}
	d := decoder{src: string(turn), at: 1}
	id := EventID(d.uint())
	n := d.uint()
	if n > uint64(len(turn)) {
		return nil, ErrCorrupt
	}
	events := make([]Event, n)
	for i := range events {
		e := &events[i]
		d.event(e)
		if e.Type.Public() {
			e.ID = id
			id++
		}
	}
	if d.bad || d.at != len(d.src) {
		return nil, ErrCorrupt
	}
	return events, nil
}

type decoder struct {
	src     string
	at      int
	bad     bool
	time    int64
	payload string
}

func (d *decoder) byte() byte {
	if d.bad || d.at >= len(d.src) {
		d.bad = true
		return 0
	}
	d.at++
	return d.src[d.at-1]
}

func (d *decoder) uint() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := d.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	d.bad = true
	return 0
}

func (d *decoder) int() int64 {
	n := d.uint()
	return int64(n>>1) ^ -int64(n&1)
}

func (d *decoder) string() string {
	n := d.uint()
	if d.bad || n > uint64(len(d.src)-d.at) {
		d.bad = true
		return ""
	}
	d.at += int(n)
	return d.src[d.at-int(n) : d.at]
}

func (d *decoder) optional() *string {
	s := d.string()
	return &s
}

func (d *decoder) event(e *Event) {
	e.Type = Type(d.byte())
	d.time += d.int()
	e.Time = time.UnixMilli(d.time).UTC()
	for !d.bad {
		tag := d.byte()
		if tag == tagEnd {
			return
		}
		d.field(e, tag)
	}
}

func (d *decoder) field(e *Event, tag byte) {
	switch tag {
	case tagPrevious:
		e.Previous = EventID(d.uint())
	case tagName:
		e.Name = d.string()
	case tagPayload:
		d.payload = d.string()
		e.Payload, e.HasPayload = d.payload, true
	case tagSamePayload:
		e.Payload, e.HasPayload = d.payload, true
	case tagError:
		e.Error = d.optional()
	case tagCause:
		e.Cause = d.optional()
	case tagAssigned:
		d.assigned(e)
	case tagResource:
		e.Resource = d.string()
	case tagResourceType:
		e.ResourceType = d.string()
	case tagRegion:
		e.Region = d.string()
	case tagTimeout:
		e.Timeout = int64(d.uint())
	case tagHeartbeat:
		e.Heartbeat = int64(d.uint())
	case tagRole:
		e.Role = d.string()
	case tagWorker:
		e.Worker = d.string()
	case tagMapRun:
		e.MapRun = d.string()
	case tagLabel:
		e.Label = d.string()
	case tagLocation:
		e.Location = d.string()
	case tagIndex:
		e.Index = int(d.uint())
	case tagLength:
		e.Length = int(d.uint())
	case tagRedriveCount:
		e.RedriveCount = int(d.uint())
	case tagVersion:
		e.Version = d.string()
	case tagAlias:
		e.Alias = d.string()
	default:
		d.private(e, tag)
	}
}

func (d *decoder) private(e *Event, tag byte) {
	switch tag {
	case tagFrame:
		e.Frame = FrameID(d.uint())
	case tagParent:
		e.Parent = FrameID(d.uint())
	case tagUntil:
		e.Until = time.UnixMilli(int64(d.uint())).UTC()
	case tagNext:
		e.Next = d.string()
	case tagCount:
		e.Count = int(d.uint())
	case tagNonce:
		e.Nonce = d.uint()
	case tagFinal:
		e.Final = true
	case tagStart:
		d.start(e)
	default:
		d.bad = true
	}
}

func (d *decoder) assigned(e *Event) {
	n := d.uint()
	if n > uint64(len(d.src)) {
		d.bad = true
		return
	}
	e.Assigned = make([]Assigned, n)
	for i := range e.Assigned {
		e.Assigned[i] = Assigned{Name: d.string(), JSON: d.string()}
	}
}

func (d *decoder) start(e *Event) {
	e.Start = new(Start)
	fields := e.Start.fields()
	for i := range d.uint() {
		s := d.string()
		if d.bad {
			return
		}
		if i < uint64(len(fields)) {
			*fields[i] = s
		}
	}
	flags := d.uint()
	e.Start.Express = flags&flagExpress != 0
	e.Start.Logging.Data = flags&flagLogData != 0
}
