package asl

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/value"
)

// jsonataState compiles a machine of the one JSONata state A.
func jsonataState(t testing.TB, fields string) *State {
	t.Helper()
	return mustCompile(t, oneJSONata(fields)).State("A")
}

const query = "States.QueryEvaluationError: The JSONata expression "

func TestJSONataTemplate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ output, want string }{
		"constant":       {`["$.x", {"a.$": 1.50}]`, `["$.x",{"a.$":1.5}]`},
		"literal string": {`" {% 1 %} "`, `" {% 1 %} "`},
		"root":           {`"{% $states.input.n + 1 %}"`, `4`},
		"nested":         {`{"z":[{"y":"{% $states.input.n %}"}],"a":"{% $v.x[0] %}"}`, `{"z":[{"y":3}],"a":1}`},
		"null":           {`"{% null %}"`, `null`},
		"context":        {`"{% $states.context.Execution.Name %}"`, `"e"`},
		"all of $states": {`"{% $states %}"`, `{"input":{"n":3},"context":{"Execution":{"Name":"e"}}}`},
		"undefined":      {`{"a":["{% $states.input.no %}"]}`, query + `'$states.input.no' specified for the field 'Output/a[0]' returned nothing (undefined). [in state] [at Output/a[0]]`},
		"thrown":         {`"{% $missing() %}"`, query + `'$missing()' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function [in state] [at Output]`},
		"function":       {`{"f":"{% $f := function($x){$x} %}"}`, query + `'$f := function($x){$x}' specified for the field 'Output/f' returned an unsupported result type. [in state] [at Output/f]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tpl := jsonataState(t, `"Type":"Pass","End":true,"Output":`+test.output).Output
			if got := outcome(tpl.Eval(dataOf(`{"n": 3}`))); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestResultAndErrorOutput(t *testing.T) {
	t.Parallel()
	s := jsonataState(t, lambda+`,"Output":"{% $states.result.r %}","Assign":{"x":"{% $states.result %}"},
	  "Catch":[{"ErrorEquals":["States.ALL"],"Next":"A","Output":"{% $states.errorOutput.Error & $states.input.i %}"}]`)
	d := dataOf(`{"i":"!"}`)
	d.Result, d.HasResult = TextDocument(`{"r":7}`), true
	if got := outcome(s.Output.Eval(d)); got != `7` {
		t.Error(got)
	}
	assigned, _ := s.Assign.Assign(d)
	if diff := cmp.Diff([]Assigned{{"x", `{"r":7}`}}, assigned); diff != "" {
		t.Error(diff)
	}
	// The same Data goes on to a catcher: $states must not be the old one.
	d.HasResult = false
	d.ErrorOutput, d.HasError = TextDocument(`{"Error":"E"}`), true
	if got := outcome(s.Catch[0].Output.Eval(d)); got != `"E!"` {
		t.Error(got)
	}
	second := *d
	second.Input = TextDocument(`{"i":"?"}`)
	if got := outcome(s.Catch[0].Output.Eval(&second)); got != `"E?"` {
		t.Error(got)
	}
}

func TestTimeGuard(t *testing.T) {
	t.Parallel()
	d := dataOf(`{}`)
	d.Env.Expired = func() bool { return true }
	tpl := jsonataState(t, `"Type":"Pass","End":true,"Output":{"a":"{% $sum([1..100000].($ * 2)) %}"}`).Output
	want := query + `'$sum([1..100000].($ * 2))' specified for the field 'Output/a' threw an error during evaluation: Expression evaluation timeout: Check for infinite loop [in state] [at Output/a]`
	if got := outcome(tpl.Eval(d)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestContextIsMadeWhenLookedAt(t *testing.T) {
	t.Parallel()
	made := 0
	d := dataOf(`{"n":3}`)
	d.MakeContext = func() value.Value { made++; return parsed(`{"c":1}`) }
	eval := func(output string) {
		t.Helper()
		if _, f := jsonataState(t, `"Type":"Pass","End":true,"Output":`+output).Output.Eval(d); f != nil {
			t.Error(failureText(f))
		}
	}
	eval(`"{% $states.input.n %}"`)
	if made != 0 {
		t.Error("context made for nothing")
	}
	eval(`{"a":"{% $states.context.c %}","b":"{% $states.context %}","c":"{% $states.input %}"}`)
	if made != 1 {
		t.Errorf("context made %d times", made)
	}
}

func TestExpressionFindings(t *testing.T) {
	t.Parallel()
	const unsupported = "UNSUPPORTED_JSONATA_EXPRESSION: "
	pass := func(output string) string {
		return oneJSONata(`"Type":"Pass","End":true,"Output":{"v":"` + output + `"}`)
	}
	tests := map[string]struct{ definition, want string }{
		"syntax":           {pass(`{% [1 %}`), `INVALID_JSONATA_EXPRESSION: Expected "]" before end of expression at /States/A/Output/v`},
		"empty":            {pass(`{%%}`), "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output/v"},
		"bare name":        {pass(`{% phone.number %}`), unsupported + "Reference to 'phone' at the top level is not supported. at /States/A/Output/v"},
		"root":             {pass(`{% $$.x %}`), unsupported + "Reference to '$$' is not supported. at /States/A/Output/v"},
		"result of a Pass": {pass(`{% $states.result %}`), unsupported + "Field '$states.result' does not exist. at /States/A/Output/v"},
		"error output":     {pass(`{% $states.errorOutput.Cause %}`), unsupported + "Field '$states.errorOutput' does not exist. at /States/A/Output/v"},
		"unknown field":    {pass(`{% $states.output %}`), unsupported + "Unknown reserved states field: output at /States/A/Output/v"},
		"result in Arguments": {
			oneJSONata(lambda + `,"Arguments":"{% $states.result %}"`),
			unsupported + "Field '$states.result' does not exist. at /States/A/Arguments",
		},
		"condition": {
			`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Condition":"{% x %}","Next":"B"}]},"B":{"Type":"Succeed"}}}`,
			unsupported + "Reference to 'x' at the top level is not supported. at /States/A/Choices[0]/Condition",
		},
	}
	for name, test := range tests {
		if _, ds := Compile(test.definition, Standard); ds.Error() != test.want {
			t.Errorf("%s\n got %s\nwant %s", name, ds.Error(), test.want)
		}
	}
}

func TestExpressionReferences(t *testing.T) {
	t.Parallel()
	p := mustCompile(t, oneJSONata(lambda+`,"TimeoutSeconds":"{% $t %}","Arguments":{"a":["{% $sum($list) + $n.x %}"]},
	  "Output":"{% ($local := 1; $local + $out) %}","Assign":{"x":"{% $map($list, function($i){ $i + $k }) %}"}`))
	want := map[string][]string{"A": {"k", "list", "n", "out", "t"}}
	if diff := cmp.Diff(want, p.VariableReferences); diff != "" {
		t.Error(diff)
	}
}

func TestJSONataFields(t *testing.T) {
	t.Parallel()
	d := dataOf(`{"n":5,"neg":-1,"half":1.5,"t":"2030-01-01T00:00:00Z","bad":"2030-01-01T00:00:00","s":"boom"}`)
	entered := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	wait := func(fields string) string {
		until, f := jsonataState(t, `"Type":"Wait","End":true,`+fields).Wait.Until(d, entered)
		return outcome(TextDocument(until.Format(time.RFC3339)), f)
	}
	timeout := func(e string) string {
		n, f := jsonataState(t, lambda+`,"TimeoutSeconds":"`+e+`"`).Task.Timeout.Int(d)
		return outcome(TextDocument(strconv.FormatInt(n, 10)), f)
	}
	fail := func(e string) string {
		s, f := jsonataState(t, `"Type":"Fail","Error":"`+e+`"`).Fail.Error.Eval(d)
		return outcome(TextDocument(s), f)
	}
	for _, test := range []struct{ got, want string }{
		{wait(`"Seconds":"{% $states.input.n %}"`), `2024-01-01T00:00:05Z`},
		{wait(`"Seconds":"{% $states.input.neg %}"`), `States.QueryEvaluationError: The Seconds field must be between 0 and 99999999 but was: -1 [in state] [at Seconds]`},
		{wait(`"Seconds":"{% $states.input.s %}"`), query + `'$states.input.s' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: "boom" [in state] [at Seconds]`},
		{wait(`"Timestamp":"{% $states.input.t %}"`), `2030-01-01T00:00:00Z`},
		{wait(`"Timestamp":"{% $states.input.bad %}"`), `States.QueryEvaluationError: The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2030-01-01T00:00:00 [in state] [at Timestamp]`},
		{timeout(`{% $states.input.n * 2 %}`), `10`},
		{timeout(`{% $states.input.neg %}`), `States.QueryEvaluationError: TimeoutSeconds must be between 1 and 99999999. [in state] [at TimeoutSeconds]`},
		{timeout(`{% $states.input.half %}`), query + `'$states.input.half' specified for the field 'TimeoutSeconds' returned an unexpected result type. Expected 'integer', but was 'number' for value: 1.5 [in state] [at TimeoutSeconds]`},
		{fail(`{% $states.input.s & '!' %}`), `boom!`},
		{fail(`plain`), `plain`},
		{fail(`{% $states.input.n %}`), query + `'$states.input.n' specified for the field 'Error' returned an unexpected result type. Expected 'string', but was 'number' for value: 5 [in state] [at Error]`},
	} {
		if test.got != test.want {
			t.Errorf("got %s\nwant %s", test.got, test.want)
		}
	}
}

func TestJSONataChoice(t *testing.T) {
	t.Parallel()
	choose := func(condition, input string) string {
		p := mustCompile(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Condition":`+condition+`,"Next":"B"}],"Default":"D"},"B":{"Type":"Succeed"},"D":{"Type":"Succeed"}}}`)
		r, f := p.State("A").Choice.Match(dataOf(input))
		switch {
		case f != nil:
			return failureText(f)
		case r == nil:
			return "D"
		}
		return r.Next.Name
	}
	for _, test := range []struct{ condition, input, want string }{
		{`true`, `{}`, "B"},
		{`false`, `{}`, "D"},
		{`"{% $states.input.n > 1 %}"`, `{"n":2}`, "B"},
		{`"{% $states.input.n > 1 %}"`, `{"n":1}`, "D"},
		{`"{% $states.input.n %}"`, `{"n":1}`, query + `'$states.input.n' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1 [in state] [at Choices[0]/Condition]`},
	} {
		if got := choose(test.condition, test.input); got != test.want {
			t.Errorf("%s over %s: %s, want %s", test.condition, test.input, got, test.want)
		}
	}
}

func TestJSONataItems(t *testing.T) {
	t.Parallel()
	s := jsonataState(t, `"Type":"Map","End":true,"Items":"{% $states.input.list %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
	for input, want := range map[string]string{
		`{"list":[1,2]}`:   `[1,2]`,
		`{"list":1}`:       query + `'$states.input.list' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1 [in state] [at Items]`,
		`{"list":{"a":1}}`: query + `'$states.input.list' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'object' for value: {"a":1} [in state] [at Items]`,
	} {
		d := dataOf(input)
		items, f := s.Map.Items.Eval(d)
		if f != nil {
			t.Error(failureText(f))
		}
		v, f := s.Map.DecodeItems(s, items, d)
		if got := outcome(ValueDocument(v), f); got != want {
			t.Errorf("%s: got %s\nwant %s", input, got, want)
		}
	}
}
