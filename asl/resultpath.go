package asl

import (
	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// ResultPath is where a result is put into the raw input.
type ResultPath struct {
	null bool
	path *jsonpath.Path
}

// Merge returns raw with result at the path; a null path returns raw, "$" the
// result, both with their text.
func (p *ResultPath) Merge(raw, result Document, d *Data) (Document, *Failure) {
	switch {
	case p.null:
		return raw, nil
	case p.path.String() == "$":
		return result, nil
	}
	v, err := p.path.Set(raw.Value(d.arena()), result.Value(d.arena()))
	if err != nil {
		return Document{}, runtimeFailure(err.Error())
	}
	return ValueDocument(v), nil
}

// resultPath compiles a ResultPath; nil when the field is absent.
func (c *compiler) resultPath(o object, name string) *ResultPath {
	v, ok := o.v.Get(name)
	if !ok {
		return nil
	}
	if v.Is(value.Null) {
		return &ResultPath{null: true}
	}
	if !v.Is(value.String) {
		o.failAt(name, "Expected value of type [STRING]")
		return nil
	}
	// Neither the context object nor a variable can be written to.
	r, err := jsonpath.CompileRef(v.Str())
	if err != nil || r.Root != jsonpath.Input || !r.Path.Reference() {
		o.failAt(name, "Value is not a Reference Path")
		return nil
	}
	return &ResultPath{path: r.Path}
}
