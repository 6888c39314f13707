package jsonpath

import (
	"strings"

	"pawl.dev/value"
)

// Set returns root with the node at p, which must be a reference path, replaced
// by v. Missing objects on the way are made; a member that exists keeps its
// place. The error says which step meets a value that can't hold it.
func (p *Path) Set(root, v value.Value) (value.Value, error) {
	if !p.plain {
		return value.Value{}, &InvalidPathError{"Value is not a Reference Path"}
	}
	return set(root, p.steps, v)
}

func set(in value.Value, steps []step, v value.Value) (value.Value, error) {
	if len(steps) == 0 {
		return v, nil
	}
	s := &steps[0]
	if s.kind == stepIndex {
		return setElement(in, steps, v)
	}
	if in.Defined() && in.Kind() != value.Object {
		return value.Value{}, unapplicable(s, in)
	}
	member, err := set(in.Member(s.name), steps[1:], v)
	if err != nil {
		return value.Value{}, err
	}
	var b value.Builder
	b.Grow(in.Len() + 1)
	for i, key := range in.Keys() {
		b.Set(key, in.At(i))
	}
	b.Set(s.name, member)
	return b.Object(), nil
}

// setElement replaces an element that exists: arrays don't grow.
func setElement(in value.Value, steps []step, v value.Value) (value.Value, error) {
	s := &steps[0]
	old, ok := element(in, s.index)
	if !ok {
		return value.Value{}, unapplicable(s, in)
	}
	item, err := set(old, steps[1:], v)
	if err != nil {
		return value.Value{}, err
	}
	items := append([]value.Value(nil), in.Items()...)
	i := s.index
	if i < 0 {
		i += len(items)
	}
	items[i] = item
	return value.NewArray(items), nil
}

func unapplicable(s *step, in value.Value) error {
	name := s.name
	if s.kind == stepIndex {
		name = strings.Trim(s.text, "[]")
	}
	input := "null"
	if in.Defined() {
		input = in.JSON()
	}
	return &NotFoundError{Message: `Unable to apply step "` + name + `" to input ` + input}
}
