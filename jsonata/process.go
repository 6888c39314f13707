package jsonata

import "pawl.dev/value"

// process turns the parse tree into the tree that is evaluated: the parts of a
// location path become one node with a list of steps, filters move to their
// steps, parents are resolved and tail calls marked.
func (p *parser) process(n *node) *node {
	result := p.processKind(n)
	if n.keepArray {
		result.keepArray = true
	}
	return result
}

func (p *parser) processKind(n *node) *node {
	switch n.kind {
	case nodeBinary:
		return p.processBinary(n)
	case nodeUnary:
		return p.processUnary(n)
	case nodeFunction, nodePartial:
		p.processList(n)
		n.procedure = p.process(n.procedure)
	case nodeLambda:
		n.text = ""
		n.body = tailCall(p.process(n.body))
	case nodeCondition:
		n.text = ""
		n.lhs = p.child(n, n.lhs)
		n.rhs = p.child(n, n.rhs)
		if n.other != nil {
			n.other = p.child(n, n.other)
		}
	case nodeTransform:
		n.lhs, n.rhs = p.process(n.lhs), p.process(n.rhs)
		if n.other != nil {
			n.other = p.process(n.other)
		}
	case nodeBlock:
		n.text = ""
		p.processList(n)
		for _, part := range n.list {
			n.consArray = n.consArray || part.consArray || part.kind == nodePath && part.list[0].consArray
		}
	case nodeName:
		n.val = value.Text(n.text)
		return &node{kind: nodePath, at: n.at, list: []*node{n}, keepSingleton: n.keepArray}
	case nodeParent:
		return p.newParent(n.at)
	case nodeOperator:
		if n.text != "?" { // "and", "or" and "in" are also good names
			n.kind = nodeName
			return p.process(n)
		}
	case nodeVariable:
		n.builtin = builtins[n.text]
	case nodeEnd:
		panic(p.fail("S0207", n.at, value.Text("(end)")))
	}
	return n
}

// child processes a child of n, which inherits the parents it seeks.
func (p *parser) child(n, child *node) *node {
	child = p.process(child)
	pushAncestry(n, child)
	return child
}

func (p *parser) processList(n *node) {
	for i, item := range n.list {
		n.list[i] = p.child(n, item)
	}
}

func (p *parser) processUnary(n *node) *node {
	switch {
	case n.isArray:
		p.processList(n)
	case n.lhs == nil:
		n.object = &group{at: n.at}
		for _, pair := range n.pairs {
			n.object.pairs = append(n.object.pairs, [2]*node{p.child(n, pair[0]), p.child(n, pair[1])})
		}
		n.pairs = nil
	default:
		operand := p.process(n.lhs)
		if operand.kind == nodeNumber {
			operand.val = negate(operand.val)
			return operand
		}
		n.lhs = operand
		pushAncestry(n, operand)
	}
	return n
}

func (p *parser) processBinary(n *node) *node {
	switch n.text {
	case ".":
		return p.processDot(n)
	case "[":
		return p.processFilter(n)
	case "{":
		result := p.process(n.lhs)
		if result.group != nil {
			panic(p.fail("S0210", n.at, value.Value{}))
		}
		result.group = &group{at: n.at}
		for _, pair := range n.pairs {
			result.group.pairs = append(result.group.pairs, [2]*node{p.process(pair[0]), p.process(pair[1])})
		}
		n.pairs = nil
		return result
	case "^":
		return p.processSort(n)
	case "@":
		return p.processFocus(n)
	case "#":
		return p.processIndex(n)
	case ":=":
		n.kind = nodeBind
		n.rhs = p.child(n, n.rhs)
	case "~>":
		n.kind = nodeApply
		n.lhs, n.rhs = p.process(n.lhs), p.process(n.rhs)
		n.keepArray = n.keepArray || n.lhs.keepArray || n.rhs.keepArray
	default:
		n.code = operatorCodes[n.text]
		n.lhs = p.child(n, n.lhs)
		n.rhs = p.child(n, n.rhs)
	}
	return n
}

func (p *parser) processDot(n *node) *node {
	path := p.process(n.lhs)
	if path.kind != nodePath {
		first := path
		path = &node{kind: nodePath, at: first.at, list: []*node{first}}
		if first.kind == nodeParent {
			path.seeking = []*slot{first.slot}
		}
	}
	rest := p.process(n.rhs)
	if rest.kind == nodePath {
		path.list = append(path.list, rest.list...)
	} else {
		for _, filter := range rest.predicates {
			rest.stages = append(rest.stages, stage{filter: filter})
		}
		rest.predicates = nil
		path.list = append(path.list, rest)
	}
	for _, step := range path.list {
		switch step.kind {
		case nodeNumber, nodeLiteral:
			e := p.fail("S0213", step.at, value.Value{})
			e.Value = step.val
			panic(e)
		case nodeString:
			step.kind = nodeName
		}
		path.keepSingleton = path.keepSingleton || step.keepArray
	}
	if first := path.list[0]; first.isArray {
		first.consArray = true
	}
	if last := path.list[len(path.list)-1]; last.isArray {
		last.consArray = true
	}
	p.resolveAncestry(path)
	return path
}

// lastStep returns the step that a filter or binding behind n belongs to.
func lastStep(n *node) *node {
	if n.kind == nodePath {
		return n.list[len(n.list)-1]
	}
	return n
}

func (p *parser) processFilter(n *node) *node {
	result := p.process(n.lhs)
	step := lastStep(result)
	if step.group != nil {
		panic(p.fail("S0209", n.at, value.Value{}))
	}
	filter := p.process(n.rhs)
	if filter.seeking != nil {
		for _, s := range filter.seeking {
			if s.level == 1 {
				p.seekParent(step, s)
			} else {
				s.level--
			}
		}
		pushAncestry(step, filter)
	}
	if result.kind == nodePath {
		step.stages = append(step.stages, stage{filter: filter})
	} else {
		step.predicates = append(step.predicates, filter)
	}
	return result
}

func (p *parser) processSort(n *node) *node {
	path := p.process(n.lhs)
	if path.kind != nodePath {
		path = &node{kind: nodePath, at: path.at, list: []*node{path}}
	}
	step := &node{kind: nodeSort, at: n.at}
	for _, term := range n.terms {
		step.terms = append(step.terms, sortTerm{term.descending, p.child(step, term.expression)})
	}
	path.list = append(path.list, step)
	p.resolveAncestry(path)
	return path
}

func (p *parser) processFocus(n *node) *node {
	result := p.process(n.lhs)
	step := lastStep(result)
	switch {
	case step.stages != nil || step.predicates != nil:
		panic(p.fail("S0215", n.at, value.Value{}))
	case step.kind == nodeSort:
		panic(p.fail("S0216", n.at, value.Value{}))
	}
	if n.keepArray {
		step.keepArray = true
	}
	step.focus, step.tuple = n.rhs.text, true
	return result
}

func (p *parser) processIndex(n *node) *node {
	result := p.process(n.lhs)
	step := lastStep(result)
	if result.kind != nodePath {
		result = &node{kind: nodePath, at: step.at, list: []*node{step}}
		for _, filter := range step.predicates {
			step.stages = append(step.stages, stage{filter: filter})
		}
		step.predicates = nil
	}
	if step.stages == nil {
		step.index = n.rhs.text
	} else {
		step.stages = append(step.stages, stage{index: n.rhs.text})
	}
	step.tuple = true
	return result
}

// tailCall replaces a call in tail position by a thunk, which the caller's
// trampoline runs: tail recursion then needs no depth.
func tailCall(n *node) *node {
	switch n.kind {
	case nodeFunction:
		if n.predicates == nil && n.group == nil {
			return &node{kind: nodeLambda, thunk: true, at: n.at, body: n}
		}
	case nodeCondition:
		n.rhs = tailCall(n.rhs)
		if n.other != nil {
			n.other = tailCall(n.other)
		}
	case nodeBlock:
		if last := len(n.list) - 1; last >= 0 {
			n.list[last] = tailCall(n.list[last])
		}
	}
	return n
}
