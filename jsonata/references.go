package jsonata

// Reference is a name that the expression reads from outside itself.
type Reference struct {
	// Path is the reference's leading names: ["$x"], ["$states", "input", "a"],
	// ["phone"] for a bare top-level name, ["$$"] for the root.
	Path []string
	// Position is where the first name ends, in UTF-16 units, as jsonata-js
	// counts.
	Position int
}

// References lists what the expression reads from outside, in the order of the
// text and as often as it does: variables that it does not bind itself, bare
// names of a path's first step without context, and "$$". Names of built-in
// functions are left out, even where a variable of that name may exist.
func (e *Expr) References() []Reference {
	w := &referenceWalk{text: e.text}
	w.node(e.root, &scope{}, false)
	return w.found
}

// scope is the names that an expression binds, in nested scopes.
type scope struct {
	parent *scope
	names  []string
}

func (s *scope) binds(name string) bool {
	for ; s != nil; s = s.parent {
		for _, n := range s.names {
			if n == name {
				return true
			}
		}
	}
	return false
}

type referenceWalk struct {
	text  string
	found []Reference
}

func (w *referenceWalk) add(n *node, path ...string) {
	w.found = append(w.found, Reference{Path: path, Position: utf16Length(w.text[:min(n.at, len(w.text))])})
}

// node walks n. context says whether names are looked up in an item, so that
// they refer to nothing outside.
func (w *referenceWalk) node(n *node, s *scope, context bool) {
	if n == nil {
		return
	}
	switch n.kind {
	case nodePath:
		w.path(n, s, context)
		return
	case nodeVariable:
		w.variable(n, nil, s)
	case nodeName:
		if !context {
			w.add(n, n.text)
		}
	case nodeBlock:
		w.children(n, &scope{parent: s}, context)
	case nodeBind:
		// A function may call itself by the name it gets.
		if n.rhs.kind == nodeLambda {
			s.names = append(s.names, n.lhs.text)
		}
		w.node(n.rhs, s, context)
		s.names = append(s.names, n.lhs.text)
	case nodeLambda:
		w.node(n.body, &scope{parent: s, names: n.params}, context)
	case nodeTransform:
		w.children(n, s, true)
	default:
		w.children(n, s, context)
	}
	w.decorations(n, s)
}

// children walks what is evaluated with n's own context.
func (w *referenceWalk) children(n *node, s *scope, context bool) {
	w.node(n.procedure, s, context)
	w.node(n.lhs, s, context)
	w.node(n.rhs, s, context)
	w.node(n.other, s, context)
	for _, child := range n.list {
		w.node(child, s, context)
	}
	if n.object != nil {
		for _, pair := range n.object.pairs {
			w.node(pair[0], s, context)
			w.node(pair[1], s, context)
		}
	}
	w.node(n.body, s, context)
}

// decorations walks filters, order-by terms and grouping, which have a context.
func (w *referenceWalk) decorations(n *node, s *scope) {
	for _, filter := range n.predicates {
		w.node(filter, s, true)
	}
	for _, st := range n.stages {
		w.node(st.filter, s, true)
		if st.index != "" {
			s.names = append(s.names, st.index)
		}
	}
	for _, term := range n.terms {
		w.node(term.expression, s, true)
	}
	if n.group != nil {
		for _, pair := range n.group.pairs {
			w.node(pair[0], s, true)
			w.node(pair[1], s, true)
		}
	}
}

func (w *referenceWalk) path(n *node, s *scope, context bool) {
	s = &scope{parent: s}
	for i, step := range n.list {
		for _, name := range []string{step.focus, step.index} {
			if name != "" {
				s.names = append(s.names, name)
			}
		}
		if i == 0 && step.kind == nodeVariable {
			w.variable(step, n.list[1:], s)
			w.decorations(step, s)
			continue
		}
		w.node(step, s, context || i > 0)
	}
	w.decorations(n, s)
}

// variable adds the variable n with the names that follow it, as far as they
// lead through objects.
func (w *referenceWalk) variable(n *node, rest []*node, s *scope) {
	if n.text == "" || n.builtin.Defined() || s.binds(n.text) {
		return
	}
	path := []string{"$" + n.text}
	last := n
	for _, step := range rest {
		if step.kind != nodeName || last.stages != nil || last.predicates != nil || last.focus != "" {
			break
		}
		path = append(path, step.text)
		last = step
	}
	w.add(n, path...)
}
