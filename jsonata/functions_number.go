package jsonata

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"pawl.dev/value"
)

func callSum(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	return st.sum(args[0])
}

// sum adds up numbers, as exactly as + does.
func (st *state) sum(list value.Value) (value.Value, *Error) {
	items, _ := elements(list)
	if err := st.work(len(items)); err != nil {
		return list, err
	}
	total := number{exact: true}
	for _, item := range items {
		n := numberOf(item)
		if total.exact && n.exact {
			if i, ok := integerArithmetic(opAdd, total.i, n.i); ok {
				total.i = i
				continue
			}
		}
		if total.exact {
			total = number{f: float64(total.i)}
		}
		total.f += n.f
	}
	if total.exact {
		return value.Int(total.i), nil
	}
	return fromFloat(total.f), nil
}

func callCount(_ *state, args []value.Value) (value.Value, *Error) {
	items, _ := elements(args[0])
	return value.Int(int64(len(items))), nil
}

func callMax(st *state, args []value.Value) (value.Value, *Error) { return st.extreme(args[0], 1) }

func callMin(st *state, args []value.Value) (value.Value, *Error) { return st.extreme(args[0], -1) }

// extreme returns the largest (sign 1) or smallest (-1) number.
func (st *state) extreme(list value.Value, sign int) (value.Value, *Error) {
	items, _ := elements(list)
	if err := st.work(len(items)); err != nil || len(items) == 0 {
		return value.Value{}, err
	}
	best := items[0]
	for _, item := range items[1:] {
		if compareScalars(item, best) == sign {
			best = item
		}
	}
	return best, nil
}

func callAverage(st *state, args []value.Value) (value.Value, *Error) {
	items, _ := elements(args[0])
	if len(items) == 0 {
		return value.Value{}, nil
	}
	total, err := st.sum(args[0])
	if err != nil {
		return total, err
	}
	return arithmetic(opDivide, total, value.Int(int64(len(items))))
}

func callNumber(_ *state, args []value.Value) (value.Value, *Error) {
	switch v := args[0]; v.Kind() {
	case value.Number, value.Undefined:
		return v, nil
	case value.Bool:
		if v.True() {
			return value.Int(1), nil
		}
		return value.Int(0), nil
	case value.String:
		if n, ok := parseNumber(v.Str()); ok {
			return n, nil
		}
	}
	return value.Value{}, failValue("D3030", args[0])
}

// parseNumber reads a JSON number (leading zeros allowed), or a hexadecimal,
// octal or binary integer.
func parseNumber(s string) (value.Value, bool) {
	if len(s) > 2 && s[0] == '0' && s[1] > '9' && s[1]|0x20 != 'e' {
		base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
		if base == 0 || strings.ContainsAny(s[2:], "_+-") {
			return value.Value{}, false
		}
		if i, err := strconv.ParseInt(s[2:], base, 64); err == nil {
			return value.Int(i), true
		}
		f := 0.0
		for _, c := range []byte(strings.ToLower(s[2:])) {
			digit := int(c - '0')
			if c >= 'a' {
				digit = int(c-'a') + 10
			}
			if digit < 0 || digit >= base {
				return value.Value{}, false
			}
			f = f*float64(base) + float64(digit)
		}
		return fromFloat(f), !math.IsInf(f, 0)
	}
	if !isDecimal(s) {
		return value.Value{}, false
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return value.Int(i), true
	}
	f, err := strconv.ParseFloat(s, 64)
	return fromFloat(f), err == nil
}

// isDecimal reports whether s is -?digits(.digits)?([eE][-+]?digits)?.
func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	digits := func() bool {
		n := 0
		for n < len(s) && s[n]-'0' < 10 {
			n++
		}
		s = s[n:]
		return n > 0
	}
	if !digits() {
		return false
	}
	if strings.HasPrefix(s, ".") {
		if s = s[1:]; !digits() {
			return false
		}
	}
	if s != "" && s[0]|0x20 == 'e' {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		return digits() && s == ""
	}
	return s == ""
}

// onFloat applies f to a number; an integer stays as it is.
func onFloat(v value.Value, f func(float64) float64) (value.Value, *Error) {
	if !v.Defined() {
		return v, nil
	}
	if n := numberOf(v); !n.exact {
		return fromFloat(f(n.f)), nil
	}
	return v, nil
}

func callFloor(_ *state, args []value.Value) (value.Value, *Error) {
	return onFloat(args[0], math.Floor)
}

func callCeil(_ *state, args []value.Value) (value.Value, *Error) { return onFloat(args[0], math.Ceil) }

func callAbs(_ *state, args []value.Value) (value.Value, *Error) {
	if args[0].Defined() && numberOf(args[0]).f < 0 {
		return negate(args[0]), nil
	}
	return args[0], nil
}

func callRound(_ *state, args []value.Value) (value.Value, *Error) {
	precision := 0.0
	if args[1].Defined() {
		precision = math.Trunc(args[1].Float64())
	}
	n := numberOf(args[0])
	switch {
	case !args[0].Defined():
		return args[0], nil
	case n.exact && precision >= 0:
		return args[0], nil
	case precision > 400 || math.IsNaN(precision):
		return args[0], nil
	case precision < -400:
		return value.Int(0), nil
	}
	return fromFloat(round(n.f, int(precision))), nil
}

// round rounds half to even, at the digit that precision says. The number is
// shifted in decimal, as multiplying would add errors of its own.
func round(f float64, precision int) float64 {
	if precision == 0 {
		return math.RoundToEven(f)
	}
	// Far from the middle between two integers the product's own error, less
	// than 0.001, does not matter.
	product := f * math.Pow10(precision)
	if _, fraction := math.Modf(math.Abs(product)); math.Abs(product) < 1e12 && math.Abs(fraction-0.5) > 0.01 {
		f = math.RoundToEven(product)
	} else {
		f = math.RoundToEven(shift(f, precision))
	}
	if precision > 0 && precision <= 22 && math.Abs(f) < 1<<53 {
		return f / math.Pow10(precision) // both exact, so this rounds once, as shift does
	}
	return shift(f, -precision)
}

// shift multiplies by a power of ten in decimal.
func shift(f float64, places int) float64 {
	var room [40]byte
	s := strconv.AppendFloat(room[:0], f, 'e', -1, 64)
	i := bytes.LastIndexByte(s, 'e')
	if i < 0 {
		return f // infinite or NaN
	}
	exponent, err := strconv.Atoi(string(s[i+1:]))
	if err != nil {
		return f
	}
	s = strconv.AppendInt(s[:i+1], int64(exponent+places), 10)
	shifted, _ := strconv.ParseFloat(string(s), 64) // out of range is infinite
	return shifted
}

func callSqrt(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	f := args[0].Float64()
	if f < 0 {
		return args[0], failValue("D3060", args[0])
	}
	return fromFloat(math.Sqrt(f)), nil
}

func callPower(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	base, exponent := args[0].Float64(), args[1].Float64()
	f := math.Pow(base, exponent)
	if base == 1 && math.IsInf(exponent, 0) || base == 1 && math.IsNaN(exponent) {
		f = math.NaN()
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		e := failValue("D3061", args[0])
		e.value2 = args[1]
		return value.Value{}, e
	}
	return fromFloat(f), nil
}

// callFormatBase prints a number, rounded to an integer, in another base.
func callFormatBase(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	base := 10.0
	if args[1].Defined() {
		base = round(args[1].Float64(), 0)
	}
	if !(base >= 2 && base <= 36) {
		return value.Value{}, failValue("D3100", fromFloat(base))
	}
	n := numberOf(args[0])
	if !n.exact {
		n = numberOf(fromFloat(round(n.f, 0)))
	}
	if n.exact {
		return value.Text(strconv.FormatInt(n.i, int(base))), nil
	}
	if base == 10 {
		return value.Text(string(appendNumber(nil, n.f))), nil
	}
	return value.Text(formatBigFloat(n.f, int(base))), nil
}
