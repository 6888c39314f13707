package jsonata

import "pawl.dev/value"

func callAppend(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[1], nil
	}
	if !args[1].Defined() {
		return args[0], nil
	}
	a, b := listOf(args[0]), listOf(args[1])
	if err := st.chargeItems(len(a) + len(b)); err != nil {
		return args[0], err
	}
	return value.NewArray(append(append(make([]value.Value, 0, len(a)+len(b)), a...), b...)), nil
}

func callReverse(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok || len(items) <= 1 {
		return args[0], nil
	}
	if err := st.chargeItems(len(items)); err != nil {
		return args[0], err
	}
	out := make([]value.Value, len(items))
	for i, item := range items {
		out[len(items)-1-i] = item
	}
	return value.NewArray(out), nil
}

func callShuffle(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok || len(items) <= 1 {
		return args[0], nil
	}
	if err := st.chargeItems(len(items)); err != nil {
		return args[0], err
	}
	out := append([]value.Value(nil), items...)
	st.rand().Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return value.NewArray(out), nil
}

// callDistinct keeps the first of equal items. Scalars are found by a hash, the
// rest by comparison.
func callDistinct(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok || len(items) <= 1 {
		return args[0], nil
	}
	if err := st.chargeItems(len(items)); err != nil {
		return args[0], err
	}
	type scalar struct {
		kind value.Kind
		text string
		num  number
	}
	seen := map[scalar]bool{}
	out := make([]value.Value, 0, len(items))
	var compounds []value.Value
next:
	for _, item := range items {
		switch item.Kind() {
		case value.Array, value.Object, value.Extension:
			for _, other := range compounds {
				same, err := st.equal(item, other, 0)
				if err != nil {
					return args[0], err
				}
				if same {
					continue next
				}
			}
			compounds = append(compounds, item)
		default:
			key := scalar{kind: item.Kind(), text: item.Str()}
			switch {
			case item.Is(value.Number):
				key.num = numberOf(item)
			case item.True():
				key.num.i = 1
			}
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		out = append(out, item)
	}
	if s := asSequence(args[0]); s != nil && s.flags&isSequence != 0 {
		return newSequence(out, 0), nil
	}
	return value.NewArray(out), nil
}

// callZip makes tuples of the arguments' items, as many as the shortest has.
func callZip(st *state, args []value.Value) (value.Value, *Error) {
	shortest := -1
	for _, arg := range args {
		items, _ := elements(arg)
		if shortest < 0 || len(items) < shortest {
			shortest = len(items)
		}
	}
	shortest = max(shortest, 0)
	if err := st.chargeItems(shortest * (len(args) + 1)); err != nil {
		return value.Value{}, err
	}
	out := make([]value.Value, shortest)
	for i := range out {
		tuple := make([]value.Value, len(args))
		for j, arg := range args {
			items, _ := elements(arg)
			tuple[j] = items[i]
		}
		out[i] = value.NewArray(tuple)
	}
	if err := st.work(shortest); err != nil {
		return value.Value{}, err
	}
	return value.NewArray(out), nil
}

func callSort(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok || len(items) <= 1 {
		return args[0], nil
	}
	after := func(a, b value.Value) (bool, *Error) { return compareScalars(a, b) > 0, nil }
	if comparator := argument(args, 1); comparator.Defined() {
		after = func(a, b value.Value) (bool, *Error) {
			v, err := st.invoke(comparator, a, b)
			if err != nil {
				return false, err
			}
			return isTruthy(v), nil
		}
	} else if sortable, err := isSortable(items); err != nil || !sortable {
		return args[0], orFail(err, "D3070", value.Value{})
	}
	out := append([]value.Value(nil), items...)
	if err := mergeSort(st, out, after); err != nil {
		return args[0], err
	}
	return value.NewArray(out), nil
}

// isTruthy is JavaScript's own notion of truth, which the comparator's answer is
// taken by.
func isTruthy(v value.Value) bool {
	switch v.Kind() {
	case value.Undefined, value.Null:
		return false
	case value.Bool:
		return v.True()
	case value.Number:
		f := v.Float64()
		return f != 0 && f == f
	case value.String:
		return v.Str() != ""
	}
	return true
}

// isSortable reports whether items are all numbers or all strings.
func isSortable(items []value.Value) (bool, *Error) {
	numbers, err := allNumeric(items)
	if numbers || err != nil {
		return numbers, err
	}
	for _, item := range items {
		if !item.Is(value.String) {
			return false, nil
		}
	}
	return true, nil
}
