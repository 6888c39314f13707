package asl

import (
	"fmt"
	"strings"
	"testing"

	"pawl.dev/value"
)

// twentyStates is a definition as people write them: tasks with retries, a
// choice, waits and passes.
func twentyStates() string {
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintf(&b, `
"Task%[1]d":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload":{"id.$":"$.order.id","at.$":"$$.State.EnteredTime"}},
  "ResultSelector":{"body.$":"$.Payload"},"ResultPath":"$.task%[1]d","Retry":[{"ErrorEquals":["Lambda.ServiceException"],"IntervalSeconds":2,"MaxAttempts":6,"BackoffRate":2}],"Next":"Choice%[1]d"},
"Choice%[1]d":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.task%[1]d.body","IsPresent":true},{"Variable":"$.order.total","NumericGreaterThan":100}],"Next":"Pass%[1]d"}],"Default":"Wait%[1]d"},
"Pass%[1]d":{"Type":"Pass","Parameters":{"a":1,"b":{"c.$":"$.order"}},"Next":"Wait%[1]d"},
"Wait%[1]d":{"Type":"Wait","Seconds":1,"Next":"Task%[2]d"},`, i, i+1)
	}
	return machineWith("Task0", b.String()+`"Task5":{"Type":"Succeed"}`)
}

func BenchmarkCompile(b *testing.B) {
	definition := twentyStates()
	b.SetBytes(int64(len(definition)))
	b.ReportAllocs()
	for b.Loop() {
		if p, ds := Compile(definition, Standard); p == nil {
			b.Fatal(ds.Error())
		}
	}
}

const benchInput = `{"order":{"id":"o-1","total":123.5,"items":[{"sku":"a","qty":1},{"sku":"b","qty":2}]},"customer":{"name":"Ann","tier":"gold"}}`

func BenchmarkTemplate(b *testing.B) {
	t := stateOf(b, `"Type":"Pass","End":true,"Parameters":{"id.$":"$.order.id","fixed":{"a":[1,2,3]},"first.$":"$.order.items[0]","who":{"name.$":"$.customer.name"}}`).Arguments
	env := &Env{Arena: &value.Arena{}}
	b.ReportAllocs()
	for b.Loop() {
		env.Arena.Reset()
		doc, failure := t.Eval(&Data{Input: TextDocument(benchInput), Env: env})
		if failure != nil || doc.JSON() == "" {
			b.Fatal(failure)
		}
	}
}

// BenchmarkTemplateParsed leaves out what the state does anyway: parsing its
// input and printing its output.
func BenchmarkTemplateParsed(b *testing.B) {
	t := stateOf(b, `"Type":"Pass","End":true,"Parameters":{"id.$":"$.order.id","fixed":{"a":[1,2,3]},"first.$":"$.order.items[0]","who":{"name.$":"$.customer.name"}}`).Arguments
	d := &Data{Input: TextDocument(benchInput), Env: &Env{}}
	d.InputValue()
	b.ReportAllocs()
	for b.Loop() {
		if _, failure := t.Eval(d); failure != nil {
			b.Fatal(failure)
		}
	}
}

func BenchmarkChoice(b *testing.B) {
	p := mustCompile(b, twentyStates())
	c := p.State("Choice0").Choice
	d := &Data{Input: TextDocument(`{"task0":{"body":1},` + benchInput[1:]), Env: &Env{}}
	b.ReportAllocs()
	for b.Loop() {
		if r, failure := c.Match(d); r == nil || failure != nil {
			b.Fatal(failure)
		}
	}
}

func BenchmarkJSONataTemplate(b *testing.B) {
	t := jsonataState(b, `"Type":"Pass","End":true,"Output":{"id":"{% $states.input.order.id %}","fixed":{"a":[1,2,3]},"first":"{% $states.input.order.items[0] %}","total":"{% $states.input.order.total * 1.19 %}"}`).Output
	env := &Env{Arena: &value.Arena{}}
	b.ReportAllocs()
	for b.Loop() {
		env.Arena.Reset()
		doc, failure := t.Eval(&Data{Input: TextDocument(benchInput), Env: env})
		if failure != nil || doc.JSON() == "" {
			b.Fatal(failure)
		}
	}
}
