package asl

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

const (
	maxStateName = 80 // characters
	// maxNesting is how deeply Parallel and Map states may be nested. AWS's
	// threshold is not documented.
	maxNesting = 25
)

// transition is a Next, Default or StartAt that waits for its machine's states
// to be known.
type transition struct {
	to   **State
	name string
	at   string
}

// scope is the machine that is being compiled.
type scope struct {
	states      map[string]*State // of this machine alone
	transitions []transition
}

// machine compiles a States object with its StartAt. It returns nil when one of
// them is missing.
func (c *compiler) machine(o object, holder *State, branch int) *Machine {
	if c.depth > maxNesting {
		c.report(CodeTooDeep, o.place(), fmt.Sprintf("States are nested more than %d levels deep", maxNesting))
		return nil
	}
	o.require("States", "StartAt") // in AWS's order
	states, ok := o.child("States")
	if !ok {
		return nil
	}
	if states.v.Len() == 0 {
		o.failAt("States", "Value cannot be empty")
		return nil
	}
	c.depth++
	defer func() { c.depth-- }()

	m := &Machine{Holder: holder, Branch: branch, States: make([]*State, 0, states.v.Len())}
	s := &scope{states: make(map[string]*State, states.v.Len())}
	if start := o.text("StartAt"); o.v.Member("StartAt").Is(value.String) {
		s.transitions = append(s.transitions, transition{&m.Start, start, o.under("StartAt")})
	}
	c.enterScope(states)
	for i, name := range states.v.Keys() {
		body := object{c: c, v: states.v.At(i), at: states.under(name)}
		if !body.v.Is(value.Object) {
			body.fail("Expected value of type [OBJECT]")
			continue
		}
		st := &State{Name: name, Machine: m}
		m.States = append(m.States, st)
		s.states[name] = st
		if !c.name(st, body) {
			continue
		}
		outer := c.state
		c.state = st
		c.compileState(s, st, body)
		c.state = outer
	}
	c.leaveScope()
	c.resolve(s)
	return m
}

// name enters a state under its name, which must be unique in the definition.
// It is false for a name that is out of bounds: it would be part of all
// locations inside.
func (c *compiler) name(st *State, o object) bool {
	if n := utf8.RuneCountInString(st.Name); n > maxStateName || strings.TrimSpace(st.Name) == "" {
		c.report(CodeInvalidState, o.at, fmt.Sprintf("Invalid State name: '%s'. The name must have 1 to %d characters.", st.Name, maxStateName))
		return false
	}
	if c.names[st.Name] != nil {
		c.report(CodeDuplicateState, o.at, "Duplicate State name: "+st.Name)
		return true
	}
	c.names[st.Name] = st
	return true
}

// resolve points all transitions of a machine at their states.
func (c *compiler) resolve(s *scope) {
	for _, t := range s.transitions {
		target := s.states[t.name]
		if target == nil {
			c.report(CodeMissingTarget, t.at, "Missing 'Next' target: "+t.name)
			continue
		}
		*t.to = target
	}
}

// next reads a field that names a state of the same machine.
func (s *scope) next(o object, name string, to **State) {
	target := o.text(name)
	if !o.v.Member(name).Is(value.String) {
		return
	}
	s.transitions = append(s.transitions, transition{to, target, o.under(name)})
}
