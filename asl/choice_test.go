package asl

import (
	"testing"
)

// match returns the name of the state that a Choice over rules leads to.
func match(t *testing.T, rules, input string) string {
	t.Helper()
	p := mustCompile(t, machineWith("A", `"A":{"Type":"Choice","Choices":[`+rules+`],"Default":"D"},"B":{"Type":"Succeed"},"D":{"Type":"Succeed"}`))
	r, failure := p.State("A").Choice.Match(dataOf(input))
	switch {
	case failure != nil:
		return failureText(failure)
	case r == nil:
		return "D"
	}
	return r.Next.Name
}

func TestOperators(t *testing.T) {
	t.Parallel()
	const invalid = "States.Runtime: Invalid path '$.v': The choice state's condition path references an invalid value. [in state]"
	const early, late = `"2024-01-01T00:00:00Z"`, `"2024-01-01T02:00:00+01:00"`
	tests := []struct {
		operator, operand, variable string
		want                        bool
	}{
		{"StringEquals", `"a"`, `"a"`, true},
		{"StringEquals", `"a"`, `"A"`, false},
		{"StringEquals", `"1"`, `1`, false},
		{"StringLessThan", `"b"`, `"a"`, true},
		{"StringLessThan", `"a"`, `"a"`, false},
		{"StringGreaterThan", `"a"`, `"b"`, true},
		{"StringLessThanEquals", `"a"`, `"a"`, true},
		{"StringGreaterThanEquals", `"a"`, `"B"`, false},
		{"StringGreaterThan", `"😀"`, `"\uFF5E"`, true}, // by UTF-16 units
		{"StringMatches", `"log-*.txt"`, `"log-1.txt"`, true},
		{"StringMatches", `"log-*.txt"`, `"log-.tx"`, false},
		{"StringMatches", `"*a*b*"`, `"xaxxbx"`, true},
		{"StringMatches", `"*a*b*"`, `"xbxa"`, false},
		{"StringMatches", `"a\\*b"`, `"a*b"`, true},
		{"StringMatches", `"a\\*b"`, `"axb"`, false},
		{"StringMatches", `"a\\\\*"`, `"a\\x"`, true},
		{"StringMatches", `"aa*aa"`, `"aaa"`, false},
		{"StringMatches", `"*"`, `1`, false},
		{"NumericEquals", `1`, `1.0`, true},
		{"NumericEquals", `1`, `"1"`, false},
		{"NumericEquals", `1`, `null`, false},
		{"NumericLessThan", `2`, `1.5`, true},
		{"NumericGreaterThan", `2`, `2`, false},
		{"NumericLessThanEquals", `2`, `2`, true},
		{"NumericGreaterThanEquals", `-2`, `-3`, false},
		{"BooleanEquals", `true`, `true`, true},
		{"BooleanEquals", `false`, `true`, false},
		{"BooleanEquals", `false`, `null`, false},
		{"TimestampEquals", early, `"2024-01-01T01:00:00+01:00"`, true},
		{"TimestampEquals", early, `"no time"`, false},
		{"TimestampLessThan", late, early, true},
		{"TimestampGreaterThan", early, late, true},
		{"TimestampLessThanEquals", early, early, true},
		{"TimestampGreaterThanEquals", late, early, false},
		{"IsNull", `true`, `null`, true},
		{"IsNull", `false`, `0`, true},
		{"IsPresent", `true`, `null`, true},
		{"IsPresent", `false`, `null`, false},
		{"IsNumeric", `true`, `1.5`, true},
		{"IsNumeric", `true`, `"1"`, false},
		{"IsString", `true`, `"1"`, true},
		{"IsBoolean", `false`, `true`, false},
		{"IsTimestamp", `true`, early, true},
		{"IsTimestamp", `true`, `"2024-01-01"`, false},
	}
	for _, test := range tests {
		want := map[bool]string{true: "B", false: "D"}[test.want]
		input := `{"v":` + test.variable + `,"o":` + test.operand + `}`
		if got := match(t, `{"Variable":"$.v","`+test.operator+`":`+test.operand+`,"Next":"B"}`, input); got != want {
			t.Errorf("%s %s %s: %s, want %s", test.variable, test.operator, test.operand, got, want)
		}
		if op := operators[test.operator]; !op.comparesPath() {
			continue
		}
		if got := match(t, `{"Variable":"$.v","`+test.operator+`Path":"$.o","Next":"B"}`, input); got != want {
			t.Errorf("%s %sPath %s: %s, want %s", test.variable, test.operator, test.operand, got, want)
		}
	}
	for name := range operators {
		operand := map[operand]string{operandString: `"x"`, operandNumber: "1", operandBoolean: "true", operandTimestamp: early}[operators[name].operand]
		if operators[name].test != nil || operators[name].present {
			operand = "true"
		}
		want := invalid
		if name == "IsPresent" {
			want = "D"
		}
		if got := match(t, `{"Variable":"$.v","`+name+`":`+operand+`,"Next":"B"}`, "{}"); got != want {
			t.Errorf("%s of a missing variable: %s", name, got)
		}
	}
	if got := match(t, `{"Variable":"$.o","StringEqualsPath":"$.v","Next":"B"}`, `{"o":"x"}`); got != invalid {
		t.Errorf("missing operand: %s", got)
	}
}

func TestCombinators(t *testing.T) {
	t.Parallel()
	const isA, isB = `{"Variable":"$.a","BooleanEquals":true}`, `{"Variable":"$.b","BooleanEquals":true}`
	tests := map[string]struct{ rule, input, want string }{
		"and":               {`{"And":[` + isA + `,` + isB + `],"Next":"B"}`, `{"a":true,"b":true}`, "B"},
		"and stops":         {`{"And":[{"Variable":"$.a","IsPresent":true},` + isA + `],"Next":"B"}`, `{}`, "D"},
		"or stops":          {`{"Or":[` + isA + `,` + isB + `],"Next":"B"}`, `{"a":true}`, "B"},
		"or":                {`{"Or":[` + isA + `,` + isB + `],"Next":"B"}`, `{"a":false,"b":false}`, "D"},
		"not":               {`{"Not":` + isA + `,"Next":"B"}`, `{"a":false}`, "B"},
		"nested":            {`{"Not":{"Or":[` + isA + `,{"And":[` + isB + `]}]},"Next":"B"}`, `{"a":false,"b":true}`, "D"},
		"failure in a not":  {`{"Not":` + isA + `,"Next":"B"}`, `{}`, "States.Runtime: Invalid path '$.a': The choice state's condition path references an invalid value. [in state]"},
		"first rule wins":   {`{"Variable":"$.a","BooleanEquals":true,"Next":"D"},{"Variable":"$.a","BooleanEquals":true,"Next":"B"}`, `{"a":true}`, "D"},
		"variable, context": {`{"Variable":"$s","StringEquals":"text","Next":"B"}`, `{}`, "B"},
		"context":           {`{"Variable":"$$.Execution.Name","StringEqualsPath":"$.n","Next":"B"}`, `{"n":"e"}`, "B"},
	}
	for name, test := range tests {
		if got := match(t, test.rule, test.input); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
