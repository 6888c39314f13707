package api

import (
	"errors"
	"net/http"
	"strings"

	"pawl.dev/internal/auth"
	"pawl.dev/value"
)

// proof reads the signature of a request, nil when no keys are configured.
func (h *handler) proof(r *http.Request) (*auth.Proof, error) {
	if h.options.Verifier == nil {
		return nil, nil
	}
	return h.options.Verifier.Open(r, "states")
}

// authorization checks a request once its body is there. It returns what says
// whether the caller may call the operation, nil when no keys are configured.
func (h *handler) authorization(proof *auth.Proof, operation string, body []byte) (func(*request) error, error) {
	if proof == nil {
		return nil, nil
	}
	caller, err := proof.Verify(body)
	if err != nil {
		return nil, err
	}
	return func(q *request) error {
		for _, resource := range h.resources(operation, q) {
			if err := caller.Authorize("states:"+operation, resource); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// resourceMembers are the members of requests that name the resource that a
// policy is asked for. Operations that are not here are on no resource: "*".
// Source: AWS service authorization reference, Step Functions.
var resourceMembers = map[string]string{
	"DeleteActivity":                   "activityArn",
	"DeleteStateMachine":               "stateMachineArn",
	"DeleteStateMachineAlias":          "stateMachineAliasArn",
	"DeleteStateMachineVersion":        "stateMachineVersionArn",
	"DescribeActivity":                 "activityArn",
	"DescribeExecution":                "executionArn",
	"DescribeMapRun":                   "mapRunArn",
	"DescribeStateMachine":             "stateMachineArn",
	"DescribeStateMachineAlias":        "stateMachineAliasArn",
	"DescribeStateMachineForExecution": "executionArn",
	"GetActivityTask":                  "activityArn",
	"GetExecutionHistory":              "executionArn",
	"ListMapRuns":                      "executionArn",
	"ListStateMachineAliases":          "stateMachineArn",
	"ListStateMachineVersions":         "stateMachineArn",
	"ListTagsForResource":              "resourceArn",
	"PublishStateMachineVersion":       "stateMachineArn",
	"RedriveExecution":                 "executionArn",
	"StartExecution":                   "stateMachineArn",
	"StartSyncExecution":               "stateMachineArn",
	"StopExecution":                    "executionArn",
	"TagResource":                      "resourceArn",
	"UntagResource":                    "resourceArn",
	"UpdateMapRun":                     "mapRunArn",
	"UpdateStateMachine":               "stateMachineArn",
	"UpdateStateMachineAlias":          "stateMachineAliasArn",
}

// resources are what a request is about, at least one. Members are read as the
// operation itself reads them.
func (h *handler) resources(operation string, q *request) []string {
	arn := func(resource string) string { return h.options.Verifier.ResourceARN("states", resource) }
	switch operation {
	case "CreateActivity":
		return []string{arn("activity:" + q.peek("name"))}
	case "CreateStateMachine":
		return []string{arn("stateMachine:" + q.peek("name"))}
	case "CreateStateMachineAlias":
		return q.routedMachines()
	case "ListExecutions":
		var both []string
		for _, member := range []string{"stateMachineArn", "mapRunArn"} {
			if text := q.peek(member); text != "" {
				both = append(both, text)
			}
		}
		if both != nil {
			return both
		}
	}
	if member, ok := resourceMembers[operation]; ok {
		if text := q.peek(member); text != "" {
			return []string{text}
		}
	}
	return []string{"*"}
}

// peek reads a text without checks, "" when there is none.
func (q *request) peek(name string) string {
	if q.object.Defined() {
		if v := q.object.Member(name); v.Is(value.String) {
			return v.Str()
		}
	}
	return ""
}

// routedMachines are the state machines whose versions a new alias names.
func (q *request) routedMachines() []string {
	var machines []string
	if q.object.Defined() {
		if routes := q.object.Member("routingConfiguration"); routes.Is(value.Array) {
			for i := range routes.Len() {
				route := routes.At(i)
				if !route.Is(value.Object) {
					continue
				}
				if v := route.Member("stateMachineVersionArn"); v.Is(value.String) {
					version := v.Str()
					machines = append(machines, version[:max(strings.LastIndexByte(version, ':'), 0)])
				}
			}
		}
	}
	if machines == nil {
		return []string{"*"}
	}
	return machines
}

// refusedCaller translates an error of package auth. AWS answers 400 in this
// protocol, and names the member "Message" for one of them only.
func refusedCaller(err error) (*wireError, bool) {
	var refused *auth.Error
	if !errors.As(err, &refused) {
		return nil, false
	}
	return &wireError{
		status: http.StatusBadRequest, kind: coralService + string(refused.Code), message: refused.Message,
		capital: refused.Code == auth.AccessDenied,
	}, true
}
