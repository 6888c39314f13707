package jsonata

import (
	"unsafe"

	"pawl.dev/value"
)

// transformer is the function that |pattern|update,delete| makes.
type transformer struct {
	node *node
	env  *frame
}

var transformSignature = mustSignature("<(oa):o>")

// transform applies a transformer to a copy of v. Values are immutable, so the
// copy is a draft of slots that know their parents; the update expression sees
// what the draft looks like at that moment, and never the draft itself, so that
// nothing can come to contain itself.
func (st *state) transform(t *transformer, v value.Value) (value.Value, *Error) {
	if !v.Defined() {
		return v, nil
	}
	clone, ok := st.lookupName("clone", t.env)
	switch {
	case ok && !isFunction(clone):
		return v, fail("T2013").placed(t.node.at)
	case ok:
		var err *Error
		if v, err = st.invoke(clone, v); err != nil {
			return v, err
		}
	}
	d := &draft{st: st, byKeys: map[*string]*draftNode{}}
	root, err := d.add(v, nil, 0)
	if err != nil {
		return v, err
	}
	matches, err := st.eval(t.node.lhs, root.value(), t.env)
	if err != nil {
		return v, err
	}
	if matches.Defined() {
		for _, match := range listOf(matches) {
			if err := st.change(t, d, match); err != nil {
				return v, err
			}
		}
	}
	return root.value(), nil
}

// change applies the update and the deletions to one match of the pattern.
func (st *state) change(t *transformer, d *draft, match value.Value) *Error {
	target := d.find(match)
	if target != nil {
		match = target.value()
	}
	update, err := st.eval(t.node.rhs, match, t.env)
	if err != nil {
		return err
	}
	if update.Defined() {
		if !update.Is(value.Object) {
			return failValue("T2011", update).placed(t.node.rhs.at)
		}
		if err := target.set(st, update); err != nil {
			return err
		}
		if target != nil {
			match = target.value()
		}
	}
	if t.node.other == nil {
		return nil
	}
	deletions, err := st.eval(t.node.other, match, t.env)
	if err != nil || !deletions.Defined() {
		return err
	}
	for _, key := range listOf(deletions) {
		if !key.Is(value.String) {
			return failValue("T2012", deletions).placed(t.node.other.at)
		}
	}
	for _, key := range listOf(deletions) {
		target.remove(key.Str())
	}
	return nil
}

// draft is a value being changed.
type draft struct {
	st *state
	// byKeys finds the slot of an object by the identity of its keys, which a
	// fresh object shares with no other.
	byKeys map[*string]*draftNode
}

// draftNode is an array, object or scalar of a draft.
type draftNode struct {
	parent *draftNode
	kind   value.Kind
	keys   []string
	kids   []*draftNode
	built  value.Value
	stale  bool // built is out of date
}

// add copies v into the draft.
func (d *draft) add(v value.Value, parent *draftNode, depth int) (*draftNode, *Error) {
	if depth > maxNesting {
		return nil, overflow()
	}
	if err := d.st.work(1); err != nil {
		return nil, err
	}
	n := &draftNode{parent: parent, kind: v.Kind(), built: v}
	items, isList := elements(v)
	switch {
	case isList:
		n.kind = value.Array
	case v.Is(value.Object):
		items = v.Items()
		n.keys = append(make([]string, 0, len(items)+1), v.Keys()...)
	case v.Is(value.Extension): // a function has no JSON form
		n.kind, n.built = value.String, value.Text("")
		return n, nil
	case v.Is(value.Undefined):
		n.kind, n.built = value.Null, value.NullValue
		return n, nil
	default:
		return n, nil
	}
	if err := d.st.chargeItems(len(items)); err != nil {
		return nil, err
	}
	n.kids = make([]*draftNode, len(items))
	vals := make([]value.Value, len(items))
	for i, item := range items {
		kid, err := d.add(item, n, depth+1)
		if err != nil {
			return nil, err
		}
		n.kids[i], vals[i] = kid, kid.built
	}
	if isList {
		n.built = value.NewArray(vals)
		return n, nil
	}
	n.built = value.NewObject(n.keys, vals)
	d.byKeys[unsafe.SliceData(n.keys)] = n
	return n, nil
}

// find returns the slot of an object of the draft, nil if v is none.
func (d *draft) find(v value.Value) *draftNode {
	if !v.Is(value.Object) {
		return nil
	}
	return d.byKeys[unsafe.SliceData(v.Keys())]
}

// value returns what the slot holds now.
func (n *draftNode) value() value.Value {
	if !n.stale {
		return n.built
	}
	vals := make([]value.Value, len(n.kids))
	for i, kid := range n.kids {
		vals[i] = kid.value()
	}
	if n.kind == value.Array {
		n.built = value.NewArray(vals)
	} else {
		n.built = value.NewObject(append([]string(nil), n.keys...), vals)
	}
	n.stale = false
	return n.built
}

func (n *draftNode) touch() {
	for ; n != nil && !n.stale; n = n.parent {
		n.stale = true
	}
}

// set merges the members of update into the object.
func (n *draftNode) set(st *state, update value.Value) *Error {
	if n == nil {
		return nil
	}
	if err := st.chargeItems(len(n.keys) + update.Len()); err != nil {
		return err
	}
	n.touch()
	for i, key := range update.Keys() {
		kid := &draftNode{parent: n, kind: value.Null, built: update.At(i)}
		if at := n.find(key); at >= 0 {
			n.kids[at] = kid
			continue
		}
		n.keys = append(n.keys[:len(n.keys):len(n.keys)], key)
		n.kids = append(n.kids, kid)
	}
	return nil
}

func (n *draftNode) remove(key string) {
	if n == nil {
		return
	}
	at := n.find(key)
	if at < 0 {
		return
	}
	n.touch()
	n.keys = append(append([]string(nil), n.keys[:at]...), n.keys[at+1:]...)
	n.kids = append(n.kids[:at], n.kids[at+1:]...)
}

func (n *draftNode) find(key string) int {
	for i, k := range n.keys {
		if k == key {
			return i
		}
	}
	return -1
}
