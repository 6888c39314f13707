package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// zipped is a zip archive with one file.
func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pythonFunction(t *testing.T, s *server, name, code string) string {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed")
	}
	out, err := s.lambda().CreateFunction(t.Context(), &lambdasdk.CreateFunctionInput{
		FunctionName: &name, Role: aws.String(role), Runtime: lambdatypes.RuntimePython312, Handler: aws.String("handler.handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: zipped(t, "handler.py", code)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.FunctionArn
}

func TestSDK_runsAFunction(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "")
	c := s.sfn()
	arn := pythonFunction(t, s, "double", "def handler(event, context):\n    if event['n'] < 0: raise ValueError('negative')\n    return {'n': event['n'] * 2}\n")
	machine := createMachine(t, c, "m", `{"StartAt":"D","States":{"D":{"Type":"Task","Resource":"`+arn+`","Next":"I",
		"Retry":[{"ErrorEquals":["ValueError"],"IntervalSeconds":1,"MaxAttempts":1}]},
		"I":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"double","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}}`)
	if x := ended(t, c, startExecution(t, c, machine, "good", `{"n":3}`)); x.Status != "SUCCEEDED" || *x.Output != `{"n":12}` {
		t.Fatalf("got %+v", x)
	}
	x := ended(t, c, startExecution(t, c, machine, "bad", `{"n":-3}`))
	if x.Status != "FAILED" || *x.Error != "ValueError" || !strings.Contains(*x.Cause, `"errorMessage": "negative"`) {
		t.Fatalf("got %+v", x)
	}
	var failed int
	pages := sfn.NewGetExecutionHistoryPaginator(c, &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn, MaxResults: 3})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if e.Type == types.HistoryEventTypeLambdaFunctionFailed {
				failed++
			}
		}
	}
	if failed != 2 {
		t.Errorf("%d attempts failed, want 2", failed)
	}
}

func TestSDK_answersModelledErrors(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "")
	c := s.sfn()
	_, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("m"), RoleArn: aws.String(role), Definition: aws.String(`{"StartAt":"X","States":{"P":{"Type":"Pass"}}}`),
	})
	var invalid *types.InvalidDefinition
	if !errors.As(err, &invalid) || !strings.Contains(invalid.ErrorMessage(), "/States/P") {
		t.Errorf("bad definition: %v", err)
	}
	_, err = c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String("arn:aws:states:us-east-1:123456789012:stateMachine:none")})
	var missing *types.StateMachineDoesNotExist
	if !errors.As(err, &missing) {
		t.Errorf("unknown machine: %v", err)
	}
	machine := createMachine(t, c, "m", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
	_, err = c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: aws.String(`"` + strings.Repeat("x", 262_144) + `"`)})
	if err == nil || !strings.Contains(err.Error(), "262144") {
		t.Errorf("large input: %v", err)
	}
	_, err = c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: aws.String("garbage"), Output: aws.String("1")})
	var token *types.InvalidToken
	if !errors.As(err, &token) {
		t.Errorf("bad token: %v", err)
	}
	_, err = c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: aws.String("arn:aws:states:us-east-1:123456789012:execution:m:none")})
	var noExecution *types.ExecutionDoesNotExist
	if !errors.As(err, &noExecution) {
		t.Errorf("unknown execution: %v", err)
	}
}

func TestSDK_functionsThatMisbehave(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "")
	c := s.sfn()
	arn := pythonFunction(t, s, "bad", `
import os, sys, time
def handler(event, context):
    if event == 'exit': os._exit(3)
    if event == 'hang': time.sleep(60)
    if event == 'huge': return 'x' * 7_000_000
    if event == 'large': return 'x' * 300_000
    if event == 'garbage':
        sys.stdout.write('\x00\xff' * 10)
        return {1, 2}
`)
	machine := createMachine(t, c, "m", `{"StartAt":"D","States":{"D":{"Type":"Task","Resource":"`+arn+`","End":true}}}`)
	for event, want := range map[string]string{
		"exit": "Runtime.ExitError", "hang": "Sandbox.Timedout", "huge": "Function.ResponseSizeTooLarge",
		"large": "States.DataLimitExceeded", "garbage": "Runtime.MarshalError",
	} {
		t.Run(event, func(t *testing.T) {
			t.Parallel()
			x := ended(t, c, startExecution(t, c, machine, event, `"`+event+`"`))
			if x.Status != "FAILED" || *x.Error != want {
				t.Errorf("got %s %v: %.200s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
			}
		})
	}
}

func TestSDK_expressAndActivities(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "")
	c := s.sfn()
	express, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("x"), Type: types.StateMachineTypeExpress, RoleArn: aws.String(role),
		Definition: aws.String(`{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% $states.input.n + 1 %}","End":true}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	sync, err := c.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: express.StateMachineArn, Input: aws.String(`{"n":1}`)})
	if err != nil || sync.Status != types.SyncExecutionStatusSucceeded || *sync.Output != "2" {
		t.Fatalf("express: %+v, %v", sync, err)
	}
	activity, err := c.CreateActivity(t.Context(), &sfn.CreateActivityInput{Name: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	machine := createMachine(t, c, "m", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+*activity.ActivityArn+`","End":true}}}`)
	execution := startExecution(t, c, machine, "e", `{"q":1}`)
	got, err := c.GetActivityTask(t.Context(), &sfn.GetActivityTaskInput{ActivityArn: activity.ActivityArn})
	if err != nil || *got.Input != `{"q":1}` {
		t.Fatalf("activity task: %+v, %v", got, err)
	}
	if _, err := c.SendTaskHeartbeat(t.Context(), &sfn.SendTaskHeartbeatInput{TaskToken: got.TaskToken}); err != nil {
		t.Error(err)
	}
	if _, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: got.TaskToken, Output: aws.String(`"done"`)}); err != nil {
		t.Fatal(err)
	}
	if x := ended(t, c, execution); *x.Output != `"done"` {
		t.Errorf("got %+v", x)
	}
}

func TestCLI_drivesTheServer(t *testing.T) {
	t.Parallel()
	cli, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	s := serve(t, t.TempDir(), "")
	do := func(into any, args ...string) {
		t.Helper()
		cmd := exec.Command(cli, append([]string{"stepfunctions"}, args...)...)
		cmd.Env = append(cmd.Environ(), "AWS_ENDPOINT_URL_SFN="+s.url, "AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
			"AWS_DISABLE_HOST_PREFIX_INJECTION=true", "AWS_PAGER=")
		out, err := cmd.Output()
		if err != nil {
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				t.Fatalf("aws %v: %s", args, exit.Stderr)
			}
			t.Fatal(err)
		}
		if into != nil {
			if err := json.Unmarshal(out, into); err != nil {
				t.Fatalf("aws %v: %v in %s", args, err, out)
			}
		}
	}
	var machine struct{ StateMachineArn string }
	do(&machine, "create-state-machine", "--name", "m", "--role-arn", role, "--type", "EXPRESS",
		"--definition", `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"x":1},"ResultPath":"$.r","End":true}}}`)
	var sync struct{ Status, Output string }
	do(&sync, "start-sync-execution", "--state-machine-arn", machine.StateMachineArn, "--input", `{"n":1}`)
	if sync.Status != "SUCCEEDED" || sync.Output != `{"n":1,"r":{"x":1}}` {
		t.Errorf("got %+v", sync)
	}
	var list struct {
		StateMachines []struct{ Name string }
	}
	do(&list, "list-state-machines")
	if fmt.Sprint(list.StateMachines) != "[{m}]" {
		t.Errorf("got %+v", list)
	}
}
