package intrinsic

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"pawl.dev/value"
)

// maxRangeItems is AWS's limit for States.ArrayRange.
const maxRangeItems = 1000

// items returns argument i, which must be an array.
func items(args []value.Value, i int) ([]value.Value, error) {
	if args[i].Kind() != value.Array {
		return nil, fmt.Errorf("argument %d must be an array but was: %s", i+1, excerpt(args[i]))
	}
	return args[i].Items(), nil
}

func array(args []value.Value, _ Env) (value.Value, error) { return value.NewArray(args), nil }

func arrayPartition(args []value.Value, _ Env) (value.Value, error) {
	list, err := items(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	size, err := rounded(args, 1)
	if err != nil {
		return value.Value{}, err
	}
	if size <= 0 {
		return value.Value{}, fmt.Errorf("the chunk size must be a positive number but was: %d", size)
	}
	chunks := []value.Value{}
	for chunk := range slices.Chunk(list, int(min(size, int64(max(len(list), 1))))) {
		chunks = append(chunks, value.NewArray(chunk))
	}
	return value.NewArray(chunks), nil
}

func arrayContains(args []value.Value, _ Env) (value.Value, error) {
	list, err := items(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	return value.Of(slices.ContainsFunc(list, func(v value.Value) bool { return value.Equal(v, args[1]) })), nil
}

// arrayRange counts from the first to the second argument, both included.
func arrayRange(args []value.Value, _ Env) (value.Value, error) {
	var bounds [3]int64
	for i := range bounds {
		var err error
		if bounds[i], err = rounded(args, i); err != nil {
			return value.Value{}, err
		}
	}
	first, last, step := bounds[0], bounds[1], bounds[2]
	if step == 0 {
		return value.Value{}, errors.New("the step must not be zero")
	}
	numbers := []value.Value{}
	// Arguments fit in 32 bits, so the sum can't overflow.
	for n := first; step > 0 && n <= last || step < 0 && n >= last; n += step {
		if len(numbers) == maxRangeItems {
			return value.Value{}, fmt.Errorf("the range must not have more than %d items", maxRangeItems)
		}
		numbers = append(numbers, value.Int(n))
	}
	return value.NewArray(numbers), nil
}

func arrayGetItem(args []value.Value, _ Env) (value.Value, error) {
	list, err := items(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	i, ok := args[1].Int64()
	if !ok {
		return value.Value{}, fmt.Errorf("the index must be an integer but was: %s", excerpt(args[1]))
	}
	if i < 0 || i >= int64(len(list)) {
		return value.Value{}, fmt.Errorf("index %d is out of bounds for an array of length %d", i, len(list))
	}
	return list[i], nil
}

func arrayLength(args []value.Value, _ Env) (value.Value, error) {
	list, err := items(args, 0)
	return value.Int(int64(len(list))), err
}

// arrayUnique keeps the first of equal values. Values are compared by a text
// that is the same for equal ones, so the time is linear.
func arrayUnique(args []value.Value, _ Env) (value.Value, error) {
	list, err := items(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	seen := make(map[string]bool, len(list))
	unique := []value.Value{}
	size := 0
	var key []byte
	for _, v := range list {
		key = appendIdentity(key[:0], v)
		if seen[string(key)] {
			continue
		}
		if size += len(key); size > maxTextBytes {
			return value.Value{}, errTextTooLong
		}
		seen[string(key)] = true
		unique = append(unique, v)
	}
	return value.NewArray(unique), nil
}

// appendIdentity appends a text that two values share exactly when value.Equal
// holds.
func appendIdentity(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.Number:
		if n, ok := v.Int64(); ok {
			return strconv.AppendInt(dst, n, 10)
		}
		return strconv.AppendFloat(dst, v.Float64(), 'g', -1, 64)
	case value.Array:
		dst = append(dst, '[')
		for _, item := range v.Items() {
			dst = append(appendIdentity(dst, item), ',')
		}
		return append(dst, ']')
	case value.Object:
		dst = append(dst, '{')
		for _, key := range slices.Sorted(slices.Values(v.Keys())) {
			dst = append(value.AppendQuoted(dst, key), ':')
			dst = append(appendIdentity(dst, v.Member(key)), ',')
		}
		return append(dst, '}')
	default:
		return v.AppendJSON(dst)
	}
}

// jsonMerge merges two objects one level deep; the second wins.
func jsonMerge(args []value.Value, _ Env) (value.Value, error) {
	for i := range 2 {
		if args[i].Kind() != value.Object {
			return value.Value{}, fmt.Errorf("argument %d must be an object but was: %s", i+1, excerpt(args[i]))
		}
	}
	if args[2].Kind() != value.Bool {
		return value.Value{}, fmt.Errorf("argument 3 must be a boolean but was: %s", excerpt(args[2]))
	}
	if args[2].True() {
		return value.Value{}, errors.New("deep merge is not supported: argument 3 must be false")
	}
	var merged value.Builder
	merged.Grow(args[0].Len() + args[1].Len())
	for _, object := range args[:2] {
		for i, key := range object.Keys() {
			merged.Set(key, object.At(i))
		}
	}
	return merged.Object(), nil
}
