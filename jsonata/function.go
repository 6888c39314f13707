package jsonata

import "pawl.dev/value"

// Functions are values: Extensions of one of the types below.

// lambda is a function of the expression, with the scope it was made in.
type lambda struct {
	node      *node
	params    []string
	body      *node
	signature *signature
	input     value.Value
	env       *frame
}

// builtin is a function of the library.
type builtin struct {
	name      string
	signature *signature
	arity     int // parameters, which decides what a higher-order function passes
	call      func(st *state, args []value.Value) (value.Value, *Error)
}

// partial is a library function with some arguments given.
type partial struct {
	fn   value.Value
	args []value.Value
	open []int // positions of the arguments that are not given
}

// closure is a function that was passed as an argument: it does not see the
// context of the place that calls it.
type closure struct{ fn value.Value }

// thunk is what a tail call evaluates to; the call itself waits in state.tail
// until the trampoline in apply takes it, which is at once.
var thunk = value.NewExtension(thunkMark{})

type thunkMark struct{}

type tailCallee struct {
	call *node
	in   value.Value
	env  *frame
}

func isThunk(v value.Value) bool {
	if !v.Is(value.Extension) {
		return false
	}
	_, ok := v.Extension().(thunkMark)
	return ok
}

// isFunction reports whether v can be called.
func isFunction(v value.Value) bool {
	return v.Is(value.Extension) && asSequence(v) == nil
}

// isDefinedFunction reports whether v is a function and not the closure that an
// argument is wrapped in, nor a regular expression: in jsonata-js the first is
// an object, which counts as true.
func isDefinedFunction(v value.Value) bool {
	switch v.Extension().(type) {
	case *lambda, *builtin, *partial, *transformer:
		return true
	}
	return false
}

// arity returns how many parameters a function has.
func arity(fn value.Value) int {
	switch f := fn.Extension().(type) {
	case *lambda:
		return len(f.params)
	case *builtin:
		return f.arity
	case *partial:
		return len(f.open)
	case *closure:
		return arity(f.fn)
	case *matcher:
		return 2
	case *transformer:
		return 1
	}
	return 0
}

// procedureName is what messages call the function of a call.
func procedureName(procedure *node) string {
	if procedure.kind == nodePath {
		return procedure.list[0].text
	}
	return procedure.text
}

// evalFunction evaluates a call. With context the call stands right of ~>, and
// context is its first argument.
func (st *state) evalFunction(n *node, in value.Value, env *frame, context *value.Value) (value.Value, *Error) {
	fn, err := st.eval(n.procedure, in, env)
	if err != nil {
		return fn, err
	}
	if !fn.Defined() && st.meantVariable(n.procedure, env) {
		return fn, fail("T1005").locate(n.at, procedureName(n.procedure))
	}
	base := len(st.args)
	if context != nil {
		st.args = append(st.args, *context)
	}
	for _, arg := range n.list {
		v, err := st.eval(arg, in, env)
		if err != nil {
			return v, err
		}
		st.args = append(st.args, passed(v))
	}
	v, err := st.apply(fn, st.args[base:len(st.args):len(st.args)], in, n)
	st.args = st.args[:base]
	if err != nil {
		err.missing(n.at, procedureName(n.procedure))
	}
	return v, err
}

// meantVariable reports whether a name that found nothing is a variable's or a
// function's: its $ was forgotten.
func (st *state) meantVariable(procedure *node, env *frame) bool {
	if procedure.kind != nodePath {
		return false
	}
	name := procedure.list[0].text
	v, ok := st.lookupName(name, env)
	if !ok {
		v = builtins[name]
	}
	return v.Defined()
}

// missing fills in the place and the function of an error that has none.
func (e *Error) missing(at int, name string) {
	if e.at == 0 {
		e.at = at + 1
	}
	if !e.token.Defined() && name != "" {
		e.token = value.Text(name)
	}
}

// passed returns v as an argument of a call: functions are wrapped.
func passed(v value.Value) value.Value {
	if !v.Is(value.Extension) || !isDefinedFunction(v) {
		return v
	}
	return value.NewExtension(&closure{v})
}

// apply calls fn, then whatever it calls in tail position, one after the other.
// site is the call in the expression, nil if there is none: of nested calls that
// fail the outermost gives the error its place.
func (st *state) apply(fn value.Value, args []value.Value, in value.Value, site *node) (value.Value, *Error) {
	v, err := st.applyOnce(fn, args, in)
	if err != nil {
		if site != nil && isDefinedFunction(fn) {
			err.at = site.at + 1
			err.missing(site.at, procedureName(site.procedure))
		}
		return v, err
	}
	for isThunk(v) {
		tail := st.tail
		next, err := st.eval(tail.call.procedure, tail.in, tail.env)
		if err != nil {
			return v, err
		}
		base := len(st.args)
		for _, arg := range tail.call.list {
			v, err := st.eval(arg, tail.in, tail.env)
			if err != nil {
				return v, err
			}
			st.args = append(st.args, v)
		}
		v, err = st.applyOnce(next, st.args[base:len(st.args):len(st.args)], in)
		st.args = st.args[:base]
		if err != nil {
			if procedure := tail.call.procedure; procedure.kind == nodeVariable {
				err.at = procedure.at + 1
				err.missing(procedure.at, procedure.text)
			}
			return v, err
		}
	}
	return v, nil
}

// applyOnce calls fn. in is the context, which a signature may take for a
// missing argument. args may be reused once it has returned.
func (st *state) applyOnce(fn value.Value, args []value.Value, in value.Value) (value.Value, *Error) {
	if err := st.work(1); err != nil {
		return fn, err
	}
	switch f := fn.Extension().(type) {
	case *lambda:
		if f.signature != nil {
			var err *Error
			if args, err = f.signature.validate(args, in); err != nil {
				return value.Value{}, err
			}
		}
		env := newFrame(f.env)
		for i, name := range f.params {
			var v value.Value
			if i < len(args) {
				v = args[i]
			}
			env.bind(name, v)
		}
		return st.eval(f.body, f.input, env)
	case *builtin:
		args, err := f.signature.validate(args, in)
		if err != nil {
			return value.Value{}, err
		}
		return f.call(st, args)
	case *partial:
		all := append([]value.Value(nil), f.args...)
		for i, at := range f.open {
			if i < len(args) {
				all[at] = args[i]
			}
		}
		return st.apply(f.fn, all, value.NullValue, nil)
	case *closure:
		return st.apply(f.fn, args, value.NullValue, nil)
	case *matcher:
		return st.matchValue(f, args)
	case *transformer:
		args, err := transformSignature.validate(args, in)
		if err != nil {
			return value.Value{}, err
		}
		return st.transform(f, args[0])
	}
	return value.Value{}, fail("T1006")
}

// invoke calls a function that was given to a library function.
func (st *state) invoke(fn value.Value, args ...value.Value) (value.Value, *Error) {
	return st.apply(fn, args, value.NullValue, nil)
}

// evalPartial evaluates a call with open arguments, "?".
func (st *state) evalPartial(n *node, in value.Value, env *frame) (value.Value, *Error) {
	args := make([]value.Value, len(n.list))
	open := make([]bool, len(n.list))
	for i, arg := range n.list {
		if arg.kind == nodeOperator {
			open[i] = true
			continue
		}
		v, err := st.eval(arg, in, env)
		if err != nil {
			return v, err
		}
		args[i] = v
	}
	fn, err := st.eval(n.procedure, in, env)
	if err != nil {
		return fn, err
	}
	if !fn.Defined() && st.meantVariable(n.procedure, env) {
		return fn, fail("T1007").locate(n.at, procedureName(n.procedure))
	}
	if c, ok := fn.Extension().(*closure); ok {
		fn = c.fn
	}
	if f, ok := fn.Extension().(*lambda); ok {
		return partialLambda(f, args, open), nil
	}
	if !isFunction(fn) {
		return fn, fail("T1008").locate(n.at, procedureName(n.procedure))
	}
	p := &partial{fn: fn, args: args}
	for i := range open {
		if open[i] {
			p.open = append(p.open, i)
		}
	}
	return value.NewExtension(p), nil
}

// partialLambda binds the given arguments in a scope of their own.
func partialLambda(f *lambda, args []value.Value, open []bool) value.Value {
	env := newFrame(f.env)
	var rest []string
	for i, name := range f.params {
		switch {
		case i < len(open) && open[i]:
			rest = append(rest, name)
		case i < len(args):
			env.bind(name, args[i])
		default:
			env.bind(name, value.Value{})
		}
	}
	return value.NewExtension(&lambda{node: f.node, params: rest, body: f.body, input: f.input, env: env})
}

// evalApply evaluates lhs ~> rhs: a call with lhs as its first argument, or the
// composition of two functions.
func (st *state) evalApply(n *node, in value.Value, env *frame) (value.Value, *Error) {
	lhs, err := st.eval(n.lhs, in, env)
	if err != nil {
		return lhs, err
	}
	if n.rhs.kind == nodeFunction {
		return st.evalFunction(n.rhs, in, env, &lhs)
	}
	fn, err := st.eval(n.rhs, in, env)
	if err != nil {
		return fn, err
	}
	if !isFunction(fn) {
		return fn, failValue("T2006", fn).placed(n.at)
	}
	if isFunction(lhs) {
		return compose(lhs, fn), nil
	}
	return st.apply(fn, []value.Value{lhs}, value.NullValue, nil)
}

// compose returns function($x){ second(first($x)) }, as a lambda of the
// language: calling it nests like one.
func compose(first, second value.Value) value.Value {
	env := newFrame(nil)
	env.bind("f", first)
	env.bind("g", second)
	return value.NewExtension(&lambda{node: composition, params: composition.params, body: composition.body, env: env, input: value.NullValue})
}

var composition = &node{kind: nodeLambda, params: []string{"x"}, body: &node{kind: nodeLambda, thunk: true, body: &node{
	kind:      nodeFunction,
	procedure: &node{kind: nodeVariable, text: "g"},
	list: []*node{{
		kind:      nodeFunction,
		procedure: &node{kind: nodeVariable, text: "f"},
		list:      []*node{{kind: nodeVariable, text: "x"}},
	}},
}}}
