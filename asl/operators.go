package asl

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// order says which outcomes of a comparison (-1, 0, +1) make an operator true.
type order uint8

const (
	less order = 1 << iota
	equal
	greater
)

func (o order) accepts(c int) bool { return o&(1<<(c+1)) != 0 }

// operand is the type that an operator compares.
type operand uint8

const (
	operandString operand = iota
	operandNumber
	operandBoolean
	operandTimestamp
)

// operator is one comparison operator. Those with a kind test compare nothing
// but look at the variable.
type operator struct {
	operand operand
	order   order
	test    func(value.Value) bool // Is…
	present bool                   // IsPresent
	matches bool                   // StringMatches
}

var (
	operators = makeOperators()
	// operatorNames are those of a finding that lists them.
	operatorNames = listOperators()
)

func makeOperators() map[string]*operator {
	all := map[string]*operator{
		"StringMatches": {matches: true},
		"IsPresent":     {present: true},
		"IsNull":        {test: func(v value.Value) bool { return v.Is(value.Null) }},
		"IsNumeric":     {test: func(v value.Value) bool { return v.Is(value.Number) }},
		"IsString":      {test: func(v value.Value) bool { return v.Is(value.String) }},
		"IsBoolean":     {test: func(v value.Value) bool { return v.Is(value.Bool) }},
		"IsTimestamp": {test: func(v value.Value) bool {
			_, ok := parseTimestamp(v.Str())
			return ok
		}},
		"BooleanEquals": {operand: operandBoolean, order: equal},
	}
	for name, o := range map[string]operand{"String": operandString, "Numeric": operandNumber, "Timestamp": operandTimestamp} {
		all[name+"Equals"] = &operator{operand: o, order: equal}
		all[name+"LessThan"] = &operator{operand: o, order: less}
		all[name+"GreaterThan"] = &operator{operand: o, order: greater}
		all[name+"LessThanEquals"] = &operator{operand: o, order: less | equal}
		all[name+"GreaterThanEquals"] = &operator{operand: o, order: greater | equal}
	}
	return all
}

func listOperators() []string {
	var names []string
	for name, op := range operators {
		names = append(names, name)
		if op.comparesPath() {
			names = append(names, name+"Path")
		}
	}
	slices.Sort(names)
	return names
}

// comparesPath reports whether the operator has a "…Path" twin.
func (op *operator) comparesPath() bool { return op.order != 0 }

// findOperator returns the operator called name; path says that it is the
// "…Path" twin.
func findOperator(name string) (op *operator, path bool) {
	if op := operators[name]; op != nil {
		return op, false
	}
	base, ok := strings.CutSuffix(name, "Path")
	if op := operators[base]; ok && op != nil && op.comparesPath() {
		return op, true
	}
	return nil, false
}

func isOperator(name string) bool {
	op, _ := findOperator(name)
	return op != nil
}

// comparison is Variable with one operator.
type comparison struct {
	op       *operator
	variable jsonpath.Ref
	path     *jsonpath.Ref // of a "…Path" operator
	literal  value.Value
	instant  time.Time // the literal of a timestamp operator
	pattern  []string  // of StringMatches, split at its wildcards
}

func (x *comparison) holds(d *Data) (bool, *Failure) {
	v, err := x.variable.Eval(d)
	if x.op.present {
		return (err == nil) == x.literal.True(), nil
	}
	if err != nil {
		return false, invalidOperand(&x.variable)
	}
	switch {
	case x.op.test != nil:
		return x.op.test(v) == x.literal.True(), nil
	case x.op.matches:
		return v.Is(value.String) && matchPattern(x.pattern, v.Str()), nil
	}
	if x.path == nil {
		return x.compare(v, x.literal), nil
	}
	other, err := x.path.Eval(d)
	if err != nil {
		return false, invalidOperand(x.path)
	}
	return x.compare(v, other), nil
}

// invalidOperand is the failure of a Choice path that finds nothing.
func invalidOperand(r *jsonpath.Ref) *Failure {
	return runtimeFailure("Invalid path '" + r.Text + "': The choice state's condition path references an invalid value.")
}

// compare is false for values that are not of the operator's type.
func (x *comparison) compare(a, b value.Value) bool {
	switch x.op.operand {
	case operandString:
		if !a.Is(value.String) || !b.Is(value.String) {
			return false
		}
		return x.op.order.accepts(compareUTF16(a.Str(), b.Str()))
	case operandNumber:
		if !a.Is(value.Number) || !b.Is(value.Number) {
			return false
		}
		return x.op.order.accepts(cmp.Compare(a.Float64(), b.Float64()))
	case operandBoolean:
		return a.Is(value.Bool) && b.Is(value.Bool) && a.True() == b.True()
	case operandTimestamp:
		return x.compareTimes(a, b)
	}
	panic("asl: unknown operand type")
}

func (x *comparison) compareTimes(a, b value.Value) bool {
	s, ok := parseTimestamp(a.Str())
	if !ok {
		return false
	}
	t := x.instant
	if x.path != nil {
		if t, ok = parseTimestamp(b.Str()); !ok {
			return false
		}
	}
	return x.op.order.accepts(s.Compare(t))
}

// compareUTF16 compares by UTF-16 code units, as Java does. It differs from the
// order of UTF-8 bytes only where a character outside the basic plane meets one
// from U+E000 on.
func compareUTF16(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i < len(a) && i < len(b) {
		x, y := a[i], b[i]
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			return cmp.Compare(y, x)
		}
	}
	return cmp.Compare(a[i:], b[i:])
}

// comparison compiles a rule with Variable.
func (c *compiler) comparison(o object) condition {
	x := &comparison{}
	name := ""
	var found []string
	for _, k := range o.v.Keys() {
		if isOperator(k) {
			found = append(found, k)
			name = k
		}
	}
	switch {
	case len(found) > 1:
		o.fail("There should only be one of the following fields: [" + strings.Join(found, ", ") + "]")
		return exactly(false)
	case found == nil:
		o.fail("This object should have only one of the following fields: [" + strings.Join(operatorNames, ", ") + "]")
		return exactly(false)
	}
	variable := c.choicePath(o, "Variable")
	var isPath bool
	x.op, isPath = findOperator(name)
	if isPath {
		x.path = c.choicePath(o, name)
	} else {
		x.setLiteral(o, name)
	}
	if variable == nil {
		return exactly(false)
	}
	x.variable = *variable
	return x
}

// choicePath reads Variable or the operand of a "…Path" operator.
func (c *compiler) choicePath(o object, name string) *jsonpath.Ref {
	v := o.v.Member(name)
	if !v.Is(value.String) {
		o.failAt(name, "Expected value of type [STRING]")
		return nil
	}
	if !strings.HasPrefix(v.Str(), "$") {
		o.failAt(name, "Value is not a Reference Path: Reference path didn't start with '$'")
		return nil
	}
	r, ok := c.reference(v.Str())
	if !ok || !r.Path.Reference() {
		o.failAt(name, "Value is not a Reference Path")
		return nil
	}
	return &r
}

// setLiteral reads the operator's literal operand.
func (x *comparison) setLiteral(o object, name string) {
	v := o.v.Member(name)
	x.literal = v
	want := value.Bool
	switch {
	case x.op.matches, x.op.order != 0 && (x.op.operand == operandString || x.op.operand == operandTimestamp):
		want = value.String
	case x.op.order != 0 && x.op.operand == operandNumber:
		want = value.Number
	}
	if !v.Is(want) {
		o.failAt(name, "Expected value of type ["+strings.ToUpper(want.String())+"]")
		return
	}
	switch {
	case x.op.matches:
		pattern, ok := splitPattern(v.Str())
		if !ok {
			o.failAt(name, "Invalid escape sequence in '"+v.Str()+"'")
		}
		x.pattern = pattern
	case x.op.operand == operandTimestamp && x.op.order != 0:
		t, ok := parseTimestamp(v.Str())
		if !ok {
			o.failAt(name, "String does not match RFC3339 timestamp")
		}
		x.instant = t
	}
}

// splitPattern splits a StringMatches pattern at its '*' wildcards. "\*" and
// "\\" stand for the characters; another backslash is wrong.
func splitPattern(s string) ([]string, bool) {
	var parts []string
	var part []byte
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*':
			parts = append(parts, string(part))
			part = part[:0]
		case '\\':
			i++
			if i == len(s) || s[i] != '*' && s[i] != '\\' {
				return nil, false
			}
			part = append(part, s[i])
		default:
			part = append(part, s[i])
		}
	}
	return append(parts, string(part)), true
}

// matchPattern reports whether s is the parts with anything between them.
func matchPattern(parts []string, s string) bool {
	if len(parts) == 1 {
		return s == parts[0]
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return true
}
