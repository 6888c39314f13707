package jsonata

import (
	"cmp"
	"math"
	"math/bits"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

func (st *state) evalBinary(n *node, in value.Value, env *frame) (value.Value, *Error) {
	lhs, err := st.eval(n.lhs, in, env)
	if err != nil {
		return lhs, err
	}
	if n.code == opAnd || n.code == opOr {
		return st.evalBoolean(n, lhs, in, env)
	}
	rhs, err := st.eval(n.rhs, in, env)
	if err != nil {
		return rhs, err
	}
	v, err := st.operate(n.code, lhs, rhs)
	if err != nil {
		return v, err.locate(n.at, n.text)
	}
	return v, nil
}

// evalBoolean evaluates "and" and "or", the right side only if it decides.
func (st *state) evalBoolean(n *node, lhs, in value.Value, env *frame) (value.Value, *Error) {
	yes, err := truth(lhs)
	if err == nil && yes == (n.code == opAnd) {
		var rhs value.Value
		if rhs, err = st.eval(n.rhs, in, env); err == nil {
			yes, err = truth(rhs)
		}
	}
	if err != nil {
		return lhs, err.locate(n.at, n.text)
	}
	return value.Of(yes), nil
}

func (st *state) operate(code operator, lhs, rhs value.Value) (value.Value, *Error) {
	switch code {
	case opAdd, opSubtract, opMultiply, opDivide, opModulo:
		return arithmetic(code, lhs, rhs)
	case opEqual, opUnequal:
		if !lhs.Defined() || !rhs.Defined() {
			return value.Of(false), nil
		}
		same, err := st.equal(lhs, rhs, 0)
		return value.Of(same == (code == opEqual)), err
	case opLess, opLessEqual, opGreater, opGreaterEqual:
		return compare(code, lhs, rhs)
	case opConcat:
		return st.concat(lhs, rhs)
	case opRange:
		return st.rangeOf(lhs, rhs)
	case opIn:
		return st.contains(lhs, rhs)
	case opNone, opAnd, opOr:
	}
	panic("jsonata: unknown operator")
}

// isNumeric reports whether v is a number (not NaN). An infinite one is an error.
func isNumeric(v value.Value) (bool, *Error) {
	if !v.Is(value.Number) {
		return false, nil
	}
	return isFinite(v, v.Float64())
}

func isFinite(v value.Value, f float64) (bool, *Error) {
	if math.IsInf(f, 0) {
		return false, failValue("D1001", v)
	}
	return f == f, nil
}

func allNumeric(items []value.Value) (bool, *Error) {
	for _, item := range items {
		if ok, err := isNumeric(item); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// number is an operand: an integer in i when exact is set, else f.
type number struct {
	i     int64
	f     float64
	exact bool
}

func numberOf(v value.Value) number {
	f := v.Float64()
	switch {
	case f != math.Trunc(f) || math.Abs(f) > 1<<63:
		return number{f: f}
	case math.Abs(f) < 1<<53:
		return number{i: int64(f), f: f, exact: true}
	}
	i, ok := v.Int64()
	return number{i: i, f: f, exact: ok}
}

// operand reads one side of an arithmetic operator; code is the error if it is
// no number.
func operand(v value.Value, code string) (number, *Error) {
	if !v.Is(value.Number) {
		if v.Defined() {
			return number{}, failValue(code, v)
		}
		return number{}, nil
	}
	n := numberOf(v)
	if n.exact {
		return n, nil
	}
	ok, err := isFinite(v, n.f)
	if err == nil && !ok {
		err = failValue(code, v)
	}
	return n, err
}

// fromFloat returns f as AWS's result has it: integral numbers within int64 are
// integers.
func fromFloat(f float64) value.Value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<63 {
		return value.Int(int64(f))
	}
	return value.Float(f)
}

func arithmetic(code operator, lhs, rhs value.Value) (value.Value, *Error) {
	a, err := operand(lhs, "T2001")
	if err != nil {
		return lhs, err
	}
	b, err := operand(rhs, "T2002")
	if err != nil {
		return rhs, err
	}
	if !lhs.Defined() || !rhs.Defined() {
		return value.Value{}, nil
	}
	if a.exact && b.exact {
		if i, ok := integerArithmetic(code, a.i, b.i); ok {
			return value.Int(i), nil
		}
	}
	switch code {
	case opAdd:
		return fromFloat(a.f + b.f), nil
	case opSubtract:
		return fromFloat(a.f - b.f), nil
	case opMultiply:
		return fromFloat(a.f * b.f), nil
	case opDivide:
		return fromFloat(a.f / b.f), nil
	}
	return fromFloat(math.Mod(a.f, b.f)), nil
}

func orFail(err *Error, code string, v value.Value) *Error {
	if err != nil {
		return err
	}
	return failValue(code, v)
}

// integerArithmetic computes exactly, and reports false where the result is no
// int64.
func integerArithmetic(code operator, a, b int64) (int64, bool) {
	switch code {
	case opAdd:
		sum := a + b
		return sum, (sum > a) == (b > 0)
	case opSubtract:
		difference := a - b
		return difference, (difference < a) == (b > 0)
	case opMultiply:
		high, low := bits.Mul64(magnitude(a), magnitude(b))
		return a * b, high == 0 && low < 1<<63
	case opDivide:
		if b == 0 || b == -1 && a == math.MinInt64 || a%b != 0 {
			return 0, false
		}
		return a / b, true
	case opModulo:
		if b == 0 || b == -1 {
			return 0, b == -1
		}
		return a % b, true
	}
	return 0, false
}

func magnitude(i int64) uint64 {
	if i < 0 {
		return -uint64(i)
	}
	return uint64(i)
}

func negate(v value.Value) value.Value {
	n := numberOf(v)
	if n.exact && n.i != math.MinInt64 {
		return value.Int(-n.i)
	}
	return fromFloat(-n.f)
}

func compare(code operator, lhs, rhs value.Value) (value.Value, *Error) {
	comparable := func(v value.Value) bool {
		return !v.Defined() || v.Is(value.Number) || v.Is(value.String)
	}
	switch {
	case !comparable(lhs) || !comparable(rhs):
		if lhs.Is(value.Number) || lhs.Is(value.String) {
			lhs = rhs
		}
		return value.Value{}, failValue("T2010", lhs)
	case !lhs.Defined() || !rhs.Defined():
		return value.Value{}, nil
	case lhs.Kind() != rhs.Kind():
		e := failValue("T2009", lhs)
		e.value2 = rhs
		return value.Value{}, e
	}
	var order int
	if lhs.Is(value.String) {
		order = compareText(lhs.Str(), rhs.Str())
	} else {
		a, b := numberOf(lhs), numberOf(rhs)
		if a.f != a.f || b.f != b.f {
			return value.Of(false), nil // NaN
		}
		order = compareNumbers(a, b)
	}
	switch code {
	case opLess:
		return value.Of(order < 0), nil
	case opLessEqual:
		return value.Of(order <= 0), nil
	case opGreater:
		return value.Of(order > 0), nil
	}
	return value.Of(order >= 0), nil
}

// compareScalars orders two numbers or two strings.
func compareScalars(a, b value.Value) int {
	if a.Is(value.String) {
		return compareText(a.Str(), b.Str())
	}
	return compareNumbers(numberOf(a), numberOf(b))
}

func compareNumbers(a, b number) int {
	if a.exact && b.exact {
		return cmp.Compare(a.i, b.i)
	}
	return cmp.Compare(a.f, b.f)
}

// compareText orders strings by UTF-16 units, as JavaScript and Java do.
func compareText(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i < n && a[i] >= 0xEE && b[i] >= 0xEE && (a[i] >= 0xF0) != (b[i] >= 0xF0) {
		return -strings.Compare(a, b) // surrogates come before U+E000 and up
	}
	return strings.Compare(a, b)
}

func (st *state) concat(lhs, rhs value.Value) (value.Value, *Error) {
	a, err := st.text(lhs)
	if err != nil {
		return lhs, err
	}
	b, err := st.text(rhs)
	if err != nil {
		return rhs, err
	}
	if err := st.charge(len(a) + len(b)); err != nil {
		return lhs, err
	}
	return value.Text(a + b), nil
}

// rangeOf builds the integers from lhs to rhs.
func (st *state) rangeOf(lhs, rhs value.Value) (value.Value, *Error) {
	const maxRange = 10_000_000
	if lhs.Defined() && !(lhs.Is(value.Number) && isIntegral(lhs)) {
		return lhs, failValue("T2003", lhs)
	}
	if rhs.Defined() && !(rhs.Is(value.Number) && isIntegral(rhs)) {
		return rhs, failValue("T2004", rhs)
	}
	if !lhs.Defined() || !rhs.Defined() {
		return value.Value{}, nil
	}
	from, to := numberOf(lhs), numberOf(rhs)
	if from.f > to.f {
		return value.Value{}, nil
	}
	if size := to.f - from.f + 1; size > maxRange {
		return value.Value{}, failValue("D2014", fromFloat(size))
	}
	n := int(to.i - from.i + 1)
	if !from.exact || !to.exact {
		return value.Value{}, failValue("D2014", fromFloat(to.f-from.f+1))
	}
	return st.integers(from.i, 1, n)
}

// integers builds the sequence of n integers.
func (st *state) integers(from, step int64, n int) (value.Value, *Error) {
	if err := st.chargeItems(n); err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, n)
	for i := range items {
		items[i] = value.Int(from)
		from += step
	}
	if err := st.work(n); err != nil {
		return value.Value{}, err
	}
	return newSequence(items, 0), nil
}

func isIntegral(v value.Value) bool {
	f := v.Float64()
	return f == math.Trunc(f) && !math.IsInf(f, 0)
}

// contains evaluates "in". Only scalars can be members: arrays and objects are
// compared by identity in the language.
func (st *state) contains(lhs, rhs value.Value) (value.Value, *Error) {
	if !lhs.Defined() || !rhs.Defined() {
		return value.Of(false), nil
	}
	items := listOf(rhs)
	if err := st.work(len(items)); err != nil {
		return value.Value{}, err
	}
	switch lhs.Kind() {
	case value.Array, value.Object, value.Extension:
		return value.Of(false), nil
	}
	for _, item := range items {
		if item.Kind() == lhs.Kind() && value.Equal(item, lhs) {
			return value.Of(true), nil
		}
	}
	return value.Of(false), nil
}

// truth is a value's boolean: false for nothing, null, 0, "", empty objects and
// arrays without a true item.
func truth(v value.Value) (bool, *Error) { return truthAt(v, 0) }

func truthAt(v value.Value, depth int) (bool, *Error) {
	switch v.Kind() {
	case value.Bool:
		return v.True(), nil
	case value.String:
		return v.Str() != "", nil
	case value.Number:
		numeric, err := isNumeric(v)
		return numeric && v.Float64() != 0, err
	case value.Object:
		return v.Len() > 0, nil
	}
	items, ok := elements(v)
	if !ok {
		return isDefinedFunction(v), nil
	}
	if depth > maxNesting {
		return false, overflow()
	}
	for _, item := range items {
		yes, err := truthAt(item, depth+1)
		if err != nil || yes {
			return yes, err
		}
	}
	return false, nil
}

// utf16Length returns the length of s in UTF-16 units.
func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF && r <= utf8.MaxRune {
			n++
		}
	}
	return n
}
