package api_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"pawl.dev/internal/api"
)

func TestSDK_testsAState(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	out, err := b.client.TestState(b.ctx, &sfn.TestStateInput{
		Definition: aws.String(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"m"},
			"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":4}],"End":true}`),
		InspectionLevel: types.InspectionLevelDebug,
		Mock:            &types.MockInput{ErrorOutput: &types.MockErrorOutput{Error: aws.String("E"), Cause: aws.String("C")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	details := out.InspectionData.ErrorDetails
	if out.Status != types.TestExecutionStatusRetriable || aws.ToString(out.Error) != "E" || aws.ToInt32(details.RetryBackoffIntervalSeconds) != 4 || aws.ToInt32(details.RetryIndex) != 0 {
		t.Errorf("got %+v, %+v", out, details)
	}
	if got := aws.ToString(out.InspectionData.AfterParameters); got != `{"QueueUrl":"q","MessageBody":"m"}` {
		t.Errorf("parameters are %s", got)
	}
}
