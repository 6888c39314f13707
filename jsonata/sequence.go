package jsonata

import "pawl.dev/value"

// Arrays come in two forms. A value of kind Array is an array of the data or of
// an array constructor. A *sequence, inside an Extension, is what a path or
// function collected: it collapses to its only item, or to nothing, when it
// leaves the expression that made it. Both are immutable.
type sequence struct {
	items []value.Value
	flags sequenceFlags
}

type sequenceFlags uint8

const (
	isSequence    sequenceFlags = 1 << iota // else a constructed array with keepNested
	keepSingleton                           // does not collapse
	keepNested                              // is not flattened into the sequence around it
	outerWrapper                            // holds the input, which is an array
)

func newSequence(items []value.Value, flags sequenceFlags) value.Value {
	return value.NewExtension(&sequence{items: items, flags: flags | isSequence})
}

// asSequence returns the sequence in v, nil if it is none.
func asSequence(v value.Value) *sequence {
	if !v.Is(value.Extension) {
		return nil
	}
	s, _ := v.Extension().(*sequence)
	return s
}

// elements returns the items of an array of either form.
func elements(v value.Value) ([]value.Value, bool) {
	switch v.Kind() {
	case value.Array:
		return v.Items(), true
	case value.Extension:
		if s, ok := v.Extension().(*sequence); ok {
			return s.items, true
		}
	}
	return nil, false
}

// listOf returns the items of an array, or v as the only item.
func listOf(v value.Value) []value.Value {
	if items, ok := elements(v); ok {
		return items
	}
	return []value.Value{v}
}

// collapse takes a sequence to what the expression around it sees.
func collapse(v value.Value, keepArray bool) value.Value {
	s := asSequence(v)
	if s == nil || s.flags&isSequence == 0 {
		return v
	}
	switch {
	case len(s.items) == 0:
		return value.Value{}
	case len(s.items) == 1 && s.flags&keepSingleton == 0 && !keepArray:
		return s.items[0]
	case keepArray && s.flags&keepSingleton == 0:
		return newSequence(s.items, s.flags|keepSingleton)
	}
	return v
}

// list is a sequence under construction, cheap as long as it has one item.
type list struct {
	n    int
	one  value.Value   // the item when n is 1
	many []value.Value // the items when n is more
	// whole says that the list is the array in one, itself: a path that ends in
	// one array of the data gives that array, not a sequence.
	whole bool
	hint  int // how many items may come
}

func listFrom(items []value.Value) list {
	switch len(items) {
	case 0:
		return list{}
	case 1:
		return list{n: 1, one: items[0]}
	}
	return list{n: len(items), many: items[:len(items):len(items)]}
}

func (l *list) push(v value.Value) {
	switch l.n {
	case 0:
		l.one = v
	case 1:
		l.many = append(make([]value.Value, 0, max(4, min(l.hint, 64))), l.one, v)
	default:
		l.many = append(l.many, v)
	}
	l.n++
}

func (l *list) pushAll(items []value.Value) {
	if l.n == 0 {
		*l = listFrom(items)
		return
	}
	for i := range items {
		l.push(items[i])
	}
}

func (l *list) at(i int) value.Value {
	if l.n == 1 {
		return l.one
	}
	return l.many[i]
}

// items returns the list's items; the slice is shared.
func (l *list) items() []value.Value {
	switch {
	case l.whole:
		items, _ := elements(l.one)
		return items
	case l.n == 0:
		return nil
	case l.n == 1:
		return []value.Value{l.one}
	}
	return l.many
}

// value returns the list as a sequence that has not collapsed yet.
func (l *list) value() value.Value {
	if l.whole {
		return l.one
	}
	return newSequence(l.items(), 0)
}

// collapsed returns the list as the expression around it sees it.
func (l *list) collapsed() value.Value {
	switch {
	case l.whole:
		return l.one
	case l.n == 0:
		return value.Value{}
	case l.n == 1:
		return l.one
	}
	return newSequence(l.many, 0)
}
