package asl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machineWith is a definition whose only top-level states are given.
func machineWith(start, states string) string {
	return `{"StartAt":"` + start + `","States":{` + states + `}}`
}

// one is a definition with the one state A that has the given fields.
func one(fields string) string { return machineWith("A", `"A":{`+fields+`}`) }

// oneJSONata is one with JSONata for the whole machine.
func oneJSONata(fields string) string {
	return `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{` + fields + `}}}`
}

func mustCompile(t testing.TB, definition string) *Program {
	t.Helper()
	p, ds := Compile(definition, Standard)
	if p == nil {
		t.Fatalf("definition is refused: %s\n%s", ds.Error(), definition)
	}
	return p
}

const lambda = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true`

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	const (
		schema  = "SCHEMA_VALIDATION_FAILED: "
		refPath = schema + "Value is not a Reference Path at "
	)
	mapOf := func(fields string) string {
		return one(`"Type":"Map","End":true,` + fields)
	}
	const processor = `"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	distributed := func(config string) string {
		return `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"` + config + `},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	}
	choice := func(rule string) string {
		return machineWith("A", `"A":{"Type":"Choice","Choices":[`+rule+`],"Default":"B"},"B":{"Type":"Succeed"}`)
	}
	tests := map[string]struct{ definition, want string }{
		"empty":      {"", schema + "Definition must be a valid JSON object at null"},
		"array":      {"[]", schema + "Definition must be a valid JSON object at null"},
		"no JSON":    {"nope", "INVALID_JSON_DESCRIPTION: Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"nope\"; line: 1, column: 5] at [Source: (String)\"nope\"; line: 1, column: 5]"},
		"no fields":  {"{}", schema + "These fields are required: [States, StartAt] at /"},
		"no StartAt": {`{"States":{"A":{"Type":"Succeed"}}}`, schema + "These fields are required: [StartAt] at /"},
		"no States":  {`{"StartAt":"A"}`, schema + "These fields are required: [States] at /"},
		"version":    {`{"Version":"2.0","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, schema + "Value should be one of the following: [1.0] at /Version"},
		"root field": {`{"Startat":"A","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, schema + "Field 'Startat' is not supported at /"},

		"type":            {one(`"Type":"Nope","End":true`), schema + "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"},
		"foreign field":   {one(`"Type":"Succeed","Seconds":1`), schema + "Field 'Seconds' is not supported at /States/A"},
		"JSONata field":   {one(`"Type":"Pass","Output":1,"End":true`), schema + "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A"},
		"JSONPath field":  {oneJSONata(`"Type":"Pass","InputPath":"$","End":true`), schema + "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A"},
		"downgrade":       {oneJSONata(`"Type":"Pass","QueryLanguage":"JSONPath","Output":1,"End":true`), schema + "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A"},
		"odd language":    {one(`"Type":"Pass","QueryLanguage":"jsonata","End":true`), schema + "Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage"},
		"number language": {one(`"Type":"Pass","QueryLanguage":1,"End":true`), schema + "Expected value of type [STRING] at /States/A/QueryLanguage"},
		"branch language": {
			one(`"Type":"Parallel","End":true,"Branches":[{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Succeed"}}}]`),
			schema + "Field 'QueryLanguage' is not supported at /States/A/Branches[0]",
		},

		"Next and End":      {one(`"Type":"Pass","Next":"A","End":true`), schema + "There should only be one of the following fields: [Next, End] at /States/A"},
		"no Next and End":   {one(`"Type":"Pass"`), schema + "This object should have only one of the following fields: [Next, End] at /States/A"},
		"timeouts":          {one(lambda + `,"TimeoutSeconds":1,"TimeoutSecondsPath":"$.t"`), schema + "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/A"},
		"timeout is text":   {one(lambda + `,"TimeoutSeconds":"1"`), schema + "Expected value of type Integer at /States/A/TimeoutSeconds"},
		"timeout too small": {one(lambda + `,"TimeoutSeconds":0`), schema + "Minimum value is 1 at /States/A/TimeoutSeconds"},
		"timeout too big":   {one(lambda + `,"TimeoutSeconds":100000000`), schema + "Maximum value is 99999999 at /States/A/TimeoutSeconds"},
		"bad InputPath":     {one(`"Type":"Pass","InputPath":"x","End":true`), schema + "Value must be a valid JSONPath. at /States/A/InputPath"},
		"bad ResultPath":    {one(`"Type":"Pass","ResultPath":"$$.x","End":true`), refPath + "/States/A/ResultPath"},
		"variable result":   {one(`"Type":"Pass","ResultPath":"$x.y","End":true`), refPath + "/States/A/ResultPath"},
		"wild ResultPath":   {one(`"Type":"Pass","ResultPath":"$.x[*]","End":true`), refPath + "/States/A/ResultPath"},
		"context in number": {mapOf(processor + `,"MaxConcurrencyPath":"$$.x"`), refPath + "/States/A/MaxConcurrencyPath"},
		"template path":     {one(`"Type":"Pass","Parameters":{"a":{"b.$":"x"}},"End":true`), schema + "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters"},
		"no {% end":         {oneJSONata(`"Type":"Pass","Output":{"v":["{% 1"]},"End":true`), schema + "JSONata string must start with {% and end with %} at /States/A/Output/v[0]"},
		"waits":             {one(`"Type":"Wait","Seconds":1,"SecondsPath":"$.x","End":true`), schema + "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"},
		"timestamp":         {one(`"Type":"Wait","Timestamp":"2024-01-01 00:00:00Z","End":true`), schema + "String does not match RFC3339 timestamp at /States/A/Timestamp"},
		"errors":            {one(`"Type":"Fail","Error":"e","ErrorPath":"$.e"`), schema + "There should only be one of the following fields: [Error, ErrorPath] at /States/A"},
		"no branches":       {one(`"Type":"Parallel","Branches":[],"End":true`), schema + "Value cannot be empty at /States/A/Branches"},
		"branch fields":     {one(`"Type":"Parallel","Branches":[{}],"End":true`), schema + "These fields are required: [States, StartAt] at /States/A/Branches[0]"},

		"retrier":         {one(lambda + `,"Retry":[{}]`), schema + "These fields are required: [ErrorEquals] at /States/A/Retry[0]"},
		"no errors":       {one(lambda + `,"Retry":[{"ErrorEquals":[]}]`), schema + "Value cannot be empty at /States/A/Retry[0]/ErrorEquals"},
		"ALL not alone":   {one(lambda + `,"Retry":[{"ErrorEquals":["States.ALL","X"]}]`), schema + "States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals[0]"},
		"ALL not last":    {one(lambda + `,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["X"]}]`), schema + "States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals[0]"},
		"backoff":         {one(lambda + `,"Retry":[{"ErrorEquals":["X"],"BackoffRate":0.5}]`), schema + "Minimum value is 1.0 at /States/A/Retry[0]/BackoffRate"},
		"jitter":          {one(lambda + `,"Retry":[{"ErrorEquals":["X"],"JitterStrategy":"HALF"}]`), schema + "Value should be one of the following: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy"},
		"max delay":       {one(lambda + `,"Retry":[{"ErrorEquals":["X"],"MaxDelaySeconds":31622401}]`), schema + "Maximum value is 31622400 at /States/A/Retry[0]/MaxDelaySeconds"},
		"catcher":         {one(lambda + `,"Catch":[{"ErrorEquals":["X"]}]`), schema + "These fields are required: [Next] at /States/A/Catch[0]"},
		"retry on a Pass": {one(`"Type":"Pass","Retry":[],"End":true`), schema + "Field 'Retry' is not supported at /States/A"},

		"rule without Next": {choice(`{"Variable":"$.x","IsNull":true}`), schema + "These fields are required: [Next] at /States/A/Choices[0]"},
		"rule of no kind":   {choice(`{"Next":"B"}`), schema + "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/A/Choices[0]"},
		"rule of two kinds": {choice(`{"Variable":"$.x","IsNull":true,"And":[],"Next":"B"}`), schema + "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/A/Choices[0]"},
		"two operators":     {choice(`{"Variable":"$.x","IsNull":true,"IsString":true,"Next":"B"}`), schema + "There should only be one of the following fields: [IsNull, IsString] at /States/A/Choices[0]"},
		"variable":          {choice(`{"Variable":"x","IsNull":true,"Next":"B"}`), schema + "Value is not a Reference Path: Reference path didn't start with '$' at /States/A/Choices[0]/Variable"},
		"operand path":      {choice(`{"Variable":"$.x","StringEqualsPath":"y","Next":"B"}`), schema + "Value is not a Reference Path: Reference path didn't start with '$' at /States/A/Choices[0]/StringEqualsPath"},
		"condition":         {choice(`{"Condition":true,"Next":"B"}`), schema + "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage at /States/A/Choices[0]"},
		"no choices":        {machineWith("A", `"A":{"Type":"Choice","Choices":[],"Default":"B"},"B":{"Type":"Succeed"}`), schema + "Value cannot be empty at /States/A/Choices"},
		"inner Next":        {choice(`{"Not":{"Variable":"$.x","IsNull":true,"Next":"B"},"Next":"B"}`), schema + "Field 'Next' is not supported at /States/A/Choices[0]/Not"},

		"processors":          {mapOf(processor + `,"Iterator":{}`), schema + "There should only be one of the following fields: [ItemProcessor, Iterator] at /States/A"},
		"no processor":        {one(`"Type":"Map","End":true`), schema + "This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/A"},
		"no ExecutionType":    {mapOf(distributed("")), schema + "These fields are required: [ExecutionType] at /States/A/ItemProcessor/ProcessorConfig"},
		"inline type":         {mapOf(`"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`), schema + "Field 'ExecutionType' is not supported at /States/A/ItemProcessor/ProcessorConfig"},
		"child type":          {mapOf(distributed(`,"ExecutionType":"FAST"`)), schema + "Value should be one of the following: [STANDARD, EXPRESS] at /States/A/ItemProcessor/ProcessorConfig/ExecutionType"},
		"percentage":          {mapOf(processor + `,"ToleratedFailurePercentage":101`), schema + "Maximum value is 100.0 at /States/A/ToleratedFailurePercentage"},
		"negative percentage": {mapOf(processor + `,"ToleratedFailurePercentage":-0.5`), schema + "Minimum value is 0.0 at /States/A/ToleratedFailurePercentage"},
		"label":               {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"Label":"a b"`), "INVALID_LABEL_NAME: Invalid Label name: 'a b'. The label must have 1 to 40 valid characters. at /States/A/Label"},
		"reader resource":     {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:putObject"}`), schema + "The field 'Resource' does not match any of the allowed values at /States/A/ItemReader/Resource"},
		"reader max items":    {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","MaxItems":100000001}}`), schema + "Maximum value is 100000000 at /States/A/ItemReader/ReaderConfig/MaxItems"},
		"header location":     {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"}}`), schema + "The field 'CSVHeaderLocation' is required at /States/A/ItemReader/ReaderConfig"},
		"JSON headers":        {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","CSVHeaderLocation":"FIRST_ROW"}}`), schema + "Field 'CSVHeaderLocation' is not supported at /States/A/ItemReader/ReaderConfig"},
		"given headers":       {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}}`), schema + "These fields are required: [CSVHeaders] at /States/A/ItemReader/ReaderConfig"},

		"getObject without type": {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"MaxItems":1}}`), schema + "These fields are required: [InputType] at /States/A/ItemReader/ReaderConfig"},
		"flattened listing":      {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","ReaderConfig":{"Transformation":"LOAD_AND_FLATTEN"}}`), schema + "These fields are required: [InputType] at /States/A/ItemReader/ReaderConfig"},
		"inventory with type":    {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"ManifestType":"S3_INVENTORY","InputType":"MANIFEST"}}`), schema + "Field 'InputType' is not supported at /States/A/ItemReader/ReaderConfig"},
		"empty batcher":          {mapOf(distributed(`,"ExecutionType":"STANDARD"`) + `,"ItemBatcher":{}`), schema + "This object should have at least one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath] at /States/A/ItemBatcher"},
		"heartbeat":              {one(lambda + `,"TimeoutSeconds":5,"HeartbeatSeconds":5`), schema + "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/A"},
		"End is no boolean":      {one(`"Type":"Pass","End":"yes"`), schema + "Expected value of type [BOOLEAN] at /States/A/End"},
		"error is no text":       {one(`"Type":"Fail","Error":1`), schema + "Expected value of type [STRING] at /States/A/Error"},
		"pattern":                {choice(`{"Variable":"$.x","StringMatches":"a\\b","Next":"B"}`), schema + `Invalid escape sequence in 'a\b' at /States/A/Choices[0]/StringMatches`},
		"choice timestamp":       {choice(`{"Variable":"$.x","TimestampEquals":"today","Next":"B"}`), schema + "String does not match RFC3339 timestamp at /States/A/Choices[0]/TimestampEquals"},
		"choice type":            {choice(`{"Variable":"$.x","NumericEquals":"1","Next":"B"}`), schema + "Expected value of type [NUMBER] at /States/A/Choices[0]/NumericEquals"},
		"missing start":          {machineWith("B", `"A":{"Type":"Succeed"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt"},
		"missing next":           {machineWith("A", `"A":{"Type":"Pass","Next":"C"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next"},
		"missing default":        {machineWith("A", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":true,"Next":"X"}],"Default":"Y"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/A/Default, MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Choices[0]/Next"},
		"missing catch":          {one(lambda + `,"Catch":[{"ErrorEquals":["X"],"Next":"Y"}]`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/A/Catch[0]/Next"},
		"unreachable":            {machineWith("A", `"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}`), `MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`},
		"endless":                {machineWith("A", `"A":{"Type":"Pass","Next":"A"}`), "MISSING_END_STATE: Workflow has no terminal state at null"},
		"into a branch": {
			machineWith("A", `"A":{"Type":"Parallel","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"B"}}}],"Next":"B"},"B":{"Type":"Succeed"}`),
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Branches[0]/States/P/Next",
		},
		"duplicate state": {
			machineWith("A", `"A":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}`),
			"DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A",
		},
		"reserved variable": {one(`"Type":"Pass","Assign":{"states":1},"End":true`), "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/A/Assign/states"},
		"invalid variable":  {one(`"Type":"Pass","Assign":{"x-y":1},"End":true`), "INVALID_VARIABLE_NAME: Invalid variable name 'x-y': the variable name contains invalid characters. at /States/A/Assign/x-y"},
		"shadowing": {
			one(`"Type":"Parallel","Assign":{"v":1},"Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"v":2},"End":true}}}],"End":true`),
			"INVALID_VARIABLE_NAME: Invalid variable name 'v': the variable is assigned in an outer scope. at /States/A/Branches[0]/States/P/Assign/v",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, ds := Compile(test.definition, Standard)
			if got := ds.Error(); got != test.want {
				t.Errorf("findings differ\n got %s\nwant %s", got, test.want)
			}
			if p != nil {
				t.Error("a refused definition has a program")
			}
		})
	}
}

func TestExpressRestrictions(t *testing.T) {
	t.Parallel()
	const schema = "SCHEMA_VALIDATION_FAILED: "
	tests := map[string]struct{ definition, want string }{
		"sync":     {one(`"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"x"},"End":true`), schema + "Express state machine does not support '.sync' service integration at /States/A/Resource"},
		"callback": {one(`"Type":"Task","Resource":"arn:aws:states:::sns:publish.waitForTaskToken","Parameters":{"Message":"x"},"End":true`), schema + "Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource"},
		"activity": {one(`"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true`), schema + "Express state machine does not support Activity ARN at /States/A/Resource"},
		"map": {
			one(`"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`),
			schema + "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/A/ItemProcessor/ProcessorConfig/Mode",
		},
	}
	for name, test := range tests {
		if _, ds := Compile(test.definition, Express); ds.Error() != test.want {
			t.Errorf("%s\n got %s\nwant %s", name, ds.Error(), test.want)
		}
	}
	// The processor of an Express map run is checked as Express, too.
	inner := one(`"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}}}`)
	if _, ds := Compile(inner, Standard); !strings.Contains(ds.Error(), "does not support Activity ARN at /States/A/ItemProcessor/States/P/Resource") {
		t.Errorf("activity inside an Express processor: %q", ds.Error())
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	const processor = `"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	for name, definition := range map[string]string{
		"zero execution timeout":  `{"TimeoutSeconds":0,"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`,
		"zero interval":           one(lambda + `,"Retry":[{"ErrorEquals":["X"],"IntervalSeconds":0}]`),
		"huge concurrency":        one(`"Type":"Map","End":true,"MaxConcurrency":99999999999999999999,` + processor),
		"inline map with reader":  one(`"Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2"},` + processor),
		"empty Retry and Catch":   one(lambda + `,"Retry":[],"Catch":[]`),
		"endless loop in a map":   one(`"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"P"}}}`),
		"Parameters of a map":     one(`"Type":"Map","End":true,"Parameters":{"x.$":"$$.Map.Item.Value"},` + processor),
		"JSONata in JSONPath":     one(`"Type":"Pass","QueryLanguage":"JSONata","Output":[],"End":true`),
		"blank before {%":         oneJSONata(`"Type":"Pass","Output":" {% x","End":true`),
		"service ARN with region": one(`"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject","End":true`),
		"null paths":              one(`"Type":"Pass","InputPath":null,"OutputPath":null,"ResultPath":null,"End":true`),
		"context as ItemsPath":    one(`"Type":"Map","End":true,"ItemsPath":"$$.Execution.Input.a",` + processor),
	} {
		if p, ds := Compile(definition, Standard); p == nil {
			t.Errorf("%s: refused: %s", name, ds.Error())
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	_, ds := Compile(one(`"Type":"Pass","Parameters":{"a":{"value":"$.x"}},"Result":{"b.$":"$.y"},"End":true`), Standard)
	want := Diagnostics{
		{SeverityWarning, CodeNoDollar, "The value of 'value' looks like a JSONPath. Instead of 'value', use 'value.$' to evaluate it as a JSONPath at runtime.", "/States/A/Parameters/a/value"},
		{SeverityWarning, CodeStaticResult, "The value of 'b.$' in 'Result' is static. Use 'Parameters' to evaluate it at runtime.", "/States/A/Result"},
	}
	if diff := cmp.Diff(want, ds); diff != "" {
		t.Error(diff)
	}
	if ds.Failed() || ds.Error() != "" {
		t.Error("warnings count as errors")
	}
}

func TestSourceSnippet(t *testing.T) {
	t.Parallel()
	text := `{"a":` + strings.Repeat("x", 600)
	_, ds := Compile(text, Standard)
	want := `[Source: (String)"` + text[:500] + `"[truncated 105 chars]; line: 1, column: 606]`
	if len(ds) != 1 || ds[0].Location != want {
		t.Errorf("got %v\nwant location %s", ds, want)
	}
}

func TestProgram(t *testing.T) {
	t.Parallel()
	definition := `{
 "Comment": "top", "TimeoutSeconds": 60, "StartAt": "A",
 "States": {
  "A": {"Type": "Parallel", "Next": "M", "Branches": [
    {"StartAt": "A1", "States": {"A1": {"Type": "Succeed"}}},
    {"StartAt": "A2", "States": {"A2": {"Type": "Pass", "End": true}}}]},
  "M": {"Type": "Map", "End": true, "ItemProcessor": {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
    "StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"x.$": "$v.y"}, "End": true}}}}}}`
	p := mustCompile(t, definition)
	if p.Definition != definition || p.Comment != "top" || p.Timeout.Seconds() != 60 || p.Root.Start != p.State("A") {
		t.Errorf("program is %+v", p)
	}
	a, m := p.State("A"), p.State("M")
	if a.Next != m || m.Next != nil || a.Machine != p.Root {
		t.Error("transitions differ")
	}
	if b := a.Parallel.Branches[1]; b.Branch != 1 || b.Holder != a || b.Start != p.State("A2") {
		t.Errorf("branch is %+v", b)
	}
	child := m.Map.Child
	if child == nil || child.Root != m.Map.Processor || child.Root.Holder != nil || child.State("I") != p.State("I") || child.State("A") != nil {
		t.Errorf("child program is %+v", child)
	}
	if !m.Map.ExpressChildren {
		t.Error("children are not Express")
	}
	refs := map[string][]string{"I": {"v"}}
	if diff := cmp.Diff(refs, p.VariableReferences); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(refs, child.VariableReferences); diff != "" {
		t.Error(diff)
	}
	again := mustCompile(t, definition)
	label := m.Map.Label
	if label != again.State("M").Map.Label || len(label) != 36 || label[14] != '3' {
		t.Errorf("generated label %q is not stable or no name-based UUID", label)
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	// A nested state takes the root's language, never its holder's.
	p := mustCompile(t, one(`"Type":"Map","QueryLanguage":"JSONata","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":"$","End":true}}}`))
	if p.State("A").Language != JSONata || p.State("P").Language != JSONPath {
		t.Error("languages differ")
	}
}

func TestVariableReferences(t *testing.T) {
	t.Parallel()
	p := mustCompile(t, machineWith("T", `
  "T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sqs:sendMessage","InputPath":"$a","OutputPath":"$b.c","TimeoutSecondsPath":"$t",
       "Parameters":{"X":[{"y.$":"$p[0]"}]},"Assign":{"new.$":"$old"},"Next":"C"},
  "C":{"Type":"Choice","Choices":[{"Not":{"Variable":"$l","StringEqualsPath":"$r"},"Next":"W"}],"Default":"F"},
  "W":{"Type":"Wait","SecondsPath":"$s","End":true},
  "F":{"Type":"Fail","ErrorPath":"$e","CausePath":"$f"}`))
	want := map[string][]string{"T": {"a", "b", "old", "p", "t"}, "C": {"l", "r"}, "W": {"s"}, "F": {"e", "f"}}
	if diff := cmp.Diff(want, p.VariableReferences); diff != "" {
		t.Error(diff)
	}
}
