package intrinsic

import (
	"encoding/hex"
	"fmt"
	"math"

	"pawl.dev/value"
)

// rounded returns argument i as an integer of 32 bits. Fractions are rounded to
// the nearest integer, halves upwards (-1.5 to -1), as Java's Math.round does.
func rounded(args []value.Value, i int) (int64, error) {
	if args[i].Kind() != value.Number {
		return 0, fmt.Errorf("argument %d must be a number but was: %s", i+1, excerpt(args[i]))
	}
	f := args[i].Float64()
	whole := math.Floor(f)
	if f-whole >= 0.5 {
		whole++
	}
	if whole < math.MinInt32 || whole > math.MaxInt32 {
		return 0, fmt.Errorf("argument %d must be between %d and %d but was: %s", i+1, math.MinInt32, math.MaxInt32, excerpt(args[i]))
	}
	return int64(whole), nil
}

func mathAdd(args []value.Value, _ Env) (value.Value, error) {
	a, err := rounded(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	b, err := rounded(args, 1)
	if err != nil {
		return value.Value{}, err
	}
	sum := a + b
	if sum != int64(int32(sum)) {
		return value.Value{}, fmt.Errorf("the sum must be between %d and %d but was: %d", math.MinInt32, math.MaxInt32, sum)
	}
	return value.Int(sum), nil
}

// mathRandom returns an integer from the first argument up to, but not
// including, the second. With a seed it is that of java.util.Random.
func mathRandom(args []value.Value, env Env) (value.Value, error) {
	first, err := rounded(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	end, err := rounded(args, 1)
	if err != nil {
		return value.Value{}, err
	}
	if first >= end {
		return value.Value{}, fmt.Errorf("the start number must be less than the end number: %d, %d", first, end)
	}
	if len(args) == 2 {
		return value.Int(first + env.Rand.Int64N(end-first)), nil
	}
	seed, err := rounded(args, 2)
	if err != nil {
		return value.Value{}, err
	}
	r := newJavaRandom(seed)
	return value.Int(r.between(first, end)), nil
}

// javaRandom is the generator of java.util.Random, whose algorithm Java's
// documentation fixes.
type javaRandom struct{ state uint64 }

func newJavaRandom(seed int64) *javaRandom {
	return &javaRandom{(uint64(seed) ^ 0x5DEECE66D) & (1<<48 - 1)}
}

func (r *javaRandom) next(bits uint) int32 {
	r.state = (r.state*0x5DEECE66D + 0xB) & (1<<48 - 1)
	return int32(int64(r.state) >> (48 - bits))
}

// between is Random.ints(first, end)'s draw: nextInt(end-first), or for spans
// beyond an int whole ints until one fits.
func (r *javaRandom) between(first, end int64) int64 {
	span := end - first
	if span > math.MaxInt32 {
		for {
			if n := int64(r.next(32)); n >= first && n < end {
				return n
			}
		}
	}
	bound := int32(span)
	bits := r.next(31)
	if bound&(bound-1) == 0 {
		return first + int64(bound)*int64(bits)>>31
	}
	draw := bits % bound
	for bits-draw+(bound-1) < 0 { // overflow: the last, incomplete span
		bits = r.next(31)
		draw = bits % bound
	}
	return first + int64(draw)
}

// uuid is a random (version 4) UUID.
func uuid(_ []value.Value, env Env) (value.Value, error) {
	var id [16]byte
	for i := range 2 {
		bits := env.Rand.Uint64()
		for k := range 8 {
			id[i*8+k] = byte(bits >> (8 * k))
		}
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	s := hex.EncodeToString(id[:])
	return value.Text(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]), nil
}
