package asl

import (
	"strings"

	"pawl.dev/value"
)

// task compiles what a Task state runs.
func (c *compiler) task(st *State, o object) {
	t := &Task{}
	st.Task = t
	if o.require("Resource") {
		t.Resource = o.text("Resource")
		if o.v.Member("Resource").Is(value.String) {
			c.resource(st, t, o)
		}
	}
	t.Timeout = c.number(st, o, timeoutSeconds, "")
	t.Heartbeat = c.number(st, o, heartbeatSeconds, "")
	c.checkHeartbeat(t, o)
	t.Credentials = c.credentials(st, t, o)
}

// checkHeartbeat checks that a literal heartbeat fits into a literal timeout.
func (c *compiler) checkHeartbeat(t *Task, o object) {
	literal := func(n *Number) bool { return n != nil && n.path == nil && n.expr == nil && n.whole > 0 }
	if literal(t.Timeout) && literal(t.Heartbeat) && t.Heartbeat.whole >= t.Timeout.whole {
		o.fail("HeartbeatSeconds must be smaller than TimeoutSeconds")
	}
}

// credentials compiles Credentials, an object with RoleArn.
func (c *compiler) credentials(st *State, t *Task, o object) *Template {
	in, ok := o.child("Credentials")
	if !ok {
		return nil
	}
	if t.Kind == Activity {
		o.fail("The field 'Credentials' is not supported for activities")
		return nil
	}
	if !in.has("RoleArn") && !(st.Language == JSONPath && in.has("RoleArn.$")) {
		in.fail("The field 'RoleArn' is required but was missing")
		return nil
	}
	return c.template(st, o, "Credentials", access{})
}

// resource tells the forms of Resource apart and checks what each demands.
func (c *compiler) resource(st *State, t *Task, o object) {
	part := strings.SplitN(t.Resource, ":", 6) // arn:partition:service:region:account:rest
	if len(part) < 6 || part[0] != "arn" || !isPartition("arn:"+part[1]) {
		o.failAt("Resource", "Value is not a valid resource ARN")
		return
	}
	service, region, account, rest := part[2], part[3], part[4], part[5]
	switch {
	case service == "lambda" && region != "" && account != "" && strings.HasPrefix(rest, "function:") && len(rest) > len("function:"):
		t.Kind = LambdaFunction
	case service == "states" && region != "" && account != "" && strings.HasPrefix(rest, "activity:") && len(rest) > len("activity:"):
		t.Kind = Activity
		if c.kind == Express {
			o.failAt("Resource", "Express state machine does not support Activity ARN")
		}
	case service == "states": // AWS does not mind a region and an account here
		c.serviceTask(st, t, o, rest)
	default:
		unrecognized(t, o)
	}
}

func unrecognized(t *Task, o object) {
	o.failAt("Resource", "The resource provided "+t.Resource+" is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.")
}

func isPartition(prefix string) bool {
	switch prefix {
	case "arn:aws", "arn:aws-cn", "arn:aws-us-gov":
		return true
	}
	return false
}

// serviceTask checks the integration behind arn:aws:states:::, whose rest is
// "lambda:invoke.waitForTaskToken" or "aws-sdk:sqs:sendMessage".
func (c *compiler) serviceTask(st *State, t *Task, o object, rest string) {
	t.Kind = Service
	i := strings.LastIndexByte(rest, ':')
	if base, ok := strings.CutSuffix(rest, ".sync:2"); ok {
		i = strings.LastIndexByte(base, ':')
	}
	if i <= 0 {
		unrecognized(t, o)
		return
	}
	t.ResourceType, t.Action = rest[:i], rest[i+1:]
	action, suffix, _ := strings.Cut(t.Action, ".")
	switch suffix {
	case "":
		t.Pattern = RequestResponse
	case "sync":
		t.Pattern = Sync
	case "sync:2":
		t.Pattern = Sync2
	case "waitForTaskToken":
		t.Pattern = Callback
	default:
		unrecognized(t, o)
		return
	}
	x, ok := findIntegration(t.ResourceType, action)
	if !ok || strings.HasSuffix(t.Action, ".") || !x.supports(t.Pattern) {
		unrecognized(t, o)
		return
	}
	c.checkExpress(t, o)
	c.checkArguments(st, t, x, o)
}

// checkExpress reports the patterns that need a durable execution.
func (c *compiler) checkExpress(t *Task, o object) {
	if c.kind != Express {
		return
	}
	switch t.Pattern {
	case Sync, Sync2:
		o.failAt("Resource", "Express state machine does not support '.sync' service integration")
	case Callback:
		// The blank at the end is AWS's.
		o.failAt("Resource", "Express state machine does not support '.waitForTaskToken' service integration ")
	case RequestResponse:
	}
}

// checkArguments checks the members of Parameters or Arguments as far as they
// are written out.
func (c *compiler) checkArguments(st *State, t *Task, x integration, o object) {
	field := argumentsField(st.Language)
	v, ok := o.v.Get(field)
	if !ok {
		if len(x.required) > 0 {
			o.failAt("Resource", field+" field is required for resource ARN: "+t.Resource)
		}
		return
	}
	if !v.Is(value.Object) {
		return
	}
	in := object{c: c, v: v, at: o.under(field)}
	has := map[string]bool{}
	for _, k := range v.Keys() {
		if st.Language == JSONPath && isDynamic(k) {
			k = strings.TrimSuffix(k, ".$")
		}
		has[k] = true
		if !x.accepts(k, t.Pattern) {
			in.fail("The field '" + k + "' is not supported by Step Functions")
		}
	}
	if x.headers != nil {
		in.checkHeaders(x.headers, st.Language)
	}
	for _, k := range x.required {
		if !has[k] {
			in.fail("The field '" + k + "' is required but was missing")
		}
	}
}
