package awsapi

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/traits"

	"pawl.dev/value"
)

// parameters are an operation's input: JSON that writes itself as its schema
// says. It implements smithy.Serializable.
//
// Step Functions is generous: where the API wants text it takes any JSON and
// sends its text, where it wants a number or boolean it takes text that is one.
type parameters struct {
	service *service
	op      *operation
	in      value.Value // an object
	// problems are what does not fit, in Step Functions' words.
	problems []string
}

// Serialize implements smithy.Serializable.
func (p *parameters) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(p.op.schema.Input)
	p.structure(s, p.op.schema.Input, p.in)
	s.CloseStruct()
}

// streamed are parameters with a body of bytes. It implements
// smithy.StreamingInput.
type streamed struct {
	*parameters
	body io.Reader
}

// GetPayloadStream implements smithy.StreamingInput.
func (s *streamed) GetPayloadStream() io.Reader { return s.body }

// serializable returns what the protocols take.
func (p *parameters) serializable() smithy.Serializable {
	if p.op.inputStream == "" {
		return p
	}
	var body []byte
	if v, ok := p.service.lookup(p.op.schema.Input, p.in, p.op.inputStream); ok && !v.Is(value.Null) {
		body = v.AppendJSON(nil) // text with its quotes too: recording s3_put_object[str]
	}
	return &streamed{p, bytes.NewReader(body)}
}

// memberIndex finds members by the lower-case forms of their names.
type memberIndex map[string]*smithy.Schema

// member finds a member of a structure by Step Functions' name for it or by its
// own, in any case.
func (s *service) member(of *smithy.Schema, name string) *smithy.Schema {
	if m := of.Member(name); m != nil {
		return m
	}
	shape := of.TargetID().Name
	if shape == "" {
		shape = of.ID().Name
	}
	index, ok := s.members.Load(shape)
	if !ok {
		made := make(memberIndex, len(of.Members()))
		for name, m := range of.Members() {
			made[strings.ToLower(name)] = m
			made[strings.ToLower(memberName(name))] = m
		}
		index, _ = s.members.LoadOrStore(shape, made)
	}
	return index.(memberIndex)[strings.ToLower(name)]
}

// lookup returns the value that in gives to the member called name.
func (s *service) lookup(of *smithy.Schema, in value.Value, name string) (value.Value, bool) {
	for i, key := range in.Keys() {
		if m := s.member(of, key); m != nil && m.MemberName() == name {
			return in.At(i), true
		}
	}
	return value.Value{}, false
}

func (p *parameters) structure(s smithy.ShapeSerializer, of *smithy.Schema, v value.Value) {
	for i, key := range v.Keys() {
		m, x := p.service.member(of, key), v.At(i)
		switch {
		case m == nil:
			p.problems = append(p.problems, fmt.Sprintf("The field %q is not supported by Step Functions", key))
		case x.Is(value.Null), of == p.op.schema.Input && m.MemberName() == p.op.inputStream:
		default:
			p.write(s, m, x)
		}
	}
}

// misfit notes a value of the wrong kind.
func (p *parameters) misfit(m *smithy.Schema, want string) {
	name := m.MemberName()
	if name == "member" || name == "value" { // of a list or map
		name = "items"
	}
	p.problems = append(p.problems, fmt.Sprintf("The value for the field '%s' must be %s", memberName(name), want))
}

func (p *parameters) write(s smithy.ShapeSerializer, m *smithy.Schema, v value.Value) {
	switch m.Type() {
	case smithy.ShapeTypeStructure:
		if !v.Is(value.Object) {
			p.misfit(m, "an object")
			return
		}
		s.WriteStruct(m)
		p.structure(s, m, v)
		s.CloseStruct()
	case smithy.ShapeTypeUnion:
		p.union(s, m, v)
	case smithy.ShapeTypeList:
		if !v.Is(value.Array) {
			p.misfit(m, "an array")
			return
		}
		s.WriteList(m)
		for _, item := range v.Items() {
			p.write(s, m.ListMember(), item)
		}
		s.CloseList()
	case smithy.ShapeTypeMap:
		if !v.Is(value.Object) {
			p.misfit(m, "an object")
			return
		}
		s.WriteMap(m)
		for i, key := range v.Keys() {
			s.WriteKey(m.MapKey(), key)
			p.write(s, m.MapValue(), v.At(i))
		}
		s.CloseMap()
	default:
		p.scalar(s, m, v)
	}
}

// union writes the one member that is given.
func (p *parameters) union(s smithy.ShapeSerializer, m *smithy.Schema, v value.Value) {
	if !v.Is(value.Object) {
		p.misfit(m, "an object")
		return
	}
	for i, key := range v.Keys() {
		variant := p.service.member(m, key)
		if variant == nil {
			p.problems = append(p.problems, fmt.Sprintf("The field %q is not supported by Step Functions", key))
			return
		}
		if v.At(i).Is(value.Null) {
			continue
		}
		s.WriteUnion(m, variant)
		p.write(s, variant, v.At(i))
		s.CloseUnion()
		return
	}
}

func (p *parameters) scalar(s smithy.ShapeSerializer, m *smithy.Schema, v value.Value) {
	switch m.Type() {
	case smithy.ShapeTypeString, smithy.ShapeTypeEnum:
		s.WriteString(m, TextOf(v))
	case smithy.ShapeTypeBlob:
		s.WriteBlob(m, blobOf(v))
	case smithy.ShapeTypeBoolean:
		text := strings.ToLower(TextOf(v))
		if text != "true" && text != "false" {
			p.misfit(m, "a boolean")
			return
		}
		s.WriteBool(m, text == "true")
	case smithy.ShapeTypeTimestamp:
		t, ok := timeOf(v)
		if !ok {
			p.misfit(m, "a timestamp")
			return
		}
		s.WriteTime(m, t)
	case smithy.ShapeTypeDocument:
		s.WriteDocument(m, document.Opaque{Value: rawDocument(v.AppendJSON(nil))})
	default:
		p.number(s, m, v)
	}
}

func (p *parameters) number(s smithy.ShapeSerializer, m *smithy.Schema, v value.Value) {
	f, err := strconv.ParseFloat(TextOf(v), 64)
	if err != nil {
		p.misfit(m, "a number")
		return
	}
	switch m.Type() {
	case smithy.ShapeTypeFloat:
		s.WriteFloat32(m, float32(f))
	case smithy.ShapeTypeDouble:
		s.WriteFloat64(m, f)
	default:
		n, ok := integerOf(v, f)
		if small := m.Type() != smithy.ShapeTypeLong; !ok || small && (n < math.MinInt32 || n > math.MaxInt32) {
			p.misfit(m, "an integer")
			return
		} else if small {
			s.WriteInt32(m, int32(n)) //nolint:gosec // checked
			return
		}
		s.WriteInt64(m, n)
	}
}

// integerOf returns v, whose float form is f, if it is a whole number.
func integerOf(v value.Value, f float64) (int64, bool) {
	if n, err := strconv.ParseInt(TextOf(v), 10, 64); err == nil {
		return n, true
	}
	return int64(f), f == math.Trunc(f) && math.Abs(f) < 1<<53
}

// rawDocument is a document as its own JSON text.
type rawDocument []byte

// MarshalSmithyDocument implements document.Marshaler.
func (r rawDocument) MarshalSmithyDocument() ([]byte, error) { return r, nil }

// TextOf returns a string as it is and anything else as its JSON text, as Step
// Functions does where an API wants text.
func TextOf(v value.Value) string {
	if v.Is(value.String) {
		return v.Str()
	}
	return v.JSON()
}

func blobOf(v value.Value) []byte { return []byte(TextOf(v)) }

// timeOf reads ISO 8601 text or seconds since 1970.
func timeOf(v value.Value) (time.Time, bool) {
	if v.Is(value.Number) {
		return time.UnixMilli(int64(math.Round(v.Float64() * 1000))).UTC(), true
	}
	t, err := time.Parse(time.RFC3339Nano, v.Str())
	return t, err == nil && v.Is(value.String)
}

// fillTokens sets the idempotency tokens that the caller did not. They come from
// the call's id, so that a call that is made again after a crash has the same.
func (p *parameters) fillTokens(id string) {
	if p.op.input == nil {
		return
	}
	var b value.Builder
	for i := range p.op.input.Members {
		m := &p.op.input.Members[i]
		if m.Flags&idempotencyToken == 0 {
			continue
		}
		if v, ok := p.service.lookup(p.op.schema.Input, p.in, m.Name); !ok || v.Is(value.Null) {
			b.Set(m.Name, value.Text(tokenOf(id, m.Name)))
		}
	}
	if b.Len() == 0 {
		return
	}
	for i, key := range p.in.Keys() {
		if !p.in.At(i).Is(value.Null) {
			b.Set(key, p.in.At(i))
		}
	}
	p.in = b.Object()
}

// checkLabels notes what a URI's labels miss: without them there is no path.
func (p *parameters) checkLabels() {
	if p.op.input == nil {
		return
	}
	for i := range p.op.input.Members {
		name := p.op.input.Members[i].Name
		if _, ok := smithy.SchemaTrait[*traits.HTTPLabel](p.op.schema.Input.Member(name)); !ok {
			continue
		}
		if v, ok := p.service.lookup(p.op.schema.Input, p.in, name); !ok || v.Is(value.Null) || TextOf(v) == "" {
			p.problems = append(p.problems, fmt.Sprintf("The field %q is required but was missing", memberName(name)))
		}
	}
}
