package asl

import "pawl.dev/value"

// exprNode is a {% %} string.
type exprNode struct{ e *expression }

func (n exprNode) eval(d *Data) (value.Value, *Failure) { return n.e.eval(d) }

// jsonataNode compiles a part of a JSONata template.
func (c *compiler) jsonataNode(v value.Value, where *place, may access) node {
	switch v.Kind() {
	case value.String:
		if e := c.marked(v.Str(), where, may); e != nil {
			return exprNode{e}
		}
	case value.Array:
		n := &arrayNode{parts: make([]node, v.Len())}
		for i, x := range v.Items() {
			n.parts[i] = c.jsonataNode(x, where.item(i), may)
		}
		return folded(n, n.parts, v)
	case value.Object:
		n := &objectNode{keys: v.Keys(), parts: make([]node, v.Len())}
		for i, k := range v.Keys() {
			n.parts[i] = c.jsonataNode(v.At(i), where.key(k), may)
		}
		return folded(n, n.parts, v)
	default:
	}
	return constant{v}
}
