package asl

import (
	"crypto/md5"
	"errors"
	"fmt"
	"sort"

	"pawl.dev/value"
)

// MachineType is the type of a state machine.
type MachineType uint8

// The state machine types.
const (
	Standard MachineType = iota
	Express
)

// MaxDefinitionBytes is the greatest length of a definition.
const MaxDefinitionBytes = 1048576

// Compile parses, validates and compiles a definition. The Program is nil when
// the diagnostics have an error.
func Compile(definition string, kind MachineType) (*Program, Diagnostics) {
	c := &compiler{kind: kind, definition: definition, variables: map[*State]map[string]bool{}}
	root, ok := c.parse(definition)
	if !ok {
		return nil, c.diagnostics
	}
	p := c.root(root)
	if c.diagnostics.Failed() {
		return nil, c.diagnostics
	}
	p.VariableReferences = c.variableReferences(p.states)
	for _, child := range c.children {
		child.VariableReferences = c.variableReferences(child.states)
	}
	return p, c.diagnostics
}

// compiler is one run of Compile. It goes over the definition once, top down,
// and builds the program while it collects findings; transitions are resolved
// when all states of a machine are known.
type compiler struct {
	kind        MachineType // of the machine at hand: EXPRESS processors are checked as such
	definition  string
	language    Language // of the root; what nested states inherit
	diagnostics Diagnostics

	errors, warnings int // found so far

	names  map[string]*State // all states, whatever machine they are in
	labels map[string]bool
	depth  int // of nested machines

	children []*Program     // of distributed maps
	digest   [md5.Size]byte // of the definition, once a label has to be made

	state     *State                     // whose fields are being compiled
	variables map[*State]map[string]bool // what each state reads
	scopes    []map[string]bool          // variables assigned in the enclosing machines
}

// parse reads the definition's text. AWS words the errors of its JSON parser,
// and of anything that is no object, differently.
func (c *compiler) parse(text string) (object, bool) {
	if len(text) > MaxDefinitionBytes {
		c.report(CodeSchema, "", fmt.Sprintf("Definition exceeds the maximum length of %d bytes", MaxDefinitionBytes))
		return object{}, false
	}
	v, err := value.Parse(text, nil)
	var bad *value.SyntaxError
	if errors.As(err, &bad) && !blank(text) {
		where := jacksonLocation(text, bad)
		c.report(CodeJSON, where, bad.Message+"\n at "+where)
		return object{}, false
	}
	if err != nil || !v.Is(value.Object) {
		c.report(CodeSchema, "", "Definition must be a valid JSON object")
		return object{}, false
	}
	return object{c: c, v: v}, true
}

// root compiles the definition's outermost object.
func (c *compiler) root(o object) *Program {
	c.names, c.labels = map[string]*State{}, map[string]bool{}
	o.allow("Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version")
	p := &Program{Definition: c.definition, Comment: o.text("Comment"), states: c.names}
	p.Language, _ = o.queryLanguage(JSONPath)
	c.language = p.Language
	p.Timeout = seconds(o.integer("TimeoutSeconds", 0, maxSeconds, 0))
	o.enum("Version", "1.0")
	p.Root = c.machine(o, nil, 0)
	if p.Root != nil {
		c.checkTransitions(p.Root)
	}
	return p
}

// variableReferences lists what each of the states reads, sorted.
func (c *compiler) variableReferences(states map[string]*State) map[string][]string {
	var all map[string][]string
	for name, s := range states {
		reads := c.variables[s]
		if len(reads) == 0 {
			continue
		}
		names := make([]string, 0, len(reads))
		for v := range reads {
			names = append(names, v)
		}
		sort.Strings(names)
		if all == nil {
			all = map[string][]string{}
		}
		all[name] = names
	}
	return all
}
