package service_test

import (
	"strings"
	"testing"

	"pawl.dev/internal/service"
	"pawl.dev/internal/teststate"
)

func TestTestState_runsOneState(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	input := `{ "n": 1 }`
	r, err := b.TestState(b.ctx, service.TestStateInput{
		Definition: `{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id"},"Next":"Elsewhere"}`, Input: &input,
	})
	ok(t, err)
	if r.Status != teststate.Succeeded || r.Next != "Elsewhere" || !strings.HasPrefix(r.Output, `{"id":"`+prefix+"express:") || r.Inspection.Input != input {
		t.Errorf("got %+v", r)
	}
	task := service.TestStateInput{
		Definition: `{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}`, Input: &input,
	}
	_, err = b.TestState(b.ctx, task)
	refused(t, err, service.ValidationException, "RoleArn must be specified when testing a Task state")
	task.RoleARN = role
	r, err = b.TestState(b.ctx, task)
	ok(t, err)
	same(t, r.Output, input)
	bad := "{"
	_, err = b.TestState(b.ctx, service.TestStateInput{Definition: passing, Input: &bad})
	if err == nil {
		t.Error("bad input was taken")
	}
}
