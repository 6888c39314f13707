package asl

import (
	"strconv"

	"pawl.dev/value"
)

var typeNames = []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}

func typeNamed(name string) (Type, bool) {
	for i, n := range typeNames {
		if n == name {
			return Type(i + 1), true
		}
	}
	return 0, false
}

// compileState compiles the body o of st, a state of the machine s.
func (c *compiler) compileState(s *scope, st *State, o object) {
	if !o.has("Type") {
		o.require("Type")
		return
	}
	name := o.v.Member("Type")
	t, ok := typeNamed(name.Str())
	if !ok {
		o.failAt("Type", "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]")
		return
	}
	st.Type = t
	st.Comment = o.text("Comment")
	o.checkFields(t, c.stateLanguage(st, o), !c.downgraded(st, o))
	c.common(s, st, o)
	switch t {
	case TypeTask:
		c.task(st, o)
	case TypeWait:
		c.wait(st, o)
	case TypePass:
		c.pass(st, o)
	case TypeSucceed:
	case TypeFail:
		c.fail(st, o)
	case TypeChoice:
		c.choice(s, st, o)
	case TypeParallel:
		c.parallel(st, o)
	case TypeMap:
		c.mapState(st, o)
	}
	if workTypes.has(t) {
		st.Retry = c.retriers(st, o)
		st.Catch = c.catchers(s, st, o)
	}
}

// stateLanguage settles the state's language: its own, else the root's (never
// that of the Map or Parallel state around it).
func (c *compiler) stateLanguage(st *State, o object) Language {
	st.Language, _ = o.queryLanguage(c.language)
	return st.Language
}

// downgraded reports a JSONPath state in a JSONata machine, which AWS refuses.
func (c *compiler) downgraded(st *State, o object) bool {
	if c.language != JSONata || st.Language != JSONPath {
		return false
	}
	o.fail("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
	return true
}

// common compiles what most state types share. A field that its type or
// language does not have has been reported and is left alone.
func (c *compiler) common(s *scope, st *State, o object) {
	t := st.Type
	if flowingTypes.has(t) {
		c.nextOrEnd(s, st, o)
	}
	afterwards := access{result: workTypes.has(t)}
	if st.Language == JSONata {
		if stateFields["Arguments"].types.has(t) {
			st.Arguments = c.template(st, o, "Arguments", access{})
		}
		if stateFields["Output"].types.has(t) {
			st.Output = c.template(st, o, "Output", afterwards)
		}
	} else {
		c.pathFields(st, o)
	}
	if stateFields["Assign"].types.has(t) {
		st.Assign = c.assign(st, o, "", afterwards)
	}
}

// pathFields compiles the data-flow fields of JSONPath.
func (c *compiler) pathFields(st *State, o object) {
	t := st.Type
	if t == TypeFail {
		return
	}
	st.InputPath = c.path(o, "InputPath")
	st.OutputPath = c.path(o, "OutputPath")
	if stateFields["Parameters"].types.has(t) && t != TypeMap {
		st.Arguments = c.template(st, o, "Parameters", access{})
	}
	if workTypes.has(t) {
		st.ResultSelector = c.template(st, o, "ResultSelector", access{})
	}
	if stateFields["ResultPath"].types.has(t) {
		st.ResultPath = c.resultPath(o, "ResultPath")
	}
}

// nextOrEnd compiles the transition: exactly one of Next and End.
func (c *compiler) nextOrEnd(s *scope, st *State, o object) {
	end, ok := o.v.Get("End")
	if ok && !end.Is(value.Bool) {
		o.failAt("End", "Expected value of type [BOOLEAN]")
		return
	}
	switch o.single(true, "Next", "End") {
	case "Next":
		s.next(o, "Next", &st.Next)
	case "End":
		if !end.True() {
			o.failAt("End", "Value should be one of the following: [true]")
		}
	}
}

func (c *compiler) pass(st *State, o object) {
	result, ok := o.v.Get("Result")
	if !ok || st.Language == JSONata {
		return
	}
	st.Pass = &Pass{Result: result.JSON()}
	c.warnStatic(result, o.fieldPlace("", "Result"))
}

// warnStatic warns of keys in Result that would be paths in a template.
func (c *compiler) warnStatic(v value.Value, where *place) {
	for i, x := range v.Items() {
		if v.Is(value.Array) {
			c.warnStatic(x, where.item(i))
			continue
		}
		k := v.Key(i)
		if isDynamic(k) && looksLikePath(x) {
			c.warn(CodeStaticResult, where.location(), "The value of '"+k+"' in 'Result' is static. Use 'Parameters' to evaluate it at runtime.")
			continue
		}
		c.warnStatic(x, where.key(k))
	}
}

func (c *compiler) fail(st *State, o object) {
	o.single(false, "Error", "ErrorPath")
	o.single(false, "Cause", "CausePath")
	st.Fail = &Fail{Error: c.textField(st, o, "Error"), Cause: c.textField(st, o, "Cause")}
}

func (c *compiler) parallel(st *State, o object) {
	st.Parallel = &Parallel{}
	if !o.require("Branches") {
		return
	}
	if v := o.v.Member("Branches"); v.Is(value.Array) && v.Len() == 0 {
		o.failAt("Branches", "Value cannot be empty")
	}
	for i, b := range o.objects("Branches") {
		b.allow("Comment", "StartAt", "States")
		b.text("Comment")
		if m := c.machine(b, st, i); m != nil {
			st.Parallel.Branches = append(st.Parallel.Branches, m)
		}
	}
}

func indexed(at string, i int) string { return at + "[" + strconv.Itoa(i) + "]" }
