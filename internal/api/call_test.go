package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"pawl.dev/internal/api"
	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
	"pawl.dev/internal/store/pebblestore"
)

func TestAnswer_isWhatHTTPAnswers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	h := new(servicetest.Host)
	s := service.New(st, h, service.Config{})
	made, err := api.Answer(ctx, s, api.Call{Operation: "CreateStateMachine", Request: `{"name":"m","roleArn":"` + role + `","definition":"` + strings.ReplaceAll(passing, `"`, `\"`) + `"}`})
	if err != nil || !strings.Contains(string(made), `"stateMachineArn":"`+prefix+`stateMachine:m"`) {
		t.Fatalf("created: %s, %v", made, err)
	}
	_, err = api.Answer(ctx, s, api.Call{Operation: "StartExecution", StartedBy: "attempt", Request: `{"stateMachineArn":"` + prefix + `stateMachine:m","name":"e"}`})
	if err != nil || len(h.Requests) != 1 || h.Requests[0].StartedBy != "attempt" {
		t.Errorf("started: %+v, %v", h.Requests, err)
	}
	tests := []struct{ operation, request, code string }{
		{"StartExecution", `{"stateMachineArn":"` + prefix + `stateMachine:none"}`, "StateMachineDoesNotExist"},
		{"StartExecution", `{}`, "ValidationException"},
		{"Nope", `{}`, "UnknownOperationException"},
	}
	for _, tt := range tests {
		_, err := api.Answer(ctx, s, api.Call{Operation: tt.operation, Request: tt.request})
		var refused *api.Refused
		if !errors.As(err, &refused) || refused.Code != tt.code || refused.Status != 400 || refused.Message == "" {
			t.Errorf("%s %s: got %v, want %s", tt.operation, tt.request, err, tt.code)
		}
	}
}
