package jsonata

import (
	"math"

	"pawl.dev/value"
)

// evalPlainPath follows the names of a plain path from object to object, and
// leaves the rest to evalSteps when it meets an array.
func (st *state) evalPlainPath(n *node, in value.Value, env *frame) (value.Value, *Error) {
	if st.depth >= st.maxDepth {
		return value.Value{}, overflow() // each step is one evaluation deeper
	}
	cur, steps := in, n.list
	if first := steps[0]; first.kind == nodeVariable {
		cur, steps = st.lookup(first, env), steps[1:]
	}
	for i, step := range steps {
		if !cur.Is(value.Object) {
			if !cur.Is(value.Array) && !cur.Is(value.Extension) {
				return value.Value{}, nil
			}
			return st.evalPathFrom(n, len(n.list)-len(steps)+i, cur, env)
		}
		v, ok := cur.Get(step.text)
		if !ok {
			return value.Value{}, nil
		}
		cur = v
	}
	if s := asSequence(cur); s != nil && s.flags&isSequence != 0 {
		return collapse(newSequence(s.items, 0), false), nil
	}
	return cur, nil
}

// evalPathFrom evaluates the steps from index i on; the result of the steps
// before is cur.
func (st *state) evalPathFrom(n *node, i int, cur value.Value, env *frame) (value.Value, *Error) {
	inputs := list{n: 1, one: cur}
	if items, ok := elements(cur); ok {
		inputs = listFrom(items)
	}
	l, err := st.evalSteps(n.list[i:], inputs, env)
	if err != nil {
		return value.Value{}, err
	}
	return l.collapsed(), nil
}

// evalPath evaluates a location path.
func (st *state) evalPath(n *node, in value.Value, env *frame) (value.Value, *Error) {
	steps := n.list
	inputs := list{n: 1, one: in}
	if items, ok := elements(in); ok && steps[0].kind != nodeVariable {
		inputs = listFrom(items)
	}
	for i, step := range steps {
		if step.tuple {
			return st.evalTuplePath(n, i, inputs, in, env)
		}
		if i == 0 && step.consArray {
			v, err := st.evalWholeStep(step, inputs, in, env)
			if err != nil {
				return v, err
			}
			items, ok := elements(v)
			if len(steps) == 1 || ok && len(items) == 0 || !v.Defined() {
				return st.finishPath(n, v, env)
			}
			// The next step sees nothing unless this one gave an array.
			inputs = listFrom(items)
			continue
		}
		var err *Error
		if inputs, err = st.evalStep(step, inputs, env, i == len(steps)-1); err != nil {
			return value.Value{}, err
		}
		if inputs.n == 0 {
			break
		}
	}
	if !n.keepSingleton && n.group == nil && !n.keepArray {
		return inputs.collapsed(), nil
	}
	return st.finishPath(n, inputs.value(), env)
}

// evalWholeStep evaluates a first step that is an array constructor once, not
// for each item of the input.
func (st *state) evalWholeStep(step *node, inputs list, in value.Value, env *frame) (value.Value, *Error) {
	if _, ok := elements(in); !ok {
		in = inputs.value()
	}
	return st.eval(step, in, env)
}

// finishPath applies a path's flags and grouping to its result.
func (st *state) finishPath(n *node, v value.Value, env *frame) (value.Value, *Error) {
	if n.keepSingleton {
		if s := asSequence(v); s != nil {
			items := s.items
			if s.flags&isSequence == 0 {
				items = []value.Value{v}
			}
			v = newSequence(items, s.flags&^keepNested|keepSingleton)
		}
	}
	if n.group != nil {
		return st.evalGroup(n.group, v, env)
	}
	return v, nil
}

// evalSteps evaluates the last steps of a plain path.
func (st *state) evalSteps(steps []*node, inputs list, env *frame) (list, *Error) {
	for i, step := range steps {
		var err *Error
		if inputs, err = st.evalStep(step, inputs, env, i == len(steps)-1); err != nil || inputs.n == 0 {
			return inputs, err
		}
	}
	return inputs, nil
}

// evalStep evaluates one step for each input and flattens the results by one
// level.
func (st *state) evalStep(step *node, inputs list, env *frame, last bool) (list, *Error) {
	if step.kind == nodeSort {
		return st.evalSortStep(step, inputs, env)
	}
	out := list{hint: inputs.n}
	if err := st.work(inputs.n); err != nil {
		return list{}, err
	}
	var only value.Value // the result, while there is one
	results := 0
	for i := range inputs.n {
		v, err := st.eval(step, inputs.at(i), env)
		if err != nil {
			return out, err
		}
		if step.stages != nil {
			l, err := st.evalFilters(step.stages, v, env)
			if err != nil {
				return out, err
			}
			if l.whole {
				v = l.one
			} else {
				results++
				only = value.Value{}
				out.pushAll(l.items())
				continue
			}
		}
		if !v.Defined() {
			continue
		}
		results++
		only = v
		if items, ok := flattened(v); ok {
			out.pushAll(items)
		} else {
			out.push(v)
		}
	}
	if out.n > 1 {
		if err := st.chargeItems(out.n); err != nil {
			return out, err
		}
	}
	if last && results == 1 && isWhole(only) {
		out.one, out.whole = only, true
	}
	return out, nil
}

// flattened returns the items of an array that is taken apart when it becomes
// part of a sequence.
func flattened(v value.Value) ([]value.Value, bool) {
	if s := asSequence(v); s != nil && s.flags&keepNested != 0 {
		return nil, false
	}
	return elements(v)
}

// isWhole reports whether v is an array, but no sequence.
func isWhole(v value.Value) bool {
	if s := asSequence(v); s != nil {
		return s.flags&isSequence == 0
	}
	return v.Is(value.Array)
}

func (st *state) evalName(n *node, in value.Value) (value.Value, *Error) {
	switch in.Kind() {
	case value.Object:
		return in.Member(n.text), nil
	case value.Array, value.Extension:
		return st.member(in, n.text, 0)
	}
	return value.Value{}, nil
}

// member looks a key up in an object, or in all objects of an array.
func (st *state) member(in value.Value, key string, depth int) (value.Value, *Error) {
	if in.Is(value.Object) {
		return in.Member(key), nil
	}
	items, ok := elements(in)
	if !ok {
		return value.Value{}, nil
	}
	if depth > maxNesting {
		return value.Value{}, overflow()
	}
	if err := st.work(len(items)); err != nil {
		return value.Value{}, err
	}
	var out list
	for _, item := range items {
		v, err := st.member(item, key, depth+1)
		if err != nil {
			return v, err
		}
		if inner, ok := elements(v); ok {
			out.pushAll(inner)
		} else if v.Defined() {
			out.push(v)
		}
	}
	if err := st.chargeItems(out.n); err != nil {
		return value.Value{}, err
	}
	return out.value(), nil
}

// evalFilters applies the filters of a step to one of its results.
func (st *state) evalFilters(stages []stage, v value.Value, env *frame) (list, *Error) {
	var l list
	for i := range stages {
		if i > 0 {
			v = l.value()
		}
		if stages[i].filter == nil {
			continue
		}
		var err *Error
		if l, err = st.filter(stages[i].filter, v, env); err != nil {
			return l, err
		}
	}
	return l, nil
}

// filter keeps the items of v that a predicate selects: by position if it is a
// number or an array of numbers, else by its truth.
func (st *state) filter(predicate *node, v value.Value, env *frame) (list, *Error) {
	if tuples := asTuples(v); tuples != nil {
		return st.filterTuples(predicate, tuples, env)
	}
	inputs := list{n: 1, one: v}
	if items, ok := elements(v); ok {
		inputs = listFrom(items)
	}
	var out list
	if predicate.kind == nodeNumber {
		i := position(predicate.val, inputs.n)
		if i < 0 || i >= inputs.n {
			return out, nil
		}
		item := inputs.at(i)
		if items, ok := elements(item); ok {
			if s := asSequence(item); s != nil && s.flags&isSequence != 0 {
				return listFrom(items), nil
			}
			return list{n: len(items), one: item, whole: true}, nil
		}
		if item.Defined() {
			out.push(item)
		}
		return out, nil
	}
	if err := st.work(inputs.n); err != nil {
		return out, err
	}
	for i := range inputs.n {
		item := inputs.at(i)
		res, err := st.eval(predicate, item, env)
		if err != nil {
			return out, err
		}
		times, err := selected(res, i, inputs.n)
		if err != nil {
			return out, err
		}
		for range times {
			out.push(item)
		}
	}
	return out, st.chargeItems(out.n)
}

// position turns an index, perhaps from the end, into one from the start.
func position(v value.Value, n int) int {
	f := math.Floor(v.Float64())
	if f < 0 {
		f += float64(n)
	}
	if f < 0 || f >= float64(n) {
		return -1
	}
	return int(f)
}

// selected returns how often a predicate's result selects item i of n.
func selected(res value.Value, i, n int) (int, *Error) {
	switch res.Kind() {
	case value.Undefined, value.Null:
		return 0, nil
	case value.Bool:
		if res.True() {
			return 1, nil
		}
		return 0, nil
	case value.Number:
		numeric, err := isNumeric(res)
		if err != nil || !numeric {
			return 0, err
		}
		if position(res, n) == i {
			return 1, nil
		}
		return 0, nil
	}
	if items, ok := elements(res); ok {
		numbers, err := allNumeric(items)
		if err != nil {
			return 0, err
		}
		if numbers {
			times := 0
			for _, item := range items {
				if position(item, n) == i {
					times++
				}
			}
			return times, nil
		}
	}
	yes, err := truth(res)
	if err != nil || !yes {
		return 0, err
	}
	return 1, nil
}

// evalWildcard collects the members of an object, arrays among them flattened.
func (st *state) evalWildcard(in value.Value) (value.Value, *Error) {
	in = unwrap(in)
	members := in.Items()
	if items, ok := elements(in); ok {
		members = items
	}
	var out list
	plain := false
	for _, member := range members {
		if _, ok := elements(member); !ok {
			out.push(member)
			continue
		}
		plain = true
		if err := st.flatten(member, &out, 0); err != nil {
			return value.Value{}, err
		}
	}
	if err := st.chargeItems(out.n); err != nil {
		return value.Value{}, err
	}
	if plain {
		return value.NewArray(out.items()), nil
	}
	return out.value(), nil
}

// flatten pushes the items of nested arrays.
func (st *state) flatten(v value.Value, out *list, depth int) *Error {
	items, ok := elements(v)
	if !ok {
		out.push(v)
		return nil
	}
	if depth > maxNesting {
		return overflow()
	}
	if err := st.work(len(items)); err != nil {
		return err
	}
	for _, item := range items {
		if err := st.flatten(item, out, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// evalDescendants collects in and everything below it, arrays taken apart.
func (st *state) evalDescendants(in value.Value) (value.Value, *Error) {
	if !in.Defined() {
		return in, nil
	}
	var out list
	if err := st.descend(in, &out, 0); err != nil {
		return value.Value{}, err
	}
	if out.n == 1 {
		return out.one, nil
	}
	return out.value(), nil
}

func (st *state) descend(v value.Value, out *list, depth int) *Error {
	if depth > maxNesting {
		return overflow()
	}
	if err := st.charge(bytesPerItem); err != nil {
		return err
	}
	members, isList := elements(v)
	if !isList {
		out.push(v)
		members = v.Items()
	}
	if err := st.work(1 + len(members)); err != nil {
		return err
	}
	for _, member := range members {
		if err := st.descend(member, out, depth+1); err != nil {
			return err
		}
	}
	return nil
}
