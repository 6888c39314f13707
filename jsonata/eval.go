package jsonata

import "pawl.dev/value"

// eval evaluates one node. AWS's depth guard counts the nesting of this
// function as jsonata-js nests its evaluate(); whatever takes a short cut must
// count the calls it saves.
func (st *state) eval(n *node, in value.Value, env *frame) (value.Value, *Error) {
	if st.depth >= st.maxDepth {
		return value.Value{}, overflow()
	}
	if n.constant {
		return n.val, nil
	}
	if st.steps++; st.steps%stepsPerCheck == 0 {
		if err := st.checkTime(); err != nil {
			return value.Value{}, err
		}
	}
	st.depth++
	if n.plain {
		v, err := st.evalPlainPath(n, in, env)
		st.depth--
		return v, err
	}
	v, err := st.evalKind(n, in, env)
	if err == nil && (n.predicates != nil || n.group != nil && n.kind != nodePath) {
		v, err = st.evalSuffix(n, v, env)
	}
	st.depth--
	if err != nil {
		return value.Value{}, err
	}
	if v.Is(value.Extension) {
		v = collapse(v, n.keepArray)
	}
	return v, nil
}

func (st *state) evalKind(n *node, in value.Value, env *frame) (value.Value, *Error) {
	switch n.kind {
	case nodePath:
		return st.evalPath(n, in, env)
	case nodeName:
		return st.evalName(n, in)
	case nodeVariable:
		if n.text != "" {
			return st.lookup(n, env), nil
		}
		return unwrap(in), nil
	case nodeString, nodeNumber, nodeLiteral:
		return n.val, nil
	case nodeBinary:
		return st.evalBinary(n, in, env)
	case nodeUnary:
		return st.evalUnary(n, in, env)
	case nodeFunction:
		return st.evalFunction(n, in, env, nil)
	case nodeCondition:
		return st.evalCondition(n, in, env)
	case nodeBlock:
		return st.evalBlock(n, in, env)
	case nodeBind:
		v, err := st.eval(n.rhs, in, env)
		if err == nil {
			env.bind(n.lhs.text, v)
		}
		return v, err
	case nodeLambda:
		if n.thunk {
			st.tail = tailCallee{n.body, in, env}
			return thunk, nil
		}
		return value.NewExtension(&lambda{node: n, params: n.params, body: n.body, signature: n.signature, input: in, env: env}), nil
	case nodeWildcard:
		return st.evalWildcard(in)
	case nodeDescendant:
		return st.evalDescendants(in)
	case nodeParent:
		v, _ := st.lookupName(n.slot.label, env)
		return v, nil
	case nodeRegex:
		return value.NewExtension(&matcher{regex: n.regex, at: n.at}), nil
	case nodePartial:
		return st.evalPartial(n, in, env)
	case nodeApply:
		return st.evalApply(n, in, env)
	case nodeTransform:
		return value.NewExtension(&transformer{node: n, env: env}), nil
	case nodeEnd, nodeSort, nodeOperator:
	}
	return value.Value{}, nil
}

// unwrap undoes the wrapping of an input that is an array.
func unwrap(in value.Value) value.Value {
	if s := asSequence(in); s != nil && s.flags&outerWrapper != 0 {
		return s.items[0]
	}
	return in
}

// evalSuffix applies the filters and the grouping of a node that is no path.
func (st *state) evalSuffix(n *node, v value.Value, env *frame) (value.Value, *Error) {
	for _, filter := range n.predicates {
		l, err := st.filter(filter, v, env)
		if err != nil {
			return v, err
		}
		v = l.value()
	}
	if n.group == nil {
		return v, nil
	}
	return st.evalGroup(n.group, v, env)
}

func (st *state) evalCondition(n *node, in value.Value, env *frame) (value.Value, *Error) {
	condition, err := st.eval(n.lhs, in, env)
	if err != nil {
		return condition, err
	}
	yes, err := truth(condition)
	switch {
	case err != nil:
		return value.Value{}, err
	case yes:
		return st.eval(n.rhs, in, env)
	case n.other != nil:
		return st.eval(n.other, in, env)
	}
	return value.Value{}, nil
}

func (st *state) evalBlock(n *node, in value.Value, env *frame) (value.Value, *Error) {
	if n.ownFrame {
		env = newFrame(env)
	}
	var v value.Value
	for _, part := range n.list {
		var err *Error
		if v, err = st.eval(part, in, env); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (st *state) evalUnary(n *node, in value.Value, env *frame) (value.Value, *Error) {
	switch {
	case n.isArray:
		return st.evalArray(n, in, env)
	case n.object != nil:
		return st.evalGroup(n.object, in, env)
	}
	v, err := st.eval(n.lhs, in, env)
	if err != nil || !v.Defined() {
		return v, err
	}
	numeric, err := isNumeric(v)
	if err != nil {
		return v, err
	}
	if !numeric {
		return v, failValue("D1002", v).locate(n.at, n.text)
	}
	return negate(v), nil
}

// evalArray evaluates an array constructor: nested constructors stay arrays,
// every other array is taken apart.
func (st *state) evalArray(n *node, in value.Value, env *frame) (value.Value, *Error) {
	items := make([]value.Value, 0, len(n.list))
	for _, part := range n.list {
		v, err := st.eval(part, in, env)
		if err != nil {
			return v, err
		}
		if !v.Defined() {
			continue
		}
		nested, isList := elements(v)
		if part.isArray || !isList {
			items = append(items, v)
			continue
		}
		if err := st.chargeItems(len(items) + len(nested)); err != nil {
			return v, err
		}
		if len(items) == 0 {
			items = nested[:len(nested):len(nested)]
			continue
		}
		items = append(items, nested...)
	}
	if n.consArray {
		return value.NewExtension(&sequence{items: items, flags: keepNested}), nil
	}
	return value.NewArray(items), nil
}
