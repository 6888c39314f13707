package asl

import (
	"strings"
	"testing"
	"time"

	"pawl.dev/value"
)

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		``, `[]`, `{}`, `{"StartAt":1,"States":2}`, `{"StartAt":"A","States":{"A":3}}`,
		one(`"Type":"Choice","Choices":[{"And":[{"Not":{"Variable":"$.a","NumericEqualsPath":"$$.b"}},{}],"Next":"A"},7]`),
		one(`"Type":"Map","Iterator":{"ProcessorConfig":{"Mode":"DISTRIBUTED"}},"ItemReader":{"ReaderConfig":{"MaxItemsPath":"$.x"}},"ItemBatcher":{}`),
		one(`"Type":"Parallel","Branches":[{"States":{}},[]],"Retry":{},"Catch":[{"ErrorEquals":[1]}]`),
		oneJSONata(`"Type":"Task","Resource":"arn:aws:states:::x","Arguments":{"a":["{% $states.result %}","{%"]},"Assign":[]`),
		oneJSONata(`"Type":"Wait","Seconds":"{% 1 %}","End":true`),
		one(lambda + `,"TimeoutSecondsPath":"$.t","Credentials":{"RoleArn.$":"States.Format('{}', $.r)"}`),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, definition string) {
		p, ds := Compile(definition, Standard)
		if (p == nil) != ds.Failed() {
			t.Errorf("program %v with findings %v", p != nil, ds)
		}
	})
}

// FuzzEvaluate evaluates all fields of a state over any input: it may fail, it
// must make JSON, and it must not panic.
func FuzzEvaluate(f *testing.F) {
	f.Add(`"$.a"`, `{"a":[1,{"b":"2024-01-01T00:00:00Z"}]}`)
	f.Add(`"$.a[0].b"`, `{"a":1e400}`)
	f.Add(`"$$.x[?(@.y > 1)]"`, `[]`)
	f.Add(`"$v.x[*]"`, `"x"`)
	f.Add(`"States.Format('{}', $.a)"`, `null`)
	f.Fuzz(func(t *testing.T, path, input string) {
		p, _ := Compile(machineWith("P", `"P":{"Type":"Pass","Parameters":{"a.$":`+path+`,"b":[`+path+`]},"Assign":{"x.$":`+path+`},"Next":"W"},
		  "W":{"Type":"Wait","SecondsPath":`+path+`,"Next":"M"},
		  "M":{"Type":"Map","ItemsPath":`+path+`,"MaxConcurrencyPath":`+path+`,"ResultPath":`+path+`,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"Next":"C"},
		  "C":{"Type":"Choice","Choices":[{"Variable":`+path+`,"NumericLessThanPath":`+path+`,"Next":"F"}],"Default":"F"},
		  "F":{"Type":"Fail","ErrorPath":`+path+`}`), Standard)
		if p == nil || value.Valid(input) != nil {
			return
		}
		in, d := TextDocument(input), dataOf(input)
		check := func(doc Document, failure *Failure) {
			if text := doc.JSON(); failure == nil && value.Valid(text) != nil {
				t.Errorf("%s over %s is %q", path, input, text)
			}
		}
		check(p.State("P").Arguments.Eval(d))
		assigned, failure := p.State("P").Assign.Assign(d)
		for _, a := range assigned {
			check(TextDocument(a.JSON), failure)
		}
		_, _ = p.State("W").Wait.Until(d, time.Unix(0, 0))
		m := p.State("M")
		_, _ = m.Map.MaxConcurrency.Int(d)
		if items, failure := m.Map.ItemsPath.Eval(in, d); failure == nil {
			_, _ = m.Map.DecodeItems(m, items, d)
		}
		check(m.ResultPath.Merge(in, TextDocument(`{"r":1}`), d))
		_, _ = p.State("C").Choice.Match(d)
		_, _ = p.State("F").Fail.Error.Eval(d)
	})
}

func TestHostileDefinitions(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 1000)
	for name, definition := range map[string]string{
		"deep conditions": one(`"Type":"Choice","Choices":[` + strings.Repeat(`{"Not":`, 900) + `{}` + strings.Repeat(`}`, 900) + `]`),
		"deep template":   one(`"Type":"Pass","Parameters":` + strings.Repeat(`{"`+long+`":`, 500) + `[` + strings.Repeat(`"$.x",`, 50000) + `1]` + strings.Repeat(`}`, 500)),
		"deep states":     strings.Repeat(`{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[`, 200) + strings.Repeat(`]}}}`, 200),
		"long name":       machineWith("A", `"`+strings.Repeat("n", 200000)+`":{"Type":"Task","Retry":[`+strings.Repeat(`{},`, 100000)+`{}]}`),
		"too long":        strings.Repeat(" ", MaxDefinitionBytes) + "{}",
	} {
		if p, ds := Compile(definition, Standard); p != nil && name != "deep template" || len(ds) > 2*maxFindings {
			t.Errorf("%s: program %v, %d findings", name, p != nil, len(ds))
		}
	}
}
