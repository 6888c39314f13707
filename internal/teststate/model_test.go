package teststate

import (
	"strings"
	"testing"

	"pawl.dev/value"
)

func TestModels_areWellFormed(t *testing.T) {
	t.Parallel()
	p := modelParser{text: strings.Fields(models), named: map[string]*shape{}}
	for len(p.text) > 0 {
		p.entry()
		if p.rest != "" {
			t.Fatalf("%q is left over", p.rest)
		}
	}
	for name, s := range p.named {
		if s == nil || s.kind != value.Object || s.members == nil && name != "aws-sdk:s3:deleteObject" {
			t.Errorf("%s is no structure", name)
		}
		for _, m := range s.members {
			if m.name == "" || strings.ContainsAny(m.name, "{}[]<>():!@") {
				t.Errorf("%s has a member %q", name, m.name)
			}
		}
	}
}

func TestModel_mismatch(t *testing.T) {
	t.Parallel()
	tests := []struct{ action, result, strict, present string }{
		{"events:putEvents", `{"any":1}`, "", ""},
		{"events:putEvents", `{"Entries":[{"EventId":"a"},{"EventId":[]}]}`, "Field 'EventId' must be a string", "Field 'EventId' must be a string"},
		{"events:putEvents", `{"Entries":{}}`, "Field 'Entries' must be an array", "Field 'Entries' must be an array"},
		{"states:startExecution", `{}`, "Required field 'ExecutionArn' is missing", ""},
		{"states:startExecution.sync:2", `{"Output":{"a":1},"ExecutionArn":"e","StateMachineArn":"m","Status":"RUNNING","StartDate":"d"}`, "", ""},
		{"lambda:invoke", `{"Payload":[1],"StatusCode":"200"}`, "Field 'StatusCode' must be a number", "Field 'StatusCode' must be a number"},
		{"aws-sdk:kms:encrypt", `{"CiphertextBlob":""}`, "Field 'CiphertextBlob' is smaller than the minimum length", "Field 'CiphertextBlob' is smaller than the minimum length"},
		{"aws-sdk:lambda:getFunction", `{"Configuration":{"MemorySize":1}}`, "Field 'MemorySize' is less than the minimum value", "Field 'MemorySize' is less than the minimum value"},
		{"aws-sdk:s3:getObject", `{"StorageClass":"Attic"}`, "Field 'StorageClass' is not an expected value", "Field 'StorageClass' is not an expected value"},
		{"dynamodb:getItem", `{"Item":{"id":{"S":1}}}`, "Field 'S' must be a string", "Field 'S' must be a string"},
		{"dynamodb:getItem", `{"Item":{"id":1}}`, "Field 'id' must be an object", "Field 'id' must be an object"},
	}
	for _, tt := range tests {
		v, err := value.Parse(tt.result, nil)
		if err != nil {
			t.Fatal(err)
		}
		model := modelOf(tt.action)
		if got := model.mismatch("", v, true); got != tt.strict {
			t.Errorf("%s %s strict: got %q", tt.action, tt.result, got)
		}
		if got := model.mismatch("", v, false); got != tt.present {
			t.Errorf("%s %s present: got %q", tt.action, tt.result, got)
		}
	}
}
