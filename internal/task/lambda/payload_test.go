package lambda

import (
	"testing"

	"pawl.dev/asl"
	"pawl.dev/internal/task"
)

func TestNewCall_payload(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, parameters, want string }{
		{"object", `{"FunctionName":"f","Payload":{"a": 1}}`, `{"a":1}`},
		{"absent", `{"FunctionName":"f"}`, ``},
		{"null is absent", `{"FunctionName":"f","Payload":null}`, ``},
		{"text holds JSON", `{"FunctionName":"f","Payload":"[1, true]"}`, `[1, true]`},
		{"text holds a string", `{"FunctionName":"f","Payload":"\"x\""}`, `"x"`},
		{"number", `{"FunctionName":"f","Payload":7}`, `7`},
	}
	for _, resourceType := range []string{"lambda", "aws-sdk:lambda"} {
		for _, tt := range tests {
			c, fail := newCall(&task.Request{Kind: asl.Service, Resource: "invoke", ResourceType: resourceType, Input: tt.parameters})
			if fail != nil {
				t.Errorf("%s, %s: %v", resourceType, tt.name, *fail.Cause)
				continue
			}
			if got := string(c.request.Payload); got != tt.want {
				t.Errorf("%s, %s: got %s, want %s", resourceType, tt.name, got, tt.want)
			}
		}
	}
}

func TestNewCall_payloadNotJSON(t *testing.T) {
	t.Parallel()
	_, fail := newCall(&task.Request{Kind: asl.Service, Resource: "invoke", ResourceType: "lambda", Input: `{"FunctionName":"f","Payload":"hello"}`})
	if fail == nil || *fail.Error != "Lambda.InvalidRequestContentException" {
		t.Fatalf("got %+v", fail)
	}
}
