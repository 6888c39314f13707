package jsonata

// plan marks, in a processed tree, what the evaluator can do in a cheaper way.
func plan(n *node) {
	if n == nil {
		return
	}
	switch n.kind {
	case nodePath:
		n.plain = isPlainPath(n)
	case nodeBlock:
		for _, part := range n.list {
			n.ownFrame = n.ownFrame || binds(part)
		}
	}
	n.children(plan)
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
	for _, pair := range n.pairs {
		f(pair[0])
		f(pair[1])
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
	if n.group != nil {
		for _, pair := range n.group.pairs {
			f(pair[0])
			f(pair[1])
		}
	}
}
