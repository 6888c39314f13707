package asl

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/value"
)

// variables are the Variables of tests: JSON by name.
type variables map[string]string

func (v variables) Variable(name string) (value.Value, bool) {
	text, ok := v[name]
	if !ok {
		return value.Value{}, false
	}
	x, err := value.Parse(text, nil)
	if err != nil {
		panic(err)
	}
	return x, true
}

func parsed(text string) value.Value {
	v, err := value.Parse(text, nil)
	if err != nil {
		panic(err)
	}
	return v
}

// dataOf is Data over input, with a small context object and a few variables.
func dataOf(input string) *Data {
	return &Data{
		Input:       TextDocument(input),
		MakeContext: func() value.Value { return parsed(`{"Execution":{"Name":"e"}}`) },
		Variables:   variables{"v": `{"x":[1,2]}`, "s": `"text"`},
		Env:         &Env{Now: time.Unix(0, 0)},
	}
}

// stateOf compiles a machine of the one JSONPath state A.
func stateOf(t testing.TB, fields string) *State {
	t.Helper()
	return mustCompile(t, one(fields)).State("A")
}

// outcome is a result's text, or what a failure says.
func outcome(doc Document, f *Failure) string {
	if f != nil {
		return failureText(f)
	}
	return doc.JSON()
}

func failureText(f *Failure) string {
	var b strings.Builder
	b.WriteString(*f.Error + ": " + *f.Cause)
	if f.InState {
		b.WriteString(" [in state]")
	}
	if f.Evaluation {
		b.WriteString(" [at " + f.Location + "]")
	}
	return b.String()
}

func TestPath(t *testing.T) {
	t.Parallel()
	const input = `{"a": {"b": [1, 2.50]}, "n": null}`
	tests := map[string]struct{ path, want string }{
		"root keeps its text": {`"$"`, input},
		"null":                {`null`, `{}`},
		"member":              {`"$.a"`, `{"b":[1,2.5]}`},
		"element":             {`"$.a.b[0]"`, `1`},
		"null member":         {`"$.n"`, `null`},
		"wildcard":            {`"$.a.b[*]"`, `[1,2.5]`},
		"context":             {`"$$.Execution.Name"`, `"e"`},
		"whole context":       {`"$$"`, `{"Execution":{"Name":"e"}}`},
		"variable":            {`"$v.x[1]"`, `2`},
		"missing":             {`"$.x"`, `States.Runtime: Invalid path '$.x' : No results for path: $['x'] [in state]`},
		"missing parent":      {`"$.x.y.z"`, `States.Runtime: Invalid path '$.x.y.z' : Missing property in path $['x'] [in state]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := stateOf(t, `"Type":"Pass","End":true,"InputPath":`+test.path).InputPath
			if got := outcome(p.Eval(TextDocument(input), dataOf(`{"not":"this"}`))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if p.Null() != (test.path == "null") {
				t.Error("Null is wrong")
			}
		})
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	const input = `{"a": 1.50, "s": "x", "list": [10, 20]}`
	const compact = `{"a":1.5,"s":"x","list":[10,20]}`
	tests := map[string]struct{ template, want string }{
		"constant":           {`{"z": [1.50, {"a": "$"}], "k": null}`, `{"z":[1.5,{"a":"$"}],"k":null}`},
		"order of keys":      {`{"z.$": "$.a", "b": 1, "a.$": "$.s"}`, `{"z":1.5,"b":1,"a":"x"}`},
		"nested":             {`{"o": {"p": [{"q.$": "$.s"}, "$.s"]}}`, `{"o":{"p":[{"q":"x"},"$.s"]}}`},
		"whole":              {`{"in.$": "$"}`, `{"in":{"a":1.5,"s":"x","list":[10,20]}}`},
		"context":            {`{"n.$": "$$.Execution.Name"}`, `{"n":"e"}`},
		"variable":           {`{"n.$": "$v.x[0]"}`, `{"n":1}`},
		"past the end":       {`{"n.$": "$.list[5]"}`, `{"n":null}`},
		"no match":           {`{"n.$": "$.none[*]"}`, `{"n":[]}`},
		"literal .$":         {`{".$": "x"}`, `{".$":"x"}`},
		"missing":            {`{"value.$": "$.no"}`, `States.Runtime: The JSONPath '$.no' specified for the field 'value.$' could not be found in the input '` + compact + `' [in state]`},
		"missing in context": {`{"value.$": "$$.no"}`, `States.Runtime: The JSONPath '$$.no' specified for the field 'value.$' could not be found in the input '{"Execution":{"Name":"e"}}' [in state]`},
		"missing variable":   {`{"value.$": "$no"}`, `States.Runtime: The JSONPath '$no' specified for the field 'value.$' could not be found in the input '` + compact + `' [in state]`},
		"call":               {`{"n.$": "States.Format('{}-{}', $.s, $$.Execution.Name)"}`, `{"n":"x-e"}`},
		"call, missing":      {`{"n.$": "States.JsonToString($.no)"}`, `States.Runtime: The function 'States.JsonToString($.no)' had the following error: The JsonPath argument for the field '$.no' could not be found in the input '` + compact + `' [in state]`},
		"not an object":      {`"$.a"`, `"$.a"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tpl := stateOf(t, `"Type":"Pass","End":true,"Parameters":`+test.template).Arguments
			if got := outcome(tpl.Eval(dataOf(input))); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestResultPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ path, raw, want string }{
		"root":         {`"$"`, `{"a": 1}`, `[ 7 ]`},
		"null":         {`null`, `{"a": 1}`, `{"a": 1}`},
		"new member":   {`"$.r"`, `{"a": 1}`, `{"a":1,"r":[7]}`},
		"old member":   {`"$.a"`, `{"a": 1,"b":2}`, `{"a":[7],"b":2}`},
		"deep":         {`"$.x.y"`, `{}`, `{"x":{"y":[7]}}`},
		"not possible": {`"$.x.y"`, `{"x":1}`, `States.Runtime: Unable to apply step "y" to input 1 [in state]`},
	}
	for name, test := range tests {
		p := stateOf(t, `"Type":"Pass","End":true,"ResultPath":`+test.path).ResultPath
		if got := outcome(p.Merge(TextDocument(test.raw), TextDocument("[ 7 ]"), dataOf("{}"))); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	a := stateOf(t, `"Type":"Pass","End":true,"Assign":{"b":"x","a.$":"$.n","c":{"d.$":"$v.x"}}`).Assign
	got, failure := a.Assign(dataOf(`{"n": 1.0}`))
	want := []Assigned{{"b", `"x"`}, {"a", `1.0`}, {"c", `{"d":[1,2]}`}}
	if diff := cmp.Diff(want, got); diff != "" || failure != nil {
		t.Error(diff, failure)
	}
}

func TestAssignLimits(t *testing.T) {
	t.Parallel()
	// Quotes count, names do not.
	text := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	tests := map[string]struct {
		sizes []int
		ok    bool
	}{
		"one at the limit":    {[]int{MaxVariableBytes}, true},
		"one over the limit":  {[]int{MaxVariableBytes + 1}, false},
		"two at the limit":    {[]int{MaxVariableBytes / 2, MaxVariableBytes / 2}, true},
		"two over the limit":  {[]int{MaxVariableBytes / 2, MaxVariableBytes/2 + 1}, false},
		"one of them is over": {[]int{2, MaxVariableBytes + 1}, false},
	}
	for name, test := range tests {
		var input, fields []string
		for i, n := range test.sizes {
			k := string(rune('a' + i))
			input = append(input, `"`+k+`":`+text(n))
			fields = append(fields, `"`+k+`.$":"$.`+k+`"`)
		}
		a := stateOf(t, `"Type":"Pass","End":true,"Assign":{`+strings.Join(fields, ",")+`}`).Assign
		_, f := a.Assign(dataOf(`{` + strings.Join(input, ",") + `}`))
		if (f == nil) != test.ok {
			t.Errorf("%s: failure %v", name, f)
		}
		if f != nil && (!f.Is(ErrDataLimitExceeded) || f.InState || !f.Evaluation || f.Location != "Assign") {
			t.Errorf("%s: failure is %s", name, failureText(f))
		}
	}
}

func TestFailFields(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ field, want string }{
		"literal":      {`"Error":"E"`, `"E"`},
		"path":         {`"ErrorPath":"$.e"`, `"boom"`},
		"context":      {`"ErrorPath":"$$.Execution.Name"`, `"e"`},
		"variable":     {`"ErrorPath":"$s"`, `"text"`},
		"call":         {`"ErrorPath":"States.Format('{}!', $.e)"`, `"boom!"`},
		"missing":      {`"ErrorPath":"$.x"`, `States.Runtime: The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in the input '{"e":"boom","n":1}' [in state]`},
		"not a string": {`"ErrorPath":"$.n"`, `States.Runtime: The value of '$.n' specified for the field 'ErrorPath' must be a string but was: 1 [in state]`},
	}
	for name, test := range tests {
		f := stateOf(t, `"Type":"Fail",`+test.field).Fail.Error
		s, failure := f.Eval(dataOf(`{"e":"boom","n":1}`))
		if got := outcome(TextDocument(value.Quoted(s)), failure); got != test.want {
			t.Errorf("%s: got %s\nwant %s", name, got, test.want)
		}
	}
	if f := stateOf(t, `"Type":"Fail"`).Fail; f.Error != nil || f.Cause != nil {
		t.Error("absent fields are there")
	}
}
