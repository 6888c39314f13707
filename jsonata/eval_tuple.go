package jsonata

import "pawl.dev/value"

// tuple is one row of a path that binds variables (@, # or for a parent): the
// context item and the variables bound so far.
type tuple struct {
	at    value.Value
	slots []binding
}

// tuples is a tuple stream. It is a value only on its way from a path to the
// path around it.
type tuples struct{ rows []*tuple }

// bytesPerTuple is what a row is charged.
const bytesPerTuple = 64

func asTuples(v value.Value) *tuples {
	if !v.Is(value.Extension) {
		return nil
	}
	t, _ := v.Extension().(*tuples)
	return t
}

func (t *tuple) frame(env *frame) *frame {
	return &frame{parent: env, slots: t.slots[:len(t.slots):len(t.slots)], shared: true}
}

// with returns the tuple with one more variable.
func (t *tuple) with(name string, v value.Value) *tuple {
	slots := make([]binding, len(t.slots), len(t.slots)+1)
	copy(slots, t.slots)
	for i := range slots {
		if slots[i].name == name {
			slots[i].val = v
			return &tuple{t.at, slots}
		}
	}
	return &tuple{t.at, append(slots, binding{name, v})}
}

// evalTuplePath evaluates a path from its first step that binds, step i.
func (st *state) evalTuplePath(n *node, i int, inputs list, in value.Value, env *frame) (value.Value, *Error) {
	var stream *tuples
	for ; i < len(n.list); i++ {
		step := n.list[i]
		if i == 0 && step.consArray {
			v, err := st.evalWholeStep(step, inputs, in, env)
			if err != nil {
				return v, err
			}
			items, _ := elements(v)
			inputs = listFrom(items)
			continue
		}
		var err *Error
		if stream, err = st.evalTupleStep(step, inputs, stream, env); err != nil {
			return value.Value{}, err
		}
	}
	if stream == nil {
		stream = &tuples{}
	}
	whole := value.NewExtension(stream)
	result := whole
	if !n.tuple {
		items := make([]value.Value, len(stream.rows))
		for i, row := range stream.rows {
			items[i] = row.at
		}
		flags := sequenceFlags(0)
		if n.keepSingleton {
			flags = keepSingleton
		}
		result = newSequence(items, flags)
	}
	if n.group != nil {
		return st.evalGroup(n.group, whole, env)
	}
	return result, nil
}

func (st *state) evalTupleStep(step *node, inputs list, stream *tuples, env *frame) (*tuples, *Error) {
	var out *tuples
	var err *Error
	if step.kind == nodeSort {
		out, err = st.sortTuples(step, inputs, stream, env)
	} else {
		if stream == nil {
			stream = &tuples{rows: make([]*tuple, inputs.n)}
			for i, item := range inputs.items() {
				stream.rows[i] = &tuple{at: item}
			}
		}
		out, err = st.expandTuples(step, stream, env)
	}
	if err != nil {
		return nil, err
	}
	return st.tupleStages(step.stages, out, env)
}

// expandTuples evaluates a step for each row; each result is a row.
func (st *state) expandTuples(step *node, stream *tuples, env *frame) (*tuples, *Error) {
	out := &tuples{}
	for _, row := range stream.rows {
		v, err := st.eval(step, row.at, row.frame(env))
		if err != nil {
			return nil, err
		}
		if inner := asTuples(v); inner != nil {
			for _, more := range inner.rows {
				joined := &tuple{more.at, row.slots}
				for _, b := range more.slots {
					joined = joined.with(b.name, b.val)
				}
				out.rows = append(out.rows, joined)
			}
			continue
		}
		if !v.Defined() {
			continue
		}
		items := listOf(v)
		if err := st.charge(bytesPerTuple * len(items)); err != nil {
			return nil, err
		}
		if err := st.work(len(items)); err != nil {
			return nil, err
		}
		for i, item := range items {
			out.rows = append(out.rows, row.bind(step, item, i))
		}
	}
	return out, nil
}

// bind returns the row that a step's result makes of the row.
func (t *tuple) bind(step *node, item value.Value, i int) *tuple {
	row := &tuple{item, t.slots}
	if step.focus != "" {
		row.at = t.at
		row = row.with(step.focus, item)
	}
	if step.index != "" {
		row = row.with(step.index, value.Int(int64(i)))
	}
	if step.ancestor != nil {
		row = row.with(step.ancestor.label, t.at)
	}
	return row
}

func (st *state) tupleStages(stages []stage, stream *tuples, env *frame) (*tuples, *Error) {
	for _, s := range stages {
		if s.filter == nil {
			rows := make([]*tuple, len(stream.rows))
			for i, row := range stream.rows {
				rows[i] = row.with(s.index, value.Int(int64(i)))
			}
			stream = &tuples{rows}
			continue
		}
		rows, err := st.selectTuples(s.filter, stream, env)
		if err != nil {
			return nil, err
		}
		stream = &tuples{rows}
	}
	return stream, nil
}

// selectTuples is filter for rows.
func (st *state) selectTuples(predicate *node, stream *tuples, env *frame) ([]*tuple, *Error) {
	if predicate.kind == nodeNumber {
		i := position(predicate.val, len(stream.rows))
		if i < 0 {
			return nil, nil
		}
		return stream.rows[i : i+1], nil
	}
	if err := st.work(len(stream.rows)); err != nil {
		return nil, err
	}
	var rows []*tuple
	for i, row := range stream.rows {
		res, err := st.eval(predicate, row.at, row.frame(env))
		if err != nil {
			return nil, err
		}
		times, err := selected(res, i, len(stream.rows))
		if err != nil {
			return nil, err
		}
		for range times {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// filterTuples filters a stream that left its path.
func (st *state) filterTuples(predicate *node, stream *tuples, env *frame) (list, *Error) {
	rows, err := st.selectTuples(predicate, stream, env)
	if err != nil {
		return list{}, err
	}
	return list{n: len(rows), one: value.NewExtension(&tuples{rows}), whole: true}, nil
}

// groupTuples groups rows: in the value of a group every variable, and the
// context, has the values of all its rows.
func (st *state) groupTuples(pairs [][2]*node, at int, stream *tuples, env *frame) (value.Value, *Error) {
	groups := grouping{at: at}
	rows := map[string]*reduced{}
	for _, row := range stream.rows {
		scope := row.frame(env)
		for pair := range pairs {
			key, err := st.eval(pairs[pair][0], row.at, scope)
			if err != nil {
				return key, err
			}
			m, err := groups.add(key, pair)
			if err != nil {
				return key, err
			}
			if m == nil {
				continue
			}
			if err := st.charge(bytesPerTuple); err != nil {
				return key, err
			}
			if rows[m.key] == nil {
				rows[m.key] = &reduced{}
			}
			rows[m.key].add(row)
		}
	}
	var out value.Builder
	for _, m := range groups.list {
		group := rows[m.key]
		v, err := st.eval(pairs[m.pair][1], group.at.value(), group.frame(env))
		if err != nil {
			return v, err
		}
		if v.Defined() {
			out.Set(m.key, v)
		}
	}
	return out.Object(), nil
}

// reduced is a group of rows, each variable with all its values.
type reduced struct {
	at    appended
	names []string
	vals  []appended
}

func (r *reduced) add(row *tuple) {
	r.at.add(row.at)
next:
	for _, b := range row.slots {
		for i, name := range r.names {
			if name == b.name {
				r.vals[i].add(b.val)
				continue next
			}
		}
		r.names = append(r.names, b.name)
		r.vals = append(r.vals, appended{first: b.val})
	}
}

func (r *reduced) frame(env *frame) *frame {
	f := newFrame(env)
	for i, name := range r.names {
		f.bind(name, r.vals[i].value())
	}
	return f
}
