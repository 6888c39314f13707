package teststate_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/teststate"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// test runs a test whose state waits for nothing.
func test(t *testing.T, r teststate.Request) (*teststate.Result, error) {
	t.Helper()
	if r.Input == "" {
		r.Input = `{"items":[1,2,3],"a":"x"}`
	}
	r.ExecutionARN, r.Execution, r.MachineARN, r.Machine = "arn:execution", "e", "arn:machine", "m"
	x, err := teststate.New(r, now, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		return nil, err
	}
	x.Begin(now)
	if !x.Over() {
		t.Fatal("the test waits")
	}
	return x.Result(), nil
}

func ptr[T any](v T) *T { return &v }

func result(json string) *teststate.Mock { return &teststate.Mock{Result: &json} }

func broken(name string) *teststate.Mock {
	return &teststate.Mock{Error: &teststate.MockError{Error: &name, Cause: ptr("why")}}
}

const task = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",`

func TestTest_showsData(t *testing.T) {
	t.Parallel()
	const input = `{"items":[1,2,3],"a":"x"}`
	tests := map[string]struct {
		request teststate.Request
		want    teststate.Inspection
	}{
		"pass": {
			teststate.Request{Definition: `{"Type":"Pass","InputPath":"$.items","Parameters":{"n.$":"$[0]"},"ResultPath":"$.r","OutputPath":"$.r","End":true}`},
			teststate.Inspection{
				AfterInputPath: `[1,2,3]`, AfterParameters: `{"n":1}`, AfterResultSelector: `{"n":1}`,
				AfterResultPath: `{"items":[1,2,3],"a":"x","r":{"n":1}}`,
			},
		},
		"result": {
			teststate.Request{Definition: `{"Type":"Pass","Result":5,"End":true}`},
			teststate.Inspection{Result: `5`, AfterResultSelector: `5`, AfterResultPath: `5`},
		},
		"variables": {
			teststate.Request{Definition: `{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"b":"{% $a + 1 %}"},"End":true}`, Variables: `{"a":1}`},
			teststate.Inspection{Variables: `{"a":1,"b":2}`},
		},
		"task": {
			teststate.Request{Definition: `{` + task + `"ResultSelector":{"r.$":"$"},"ResultPath":"$.t","End":true}`, Mock: result(`7`)},
			teststate.Inspection{
				AfterInputPath: input, AfterParameters: input, Result: `7`, AfterResultSelector: `{"r":7}`,
				AfterResultPath: `{"items":[1,2,3],"a":"x","t":{"r":7}}`,
			},
		},
		"map": {
			teststate.Request{
				Definition: `{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatch":2},
					"ToleratedFailurePercentage":50,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
					"StartAt":"C","States":{"C":{"Type":"Pass","End":true}}},"End":true}`,
				Mock: result(`["x","y"]`),
			},
			teststate.Inspection{
				AfterInputPath: input, AfterItemsPath: `[1,2,3]`, AfterItemSelector: `[{"v":1},{"v":2},{"v":3}]`,
				AfterItemBatcher: `[{"Items":[{"v":1},{"v":2}]},{"Items":[{"v":3}]}]`, MaxConcurrency: ptr(int64(0)),
				ToleratedFailurePercentage: ptr(50.0), AfterResultSelector: `["x","y"]`, AfterResultPath: `["x","y"]`,
			},
		},
		"reader": {
			teststate.Request{
				Definition: `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},
					"Parameters":{"Bucket":"b","Key":"k"}},"ItemSelector":{"v.$":"$$.Map.Item.Value.a"},
					"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"C","States":{"C":{"Type":"Pass","End":true}}},"End":true}`,
				Mock: result(`[]`), Config: teststate.Config{ReaderData: ptr("a,b\n1,2\n3,4\n")},
			},
			teststate.Inspection{
				AfterInputPath: input, AfterItemSelector: `[{"v":"1"},{"v":"3"}]`, MaxConcurrency: ptr(int64(0)),
				AfterResultSelector: `[]`, AfterResultPath: `[]`,
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := test(t, tt.request)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Input = input
			if diff := cmp.Diff(tt.want, r.Inspection); diff != "" || r.Status != teststate.Succeeded {
				t.Errorf("%s %s", r.Status, diff)
			}
		})
	}
}

func TestTest_handlesErrors(t *testing.T) {
	t.Parallel()
	definition := `{` + task + `"Retry":[{"ErrorEquals":["A"],"IntervalSeconds":3,"BackoffRate":2,"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["B"],"Next":"X"},{"ErrorEquals":["A"],"ResultPath":"$.e","Next":"Y"}],"Next":"Z"}`
	tests := []struct {
		name    string
		retried int
		error   string
		want    teststate.Status
		next    string
		details [3]int64 // catch, retry, seconds; -1: absent
	}{
		{"retried", 0, "A", teststate.Retriable, "", [3]int64{-1, 0, 3}},
		{"retried once more", 1, "A", teststate.Retriable, "", [3]int64{-1, 0, 6}},
		{"used up", 2, "A", teststate.CaughtError, "Y", [3]int64{1, 0, -1}},
		{"caught", 0, "B", teststate.CaughtError, "X", [3]int64{0, -1, -1}},
		{"neither", 0, "C", teststate.Failed, "", [3]int64{-1, -1, -1}},
	}
	for _, tt := range tests {
		r, err := test(t, teststate.Request{Definition: definition, Input: `{}`, Mock: broken(tt.error), Config: teststate.Config{RetrierRetryCount: tt.retried}})
		if err != nil {
			t.Fatal(err)
		}
		details := [3]int64{-1, -1, -1}
		for i, n := range []*int64{r.Inspection.CatchIndex, r.Inspection.RetryIndex, r.Inspection.RetryBackoffSeconds} {
			if n != nil {
				details[i] = *n
			}
		}
		if r.Status != tt.want || r.Next != tt.next || details != tt.details || r.Error == nil || *r.Error != tt.error {
			t.Errorf("%s: got %s to %q, %v", tt.name, r.Status, r.Next, details)
		}
		if tt.next == "Y" && r.Output != `{"e":{"Error":"A","Cause":"why"}}` {
			t.Errorf("%s: output %s", tt.name, r.Output)
		}
	}
}

func TestTest_toleratesIterations(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]teststate.Status{
		``: teststate.Succeeded, `"ToleratedFailureCount":2,`: teststate.Succeeded, `"ToleratedFailureCount":1,`: teststate.Failed,
		`"ToleratedFailurePercentage":66,`: teststate.Failed, `"ToleratedFailurePercentage":67,`: teststate.Succeeded,
	} {
		r, err := test(t, teststate.Request{
			Definition: `{"Type":"Map","ItemsPath":"$.items",` + field + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
				"StartAt":"C","States":{"C":{"Type":"Pass","End":true}}},"End":true}`,
			Mock: result(`[1,2,3]`), Config: teststate.Config{IterationFailures: ptr(int64(2))},
		})
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v", field, r, err)
		}
	}
}

func TestTest_findsNestedStates(t *testing.T) {
	t.Parallel()
	machine := `{"StartAt":"M","States":{"M":{"Type":"Map","Iterator":{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,
		"Branches":[{"StartAt":"C","States":{"C":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index"},"End":true}}}]}}},"End":true}}}`
	r, err := test(t, teststate.Request{Definition: machine, State: "C"})
	if err != nil || r.Output != `{"i":0}` {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestTest_waits(t *testing.T) {
	t.Parallel()
	for wait, want := range map[string]teststate.Status{`20`: teststate.Succeeded, `400`: teststate.Failed} {
		x, err := teststate.New(teststate.Request{Definition: `{"Type":"Wait","Seconds":` + wait + `,"End":true}`, Input: `{}`}, now, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(err)
		}
		x.Begin(now)
		for !x.Over() {
			x.Decide(engine.Wake{}, x.NextWake())
		}
		if r := x.Result(); r.Status != want {
			t.Errorf("%s s: got %+v", wait, r)
		}
	}
}

func TestNew_refuses(t *testing.T) {
	t.Parallel()
	sns := `{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message":"m"},"End":true}`
	lambda := `{` + task + `"End":true}`
	pass := `{"Type":"Pass","End":true}`
	tests := []struct {
		request teststate.Request
		want    string
	}{
		{teststate.Request{Definition: `{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}`}, "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{teststate.Request{Definition: lambda}, "RoleArn must be specified when testing a Task state"},
		{teststate.Request{Definition: lambda, Mock: &teststate.Mock{Result: ptr(`1`), Error: &teststate.MockError{}}}, "A test mock should have only one of the following fields: [result, errorOutput]."},
		{teststate.Request{Definition: lambda, Mock: result(`{`)}, "Mocked result must be valid JSON"},
		{teststate.Request{Definition: pass, Mock: result(`1`)}, "State type 'Pass' is not supported when a mock is specified"},
		{teststate.Request{Definition: lambda, Mock: result(`1`), Context: `{"Pokedex":1}`}, "Invalid Context object provided: Field 'Pokedex' is not allowed"},
		{teststate.Request{Definition: lambda, Mock: result(`1`), Context: `{"Execution":{"Id":1}}`}, "Invalid Context object provided: Execution.Id must be a string"},
		{teststate.Request{Definition: pass, Variables: `[]`}, "Invalid Variables provided: must be a valid JSON object"},
		{teststate.Request{Definition: sns, Mock: result(`{"MessageId":1}`)}, "Mock result schema validation error: Field 'MessageId' must be a string"},
		{teststate.Request{Definition: `{"StartAt":"A","States":{"A":` + pass + `}}`, State: "B"}, "State not found in definition"},
		{teststate.Request{Definition: `[]`}, "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'"},
	}
	for _, tt := range tests {
		_, err := test(t, tt.request)
		var refusal *teststate.Refusal
		if !errors.As(err, &refusal) || refusal.Message != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

func TestTest_ranStatesFail(t *testing.T) {
	t.Parallel()
	r, err := test(t, teststate.Request{Definition: `{"Type":"Pass","InputPath":"$.none","End":true}`})
	if err != nil || r.Status != teststate.Failed || *r.Error != asl.ErrRuntime || r.Inspection.AfterInputPath != "" {
		t.Errorf("got %+v, %v", r, err)
	}
}

// FuzzNew: no definition, mock or context takes the package down.
func FuzzNew(f *testing.F) {
	f.Add(`{"Type":"Pass","End":true}`, `1`, `{}`, `{}`)
	f.Add(`{`+task+`"Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"}],"Next":"B"}`, `{"a":1}`, `{"Execution":{"Id":"x"}}`, `{"v":1}`)
	f.Add(`{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"A"}]}`, ``, ``, ``)
	f.Fuzz(func(t *testing.T, definition, mocked, context, variables string) {
		for _, mock := range []*teststate.Mock{nil, result(mocked)} {
			r := teststate.Request{Definition: definition, Input: `{"a":1}`, Role: "r", Mock: mock, Variables: variables}
			if mock != nil {
				r.Context = context
			}
			x, err := teststate.New(r, now, rand.New(rand.NewPCG(1, 2)))
			if err != nil {
				continue
			}
			if x.Begin(now); x.Over() {
				x.Result()
			}
		}
	})
}
