package asl

import (
	"errors"
	"strings"

	"pawl.dev/asl/intrinsic"
	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// Template is a payload template (JSONPath) or a JSON value with {% %}
// expressions (JSONata). Parts without anything to evaluate are kept as ready
// values.
type Template struct {
	root node
	text string // of a template that is constant
}

// node is one part of a template.
type node interface {
	eval(d *Data) (value.Value, *Failure)
}

type (
	// constant is a part with nothing to evaluate.
	constant struct{ v value.Value }
	// objectNode makes an object; its keys are shared by all results.
	objectNode struct {
		keys  []string
		parts []node
	}
	arrayNode struct{ parts []node }
	// pathNode is "key.$": "$.path".
	pathNode struct {
		ref   jsonpath.Ref
		field string // "key.$"
	}
	// callNode is "key.$": "States.Function(…)".
	callNode struct{ call *intrinsic.Call }
)

// Eval evaluates the template over d.
func (t *Template) Eval(d *Data) (Document, *Failure) {
	if c, ok := t.root.(constant); ok {
		return Document{text: t.text, val: c.v}, nil
	}
	v, failure := t.root.eval(d)
	if failure != nil {
		return Document{}, failure
	}
	return ValueDocument(v), nil
}

func (n constant) eval(*Data) (value.Value, *Failure) { return n.v, nil }

func (n *objectNode) eval(d *Data) (value.Value, *Failure) {
	vals, failure := evalAll(n.parts, d)
	if failure != nil {
		return value.Value{}, failure
	}
	return value.NewObject(n.keys, vals), nil
}

func (n *arrayNode) eval(d *Data) (value.Value, *Failure) {
	vals, failure := evalAll(n.parts, d)
	if failure != nil {
		return value.Value{}, failure
	}
	return value.NewArray(vals), nil
}

func evalAll(parts []node, d *Data) ([]value.Value, *Failure) {
	vals := make([]value.Value, len(parts))
	for i, p := range parts {
		v, failure := p.eval(d)
		if failure != nil {
			return nil, failure
		}
		vals[i] = v
	}
	return vals, nil
}

func (n *pathNode) eval(d *Data) (value.Value, *Failure) {
	v, err := n.ref.Eval(d)
	if err == nil {
		return v, nil
	}
	// AWS makes an index past the end null, in templates only.
	if notFound(err).IndexOutOfRange {
		return value.NullValue, nil
	}
	return value.Value{}, missingIn(&n.ref, n.field, d)
}

func (n *callNode) eval(d *Data) (value.Value, *Failure) { return evalCall(n.call, d) }

// evalCall evaluates an intrinsic function.
func evalCall(call *intrinsic.Call, d *Data) (value.Value, *Failure) {
	var env intrinsic.Env
	if d.Env != nil {
		env.Rand = d.Env.Rand
	}
	v, err := call.Eval(d, env)
	if err == nil {
		return v, nil
	}
	f := NewFailure(ErrIntrinsic, err.Error())
	var known *intrinsic.Failure
	if errors.As(err, &known) {
		f = NewFailure(known.Name, known.Cause)
	}
	f.InState = true
	return value.Value{}, f
}

// template compiles field name of o in the language of st; nil when the field
// is absent.
func (c *compiler) template(st *State, o object, name string, may access) *Template {
	return c.templateField(st, o, name, "", may)
}

// templateField is template for a field of a choice rule or a catcher, whose
// path in causes is prefix.
func (c *compiler) templateField(st *State, o object, name, prefix string, may access) *Template {
	v, ok := o.v.Get(name)
	if !ok {
		return nil
	}
	return c.templateAt(st, v, o.fieldPlace(prefix, name), may)
}

func (c *compiler) templateAt(st *State, v value.Value, where *place, may access) *Template {
	var root node
	if st.Language == JSONata {
		root = c.jsonataNode(v, where, may)
	} else {
		root = c.pathTemplate(v, where)
	}
	t := &Template{root: root}
	if k, ok := root.(constant); ok {
		t.text = k.v.JSON()
	}
	return t
}

// isDynamic reports whether a key of a JSONPath template marks a path.
func isDynamic(key string) bool { return len(key) > 2 && strings.HasSuffix(key, ".$") }

// pathTemplate compiles a part of a JSONPath template. Findings about paths
// point at the whole template.
func (c *compiler) pathTemplate(v value.Value, where *place) node {
	switch v.Kind() {
	case value.Array:
		n := &arrayNode{parts: make([]node, v.Len())}
		for i, x := range v.Items() {
			n.parts[i] = c.pathTemplate(x, where.item(i))
		}
		return folded(n, n.parts, v)
	case value.Object:
		return c.pathObject(v, where)
	default:
		return constant{v}
	}
}

func (c *compiler) pathObject(v value.Value, where *place) node {
	n := &objectNode{keys: make([]string, 0, v.Len()), parts: make([]node, 0, v.Len())}
	seen := make(map[string]bool, v.Len())
	for i, k := range v.Keys() {
		x := v.At(i)
		key := k
		var part node
		if isDynamic(k) {
			key = strings.TrimSuffix(k, ".$")
			part = c.dynamic(k, x, where)
		} else {
			if looksLikePath(x) {
				c.warn(CodeNoDollar, where.key(k).location(), "The value of '"+k+"' looks like a JSONPath. Instead of '"+k+"', use '"+k+".$' to evaluate it as a JSONPath at runtime.")
			}
			part = c.pathTemplate(x, where.key(k))
		}
		if seen[key] {
			c.report(CodeSchema, where.top(), "The field '"+key+"' is defined more than once")
			continue
		}
		seen[key] = true
		n.keys = append(n.keys, key)
		n.parts = append(n.parts, part)
	}
	return folded(n, n.parts, v)
}

// folded returns n, or v as a constant when all parts of n are constant.
func folded(n node, parts []node, v value.Value) node {
	for _, p := range parts {
		if _, ok := p.(constant); !ok {
			return n
		}
	}
	return constant{v}
}

// dynamic compiles the value of a key that ends in ".$".
func (c *compiler) dynamic(key string, v value.Value, where *place) node {
	s := v.Str()
	if r, ok := c.reference(s); ok {
		return &pathNode{ref: r, field: key}
	}
	if call, ok := c.intrinsic(s); ok {
		return &callNode{call: call}
	}
	c.report(CodeSchema, where.top(), "The value for the field '"+key+"' must be a valid JSONPath or a valid intrinsic function call")
	return constant{value.NullValue}
}

// intrinsic compiles a call of an intrinsic function.
func (c *compiler) intrinsic(s string) (*intrinsic.Call, bool) {
	if !strings.HasPrefix(s, "States.") {
		return nil, false
	}
	call, err := intrinsic.Compile(s)
	if err != nil {
		return nil, false
	}
	for _, r := range call.Refs() {
		c.readsRef(r)
	}
	return call, true
}

// looksLikePath reports whether a constant was probably meant to be a path.
func looksLikePath(v value.Value) bool {
	s := v.Str()
	return s == "$" || s == "$$" || strings.HasPrefix(s, "$.") || strings.HasPrefix(s, "$$.") || strings.HasPrefix(s, "$[")
}
