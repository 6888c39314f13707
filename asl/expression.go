package asl

import (
	"errors"
	"strings"

	"pawl.dev/jsonata"
	"pawl.dev/value"
)

// access says which parts of $states an expression may read beside input and
// context.
type access struct {
	result      bool // in Assign and Output of states that have a result
	errorOutput bool // in Output and Assign of a catcher
}

// expression is a compiled {% %} string.
type expression struct {
	text    string // without the marks, trimmed: as AWS prints it
	where   *place
	code    *jsonata.Expr
	context bool // it may look at $states.context
}

// isExpression reports whether a string is marked as JSONata. There may be no
// blank outside the marks; "{%%}" counts.
func isExpression(s string) bool {
	return len(s) >= 4 && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}")
}

// marked compiles s if it is an expression; nil when it is a plain string. A
// string that only opens the marks is a finding.
func (c *compiler) marked(s string, where *place, may access) *expression {
	if !isExpression(s) {
		if strings.HasPrefix(s, "{%") {
			c.report(CodeSchema, where.location(), "JSONata string must start with {% and end with %}")
		}
		return nil
	}
	e := &expression{text: strings.TrimSpace(s[2 : len(s)-2]), where: where}
	code, err := jsonata.Compile(e.text)
	if err != nil {
		c.report(CodeInvalidJSONata, where.location(), expressionMessage(err))
		return e
	}
	e.code = code
	for _, r := range code.References() {
		c.checkReference(e, r.Path, may)
	}
	return e
}

func expressionMessage(err error) string {
	var bad *jsonata.Error
	if errors.As(err, &bad) {
		return bad.Message
	}
	return err.Error()
}

// checkReference checks one name that an expression reads from outside: AWS
// refuses those that can't exist when the machine is made.
func (c *compiler) checkReference(e *expression, path []string, may access) {
	name, isVariable := strings.CutPrefix(path[0], "$")
	switch {
	case name == "$":
		c.report(CodeUnsupportedJSONata, e.where.location(), "Reference to '$$' is not supported.")
	case !isVariable:
		c.report(CodeUnsupportedJSONata, e.where.location(), "Reference to '"+path[0]+"' at the top level is not supported.")
	case name == "":
	case name != "states":
		c.reads(name)
	case len(path) == 1:
		e.context = true
	default:
		c.checkStates(e, path[1], may)
	}
}

func (c *compiler) checkStates(e *expression, field string, may access) {
	switch field {
	case "input":
	case "context":
		e.context = true
	case "result":
		if !may.result {
			c.report(CodeUnsupportedJSONata, e.where.location(), "Field '$states.result' does not exist.")
		}
	case "errorOutput":
		if !may.errorOutput {
			c.report(CodeUnsupportedJSONata, e.where.location(), "Field '$states.errorOutput' does not exist.")
		}
	default:
		c.report(CodeUnsupportedJSONata, e.where.location(), "Unknown reserved states field: "+field)
	}
}

// eval returns the expression's value, which is JSON.
func (e *expression) eval(d *Data) (value.Value, *Failure) {
	x := d.bind(e.context)
	v, err := e.code.Eval(value.Value{}, x.bindings, &x.env)
	switch {
	case err != nil:
		return value.Value{}, e.fail("threw an error during evaluation" + thrown(err))
	case !v.Defined():
		return value.Value{}, e.fail("returned nothing (undefined).")
	case v.Is(value.Extension):
		return value.Value{}, e.fail("returned an unsupported result type.")
	}
	return v, nil
}

// thrown words an evaluation error: coded ones come as a sentence of their own.
func thrown(err error) string {
	var x *jsonata.Error
	if errors.As(err, &x) && x.Code != "" {
		return ". " + x.Code + ": " + x.Message
	}
	return ": " + err.Error()
}

// typed is eval for a field that wants a value of kind k.
func (e *expression) typed(d *Data, k value.Kind) (value.Value, *Failure) {
	v, failure := e.eval(d)
	if failure == nil && !v.Is(k) {
		return v, e.unexpected(k.String(), v)
	}
	return v, failure
}

// unexpected is the failure of a result that has the wrong type.
func (e *expression) unexpected(want string, v value.Value) *Failure {
	return e.fail("returned an unexpected result type. Expected '" + want + "', but was '" +
		v.Kind().String() + "' for value: " + v.JSON())
}

// fail is the failure of this expression; what says what it did.
func (e *expression) fail(what string) *Failure {
	field := e.where.field()
	return evaluationFailure(field, "The JSONata expression '"+e.text+"' specified for the field '"+field+"' "+what)
}

// evaluationFailure is a States.QueryEvaluationError with its event.
func evaluationFailure(location, cause string) *Failure {
	f := NewFailure(ErrQueryEvaluation, cause)
	f.InState, f.Evaluation, f.Location = true, true, location
	return f
}
