package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"math"

	"pawl.dev/value"
)

// The functions that AWS adds to the language.

// maxRange is the longest $range that AWS builds.
const maxRange = 360_145

// callPartition cuts an array into chunks of n items.
func callPartition(st *state, args []value.Value) (value.Value, *Error) {
	items, _ := elements(args[0])
	size := len(items)
	if n := argument(args, 1); n.Defined() {
		if size = integerOf(n); size < 0 {
			return value.Value{}, failText("D3137", "Second argument must be zero or greater")
		}
	}
	if len(items) == 0 || size == 0 {
		return value.Value{}, nil
	}
	if err := st.chargeItems(len(items)); err != nil {
		return value.Value{}, err
	}
	var chunks []value.Value
	for from := 0; from < len(items); from += size {
		to := min(from+size, len(items))
		chunks = append(chunks, value.NewArray(items[from:to:to]))
	}
	return value.NewArray(chunks), nil
}

// callRange counts from start to end, both inclusive.
func callRange(st *state, args []value.Value) (value.Value, *Error) {
	for _, arg := range args[:3] {
		if !arg.Defined() {
			return value.Value{}, nil
		}
	}
	start, end, step := math.Trunc(args[0].Float64()), math.Trunc(args[1].Float64()), math.Trunc(args[2].Float64())
	count := math.Floor((end-start)/step) + 1
	switch {
	case step == 0 || !(count >= 1):
		return value.Value{}, nil
	case st.maxBytes > 0 && count > maxRange || count > 1<<32 || math.Abs(start) >= 1<<63:
		return value.Value{}, &Error{Message: textMemory}
	}
	return st.integers(int64(start), int64(step), int(count))
}

// callHash returns the lower-case hexadecimal digest of a text's UTF-8 bytes.
func callHash(st *state, args []value.Value) (value.Value, *Error) {
	text, algorithm := args[0], argument(args, 1)
	if !text.Defined() || !algorithm.Defined() {
		return value.Value{}, nil
	}
	var h hash.Hash
	switch algorithm.Str() {
	case "MD5":
		h = md5.New()
	case "SHA-1":
		h = sha1.New()
	case "SHA-256":
		h = sha256.New()
	case "SHA-384":
		h = sha512.New384()
	case "SHA-512":
		h = sha512.New()
	default:
		return value.Value{}, failText("D3137", "Invalid hash algorithm: "+algorithm.Str())
	}
	h.Write([]byte(text.Str())) // a hash never fails
	return value.Text(hex.EncodeToString(h.Sum(nil))), nil
}

// callRandom returns a number from 0 up to 1: chance, or what Java's
// Random(seed).nextDouble() gives.
func callRandom(st *state, args []value.Value) (value.Value, *Error) {
	seed := argument(args, 0)
	if !seed.Defined() {
		return value.Float(st.rand().Float64()), nil
	}
	return value.Float(javaDouble(int64(math.Trunc(seed.Float64())))), nil
}

// javaDouble is java.util.Random's generator, as its documentation defines it.
func javaDouble(seed int64) float64 {
	const multiplier, mask = 0x5DEECE66D, 1<<48 - 1
	s := (uint64(seed) ^ multiplier) & mask
	next := func(bits uint) uint64 {
		s = (s*multiplier + 0xB) & mask
		return s >> (48 - bits)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53)
}

// callUUID returns a random (version 4) UUID.
func callUUID(st *state, _ []value.Value) (value.Value, *Error) {
	high, low := st.rand().Uint64(), st.rand().Uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 1<<63
	return value.Text(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x",
		high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&0xFFFFFFFFFFFF)), nil
}

// callParse reads a JSON text. Unlike at the door of a state machine a key that
// comes twice is an error.
func callParse(st *state, args []value.Value) (value.Value, *Error) {
	text := argument(args, 0)
	if !text.Defined() {
		return text, nil
	}
	if err := st.charge(len(text.Str())); err != nil {
		return text, err
	}
	v, err := value.Parse(text.Str(), nil)
	if err != nil {
		return text, failText("D3137", "Invalid JSON: "+err.Error())
	}
	switch members, overflows := countMembers(v); {
	case overflows:
		return text, failText("D3137", "Invalid JSON: number out of range")
	case members != countColons(text.Str()):
		return text, failText("D3137", "Invalid JSON: duplicate key")
	}
	return v, nil
}

// countMembers counts the members of all objects in v, and says whether a
// number in it is beyond a double.
func countMembers(v value.Value) (n int, overflows bool) {
	if v.Is(value.Number) {
		return 0, math.IsInf(v.Float64(), 0)
	}
	n = len(v.Keys())
	for _, item := range v.Items() {
		more, inner := countMembers(item)
		n += more
		overflows = overflows || inner
	}
	return n, overflows
}

// countColons counts the colons outside strings in a valid JSON text: as many as
// it has members, those with the same key included.
func countColons(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ':':
			n++
		case '"':
			for i++; s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		}
	}
	return n
}

// isoTime is how $now and $fromMillis print a time without a picture.
const isoTime = "2006-01-02T15:04:05.000Z"

func callMillis(st *state, _ []value.Value) (value.Value, *Error) {
	return value.Int(st.now.UnixMilli()), nil
}

func callNow(st *state, args []value.Value) (value.Value, *Error) {
	picture, zone := argument(args, 0), argument(args, 1)
	if !picture.Defined() && !zone.Defined() {
		return value.Text(st.now.UTC().Format(isoTime)), nil
	}
	return callFromMillis(st, []value.Value{value.Int(st.now.UnixMilli()), picture, zone})
}
