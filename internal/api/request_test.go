package api

import (
	"context"
	"errors"
	"testing"

	"pawl.dev/internal/service"
	"pawl.dev/value"
)

// FuzzRequests_areAnsweredWithoutPanic decodes any body as a request of any
// operation. The service is nil: an operation that comes as far as to call it
// panics there, which is the proof that decoding was through.
func FuzzRequests_areAnsweredWithoutPanic(f *testing.F) {
	f.Add("CreateStateMachine", `{"name":"m","definition":"{}","roleArn":"r","loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"a"}}]},"tags":[{"key":"k","value":"v"}]}`)
	f.Add("CreateStateMachineAlias", `{"name":"a","routingConfiguration":[{"stateMachineVersionArn":"a","weight":1e3},{}]}`)
	f.Add("UpdateMapRun", `{"mapRunArn":"a","maxConcurrency":-1.5,"toleratedFailurePercentage":101}`)
	f.Add("UntagResource", `{"resourceArn":"a","tagKeys":["a",""]}`)
	f.Add("ListExecutions", `{"maxResults":null,"statusFilter":1}`)
	f.Fuzz(func(t *testing.T, name, body string) {
		run := operations[name]
		if run == nil {
			return
		}
		q, err := parseRequest(body, new(value.Arena))
		if err != nil {
			return
		}
		defer func() {
			if recover() != nil && q.check() != nil {
				t.Errorf("%s called the service with a bad request, or panicked while decoding %q", name, body)
			}
		}()
		err = run(context.Background(), nil, q, newResponse())
		var wire *wireError
		var refused *service.Error
		if err != nil && !errors.As(err, &wire) && !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	})
}
