package asl

import (
	"strings"
	"testing"
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
