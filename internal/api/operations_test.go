package api

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// TestOperations_areAllThatTheSDKKnows keeps the table complete: every method of
// the SDK's client but Options is an operation.
func TestOperations_areAllThatTheSDKKnows(t *testing.T) {
	t.Parallel()
	client := reflect.TypeFor[*sfn.Client]()
	known := map[string]bool{"Options": true}
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if known[name] {
			continue
		}
		known[name] = true
		if operations[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	for name := range operations {
		if !known[name] {
			t.Errorf("%s is no operation of AWS", name)
		}
	}
}
