package jsonpath

import (
	"math"

	"pawl.dev/value"
)

// call is a function at the end of a path, .length() or .sum($..price).
type call struct {
	name string
	args []argument
}

// argument of a call: a path from the root of the document, or a constant.
type argument struct {
	path     *Path
	constant value.Value
}

func isFunction(name string) bool {
	switch name {
	case "length", "size", "min", "max", "avg", "sum", "stddev", "first", "last", "index", "keys", "concat", "append":
		return true
	}
	return false
}

func newPathArgument(function string, steps []step) argument {
	if function == "length" || function == "size" {
		// Jayway counts what a path leads to, not what it finds.
		if n := len(steps); n == 0 || steps[n-1].kind != stepCall {
			steps = append(steps[:n:n], step{kind: stepAny, text: "[*]"})
		}
	}
	p := newPath(steps)
	p.text = textOf("$", p.steps)
	return argument{path: p}
}

// call reads the arguments of the function name.
func (p *parser) call(name string) (step, error) {
	if !isFunction(name) {
		return step{}, p.failf("Function with name: %s does not exist.", name)
	}
	if err := p.enter(); err != nil {
		return step{}, err
	}
	defer p.leave()
	c := &call{name: name}
	for p.i++; ; {
		p.blanks()
		switch p.peek() {
		case 0:
			return step{}, p.failf("Arguments to function: '%s' are not closed properly.", name)
		case ')':
			p.i++
			return step{kind: stepCall, call: c, text: "." + name + "()"}, nil
		case ',':
			p.i++
		case '$', '@':
			p.i++
			steps, err := p.path(inCall)
			if err != nil {
				return step{}, err
			}
			c.args = append(c.args, newPathArgument(name, steps))
		default:
			v, err := p.literal()
			if err != nil {
				return step{}, err
			}
			c.args = append(c.args, argument{constant: v})
		}
	}
}

// call applies c to v. It is false when it failed.
func (w *walk) call(c *call, v value.Value) (value.Value, bool) {
	args := make([]value.Value, len(c.args))
	for i, a := range c.args {
		args[i] = a.constant
		if a.path == nil {
			continue
		}
		var err error
		if args[i], err = a.path.eval(w.root, w.root, w.visits); err != nil {
			w.fail(&NotFoundError{Message: err.Error()})
			return value.Value{}, false
		}
	}
	result, message := c.apply(v, args)
	if message != "" {
		w.fail(&NotFoundError{Message: message})
		return value.Value{}, false
	}
	return result, true
}

const emptyAggregation = "Aggregation function attempted to calculate value using empty array"

// apply returns the result, or a message in Jayway's words.
func (c *call) apply(v value.Value, args []value.Value) (value.Value, string) {
	switch c.name {
	case "length", "size":
		return length(v, args), ""
	case "keys":
		return keys(v), ""
	case "append":
		return appendTo(v, args), ""
	case "concat":
		return concat(v, args), ""
	case "first", "last", "index":
		return c.pick(v, args)
	default:
		return c.aggregate(v, args)
	}
}

func length(v value.Value, args []value.Value) value.Value {
	if len(args) > 0 {
		v = args[0]
	}
	if k := v.Kind(); k != value.Array && (k != value.Object || len(args) > 0) {
		return value.NullValue
	}
	return value.Int(int64(v.Len()))
}

func keys(v value.Value) value.Value {
	if v.Kind() != value.Object {
		return value.NullValue
	}
	names := make([]value.Value, v.Len())
	for i, key := range v.Keys() {
		names[i] = value.Text(key)
	}
	return value.NewArray(names)
}

func appendTo(v value.Value, args []value.Value) value.Value {
	if v.Kind() != value.Array {
		return v
	}
	return value.NewArray(append(v.Items()[:v.Len():v.Len()], args...))
}

// concat joins the strings of an array, then the arguments: lists with all
// their elements but null, other values only when they are strings.
func concat(v value.Value, args []value.Value) value.Value {
	var b []byte
	if v.Kind() == value.Array {
		for _, item := range v.Items() {
			b = append(b, item.Str()...)
		}
	}
	for _, arg := range args {
		if arg.Kind() != value.Array {
			b = append(b, arg.Str()...)
			continue
		}
		for _, item := range arg.Items() {
			if item.Kind() != value.Null {
				b = AppendJava(b, item)
			}
		}
	}
	return value.Text(string(b))
}

func (c *call) pick(v value.Value, args []value.Value) (value.Value, string) {
	if v.Kind() != value.Array || v.Len() == 0 {
		return value.Value{}, emptyAggregation
	}
	i := 0
	switch c.name {
	case "last":
		i = -1
	case "index":
		if len(args) == 0 {
			return value.Value{}, "Missing parameter of function: index"
		}
		n, ok := args[0].Int64()
		if !ok || int64(int32(n)) != n {
			return value.Value{}, "Parameter of function index is no integer: " + args[0].JSON()
		}
		i = int(n)
	}
	item, ok := element(v, i)
	if !ok {
		return value.Value{}, "Target index:" + args[0].JSON() + " larger than object count:" + value.Int(int64(v.Len())).JSON()
	}
	return item, ""
}

// aggregate computes on the numbers of v and of the arguments. Results are
// doubles, as Java's.
func (c *call) aggregate(v value.Value, args []value.Value) (value.Value, string) {
	var numbers []float64
	collect := func(v value.Value) {
		if v.Kind() == value.Number {
			numbers = append(numbers, v.Float64())
		}
	}
	if v.Kind() == value.Array {
		for _, item := range v.Items() {
			collect(item)
		}
	}
	for _, arg := range args {
		collect(arg)
		if arg.Kind() == value.Array {
			for _, item := range arg.Items() {
				collect(item)
			}
		}
	}
	if len(numbers) == 0 {
		return value.Value{}, emptyAggregation
	}
	n, sum, squares := float64(len(numbers)), 0.0, 0.0
	least, most := math.Inf(1), math.Inf(-1)
	for _, f := range numbers {
		sum += f
		squares += f * f
		least, most = math.Min(least, f), math.Max(most, f)
	}
	switch c.name {
	case "sum":
		return value.Float(sum), ""
	case "avg":
		return value.Float(sum / n), ""
	case "min":
		return value.Float(least), ""
	case "max":
		return value.Float(most), ""
	default: // stddev, of the whole population
		return value.Float(math.Sqrt(squares/n - sum*sum/n/n)), ""
	}
}
