package jsonata

import "pawl.dev/value"

// frame is one scope of variables.
type frame struct {
	parent *frame
	slots  []binding
	shared bool       // slots belong to a tuple: copy before change
	room   [2]binding // first slots
}

type binding struct {
	name string
	val  value.Value
}

func newFrame(parent *frame) *frame {
	f := &frame{parent: parent}
	f.slots = f.room[:0]
	return f
}

// bind gives the variable name a value in this scope.
func (f *frame) bind(name string, v value.Value) {
	if f.shared {
		f.slots, f.shared = append([]binding(nil), f.slots...), false
	}
	for i := range f.slots {
		if f.slots[i].name == name {
			f.slots[i].val = v
			return
		}
	}
	f.slots = append(f.slots, binding{name, v})
}

// lookup returns the variable of node n: from the frames, from the caller's
// bindings, else the built-in function of that name.
func (st *state) lookup(n *node, env *frame) value.Value {
	if v, ok := st.lookupName(n.text, env); ok {
		return v
	}
	return n.builtin
}

func (st *state) lookupName(name string, env *frame) (value.Value, bool) {
	for f := env; f != nil; f = f.parent {
		for i := range f.slots {
			if f.slots[i].name == name {
				return f.slots[i].val, true
			}
		}
	}
	if st.vars != nil {
		return st.vars(name)
	}
	return value.Value{}, false
}
