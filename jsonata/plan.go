package jsonata

import "slices"

// plan marks, in a processed tree, what the evaluator can do in a cheaper way.
func plan(n *node) {
	if n == nil {
		return
	}
	switch n.kind {
	case nodePath:
		n.plain = isPlainPath(n)
	case nodeString, nodeNumber, nodeLiteral:
		n.constant = !n.decorated()
	case nodeBlock:
		for _, part := range n.list {
			n.ownFrame = n.ownFrame || binds(part)
		}
	}
	n.object.plan()
	n.group.plan()
	n.children(plan)
}

// plan notes the keys of an object constructor that are known.
func (g *group) plan() {
	if g == nil || len(g.pairs) >= indexFrom {
		return
	}
	keys := make([]string, len(g.pairs))
	for i, pair := range g.pairs {
		if pair[0].kind != nodeString || pair[0].decorated() || slices.Contains(keys[:i], pair[0].text) {
			return
		}
		keys[i] = pair[0].text
	}
	g.keys = keys
}

// isPlainPath reports whether a path is names only, perhaps behind a variable.
func isPlainPath(n *node) bool {
	if n.group != nil || n.keepSingleton || n.keepArray || n.tuple {
		return false
	}
	for i, step := range n.list {
		named := step.kind == nodeName || i == 0 && step.kind == nodeVariable && step.text != ""
		if !named || step.keepArray || step.tuple || step.stages != nil || step.predicates != nil || step.group != nil {
			return false
		}
	}
	return true
}

// decorated reports whether more than its kind decides what n evaluates to.
func (n *node) decorated() bool {
	return n.predicates != nil || n.group != nil || n.keepArray
}

// binds reports whether evaluating n may bind a variable in the current frame.
func binds(n *node) bool {
	if n == nil || n.kind == nodeBlock || n.kind == nodeLambda && !n.thunk {
		return false
	}
	if n.kind == nodeBind {
		return true
	}
	found := false
	n.children(func(child *node) { found = found || binds(child) })
	return found
}

// children calls f for every child of n, in the order of evaluation. A child
// may be nil.
func (n *node) children(f func(*node)) {
	f(n.lhs)
	f(n.rhs)
	f(n.other)
	f(n.procedure)
	for _, child := range n.list {
		f(child)
	}
	for _, term := range n.terms {
		f(term.expression)
	}
	f(n.body)
	for _, filter := range n.predicates {
		f(filter)
	}
	for _, s := range n.stages {
		f(s.filter)
	}
	for _, g := range [...]*group{n.object, n.group} {
		if g == nil {
			continue
		}
		for _, pair := range g.pairs {
			f(pair[0])
			f(pair[1])
		}
	}
}
