package asl

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// Number is a numeric field: a literal, a reference path or an expression.
type Number struct {
	field   *numberField
	literal float64
	whole   int64 // the literal as an integer
	path    *jsonpath.Ref
	expr    *expression
}

// numberField is what the language says about one numeric field.
type numberField struct {
	name        string
	least, most int64
	fraction    bool // the field may have one
	// outOfRange words a value from a path that is too small or too big.
	outOfRange string
	// failure is the error name for outOfRange; "" means States.Runtime, with
	// the state's prefix.
	failure string
}

const noLimit = math.MaxInt64

var (
	timeoutSeconds   = &numberField{name: "TimeoutSeconds", least: 1, most: maxSeconds, outOfRange: "TimeoutSeconds must be between 1 and 99999999."}
	heartbeatSeconds = &numberField{name: "HeartbeatSeconds", least: 1, most: maxSeconds, outOfRange: "HeartbeatSeconds must be between 1 and 99999999."}
	maxConcurrency   = &numberField{name: "MaxConcurrency", least: 0, most: noLimit, outOfRange: "MaxConcurrency cannot be negative."}
	failureCount     = &numberField{name: "ToleratedFailureCount", least: 0, most: noLimit, outOfRange: "ToleratedFailureCount cannot be negative."}
	failurePercent   = &numberField{name: "ToleratedFailurePercentage", least: 0, most: 100, fraction: true, outOfRange: "ToleratedFailurePercentage must be between 0 and 100."}
	itemsPerBatch    = &numberField{name: "MaxItemsPerBatch", least: 1, most: noLimit, outOfRange: "MaxItemsPerBatch must be positive."}
	bytesPerBatch    = &numberField{name: "MaxInputBytesPerBatch", least: 1, most: MaxPayloadBytes, outOfRange: "MaxInputBytesPerBatch must be between 1 and 262144."}
	// maxItems has no upper limit at run time: greater numbers mean none.
	maxItems = &numberField{name: "MaxItems", least: 0, most: 100000000, outOfRange: "field MaxItems must be positive", failure: ErrItemReaderFailed}
)

// Int evaluates an integer field and checks its range; texts as AWS words them
// for the field.
func (n *Number) Int(d *Data) (int64, *Failure) {
	if n.path == nil && n.expr == nil {
		return n.whole, nil
	}
	v, failure := n.eval(d)
	if failure != nil {
		return 0, failure
	}
	i, ok := n.integer(v)
	if !ok {
		return 0, n.notA("integer", v)
	}
	if failure := n.check(float64(i)); failure != nil {
		return 0, failure
	}
	return i, nil
}

// Float evaluates a field that may have a fraction.
func (n *Number) Float(d *Data) (float64, *Failure) {
	if n.path == nil && n.expr == nil {
		return n.literal, nil
	}
	v, failure := n.eval(d)
	if failure != nil {
		return 0, failure
	}
	f := v.Float64()
	if n.path != nil {
		var err error
		if f, err = strconv.ParseFloat(plainText(v), 64); err != nil || math.IsNaN(f) {
			return 0, n.notA("float", v)
		}
	}
	return f, n.check(f)
}

// integer reads v, which may be a whole double when an expression made it. What
// a path selects is read as text: "1" will do, 1.0 will not.
func (n *Number) integer(v value.Value) (int64, bool) {
	if n.expr != nil {
		return wholeNumber(v)
	}
	i, err := strconv.ParseInt(plainText(v), 10, 64)
	return i, err == nil || errors.Is(err, strconv.ErrRange)
}

func (n *Number) eval(d *Data) (value.Value, *Failure) {
	if n.expr != nil {
		return n.expr.typed(d, value.Number)
	}
	v, err := n.path.Eval(d)
	if err != nil {
		return v, invalidPath(n.path, err)
	}
	return v, nil
}

// notA is the failure of a value that is no number of the wanted sort.
func (n *Number) notA(sort string, v value.Value) *Failure {
	if n.expr != nil {
		return n.expr.unexpected(sort, v)
	}
	return runtimeFailure("The " + n.field.name + `Path field refers to value "` + plainText(v) +
		`" which is not a valid ` + sort + ": " + n.path.Text)
}

func (n *Number) check(f float64) *Failure {
	inRange := f >= float64(n.field.least) && (f <= float64(n.field.most) || n.field == maxItems)
	switch {
	case inRange:
		return nil
	case n.field.failure != "":
		return NewFailure(n.field.failure, n.field.outOfRange)
	case n.expr != nil:
		return evaluationFailure(n.expr.where.field(), n.field.outOfRange)
	}
	return runtimeFailure(n.field.outOfRange)
}

// number compiles the field, or its "…Path" twin; nil when neither is there.
// Its path in causes is prefix.
func (c *compiler) number(st *State, o object, f *numberField, prefix string) *Number {
	path := f.name + "Path"
	switch o.single(false, f.name, path) {
	case "":
		return nil
	case path:
		if st.Language == JSONata {
			return nil
		}
		r, ok := c.referencePath(o, path)
		if ok && r.Root == jsonpath.Context {
			o.failAt(path, "Value is not a Reference Path")
		}
		if !ok {
			return nil
		}
		return &Number{field: f, path: &r}
	}
	v := o.v.Member(f.name)
	if st.Language == JSONata && strings.HasPrefix(v.Str(), "{%") {
		e := c.marked(v.Str(), o.fieldPlace(prefix, f.name), access{})
		if e == nil {
			return nil
		}
		return &Number{field: f, expr: e}
	}
	if f.fraction {
		x := o.decimal(f.name, float64(f.least), float64(f.most), 0)
		return &Number{field: f, literal: x, whole: int64(x)}
	}
	i := o.integer(f.name, f.least, f.most, 0)
	return &Number{field: f, literal: float64(i), whole: i}
}
