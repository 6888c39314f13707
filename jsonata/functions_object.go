package jsonata

import "pawl.dev/value"

func callBoolean(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	yes, err := truth(args[0])
	return value.Of(yes), err
}

func callNot(_ *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	yes, err := truth(args[0])
	return value.Of(!yes), err
}

func callExists(_ *state, args []value.Value) (value.Value, *Error) {
	return value.Of(args[0].Defined()), nil
}

func callType(_ *state, args []value.Value) (value.Value, *Error) {
	v := args[0]
	if !v.Defined() {
		return v, nil
	}
	if _, ok := elements(v); ok {
		return value.Text("array"), nil
	}
	if _, err := isNumeric(v); err != nil {
		return v, err
	}
	return value.Text(v.Kind().String()), nil
}

func callError(_ *state, args []value.Value) (value.Value, *Error) {
	message := argument(args, 0).Str()
	if message == "" {
		message = "$error() function evaluated"
	}
	return value.Value{}, failText("D3137", message)
}

func callAssert(_ *state, args []value.Value) (value.Value, *Error) {
	if args[0].True() {
		return value.Value{}, nil
	}
	message := argument(args, 1).Str()
	if message == "" {
		message = "$assert() statement failed"
	}
	return value.Value{}, failText("D3141", message)
}

// callKeys collects the keys of an object, or of all objects of an array.
func callKeys(st *state, args []value.Value) (value.Value, *Error) {
	if args[0].Is(value.Object) {
		keys := args[0].Keys()
		if err := st.chargeItems(len(keys)); err != nil {
			return args[0], err
		}
		items := make([]value.Value, len(keys))
		for i, key := range keys {
			items[i] = value.Text(key)
		}
		return newSequence(items, 0), nil
	}
	var seen value.Builder
	if err := st.collectKeys(args[0], &seen, 0); err != nil {
		return args[0], err
	}
	return newSequence(seen.Object().Items(), 0), nil
}

func (st *state) collectKeys(v value.Value, seen *value.Builder, depth int) *Error {
	if depth > maxNesting {
		return overflow()
	}
	items, _ := elements(v)
	if err := st.work(len(items) + v.Len()); err != nil {
		return err
	}
	for _, key := range v.Keys() {
		seen.Set(key, value.Text(key))
	}
	for _, item := range items {
		if err := st.collectKeys(item, seen, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func callLookup(st *state, args []value.Value) (value.Value, *Error) {
	if args[0].Is(value.Object) && args[1].Defined() {
		return args[0].Member(args[1].Str()), nil
	}
	return st.member(args[0], args[1].Str(), 0)
}

// callSpread takes objects apart into objects of one member each.
func callSpread(st *state, args []value.Value) (value.Value, *Error) {
	v := args[0]
	if _, ok := elements(v); !ok && !v.Is(value.Object) {
		if isFunction(v) {
			return value.Text(""), nil
		}
		return v, nil
	}
	var out list
	if err := st.spread(v, &out, 0); err != nil {
		return v, err
	}
	if !v.Is(value.Object) && out.n > 0 {
		return value.NewArray(out.items()), nil
	}
	return out.value(), nil
}

func (st *state) spread(v value.Value, out *list, depth int) *Error {
	if depth > maxNesting {
		return overflow()
	}
	items, isList := elements(v)
	switch {
	case isList:
		if err := st.work(len(items)); err != nil {
			return err
		}
		for _, item := range items {
			if err := st.spread(item, out, depth+1); err != nil {
				return err
			}
		}
		return nil
	case !v.Is(value.Object):
		if v.Defined() {
			out.push(v)
		}
		return nil
	}
	if err := st.chargeItems(2 * v.Len()); err != nil {
		return err
	}
	for i, key := range v.Keys() {
		out.push(value.NewObject([]string{key}, []value.Value{v.At(i)}))
	}
	return nil
}

func callMerge(st *state, args []value.Value) (value.Value, *Error) {
	if !args[0].Defined() {
		return args[0], nil
	}
	items, _ := elements(args[0])
	var out value.Builder
	for _, item := range items {
		if err := st.work(1 + item.Len()); err != nil {
			return item, err
		}
		if err := st.chargeItems(2 * item.Len()); err != nil {
			return item, err
		}
		for i, key := range item.Keys() {
			out.Set(key, item.At(i))
		}
	}
	return out.Object(), nil
}

// callClone copies a value: nothing can be changed, so the value is its own
// copy.
func callClone(_ *state, args []value.Value) (value.Value, *Error) { return args[0], nil }
