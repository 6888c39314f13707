package jsonata

import "pawl.dev/value"

// members are what one key of an object constructor collected.
type members struct {
	key  string
	pair int
	data appended
}

// appended is a value that others were appended to, arrays taken apart.
type appended struct {
	first value.Value
	many  []value.Value // once there are two
}

func (a *appended) add(v value.Value) {
	switch {
	case !v.Defined():
		return
	case a.many != nil:
	case !a.first.Defined():
		a.first = v
		return
	default:
		a.many = append(a.many, listOf(a.first)...)
	}
	a.many = append(a.many, listOf(v)...)
}

func (a *appended) value() value.Value {
	if a.many != nil {
		return value.NewArray(a.many)
	}
	return a.first
}

// evalGroup evaluates an object constructor or a grouping: the items of v are
// grouped by their keys, then each group's value is evaluated.
func (st *state) evalGroup(g *group, v value.Value, env *frame) (value.Value, *Error) {
	pairs, at := g.pairs, g.at
	if tuples := asTuples(v); tuples != nil {
		return st.groupTuples(pairs, at, tuples, env)
	}
	inputs := list{n: 1, one: v}
	if items, ok := elements(v); ok && len(items) > 0 {
		inputs = listFrom(items)
	} else if ok {
		inputs.one = value.Value{}
	}
	if inputs.n == 1 && g.keys != nil {
		return st.evalLiteralKeys(g, inputs.one, env)
	}
	groups := grouping{at: at, list: make([]members, 0, len(pairs))}
	for i := range inputs.n {
		item := inputs.at(i)
		for pair := range pairs {
			key, err := st.eval(pairs[pair][0], item, env)
			if err != nil {
				return key, err
			}
			m, err := groups.add(key, pair)
			if err != nil {
				return key, err
			}
			if m != nil {
				m.data.add(item)
			}
		}
	}
	var out value.Builder
	out.Grow(len(groups.list))
	for i := range groups.list {
		m := &groups.list[i]
		if err := st.chargeItems(len(m.data.many)); err != nil {
			return v, err
		}
		context := m.data.value()
		member, err := st.eval(pairs[m.pair][1], context, env)
		if err != nil {
			return member, err
		}
		if member.Defined() {
			out.Set(m.key, member)
		}
	}
	if err := st.chargeItems(2 * out.Len()); err != nil {
		return v, err
	}
	return out.Object(), nil
}

// evalLiteralKeys evaluates an object constructor whose keys are known. The keys
// are shared with the syntax tree unless a member is missing.
func (st *state) evalLiteralKeys(g *group, item value.Value, env *frame) (value.Value, *Error) {
	if len(g.keys) > 0 && st.depth >= st.maxDepth {
		return item, overflow() // a key is one evaluation deeper, too
	}
	if err := st.chargeItems(2 * len(g.keys)); err != nil {
		return item, err
	}
	keys, n := g.keys, 0
	vals := make([]value.Value, len(keys))
	for i := range g.pairs {
		v, err := st.eval(g.pairs[i][1], item, env)
		if err != nil {
			return v, err
		}
		if !v.Defined() {
			if n == i {
				keys = append([]string(nil), g.keys...)
			}
			continue
		}
		if n != i {
			keys[n] = g.keys[i]
		}
		vals[n] = v
		n++
	}
	return value.NewObject(keys[:n:n], vals[:n]), nil
}

// indexFrom is the number of keys from which groups are found by a hash.
const indexFrom = 16

// grouping collects groups in the order of their keys' first appearance.
type grouping struct {
	at    int
	list  []members
	index map[string]int // once there are many
}

// add returns the group of a key, nil for an undefined key.
func (g *grouping) add(key value.Value, pair int) (*members, *Error) {
	if !key.Defined() {
		return nil, nil
	}
	if !key.Is(value.String) {
		return nil, failValue("T1003", key).placed(g.at)
	}
	i := g.find(key.Str())
	if i < 0 {
		g.list = append(g.list, members{key: key.Str(), pair: pair})
		i = len(g.list) - 1
		if g.index != nil {
			g.index[key.Str()] = i
		}
	}
	if g.list[i].pair != pair {
		return nil, failValue("D1009", key).placed(g.at)
	}
	return &g.list[i], nil
}

func (g *grouping) find(key string) int {
	if g.index == nil && len(g.list) > indexFrom {
		g.index = make(map[string]int, 2*len(g.list))
		for i := range g.list {
			g.index[g.list[i].key] = i
		}
	}
	if g.index != nil {
		if i, ok := g.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range g.list {
		if g.list[i].key == key {
			return i
		}
	}
	return -1
}
