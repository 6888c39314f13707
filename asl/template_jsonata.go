package asl

import (
	"strings"

	"pawl.dev/value"
)

// exprNode is a {% %} string.
type exprNode struct{ e *expression }

func (n exprNode) eval(d *Data) (value.Value, *Failure) { return n.e.eval(d) }

// jsonataNode compiles a part of a JSONata template. field is its path in
// causes ("Output/a"), at its location in the definition.
func (c *compiler) jsonataNode(v value.Value, field, at string, may access) node {
	switch v.Kind() {
	case value.String:
		if e := c.marked(v.Str(), field, at, may); e != nil {
			return exprNode{e}
		}
	case value.Array:
		n := &arrayNode{parts: make([]node, v.Len())}
		for i, x := range v.Items() {
			n.parts[i] = c.jsonataNode(x, indexed(field, i), indexed(at, i), may)
		}
		return folded(n, n.parts, v)
	case value.Object:
		n := &objectNode{keys: v.Keys(), parts: make([]node, v.Len())}
		for i, k := range v.Keys() {
			n.parts[i] = c.jsonataNode(v.At(i), field+"/"+k, at+"/"+k, may)
		}
		return folded(n, n.parts, v)
	default:
	}
	return constant{v}
}

// marked compiles s if it is an expression; nil when it is a plain string. A
// string that only opens the marks is a finding.
func (c *compiler) marked(s, field, at string, may access) *expression {
	e := c.expression(s, field, at, may)
	if e == nil && strings.HasPrefix(s, "{%") {
		c.report(CodeSchema, at, "JSONata string must start with {% and end with %}")
	}
	return e
}
