package api_test

import (
	"context"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"pawl.dev/internal/api"
	"pawl.dev/internal/auth"
)

// keys are two: one may do everything, the other what the policy says.
const keys = `
- {accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: secret, name: root}
- accessKeyId: AKIALIMITED
  secretAccessKey: other
  name: ci
  policy:
    Version: 2012-10-17
    Statement:
      - {Effect: Allow, Action: ["states:StartExecution", "states:ListExecutions"], Resource: "arn:aws:states:*:*:stateMachine:ci-*"}
      - {Effect: Allow, Action: "states:ListActivities", Resource: "*"}
      - {Effect: Allow, Action: "states:Create*", Resource: ["arn:aws:states:us-east-1:123456789012:stateMachine:ci-*", "arn:aws:states:us-east-1:123456789012:activity:ci-*"]}
`

func newKeyedBench(t *testing.T) *bench {
	t.Helper()
	list, err := auth.ParseKeys([]byte(keys))
	ok(t, err)
	v, err := auth.New(list, auth.Options{})
	ok(t, err)
	return newBench(t, api.Options{Verifier: v})
}

// refused checks an error's code and a part of its message.
func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	var wire smithy.APIError
	if !errors.As(err, &wire) || wire.ErrorCode() != code || !strings.Contains(wire.ErrorMessage(), text) {
		t.Errorf("got %v, want %s: … %s", err, code, text)
	}
}

// as calls with another key.
func as(id, secret string) func(*sfn.Options) {
	return func(o *sfn.Options) { o.Credentials = credentials.NewStaticCredentialsProvider(id, secret, "") }
}

func TestKeys_letTheSDKIn(t *testing.T) {
	t.Parallel()
	b := newKeyedBench(t)
	arn := b.create("m")
	_, err := b.client.StartExecution(b.ctx, &sfn.StartExecutionInput{StateMachineArn: &arn, Input: aws.String(`{"a":"é"}`)})
	ok(t, err)
	_, err = b.client.ListStateMachines(b.ctx, &sfn.ListStateMachinesInput{})
	ok(t, err)
}

func TestKeys_keepOthersOut(t *testing.T) {
	t.Parallel()
	b := newKeyedBench(t)
	list := func(change func(*sfn.Options)) error {
		_, err := b.client.ListActivities(b.ctx, &sfn.ListActivitiesInput{}, change)
		return err
	}
	refused(t, list(as("AKIANOBODY", "secret")), "UnrecognizedClientException", "The security token included in the request is invalid.")
	refused(t, list(as("AKIALIMITED", "secret")), "InvalidSignatureException", "The request signature we calculated does not match")
	status, answer, _ := b.call("ListActivities", "{}")
	same(t, status, http.StatusBadRequest)
	same(t, answer, `{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Missing Authentication Token"}`)
}

func TestKeys_mayDoWhatTheirPolicySays(t *testing.T) {
	t.Parallel()
	b := newKeyedBench(t)
	limited := as("AKIALIMITED", "other")
	mine, other := b.create("ci-1"), b.create("m")
	denied := func(err error, action, resource string) {
		t.Helper()
		refused(t, err, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: states:"+action+" on resource: "+resource)
	}
	_, err := b.client.StartExecution(b.ctx, &sfn.StartExecutionInput{StateMachineArn: &mine}, limited)
	ok(t, err)
	_, err = b.client.StartExecution(b.ctx, &sfn.StartExecutionInput{StateMachineArn: &other}, limited)
	denied(err, "StartExecution", other)
	_, err = b.client.ListExecutions(b.ctx, &sfn.ListExecutionsInput{StateMachineArn: &mine}, limited)
	ok(t, err)
	run := prefix + "mapRun:m/l:u"
	_, err = b.client.ListExecutions(b.ctx, &sfn.ListExecutionsInput{StateMachineArn: &mine, MapRunArn: &run}, limited)
	denied(err, "ListExecutions", run)
	_, err = b.client.ListActivities(b.ctx, &sfn.ListActivitiesInput{}, limited)
	ok(t, err)
	_, err = b.client.ListStateMachines(b.ctx, &sfn.ListStateMachinesInput{}, limited)
	denied(err, "ListStateMachines", "*")
	_, err = b.client.CreateActivity(b.ctx, &sfn.CreateActivityInput{Name: aws.String("ci-a")}, limited)
	ok(t, err)
	_, err = b.client.CreateActivity(b.ctx, &sfn.CreateActivityInput{Name: aws.String("a")}, limited)
	denied(err, "CreateActivity", prefix+"activity:a")
	_, err = b.client.CreateStateMachine(b.ctx, &sfn.CreateStateMachineInput{Name: aws.String("x"), Definition: aws.String(passing), RoleArn: aws.String(role)}, limited)
	denied(err, "CreateStateMachine", prefix+"stateMachine:x")
	version := other + ":1"
	_, err = b.client.CreateStateMachineAlias(b.ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("a"), RoutingConfiguration: []types.RoutingConfigurationListItem{{StateMachineVersionArn: &version, Weight: 100}},
	}, limited)
	denied(err, "CreateStateMachineAlias", other)
}

func TestKeys_letTheCLIIn(t *testing.T) {
	t.Parallel()
	cli, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	b := newKeyedBench(t)
	arn := b.create("ci-1")
	run := func(id, secret string, args ...string) (string, error) {
		ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, cli, append([]string{"stepfunctions", "--endpoint-url", b.url, "--region", "eu-west-1"}, args...)...)
		cmd.Env = append(cmd.Environ(), "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("AKIALIMITED", "other", "start-execution", "--state-machine-arn", arn, "--input", `{"a":1}`); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := run("AKIALIMITED", "other", "list-state-machines"); err == nil || !strings.Contains(out, "AccessDeniedException") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := run("AKIALIMITED", "wrong", "list-activities"); err == nil || !strings.Contains(out, "InvalidSignatureException") {
		t.Errorf("%v: %s", err, out)
	}
}
