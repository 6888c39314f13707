package awsapi

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"

	"pawl.dev/value"
)

// result is an operation's output: JSON that reads itself as its schema says. It
// implements smithy.Deserializable.
type result struct {
	op     *operation
	native bool // members keep the service's names
	out    value.Value
}

// Deserialize implements smithy.Deserializable.
func (r *result) Deserialize(d smithy.ShapeDeserializer) error {
	var err error
	r.out, err = r.structure(d, r.op.schema.Output)
	return err
}

// streamedResult is a result whose body is bytes. It implements
// smithy.StreamingOutput.
type streamedResult struct {
	*result
	body io.ReadCloser
}

// SetPayloadStream implements smithy.StreamingOutput.
func (s *streamedResult) SetPayloadStream(body io.ReadCloser) { s.body = body }

// field is a member that was read.
type field struct {
	name string
	v    value.Value
}

// object puts fields in the order of their names, as Step Functions does.
func object(fields []field) value.Value {
	sort.Slice(fields, func(i, j int) bool { return fields[i].name < fields[j].name })
	var b value.Builder
	b.Grow(len(fields))
	for _, f := range fields {
		b.Set(f.name, f.v)
	}
	return b.Object()
}

func (r *result) name(member string) string {
	if r.native {
		return member
	}
	return memberName(member)
}

func (r *result) structure(d smithy.ShapeDeserializer, of *smithy.Schema) (value.Value, error) {
	var fields []field
	err := smithy.ReadStruct(d, of, func(m *smithy.Schema) error {
		v, err := r.read(d, m)
		if err == nil && v.Defined() {
			fields = append(fields, field{r.name(m.MemberName()), v})
		}
		return err
	})
	if of == r.op.schema.Output {
		fields = r.addEmptyMaps(fields)
	}
	return object(fields), err
}

// addEmptyMaps adds the maps of headers that the response has none of: the SDK
// for Java makes them anyway ("Metadata" of an S3 object).
func (r *result) addEmptyMaps(fields []field) []field {
next:
	for _, name := range r.op.emptyMaps {
		name = r.name(name)
		for _, f := range fields {
			if f.name == name {
				continue next
			}
		}
		fields = append(fields, field{name, value.NewObject(nil, nil)})
	}
	return fields
}

// read reads a value; undefined for null.
func (r *result) read(d smithy.ShapeDeserializer, m *smithy.Schema) (value.Value, error) {
	if null, err := d.ReadNil(m); err != nil || null {
		return value.Value{}, err
	}
	switch m.Type() {
	case smithy.ShapeTypeStructure:
		return r.structure(d, m)
	case smithy.ShapeTypeUnion:
		var fields []field
		err := smithy.ReadUnion(d, m, func(variant *smithy.Schema) error {
			v, err := r.read(d, variant)
			if err == nil && v.Defined() {
				fields = append(fields, field{r.name(variant.MemberName()), v})
			}
			return err
		})
		return object(fields), err
	case smithy.ShapeTypeList:
		items := []value.Value{}
		err := smithy.ReadList(d, m, func() error {
			v, err := r.read(d, m.ListMember())
			items = append(items, orNull(v))
			return err
		})
		return value.NewArray(items), err
	case smithy.ShapeTypeMap:
		var b value.Builder
		err := smithy.ReadMap(d, m, func(key string) error {
			v, err := r.read(d, m.MapValue())
			b.Set(key, orNull(v))
			return err
		})
		return b.Object(), err
	}
	return readScalar(d, m)
}

func orNull(v value.Value) value.Value {
	if !v.Defined() {
		return value.NullValue
	}
	return v
}

func readScalar(d smithy.ShapeDeserializer, m *smithy.Schema) (value.Value, error) {
	switch m.Type() {
	case smithy.ShapeTypeString, smithy.ShapeTypeEnum:
		var s string
		err := d.ReadString(m, &s)
		return value.Text(s), err
	case smithy.ShapeTypeBlob:
		var b []byte
		err := d.ReadBlob(m, &b)
		return bytesValue(b), err
	case smithy.ShapeTypeBoolean:
		var b bool
		err := d.ReadBool(m, &b)
		return value.Of(b), err
	case smithy.ShapeTypeTimestamp:
		var t time.Time
		err := d.ReadTime(m, &t)
		return value.Text(instant(t)), err
	case smithy.ShapeTypeLong:
		var n int64
		err := d.ReadInt64(m, &n)
		return value.Int(n), err
	case smithy.ShapeTypeFloat:
		var f float32
		err := d.ReadFloat32(m, &f)
		return value.Float(float64(f)), err
	case smithy.ShapeTypeDouble:
		var f float64
		err := d.ReadFloat64(m, &f)
		return value.Float(f), err
	case smithy.ShapeTypeDocument:
		var doc document.Value
		err := d.ReadDocument(m, &doc)
		return documentValue(doc), err
	default: // the integers of up to 32 bits
		var n int32
		err := d.ReadInt32(m, &n)
		return value.Int(int64(n)), err
	}
}

// bytesValue returns text as it is. Bytes that are no text are given in base64,
// since JSON cannot hold them.
func bytesValue(b []byte) value.Value {
	if utf8.Valid(b) {
		return value.Text(string(b))
	}
	return value.Text(base64.StdEncoding.EncodeToString(b))
}

// instant prints a time as Java's Instant does: with no fraction or one of 3, 6
// or 9 digits.
func instant(t time.Time) string {
	t = t.UTC()
	switch ns := t.Nanosecond(); {
	case ns == 0:
		return t.Format("2006-01-02T15:04:05Z")
	case ns%1_000_000 == 0:
		return t.Format("2006-01-02T15:04:05.000Z")
	case ns%1_000 == 0:
		return t.Format("2006-01-02T15:04:05.000000Z")
	}
	return t.Format("2006-01-02T15:04:05.000000000Z")
}

// documentValue returns a document, whose maps have no order, as JSON.
func documentValue(doc document.Value) value.Value {
	switch doc := doc.(type) {
	case document.Opaque: // JSON: what encoding/json would have made of it
		text, err := json.Marshal(doc.Value)
		if err != nil {
			return value.NullValue
		}
		return parsed(string(text))
	case document.Boolean:
		return value.Of(bool(doc))
	case document.String:
		return value.Text(string(doc))
	case document.Number:
		return parsed(string(doc))
	case document.List:
		items := make([]value.Value, len(doc))
		for i, item := range doc {
			items[i] = documentValue(item)
		}
		return value.NewArray(items)
	case document.Map:
		fields := make([]field, 0, len(doc))
		for name, item := range doc {
			fields = append(fields, field{name, documentValue(item)})
		}
		return object(fields)
	}
	return value.NullValue
}

// parsed is text as JSON; text that is none stays text.
func parsed(text string) value.Value {
	v, err := value.Parse(text, nil)
	if err != nil {
		return value.Text(text)
	}
	return v
}
