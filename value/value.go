// Package value is Pawl's JSON value: immutable, ordered, cheap.
//
// It keeps object keys in the order in which they came and numbers in the
// spelling in which they came, because both show in what AWS Step Functions
// answers. JSONPath, JSONata, intrinsic functions and payload templates all
// work on this one type.
//
// The package is pure: it does no I/O and reads neither clock nor chance. It
// imports nothing of this module.
//
// Ownership: a parsed value aliases the text it was parsed from, and the memory
// of the Arena that it was parsed with. It must not outlive either. What leaves
// a turn is printed with AppendJSON.
package value

import (
	"math"
	"strconv"
	"unsafe"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds. Undefined is the zero Value: JSONata's "nothing", never JSON.
const (
	Undefined Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
	// Extension holds a Go value of another package (JSONata keeps functions
	// and sequences so). It has no JSON form.
	Extension
)

// String returns the name that AWS prints for the kind in error texts.
func (k Kind) String() string {
	switch k {
	case Undefined:
		return "undefined"
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	case Extension:
		return "function"
	}
	panic("value: unknown kind " + strconv.Itoa(int(k)))
}

// form says how a Number is held.
type form uint8

const (
	formText  form = iota // p, n: the spelling in the source
	formInt               // n: the bits of an int64
	formFloat             // n: the bits of a float64
)

// Value is one JSON value in 24 bytes. The zero Value is Undefined. Values are
// compared with Equal, not with ==.
type Value struct {
	p    unsafe.Pointer // string bytes, *node or *any, by kind
	n    uint64         // string length, number bits, or 1 for true
	kind Kind
	form form
}

// node is the shared body of arrays and objects.
type node struct {
	keys  []string       // objects only
	vals  []Value        // elements or member values
	index map[string]int // objects with many keys, built by the parser or NewObject
	text  string         // the source text, if it is canonical as it stands
}

// indexFrom is the number of keys from which a look-up uses a hash index.
const indexFrom = 16

// NullValue is JSON null.
var NullValue = Value{kind: Null}

// Of returns the boolean b.
func Of(b bool) Value {
	v := Value{kind: Bool}
	if b {
		v.n = 1
	}
	return v
}

// Int returns the integer i, exactly.
func Int(i int64) Value { return Value{kind: Number, form: formInt, n: uint64(i)} }

// Float returns the number f. An integral f below 2^63 stays a float: it prints
// as Java's double does ("1.0"); use Int for integers.
func Float(f float64) Value {
	return Value{kind: Number, form: formFloat, n: math.Float64bits(f)}
}

// Text returns the string s, which must be valid UTF-8.
func Text(s string) Value {
	return Value{kind: String, p: unsafe.Pointer(unsafe.StringData(s)), n: uint64(len(s))}
}

// NewArray returns the array of items. It takes ownership of the slice.
func NewArray(items []Value) Value {
	return Value{kind: Array, p: unsafe.Pointer(&node{vals: items})}
}

// NewObject returns the object with the given keys, in this order. It takes
// ownership of both slices, which must be equally long. Keys must be distinct;
// use Builder where they may not be.
func NewObject(keys []string, vals []Value) Value {
	n := &node{keys: keys, vals: vals}
	n.buildIndex()
	return Value{kind: Object, p: unsafe.Pointer(n)}
}

// NewExtension wraps x, a value that only its package understands.
func NewExtension(x any) Value { return Value{kind: Extension, p: unsafe.Pointer(&x)} }

func (n *node) buildIndex() {
	if len(n.keys) < indexFrom {
		return
	}
	n.index = make(map[string]int, len(n.keys))
	for i, k := range n.keys {
		n.index[k] = i
	}
}

func (n *node) find(key string) int {
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range n.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// Is reports whether v is of kind k.
func (v Value) Is(k Kind) bool { return v.kind == k }

// Defined reports whether v is not Undefined.
func (v Value) Defined() bool { return v.kind != Undefined }

// True reports whether v is the boolean true.
func (v Value) True() bool { return v.kind == Bool && v.n == 1 }

// Str returns the text of a String, "" for every other kind.
func (v Value) Str() string {
	if v.kind != String {
		return ""
	}
	return v.text()
}

func (v Value) text() string { return unsafe.String((*byte)(v.p), int(v.n)) }

func (v Value) node() *node { return (*node)(v.p) }

// Len returns the number of elements of an Array or members of an Object, and
// 0 for every other kind.
func (v Value) Len() int {
	if v.kind != Array && v.kind != Object {
		return 0
	}
	return len(v.node().vals)
}

// At returns element (or member value) i of an Array or Object; i must be in
// range.
func (v Value) At(i int) Value { return v.node().vals[i] }

// Key returns the i-th key of an Object; i must be in range.
func (v Value) Key(i int) string { return v.node().keys[i] }

// Items returns the elements of an Array, or the member values of an Object in
// order. The slice is shared: do not change it.
func (v Value) Items() []Value {
	if v.kind != Array && v.kind != Object {
		return nil
	}
	return v.node().vals
}

// Keys returns the keys of an Object in order. The slice is shared: do not
// change it.
func (v Value) Keys() []string {
	if v.kind != Object {
		return nil
	}
	return v.node().keys
}

// Get returns the member key of an Object. It is Undefined and false when v is
// no object or has no such member.
func (v Value) Get(key string) (Value, bool) {
	if v.kind != Object {
		return Value{}, false
	}
	n := v.node()
	if i := n.find(key); i >= 0 {
		return n.vals[i], true
	}
	return Value{}, false
}

// Member returns the member key of an Object, or Undefined.
func (v Value) Member(key string) Value {
	m, _ := v.Get(key)
	return m
}

// Extension returns what NewExtension wrapped, nil for every other kind.
func (v Value) Extension() any {
	if v.kind != Extension {
		return nil
	}
	return *(*any)(v.p)
}

// Clone returns a copy of v that shares no memory with its source text or
// arena. Extensions are kept as they are.
func (v Value) Clone() Value {
	switch v.kind {
	case String:
		return Text(string([]byte(v.text())))
	case Number:
		if v.form == formText {
			c := Text(string([]byte(v.text())))
			c.kind = Number
			return c
		}
	case Array, Object:
		n := v.node()
		vals := make([]Value, len(n.vals))
		for i, x := range n.vals {
			vals[i] = x.Clone()
		}
		if v.kind == Array {
			return NewArray(vals)
		}
		keys := make([]string, len(n.keys))
		for i, k := range n.keys {
			keys[i] = string([]byte(k))
		}
		return NewObject(keys, vals)
	case Undefined, Null, Bool, Extension:
	}
	return v
}

// Equal reports deep equality: numbers by value (1 equals 1.0), objects without
// regard to key order. Extensions are equal to nothing.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case Undefined, Null:
		return true
	case Bool:
		return a.n == b.n
	case Number:
		return equalNumbers(a, b)
	case String:
		return a.text() == b.text()
	case Array:
		x, y := a.Items(), b.Items()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case Object:
		if a.Len() != b.Len() {
			return false
		}
		for i, k := range a.Keys() {
			other, ok := b.Get(k)
			if !ok || !Equal(a.At(i), other) {
				return false
			}
		}
		return true
	case Extension:
	}
	return false
}

// Builder makes an Object member by member. The zero Builder is empty.
type Builder struct{ n node }

// Set gives key the value v. A key that is there already keeps its place.
func (b *Builder) Set(key string, v Value) {
	if i := b.n.find(key); i >= 0 {
		b.n.vals[i] = v
		return
	}
	b.n.keys = append(b.n.keys, key)
	b.n.vals = append(b.n.vals, v)
	if b.n.index != nil {
		b.n.index[key] = len(b.n.keys) - 1
	} else if len(b.n.keys) == indexFrom {
		b.n.buildIndex()
	}
}

// Grow makes room for n more members.
func (b *Builder) Grow(n int) {
	if cap(b.n.keys)-len(b.n.keys) >= n {
		return
	}
	b.n.keys = append(make([]string, 0, len(b.n.keys)+n), b.n.keys...)
	b.n.vals = append(make([]Value, 0, len(b.n.vals)+n), b.n.vals...)
}

// Len returns the number of members set so far.
func (b *Builder) Len() int { return len(b.n.keys) }

// Get returns the value that key has so far.
func (b *Builder) Get(key string) (Value, bool) {
	if i := b.n.find(key); i >= 0 {
		return b.n.vals[i], true
	}
	return Value{}, false
}

// Object returns the object built. The Builder must not be used afterwards.
func (b *Builder) Object() Value {
	n := b.n
	return Value{kind: Object, p: unsafe.Pointer(&n)}
}
