package asl

import "testing"

func TestDecodeItems(t *testing.T) {
	t.Parallel()
	const inline = `"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	tests := map[string]struct{ fields, items, want string }{
		"array":              {inline, `[ 1, 2 ]`, `[1,2]`},
		"empty":              {inline, `[]`, `[]`},
		"inline object":      {inline, `{"a":1}`, `States.Runtime: Reference path "$" must point to array. [in state]`},
		"inline path":        {inline + `,"ItemsPath":"$.x.y"`, `1`, `States.Runtime: Reference path "$.x.y" must point to array. [in state]`},
		"context path":       {inline + `,"ItemsPath":"$$.Execution.Input"`, `1`, `States.Runtime: Reference path "$.Execution.Input" must point to array. [in state]`},
		"distributed object": {mapFields, `{"a":1,"b":[2]}`, `[{"Key":"a","Value":1},{"Key":"b","Value":[2]}]`},
		"distributed scalar": {mapFields, `7`, `States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		"JSONata":            {inline + `,"QueryLanguage":"JSONata"`, `{"foo": "bar"}`, `States.QueryEvaluationError: Map state input must be an array but was: {"foo":"bar"} [in state] [at ]`},
	}
	for name, test := range tests {
		s := stateOf(t, test.fields)
		v, failure := s.Map.DecodeItems(s, TextDocument(test.items), dataOf("{}"))
		if got := outcome(ValueDocument(v), failure); got != test.want {
			t.Errorf("%s: got %s\nwant %s", name, got, test.want)
		}
	}
}

func TestDistributedMap(t *testing.T) {
	t.Parallel()
	m := stateOf(t, mapFields+`,"Label":"L","ItemsPath":"$.items","ItemSelector":{"v.$":"$$.Map.Item.Value"},
	  "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key.$":"$.k"},
	    "ReaderConfig":{"InputType":"CSV","CSVDelimiter":"PIPE","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"]}},
	  "ItemBatcher":{"MaxItemsPerBatch":10,"MaxInputBytesPerBatchPath":"$.bytes","BatchInput":{"x.$":"$.k"}},
	  "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"o"},"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSONL"}}`).Map
	if m.Label != "L" || m.Child == nil {
		t.Errorf("label %q, child %v", m.Label, m.Child)
	}
	r := m.Reader
	if r.InputType != "CSV" || r.CSVDelimiter != "PIPE" || r.CSVHeaderLocation != "GIVEN" || len(r.CSVHeaders) != 2 || r.MaxItems != nil {
		t.Errorf("reader is %+v", r)
	}
	d := dataOf(`{"k":"key","bytes":1000}`)
	if got := outcome(r.Arguments.Eval(d)); got != `{"Bucket":"b","Key":"key"}` {
		t.Error(got)
	}
	if got := outcome(m.Batcher.BatchInput.Eval(d)); got != `{"x":"key"}` {
		t.Error(got)
	}
	if n, f := m.Batcher.MaxInputBytesPerBatch.Int(d); n != 1000 || f != nil {
		t.Error(n, f)
	}
	if m.Writer.Transformation != "FLATTEN" || m.Writer.OutputType != "JSONL" || m.Writer.Arguments == nil {
		t.Errorf("writer is %+v", m.Writer)
	}
}
