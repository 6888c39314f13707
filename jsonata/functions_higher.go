package jsonata

import "pawl.dev/value"

// callback is a function given to a higher-order function, which gets as many of
// value, position (or key) and container as it has parameters.
type callback struct {
	st    *state
	fn    value.Value
	arity int
	room  [3]value.Value
}

func (st *state) callback(fn value.Value) *callback {
	return &callback{st: st, fn: fn, arity: arity(fn)}
}

func (c *callback) call(item, at, container value.Value) (value.Value, *Error) {
	c.room = [3]value.Value{item, at, container}
	n := min(max(c.arity, 1), 3)
	return c.st.invoke(c.fn, c.room[:n]...)
}

func callMap(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok {
		return value.Value{}, nil
	}
	f := st.callback(args[1])
	container := args[0]
	out := make([]value.Value, 0, len(items))
	if err := st.chargeItems(len(items)); err != nil {
		return container, err
	}
	for i, item := range items {
		v, err := f.call(item, value.Int(int64(i)), container)
		if err != nil {
			return v, err
		}
		if v.Defined() {
			out = append(out, v)
		}
	}
	return newSequence(out, 0), nil
}

func callFilter(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok {
		return value.Value{}, nil
	}
	f := st.callback(args[1])
	container := args[0]
	var out list
	for i, item := range items {
		v, err := f.call(item, value.Int(int64(i)), container)
		if err != nil {
			return v, err
		}
		yes, err := truth(v)
		if err != nil {
			return v, err
		}
		if yes {
			out.push(item)
		}
	}
	if err := st.chargeItems(out.n); err != nil {
		return container, err
	}
	return out.value(), nil
}

// callSingle returns the only item that the function accepts.
func callSingle(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok {
		return value.Value{}, nil
	}
	fn, container := argument(args, 1), args[0]
	f := st.callback(fn)
	var found value.Value
	matches := 0
	for i, item := range items {
		yes := true
		if fn.Defined() {
			v, err := f.call(item, value.Int(int64(i)), container)
			if err != nil {
				return v, err
			}
			if yes, err = truth(v); err != nil {
				return v, err
			}
		}
		if yes {
			if matches++; matches > 1 {
				return found, fail("D3138")
			}
			found = item
		}
	}
	if matches == 0 {
		return found, fail("D3139")
	}
	return found, nil
}

func callReduce(st *state, args []value.Value) (value.Value, *Error) {
	items, ok := elements(args[0])
	if !ok {
		return value.Value{}, nil
	}
	container, fn, total := args[0], args[1], argument(args, 2)
	n := arity(fn)
	if n < 2 {
		return value.Value{}, fail("D3050")
	}
	i := 0
	if !total.Defined() && len(items) > 0 {
		total, i = items[0], 1
	}
	var room [4]value.Value
	for ; i < len(items); i++ {
		room = [4]value.Value{total, items[i], value.Int(int64(i)), container}
		var err *Error
		if total, err = st.invoke(fn, room[:min(n, 4)]...); err != nil {
			return total, err
		}
	}
	return total, nil
}

// callSift keeps the members of an object that the function accepts.
func callSift(st *state, args []value.Value) (value.Value, *Error) {
	object := args[0]
	f := st.callback(argument(args, 1))
	var out value.Builder
	for i, key := range object.Keys() {
		v, err := f.call(object.At(i), value.Text(key), object)
		if err != nil {
			return v, err
		}
		yes, err := truth(v)
		if err != nil {
			return v, err
		}
		if yes {
			out.Set(key, object.At(i))
		}
	}
	if out.Len() == 0 {
		return value.Value{}, nil
	}
	return out.Object(), nil
}

func callEach(st *state, args []value.Value) (value.Value, *Error) {
	object := args[0]
	f := st.callback(args[1])
	var out list
	for i, key := range object.Keys() {
		v, err := f.call(object.At(i), value.Text(key), object)
		if err != nil {
			return v, err
		}
		if v.Defined() {
			out.push(v)
		}
	}
	return out.value(), nil
}
