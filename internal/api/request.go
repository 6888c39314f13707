package api

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pawl.dev/value"
)

// request is the members of a request. The methods that read a member check its
// type and the constraints of AWS's model; what they find is kept and answered
// by check, so that an operation reads all its members first. Unknown members
// are ignored, and null is as good as absent, as AWS has it.
type request struct {
	object value.Value
	path   string // of the object within the request: "" or "tags.1.member."
	faults *faults
	// startedBy is the task attempt that asks, see Call.
	startedBy string
}

// faults are what is wrong with a request.
type faults struct {
	fatal      *wireError // the first member of a wrong type
	violations []string
}

// parseRequest parses a body; an empty one has no members. The request dies with
// the arena's next Reset, the texts read from it do not.
func parseRequest(body string, arena *value.Arena) (*request, error) {
	q := &request{faults: new(faults)}
	if body == "" {
		return q, nil
	}
	v, err := value.Parse(body, arena)
	if err != nil {
		return nil, serialization("The request is no JSON: " + syntaxText(err))
	}
	if !v.Is(value.Object) {
		return nil, serialization("Start of structure or map expected.")
	}
	q.object = v
	return q, nil
}

func syntaxText(err error) string {
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Message
	}
	return err.Error()
}

// check returns everything that was wrong with the members read so far.
func (q *request) check() error {
	if q.faults.fatal != nil {
		return q.faults.fatal
	}
	n := len(q.faults.violations)
	if n == 0 {
		return nil
	}
	noun := "error"
	if n > 1 {
		noun = "errors"
	}
	return &wireError{
		status: http.StatusBadRequest, kind: coralValidate + "ValidationException",
		message: fmt.Sprintf("%d validation %s detected: %s", n, noun, strings.Join(q.faults.violations, "; ")),
	}
}

// constraint is what AWS's model says of a member. Zero fields say nothing.
type constraint struct {
	required  bool
	sensitive bool // its value is not repeated in messages
	bytes     bool // min and max count bytes, not characters
	min, max  int  // length of a text
	pattern   *regexp.Regexp
	enum      []string // in the order in which AWS lists them
}

func (c constraint) need() constraint {
	c.required = true
	return c
}

// violate notes that a member's value fails a constraint.
func (q *request) violate(name, shown, constraint string) {
	q.faults.violations = append(q.faults.violations,
		"Value "+shown+"at '"+q.path+name+"' failed to satisfy constraint: "+constraint)
}

func (c constraint) show(v string) string {
	if c.sensitive {
		return ""
	}
	return "'" + v + "' "
}

// member returns a member's value, false when it is absent. what is the type it
// must have.
func (q *request) member(name string, required bool, what value.Kind) (value.Value, bool) {
	v := value.Value{}
	if q.object.Defined() {
		v = q.object.Member(name)
	}
	if !v.Defined() || v.Is(value.Null) {
		if required {
			q.violate(name, "null ", "Member must not be null")
		}
		return v, false
	}
	if !v.Is(what) {
		if q.faults.fatal == nil {
			q.faults.fatal = serialization(mismatch(v, what))
		}
		return v, false
	}
	return v, true
}

// mismatch words a wrong type as the AWS services' JSON reader does.
func mismatch(got value.Value, want value.Kind) string {
	token := ""
	switch got.Kind() {
	case value.Object:
		return "Start of structure or map found where not expected."
	case value.Array:
		return "Start of list found where not expected"
	case value.String:
		token = "STRING_VALUE"
	case value.Number:
		token = "NUMBER_VALUE"
	case value.Bool:
		token = strings.ToUpper(got.JSON()) + "_VALUE"
	}
	switch want {
	case value.Object, value.Array:
		return "Unexpected token " + token + " where a structure or list was expected"
	case value.String:
		return token + " can not be converted to a String"
	case value.Bool:
		return token + " can not be converted to a Boolean"
	}
	return token + " can not be converted to a Number"
}

// text reads a text, "" when it is absent.
func (q *request) text(name string, c constraint) string {
	if s := q.optional(name, c); s != nil {
		return *s
	}
	return ""
}

// optional reads a text, nil when it is absent.
func (q *request) optional(name string, c constraint) *string {
	v, ok := q.member(name, c.required, value.String)
	if !ok {
		return nil
	}
	s := v.Str()
	q.checkText(name, s, c)
	return &s
}

func (q *request) checkText(name, s string, c constraint) {
	if c.max > 0 || c.min > 0 {
		n := len(s)
		if !c.bytes && n > c.min {
			n = utf8.RuneCountInString(s)
		}
		if c.max > 0 && n > c.max {
			q.violate(name, c.show(s), "Member must have length less than or equal to "+strconv.Itoa(c.max))
		}
		if n < c.min {
			q.violate(name, c.show(s), "Member must have length greater than or equal to "+strconv.Itoa(c.min))
		}
	}
	if c.pattern != nil && !c.pattern.MatchString(s) {
		q.violate(name, c.show(s), "Member must satisfy regular expression pattern: "+patternText[c.pattern])
	}
	if c.enum != nil && !slices.Contains(c.enum, s) {
		q.violate(name, c.show(s), "Member must satisfy enum value set: ["+strings.Join(c.enum, ", ")+"]")
	}
}

// flag reads a boolean; absent is otherwise.
func (q *request) flag(name string, otherwise bool) bool {
	if b := q.optionalFlag(name); b != nil {
		return *b
	}
	return otherwise
}

// optionalFlag reads a boolean, nil when it is absent.
func (q *request) optionalFlag(name string) *bool {
	v, ok := q.member(name, false, value.Bool)
	if !ok {
		return nil
	}
	b := v.True()
	return &b
}

// span is the values that a number may have, both ends included.
type span struct{ min, max int64 }

// integer reads a whole number, nil when it is absent. A fraction is cut off, as
// AWS does.
func (q *request) integer(name string, c span) *int64 { return q.whole(name, false, c) }

// needInteger reads a whole number that must be there.
func (q *request) needInteger(name string, c span) int64 {
	if n := q.whole(name, true, c); n != nil {
		return *n
	}
	return 0
}

func (q *request) whole(name string, required bool, c span) *int64 {
	v, ok := q.member(name, required, value.Number)
	if !ok {
		return nil
	}
	n, whole := v.Int64()
	if !whole {
		n = int64(v.Float64())
	}
	q.checkRange(name, v.JSON(), float64(n), c)
	return &n
}

// number reads a number, nil when it is absent.
func (q *request) number(name string, c span) *float64 {
	v, ok := q.member(name, false, value.Number)
	if !ok {
		return nil
	}
	f := v.Float64()
	q.checkRange(name, v.JSON(), f, c)
	return &f
}

func (q *request) checkRange(name, shown string, n float64, c span) {
	if n > float64(c.max) {
		q.violate(name, "'"+shown+"' ", "Member must have value less than or equal to "+strconv.FormatInt(c.max, 10))
	}
	if n < float64(c.min) {
		q.violate(name, "'"+shown+"' ", "Member must have value greater than or equal to "+strconv.FormatInt(c.min, 10))
	}
}

// object reads a structure, nil when it is absent.
func (q *request) structure(name string) *request {
	v, ok := q.member(name, false, value.Object)
	if !ok {
		return nil
	}
	return &request{object: v, path: q.path + name + ".", faults: q.faults}
}

// structures reads a list of structures; false when it is absent.
func (q *request) structures(name string, required bool) ([]*request, bool) {
	v, ok := q.member(name, required, value.Array)
	if !ok {
		return nil, false
	}
	list := make([]*request, v.Len())
	for i, item := range v.Items() {
		list[i] = &request{object: item, path: q.path + name + "." + strconv.Itoa(i+1) + ".member.", faults: q.faults}
		if !item.Is(value.Object) && q.faults.fatal == nil {
			q.faults.fatal = serialization(mismatch(item, value.Object))
		}
	}
	if q.faults.fatal != nil {
		return nil, false
	}
	return list, true
}

// texts reads a list of texts.
func (q *request) texts(name string, required bool, c constraint) []string {
	v, ok := q.member(name, required, value.Array)
	if !ok {
		return nil
	}
	list := make([]string, v.Len())
	for i, item := range v.Items() {
		if !item.Is(value.String) {
			if q.faults.fatal == nil {
				q.faults.fatal = serialization(mismatch(item, value.String))
			}
			return nil
		}
		list[i] = item.Str()
		q.checkText(name+"."+strconv.Itoa(i+1)+".member", list[i], c)
	}
	return list
}
