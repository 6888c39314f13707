package itemreader

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"pawl.dev/value"
)

type leafFunc = func(dst []byte, v parquet.Value) []byte

// leafEncoder returns how values of the type look in JSON: numbers as numbers
// (decimals exactly), dates and times as ISO 8601 text, bytes that are no text
// in base 64.
func leafEncoder(t parquet.Type) leafFunc {
	if logical := t.LogicalType(); logical != nil {
		if f := logicalEncoder(t.Kind(), logical.Value); f != nil {
			return f
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendBool(dst, v.Boolean()) }
	case parquet.Int32, parquet.Int64:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendInt(dst, integer(v), 10) }
	case parquet.Int96:
		return appendInt96
	case parquet.Float:
		return func(dst []byte, v parquet.Value) []byte { return appendFloat32(dst, v.Float()) }
	case parquet.Double:
		return func(dst []byte, v parquet.Value) []byte { return value.AppendDouble(dst, v.Double()) }
	}
	return appendBytes
}

func logicalEncoder(kind parquet.Kind, logical format.LogicalTypeValue) leafFunc {
	bytes := kind == parquet.ByteArray || kind == parquet.FixedLenByteArray
	switch l := logical.(type) {
	case *format.IntType:
		if !l.IsSigned && !bytes {
			return func(dst []byte, v parquet.Value) []byte {
				if kind == parquet.Int32 {
					return strconv.AppendUint(dst, uint64(v.Uint32()), 10)
				}
				return strconv.AppendUint(dst, v.Uint64(), 10)
			}
		}
	case *format.DecimalType:
		return func(dst []byte, v parquet.Value) []byte {
			unscaled := big.NewInt(0)
			if bytes {
				unscaled = signedBytes(v.ByteArray())
			} else {
				unscaled.SetInt64(integer(v))
			}
			return appendDecimal(dst, unscaled, int(l.Scale))
		}
	case *format.DateType:
		return func(dst []byte, v parquet.Value) []byte {
			return appendTime(dst, time.Unix(integer(v)*86400, 0), time.DateOnly)
		}
	case *format.TimeType:
		unit, fraction := unitOf(l.Unit)
		return func(dst []byte, v parquet.Value) []byte {
			return appendTime(dst, instant(integer(v), unit), "15:04:05"+fraction)
		}
	case *format.TimestampType:
		unit, fraction := unitOf(l.Unit)
		layout := "2006-01-02T15:04:05" + fraction
		if l.IsAdjustedToUTC {
			layout += "Z"
		}
		return func(dst []byte, v parquet.Value) []byte { return appendTime(dst, instant(integer(v), unit), layout) }
	case *format.UUIDType:
		return func(dst []byte, v parquet.Value) []byte {
			b := v.ByteArray()
			if len(b) != 16 {
				return appendBytes(dst, v)
			}
			return fmt.Appendf(dst, `"%x-%x-%x-%x-%x"`, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
		}
	}
	return nil
}

func integer(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

// unitOf returns the units in a second and the layout of their fraction.
func unitOf(u format.TimeUnit) (perSecond int64, fraction string) {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1e3, ".000"
	case *format.MicroSeconds:
		return 1e6, ".000000"
	}
	return 1e9, ".000000000"
}

func instant(n, perSecond int64) time.Time {
	return time.Unix(n/perSecond, n%perSecond*(1e9/perSecond))
}

func appendTime(dst []byte, t time.Time, layout string) []byte {
	return append(t.UTC().AppendFormat(append(dst, '"'), layout), '"')
}

// appendInt96 appends the time stamp that Hive, Impala and Spark kept in 12
// bytes: ns of the day, Julian day.
func appendInt96(dst []byte, v parquet.Value) []byte {
	const julianEpoch = 2440588 // 1970-01-01
	n := v.Int96()
	nanos := int64(n[0]) | int64(n[1])<<32
	return appendTime(dst, time.Unix((int64(n[2])-julianEpoch)*86400, nanos), "2006-01-02T15:04:05.000000000Z")
}

// appendFloat32 appends the shortest decimal that names the float.
func appendFloat32(dst []byte, f float32) []byte {
	short, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		short = float64(f)
	}
	return value.AppendDouble(dst, short)
}

// signedBytes reads a big-endian number in two's complement.
func signedBytes(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

func appendDecimal(dst []byte, unscaled *big.Int, scale int) []byte {
	digits := new(big.Int).Abs(unscaled).String()
	if unscaled.Sign() < 0 {
		dst = append(dst, '-')
	}
	if scale <= 0 {
		return append(dst, digits...)
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	dst = append(dst, digits[:len(digits)-scale]...)
	dst = append(dst, '.')
	return append(dst, digits[len(digits)-scale:]...)
}

func appendBytes(dst []byte, v parquet.Value) []byte {
	b := v.ByteArray()
	if utf8.Valid(b) {
		return value.AppendQuoted(dst, string(b))
	}
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, b)
	return append(dst, '"')
}
