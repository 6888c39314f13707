package jsonata

import (
	"math"

	"pawl.dev/value"
)

// result turns what an expression evaluated to into JSON as AWS answers it:
// sequences become arrays, integral numbers within int64 integers, infinite ones
// strings. Functions stay Extensions. A value with nothing to change is returned
// as it is.
func result(v value.Value, depth int) (value.Value, *Error) {
	if depth > maxNesting {
		return v, overflow()
	}
	switch v.Kind() {
	case value.Number:
		return resultNumber(v), nil
	case value.Array:
		items, err := results(v.Items(), false, depth)
		if err != nil || items == nil {
			return v, err
		}
		return value.NewArray(items), nil
	case value.Object:
		vals, err := results(v.Items(), false, depth)
		if err != nil || vals == nil {
			return v, err
		}
		return value.NewObject(v.Keys(), vals), nil
	case value.Extension:
		s := asSequence(v)
		if s == nil {
			return v, nil
		}
		if s.flags&outerWrapper != 0 {
			return result(s.items[0], depth)
		}
		items, err := results(s.items, true, depth)
		return value.NewArray(items), err
	case value.Undefined:
		if depth > 0 {
			return value.NullValue, nil
		}
	}
	return v, nil
}

// results converts items; nil means that they are right as they stand, unless
// copied is set.
func results(items []value.Value, copied bool, depth int) ([]value.Value, *Error) {
	var out []value.Value
	if copied {
		out = append(make([]value.Value, 0, len(items)), items...)
	}
	for i := range items {
		switch items[i].Kind() {
		case value.String, value.Bool, value.Null:
			continue
		case value.Number:
			if items[i].IsInteger() {
				if _, ok := items[i].Int64(); ok {
					continue
				}
			}
		}
		v, err := result(items[i], depth+1)
		if err != nil {
			return nil, err
		}
		if v == items[i] { // the very same, not merely equal
			continue
		}
		if out == nil {
			out = append(make([]value.Value, 0, len(items)), items...)
		}
		out[i] = v
	}
	return out, nil
}

func resultNumber(v value.Value) value.Value {
	if v.IsInteger() {
		if _, ok := v.Int64(); ok {
			return v
		}
		return value.Float(v.Float64())
	}
	f := v.Float64()
	switch {
	case math.IsNaN(f):
		return value.Text("NaN")
	case math.IsInf(f, 1):
		return value.Text("Infinity")
	case math.IsInf(f, -1):
		return value.Text("-Infinity")
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return value.Int(int64(f))
	}
	return v
}
