package asl

import (
	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// Path is InputPath, OutputPath or ItemsPath.
type Path struct {
	null bool
	ref  jsonpath.Ref
}

// Null reports whether the field is the JSON null.
func (p *Path) Null() bool { return p.null }

// String returns the path as it was written, "" for null.
func (p *Path) String() string { return p.ref.Text }

// Eval returns what the path selects; null selects {}. in is what "$" means
// (d.Input is not used for it). A path "$" returns in as it is, text and all.
func (p *Path) Eval(in Document, d *Data) (Document, *Failure) {
	switch {
	case p.null:
		return Document{text: "{}", val: emptyObject}, nil
	case p.ref.Text == "$":
		return in, nil
	}
	var v value.Value
	var err error
	if p.ref.Root == jsonpath.Input {
		v, err = p.ref.Path.Eval(in.Value(d.arena()))
	} else {
		v, err = p.ref.Eval(d)
	}
	if err != nil {
		return Document{}, invalidPath(&p.ref, err)
	}
	return ValueDocument(v), nil
}

// path compiles InputPath or OutputPath; nil when the field is absent.
func (c *compiler) path(o object, name string) *Path {
	v, ok := o.v.Get(name)
	if !ok {
		return nil
	}
	if v.Is(value.Null) {
		return &Path{null: true}
	}
	if !v.Is(value.String) {
		o.failAt(name, "Expected value of type [STRING]")
		return nil
	}
	r, ok := c.reference(v.Str())
	if !ok {
		o.failAt(name, "Value must be a valid JSONPath.")
		return nil
	}
	return &Path{ref: r}
}

// itemsPath compiles ItemsPath, a reference path that may look at the context
// object.
func (c *compiler) itemsPath(o object) *Path {
	if !o.has("ItemsPath") {
		return nil
	}
	r, ok := c.referencePath(o, "ItemsPath")
	if !ok {
		return nil
	}
	return &Path{ref: r}
}

// referencePath reads a field that holds a path to a single node.
func (c *compiler) referencePath(o object, name string) (jsonpath.Ref, bool) {
	v := o.v.Member(name)
	if !v.Is(value.String) {
		o.failAt(name, "Expected value of type [STRING]")
		return jsonpath.Ref{}, false
	}
	r, ok := c.reference(v.Str())
	if !ok || !r.Path.Reference() {
		o.failAt(name, "Value is not a Reference Path")
		return jsonpath.Ref{}, false
	}
	return r, true
}
