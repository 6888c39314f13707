package asl

import (
	"strings"
	"unicode/utf8"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

const maxVariableName = 80 // characters

// Assigned is one variable that a state assigns.
type Assigned struct {
	Name string
	JSON string // compact
}

// Assign evaluates t, an object, as an Assign field: in the order of the
// definition, all over the same data. It checks the size of each value and of
// their sum (States.DataLimitExceeded with Location "Assign"); the total of the
// execution is the engine's to check.
func (t *Template) Assign(d *Data) ([]Assigned, *Failure) {
	doc, failure := t.Eval(d)
	if failure != nil {
		return nil, failure
	}
	v := doc.val
	all := make([]Assigned, v.Len())
	sum := 0
	for i, name := range v.Keys() {
		json := v.At(i).JSON()
		if len(json) > MaxVariableBytes {
			return nil, variableLimit("The size of the variable '" + name + "' exceeds the maximum number of bytes service limit.")
		}
		sum += len(json)
		all[i] = Assigned{Name: name, JSON: json}
	}
	if sum > MaxVariableBytes {
		return nil, variableLimit("The size of the variables assigned by the state exceeds the maximum number of bytes service limit.")
	}
	return all, nil
}

func variableLimit(cause string) *Failure {
	f := NewFailure(ErrDataLimitExceeded, cause)
	f.Evaluation, f.Location = true, "Assign"
	return f
}

// assign compiles Assign of a state, a choice rule or a catcher, whose path in
// causes is prefix.
func (c *compiler) assign(st *State, o object, prefix string, may access) *Template {
	fields, ok := o.child("Assign")
	if !ok {
		return nil
	}
	for _, k := range fields.v.Keys() {
		name := k
		if st.Language == JSONPath && isDynamic(k) {
			name = strings.TrimSuffix(k, ".$")
		}
		c.checkVariable(name, fields.under(k))
	}
	return c.templateField(st, o, "Assign", prefix, may)
}

// checkVariable checks the name of an assigned variable.
func (c *compiler) checkVariable(name, at string) {
	switch {
	case name == "states":
		c.report(CodeReservedVariable, at, "Cannot assign to reserved variable '$states'.")
	case !jsonpath.IsVariableName(name):
		c.report(CodeInvalidVariable, at, "Invalid variable name '"+name+"': the variable name contains invalid characters.")
	case utf8.RuneCountInString(name) > maxVariableName:
		c.report(CodeInvalidVariable, at, "Invalid variable name '"+name+"': the variable name is longer than 80 characters.")
	case c.assignedOutside(name):
		c.report(CodeInvalidVariable, at, "Invalid variable name '"+name+"': the variable is assigned in an outer scope.")
	}
}

// enterScope opens the variable scope of a States object and notes what its
// states assign: a scope inside may not assign the same names.
func (c *compiler) enterScope(states object) {
	names := map[string]bool{}
	note := func(holder value.Value) {
		for _, k := range holder.Member("Assign").Keys() {
			names[strings.TrimSuffix(k, ".$")] = true
		}
	}
	for _, st := range states.v.Items() {
		note(st)
		for _, list := range [...]string{"Catch", "Choices"} {
			for _, x := range st.Member(list).Items() {
				note(x)
			}
		}
	}
	c.scopes = append(c.scopes, names)
}

func (c *compiler) leaveScope() { c.scopes = c.scopes[:len(c.scopes)-1] }

// assignedOutside reports whether an enclosing scope assigns name.
func (c *compiler) assignedOutside(name string) bool {
	for _, s := range c.scopes[:len(c.scopes)-1] {
		if s[name] {
			return true
		}
	}
	return false
}
