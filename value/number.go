package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Int64 returns the number as an int64 when it is an integer in range, in any
// spelling ("3", "3.0", "3e0").
func (v Value) Int64() (int64, bool) {
	if v.kind != Number {
		return 0, false
	}
	switch v.form {
	case formInt:
		return int64(v.n), true
	case formFloat:
		return floatToInt(math.Float64frombits(v.n))
	case formText:
	}
	if i, ok := parseInt(v.text()); ok {
		return i, true
	}
	return floatToInt(v.Float64())
}

func floatToInt(f float64) (int64, bool) {
	if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// parseInt reads plain integers of up to 18 digits; strconv does the rest.
func parseInt(s string) (int64, bool) {
	i, neg := 0, false
	if s[0] == '-' {
		i, neg = 1, true
	}
	if len(s)-i > 18 {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	var n int64
	for ; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if neg {
		n = -n
	}
	return n, true
}

// Float64 returns the nearest float64 of a Number (infinite beyond its range),
// NaN for every other kind.
func (v Value) Float64() float64 {
	if v.kind != Number {
		return math.NaN()
	}
	switch v.form {
	case formInt:
		return float64(int64(v.n))
	case formFloat:
		return math.Float64frombits(v.n)
	case formText:
	}
	s := v.text()
	if i, ok := parseInt(s); ok && (i != 0 || s[0] != '-') {
		return float64(i)
	}
	f, _ := strconv.ParseFloat(s, 64) // out of range is ±Inf, as wanted
	return f
}

// IsInteger reports whether the number is written without fraction and exponent
// (as Jackson tells integer nodes from floating-point ones).
func (v Value) IsInteger() bool {
	if v.kind != Number {
		return false
	}
	return v.form == formInt || v.form == formText && !strings.ContainsAny(v.text(), ".eE")
}

// NumberText returns the number as it was written, or as AppendJSON prints it
// when it was computed.
func (v Value) NumberText() string {
	if v.kind == Number && v.form == formText {
		return v.text()
	}
	return string(v.AppendJSON(nil))
}

func equalNumbers(a, b Value) bool {
	if a.form == formText && b.form == formText && a.text() == b.text() {
		return true
	}
	if x, ok := a.Int64(); ok {
		if y, ok := b.Int64(); ok {
			return x == y
		}
		return false
	}
	return a.Float64() == b.Float64()
}

// appendNumber prints numbers as AWS's JSON library (Jackson, on Java numbers)
// does: integers exactly, everything else as a Java double.
func (v Value) appendNumber(dst []byte) []byte {
	switch v.form {
	case formInt:
		return strconv.AppendInt(dst, int64(v.n), 10)
	case formFloat:
		return AppendDouble(dst, math.Float64frombits(v.n))
	case formText:
	}
	s := v.text()
	if !strings.ContainsAny(s, ".eE") {
		if s == "-0" {
			return append(dst, '0')
		}
		return append(dst, s...)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		// Beyond a double: keep the digits rather than print Infinity, which
		// is no JSON.
		return append(dst, s...)
	}
	return AppendDouble(dst, f)
}

// AppendDouble prints f as Java's Double.toString does: "1.0", "1.0E21",
// "1.0E-7". Infinities and NaN have no JSON form and print as strings, which is
// what Step Functions makes of them ("Infinity", "-Infinity", "NaN").
func AppendDouble(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		return appendScientific(dst, f)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	for _, c := range dst[start:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}

func appendScientific(dst []byte, f float64) []byte {
	var buf [32]byte
	s := strconv.AppendFloat(buf[:0], f, 'e', -1, 64)
	mantissa, exponent := s, []byte("0")
	for i, c := range s {
		if c == 'e' {
			mantissa, exponent = s[:i], s[i+1:]
			break
		}
	}
	dst = append(dst, mantissa...)
	point := false
	for _, c := range mantissa {
		point = point || c == '.'
	}
	if !point {
		dst = append(dst, ".0"...)
	}
	dst = append(dst, 'E')
	if exponent[0] == '-' {
		dst = append(dst, '-')
	}
	exponent = exponent[1:]
	for len(exponent) > 1 && exponent[0] == '0' {
		exponent = exponent[1:]
	}
	return append(dst, exponent...)
}

// BigInt returns an integer Number exactly, whatever its size, and false for
// every other value.
func (v Value) BigInt() (*big.Int, bool) {
	if !v.IsInteger() {
		return nil, false
	}
	return new(big.Int).SetString(v.NumberText(), 10)
}
