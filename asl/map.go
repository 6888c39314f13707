package asl

import (
	"crypto/md5"
	"fmt"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

const maxLabel = 40 // characters

// mapState compiles what a Map state iterates over and how.
func (c *compiler) mapState(st *State, o object) {
	m := &Map{}
	st.Map = m
	field := o.single(true, "ItemProcessor", "Iterator")
	m.processorField = field
	processor, ok := o.child(field)
	if field == "" || !ok {
		processor = object{c: c, v: emptyObject, at: o.at}
	}
	distributed := ok && c.processorConfig(m, processor)
	if ok {
		c.processor(st, m, processor, distributed)
	}
	c.mapItems(st, m, o)
	m.MaxConcurrency = c.number(st, o, maxConcurrency, "")
	m.ToleratedFailureCount = c.number(st, o, failureCount, "")
	m.ToleratedFailurePercentage = c.number(st, o, failurePercent, "")
	m.Reader = c.itemReader(st, o)
	m.Batcher = c.itemBatcher(st, o)
	m.Writer = c.resultWriter(st, o)
	m.Label = c.label(st, o)
	if !distributed {
		// Accepted, but of no effect.
		m.Reader, m.Batcher, m.Writer, m.Label = nil, nil, nil, ""
	} else if m.Label == "" {
		m.Label = c.generatedLabel(st.Name)
	}
}

// mapItems compiles where the items come from and what each becomes.
func (c *compiler) mapItems(st *State, m *Map, o object) {
	selector := o.single(false, "ItemSelector", "Parameters")
	if st.Language == JSONata {
		m.Items = c.items(st, o)
		o.single(false, "Items", "ItemReader")
		selector = "ItemSelector"
	} else {
		m.ItemsPath = c.itemsPath(o)
	}
	if selector != "" {
		m.ItemSelector = c.template(st, o, selector, access{})
	}
}

// items compiles Items: an array, an object or an expression.
func (c *compiler) items(st *State, o object) *Template {
	v, ok := o.v.Get("Items")
	if !ok {
		return nil
	}
	if !v.Is(value.Array) && !v.Is(value.Object) && !isExpression(v.Str()) {
		o.failAt("Items", "Expected value of type [ARRAY]")
		return nil
	}
	return c.template(st, o, "Items", access{})
}

// processorConfig compiles ProcessorConfig and reports whether the map is
// distributed.
func (c *compiler) processorConfig(m *Map, processor object) bool {
	config, ok := processor.child("ProcessorConfig")
	if !ok {
		return false
	}
	config.allow("Mode", "ExecutionType")
	if config.enum("Mode", "INLINE", "DISTRIBUTED") != "DISTRIBUTED" {
		if config.has("ExecutionType") {
			config.fail("Field 'ExecutionType' is not supported")
		}
		return false
	}
	if c.kind == Express {
		config.failAt("Mode", "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines")
	}
	config.require("ExecutionType")
	m.ExpressChildren = config.enum("ExecutionType", "STANDARD", "EXPRESS") == "EXPRESS"
	return true
}

// processor compiles the machine that runs for each item. That of a distributed
// map is a program of its own: other executions run it, so it sees no variables
// of this one.
func (c *compiler) processor(st *State, m *Map, o object, distributed bool) {
	o.allow("Comment", "ProcessorConfig", "StartAt", "States")
	o.text("Comment")
	if !distributed {
		m.Processor = c.machine(o, st, 0)
		return
	}
	kind, scopes := c.kind, c.scopes
	c.scopes = nil
	if m.ExpressChildren {
		c.kind = Express
	}
	m.Processor = c.machine(o, nil, 0)
	c.kind, c.scopes = kind, scopes
	if m.Processor == nil {
		return
	}
	child := &Program{Definition: o.v.JSON(), Comment: o.v.Member("Comment").Str(), Language: c.language, Root: m.Processor, states: map[string]*State{}}
	collect(m.Processor, child.states)
	c.children = append(c.children, child)
	m.Child = child
}

// collect enters all states of a machine and of those inside it.
func collect(m *Machine, states map[string]*State) {
	for _, s := range m.States {
		states[s.Name] = s
		switch {
		case s.Parallel != nil:
			for _, b := range s.Parallel.Branches {
				collect(b, states)
			}
		case s.Map != nil && s.Map.Processor != nil:
			collect(s.Map.Processor, states)
		}
	}
}

// label reads Label; "" when there is none.
func (c *compiler) label(st *State, o object) string {
	if !o.has("Label") {
		return ""
	}
	l := o.text("Label")
	at := o.under("Label")
	switch {
	case !o.v.Member("Label").Is(value.String):
	case l == "" || utf8.RuneCountInString(l) > maxLabel || strings.ContainsFunc(l, forbiddenInLabel):
		c.report(CodeInvalidLabel, at, fmt.Sprintf("Invalid Label name: '%s'. The label must have 1 to %d valid characters.", l, maxLabel))
	case c.labels[l]:
		c.report(CodeDuplicateLabel, at, "Duplicate Label name: "+l)
	default:
		c.labels[l] = true
	}
	return l
}

// forbiddenInLabel reports the characters that a label, being part of an ARN,
// may not have.
func forbiddenInLabel(r rune) bool {
	return r < 0x20 || r >= 0x7F && r <= 0x9F || strings.ContainsRune(" \t\r\n?*<>{}[]:;,\\|^~$#%&`\"", r)
}

// generatedLabel is the label of a distributed map without one: a name-based
// UUID (version 3), the same for every execution of a machine.
func (c *compiler) generatedLabel(state string) string {
	if c.digest == ([md5.Size]byte{}) {
		c.digest = md5.Sum([]byte(c.definition))
	}
	h := md5.Sum(append(c.digest[:], state...))
	h[6] = h[6]&0x0F | 0x30
	h[8] = h[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:])
}

// DecodeItems returns the elements that a Map state iterates over: those of an
// array, or {Key, Value} pairs of an object (distributed maps only). The failure
// is worded for the state's language.
func (m *Map) DecodeItems(s *State, items Document, d *Data) (value.Value, *Failure) {
	v := items.Value(d.arena())
	switch {
	case v.Is(value.Array):
		return v, nil
	case v.Is(value.Object) && m.Child != nil:
		return pairs(v), nil
	case s.Language == JSONata:
		if m.Items != nil {
			if e, ok := m.Items.root.(exprNode); ok {
				return v, e.e.unexpected("array", v)
			}
		}
		return v, evaluationFailure("", "Map state input must be an array but was: "+v.JSON())
	case m.Child != nil:
		return v, NewFailure(ErrItemReaderFailed, "Attempting to map over non-iterable node.")
	}
	path := "$"
	if m.ItemsPath != nil {
		path = m.ItemsPath.ref.Path.String() // AWS prints one '$' for "$$", too
	}
	return v, runtimeFailure(`Reference path "` + path + `" must point to array.`)
}

// pairs makes an array of {Key, Value} of an object's members.
func pairs(v value.Value) value.Value {
	all := make([]value.Value, v.Len())
	for i, k := range v.Keys() {
		all[i] = value.NewObject(pairKeys, []value.Value{value.Text(k), v.At(i)})
	}
	return value.NewArray(all)
}

var pairKeys = []string{"Key", "Value"}
