package auth

import (
	"strings"
	"testing"
)

const machineARN = "arn:aws:states:us-east-1:123456789012:stateMachine:m"

// withPolicy returns a caller with a policy in JSON or YAML.
func withPolicy(t *testing.T, policy string) *Caller {
	t.Helper()
	keys, err := ParseKeys([]byte(`[{accessKeyId: A, secretAccessKey: s, name: ann, policy: ` + policy + `}]`))
	if err != nil {
		t.Fatal(err)
	}
	return &Caller{key: &keys[0], account: "123456789012"}
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	allow := func(members string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + members + `}]}`
	}
	tests := map[string]struct {
		policy, action, resource string
		allowed                  bool
	}{
		"everything":             {allow(`"Action":"*","Resource":"*"`), "states:StartExecution", machineARN, true},
		"one of a list":          {allow(`"Action":["states:List*","states:Start*"],"Resource":["` + machineARN + `"]`), "states:StartExecution", machineARN, true},
		"another action":         {allow(`"Action":"states:List*","Resource":"*"`), "states:StartExecution", machineARN, false},
		"another service":        {allow(`"Action":"states:*","Resource":"*"`), "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:f", false},
		"another resource":       {allow(`"Action":"states:*","Resource":"` + machineARN + `"`), "states:StartExecution", machineARN + "2", false},
		"a pattern of resources": {allow(`"Action":"states:*","Resource":"arn:aws:states:*:*:stateMachine:?"`), "states:StartExecution", machineARN, true},
		"actions in any case":    {allow(`"Action":"STATES:startexecution","Resource":"*"`), "states:StartExecution", machineARN, true},
		"resources by case":      {allow(`"Action":"*","Resource":"` + machineARN[:len(machineARN)-1] + `M"`), "states:StartExecution", machineARN, false},
		"no resource":            {allow(`"Action":"*","Resource":"*"`), "states:ListStateMachines", "*", true},
		"no resource by an ARN":  {allow(`"Action":"*","Resource":"arn:*"`), "states:ListStateMachines", "*", false},
		"all actions but one":    {allow(`"NotAction":"states:Delete*","Resource":"*"`), "states:DeleteStateMachine", machineARN, false},
		"all others":             {allow(`"NotAction":"states:Delete*","Resource":"*"`), "states:StartExecution", machineARN, true},
		"all resources but one":  {allow(`"Action":"*","NotResource":"` + machineARN + `"`), "states:StartExecution", machineARN, false},
		"a single statement":     {`{Statement: {Effect: Allow, Action: "states:*", Resource: "*"}}`, "states:StartExecution", machineARN, true},
		"a deny after an allow":  {`{Statement: [{Effect: Allow, Action: "*", Resource: "*"}, {Effect: Deny, Action: "states:Stop*", Resource: "*"}]}`, "states:StopExecution", machineARN, false},
		"a deny before an allow": {`{Statement: [{Effect: Deny, Action: "states:Stop*", Resource: "*"}, {Effect: Allow, Action: "*", Resource: "*"}]}`, "states:StopExecution", machineARN, false},
		"no statement":           {`{Version: 2012-10-17, Statement: []}`, "states:StartExecution", machineARN, false},
	}
	for name, test := range tests {
		if err := withPolicy(t, test.policy).Authorize(test.action, test.resource); (err == nil) != test.allowed {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAuthorize_saysWhyInTheWordsOfAWS(t *testing.T) {
	t.Parallel()
	c := withPolicy(t, `{Statement: [{Effect: Deny, Action: "states:Stop*", Resource: "*"}]}`)
	for action, why := range map[string]string{
		"states:StopExecution":  " with an explicit deny in an identity-based policy",
		"states:StartExecution": " because no identity-based policy allows the states:StartExecution action",
	} {
		want := "AccessDeniedException: User: arn:aws:iam::123456789012:user/ann is not authorized to perform: " + action + " on resource: " + machineARN + why
		if err := c.Authorize(action, machineARN); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestAuthorize_withoutPolicyOrKeys(t *testing.T) {
	t.Parallel()
	var nobody *Caller
	for name, c := range map[string]*Caller{"no keys": nobody, "no policy": {key: &Key{AccessKeyID: "A"}}} {
		if err := c.Authorize("states:DeleteStateMachine", machineARN); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"**", "a", true}, {"?", "", false}, {"?", "a", true},
		{"a*c", "abc", true}, {"a*c", "abcd", false}, {"a*b*c", "axbxbxc", true}, {"*b", "aab", true},
		{"a?c*", "abc", true}, {"a", "A", false}, {"*a*a*a*a*a*b", strings.Repeat("a", 2000), false},
	}
	for _, test := range tests {
		if got := matches(test.pattern, test.text); got != test.want {
			t.Errorf("%q fits %q: %t", test.pattern, test.text, got)
		}
	}
}

func TestParseKeys_refuses(t *testing.T) {
	t.Parallel()
	policy := func(text string) string {
		return `[{accessKeyId: A, secretAccessKey: hush, policy: ` + text + `}]`
	}
	statement := func(text string) string { return policy(`{Statement: [{` + text + `}]}`) }
	for text, why := range map[string]string{
		"":                        "empty",
		"{}":                      "!!map",
		"- accessKeyId: A":        "no secretAccessKey",
		"- secretAccessKey: hush": "no accessKeyId",
		`[{accessKeyId: A/B, secretAccessKey: hush}]`:                   `"A/B"`,
		`[{accessKeyId: A, secretAccessKey: hush, name: "a b"}]`:        `"a b"`,
		`[{accessKeyId: A, secretAccessKey: hush, polici: {}}]`:         "unknown member polici",
		`[{accessKeyId: A, secretAccessKey: [hush]}]`:                   "!!seq",
		`[{accessKeyId: A, secretAccessKey: hush, name: {hush: hush}}]`: "!!map",
		policy(`null`): "object",
		policy(``):     "object",
		policy(`{}`):   "object",
		policy(`{Version: 2020-01-01, Statement: []}`):                                         "2012-10-17",
		policy(`{Statements: []}`):                                                             "unknown member Statements",
		statement(`Effect: Maybe, Action: "*", Resource: "*"`):                                 "Maybe",
		statement(`Effect: Allow, Resource: "*"`):                                              "NotAction",
		statement(`Effect: Allow, Action: "*"`):                                                "NotResource",
		statement(`Effect: Allow, Action: "*", NotAction: "*", Resource: "*"`):                 "not both",
		statement(`Effect: Allow, Action: StartExecution, Resource: "*"`):                      "service:name",
		statement(`Effect: Allow, Action: "*", Resource: m`):                                   "ARN",
		statement(`Effect: Allow, Action: "*", Resource: "arn:aws:states:::${aws:username}"`):  "variable",
		statement(`Effect: Allow, Action: "*", Resource: "*", Principal: "*"`):                 "Principal",
		statement(`Effect: Allow, Action: "*", Resource: "*", Condition: {Bool: {a: "true"}}`): "conditions are not supported",
		statement(`Effect: Allow, Action: "*", Resource: "*", Resources: "*"`):                 "unknown member Resources",
	} {
		_, err := ParseKeys([]byte(text))
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
