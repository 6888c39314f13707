package jsonata

import (
	"strconv"

	"pawl.dev/value"
)

// The parent operator is resolved when the expression is compiled: each % gets
// a slot, and the step whose input is the parent binds that input under the
// slot's label. A slot whose step is not found yet travels up the tree in
// node.seeking.

func (p *parser) newParent(at int) *node {
	s := &slot{label: "!" + strconv.Itoa(len(p.slots)), level: 1, index: len(p.slots)}
	p.slots = append(p.slots, s)
	return &node{kind: nodeParent, at: at, slot: s}
}

// seekParent lets n, a step to the left of the parent operator, take the slot.
func (p *parser) seekParent(n *node, s *slot) {
	switch n.kind {
	case nodeName, nodeWildcard:
		s.level--
		if s.level == 0 {
			if n.ancestor != nil {
				p.slots[s.index].label = n.ancestor.label
			}
			n.ancestor = s
			n.tuple = true
		}
	case nodeParent:
		s.level++
	case nodeBlock:
		if len(n.list) > 0 {
			n.tuple = true
			p.seekParent(n.list[len(n.list)-1], s)
		}
	case nodePath:
		n.tuple = true
		i := len(n.list) - 1
		p.seekParent(n.list[i], s)
		for i--; s.level > 0 && i >= 0; i-- {
			p.seekParent(n.list[i], s)
		}
	default:
		panic(p.fail("S0217", n.at, value.Text(kindNames[n.kind])))
	}
}

// pushAncestry hands the slots that n still seeks, or is, to its parent node.
func pushAncestry(parent, n *node) {
	if n.kind == nodeParent {
		parent.seeking = append(parent.seeking, append(n.seeking, n.slot)...)
		return
	}
	parent.seeking = append(parent.seeking, n.seeking...)
}

// resolveAncestry looks for the steps of the slots that a path's last step seeks.
func (p *parser) resolveAncestry(path *node) {
	last := path.list[len(path.list)-1]
	slots := last.seeking
	if last.kind == nodeParent {
		slots = append(slots, last.slot)
	}
	for _, s := range slots {
		i := len(path.list) - 2
		for s.level > 0 {
			if i < 0 {
				path.seeking = append(path.seeking, s)
				break
			}
			step := path.list[i]
			i--
			// Steps in a row that bind the focus have the same input.
			for i >= 0 && step.focus != "" && path.list[i].focus != "" {
				step = path.list[i]
				i--
			}
			p.seekParent(step, s)
		}
	}
}
