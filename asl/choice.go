package asl

import (
	"pawl.dev/value"
)

// Choice is the rules of a Choice state.
type Choice struct {
	Rules   []*Rule
	Default *State // nil when there is none
}

// Rule is one element of Choices. Output and Assign apply when it matches.
type Rule struct {
	Next   *State
	Assign *Template
	Output *Template // JSONata

	condition condition
}

// condition is what a rule, or a part of one, demands.
type condition interface {
	holds(d *Data) (bool, *Failure)
}

// Match returns the first rule whose condition holds, nil when none does.
func (c *Choice) Match(d *Data) (*Rule, *Failure) {
	for _, r := range c.Rules {
		ok, failure := r.condition.holds(d)
		if failure != nil {
			return nil, failure
		}
		if ok {
			return r, nil
		}
	}
	return nil, nil
}

type (
	// exactly is a JSONata Condition without expression, or a rule that was
	// refused.
	exactly bool
	// exprCondition is a JSONata Condition.
	exprCondition struct{ e *expression }
	and           []condition
	or            []condition
	not           struct{ c condition }
)

func (c exactly) holds(*Data) (bool, *Failure) { return bool(c), nil }

func (c exprCondition) holds(d *Data) (bool, *Failure) {
	v, failure := c.e.typed(d, value.Bool)
	return v.True(), failure
}

func (c and) holds(d *Data) (bool, *Failure) {
	for _, x := range c {
		if ok, failure := x.holds(d); !ok {
			return false, failure
		}
	}
	return true, nil
}

func (c or) holds(d *Data) (bool, *Failure) {
	for _, x := range c {
		if ok, failure := x.holds(d); ok || failure != nil {
			return ok, failure
		}
	}
	return false, nil
}

func (c not) holds(d *Data) (bool, *Failure) {
	ok, failure := c.c.holds(d)
	return !ok && failure == nil, failure
}

func (c *compiler) choice(s *scope, st *State, o object) {
	st.Choice = &Choice{}
	s.next(o, "Default", &st.Choice.Default)
	if !o.require("Choices") {
		return
	}
	if v := o.v.Member("Choices"); v.Is(value.Array) && v.Len() == 0 {
		o.failAt("Choices", "Value cannot be empty")
	}
	for i, r := range o.objects("Choices") {
		st.Choice.Rules = append(st.Choice.Rules, c.rule(s, st, r, indexed("Choices", i)+"/"))
	}
}

// rule compiles an element of Choices, whose path in causes is prefix.
func (c *compiler) rule(s *scope, st *State, o object, prefix string) *Rule {
	r := &Rule{}
	o.require("Next")
	s.next(o, "Next", &r.Next)
	r.condition = c.condition(st, o, prefix, true)
	if st.Language == JSONata {
		r.Output = c.templateField(st, o, "Output", prefix, access{})
	}
	r.Assign = c.assign(st, o, prefix, access{})
	return r
}

// conditionFields are the fields that say what kind of condition an object is.
var conditionFields = []string{"And", "Or", "Not", "Variable", "Condition"}

// ruleFields are the other fields of a rule; Next, Assign and Output belong to
// the outermost one.
var ruleFields = map[string]languages{
	"Next": bothLanguages, "Assign": bothLanguages, "Comment": bothLanguages, "Output": onlyJSONata,
	"And": onlyJSONPath, "Or": onlyJSONPath, "Not": onlyJSONPath, "Variable": onlyJSONPath, "Condition": onlyJSONata,
}

// condition compiles the condition that o is, alone or inside And, Or, Not.
func (c *compiler) condition(st *State, o object, prefix string, outermost bool) condition {
	ok := true
	for _, k := range o.v.Keys() {
		where, known := ruleFields[k]
		switch {
		case isOperator(k):
			ok = o.checkLanguage(k, st.Language, onlyJSONPath) && ok
		case !known || !outermost && (k == "Next" || k == "Assign" || k == "Output"):
			o.fail("Field '" + k + "' is not supported")
		default:
			ok = o.checkLanguage(k, st.Language, where) && ok
		}
	}
	if !ok {
		return exactly(false)
	}
	switch kind := o.conditionKind(); kind {
	case "And":
		return and(c.conditions(st, o, kind, prefix))
	case "Or":
		return or(c.conditions(st, o, kind, prefix))
	case "Not":
		inner, ok := o.child(kind)
		if !ok {
			return exactly(false)
		}
		return not{c.condition(st, inner, prefix+"Not/", false)}
	case "Variable":
		return c.comparison(o)
	case "Condition":
		return c.jsonataCondition(o, prefix)
	}
	return exactly(false)
}

// conditionKind returns the one field of conditionFields that o has.
func (o object) conditionKind() string {
	kind := ""
	for _, k := range conditionFields {
		if !o.has(k) {
			continue
		}
		if kind != "" {
			kind = ""
			break
		}
		kind = k
	}
	if kind == "" {
		o.fail("The object must have only one of the following fields, [And, Or, Not, Variable, Condition]")
	}
	return kind
}

func (c *compiler) conditions(st *State, o object, name, prefix string) []condition {
	if v := o.v.Member(name); v.Is(value.Array) && v.Len() == 0 {
		o.failAt(name, "Value cannot be empty")
	}
	var all []condition
	for i, x := range o.objects(name) {
		all = append(all, c.condition(st, x, prefix+indexed(name, i)+"/", false))
	}
	return all
}

// jsonataCondition compiles Condition: true, false or an expression.
func (c *compiler) jsonataCondition(o object, prefix string) condition {
	v := o.v.Member("Condition")
	if v.Is(value.Bool) {
		return exactly(v.True())
	}
	if e := c.marked(v.Str(), o.fieldPlace(prefix, "Condition"), access{}); e != nil {
		return exprCondition{e}
	}
	o.failAt("Condition", "Expected value of type [BOOLEAN]")
	return exactly(false)
}
