package api_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"pawl.dev/internal/api"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

func TestSDK_stateMachineFromCreationToDeletion(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	group := "arn:aws:logs:us-east-1:123456789012:log-group:g:*"
	created, err := b.client.CreateStateMachine(b.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: aws.String(passing), RoleArn: aws.String(role), Type: types.StateMachineTypeStandard,
		LoggingConfiguration: &types.LoggingConfiguration{
			Level: types.LogLevelAll, IncludeExecutionData: true,
			Destinations: []types.LogDestination{{CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{LogGroupArn: &group}}},
		},
		TracingConfiguration:    &types.TracingConfiguration{Enabled: true},
		EncryptionConfiguration: &types.EncryptionConfiguration{Type: types.EncryptionTypeCustomerManagedKmsKey, KmsKeyId: aws.String("k")},
		Publish:                 true, VersionDescription: aws.String("first"),
		Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	ok(t, err)
	same(t, *created.StateMachineVersionArn, prefix+"stateMachine:m:1")
	m, err := b.client.DescribeStateMachine(b.ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineVersionArn})
	ok(t, err)
	same(t, *m.Definition, passing)
	same(t, *m.Description, "first")
	same(t, *m.LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn, group)
	same(t, m.LoggingConfiguration.Level, types.LogLevelAll)
	same(t, m.TracingConfiguration.Enabled, true)
	same(t, *m.EncryptionConfiguration.KmsDataKeyReusePeriodSeconds, int32(300))

	alias, err := b.client.CreateStateMachineAlias(b.ctx, &sfn.CreateStateMachineAliasInput{
		Name:                 aws.String("live"),
		RoutingConfiguration: []types.RoutingConfigurationListItem{{StateMachineVersionArn: created.StateMachineVersionArn, Weight: 100}},
	})
	ok(t, err)
	described, err := b.client.DescribeStateMachineAlias(b.ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: alias.StateMachineAliasArn})
	ok(t, err)
	same(t, described.RoutingConfiguration[0].Weight, int32(100))
	same(t, described.UpdateDate, (*time.Time)(nil))
	aliases, err := b.client.ListStateMachineAliases(b.ctx, &sfn.ListStateMachineAliasesInput{StateMachineArn: created.StateMachineArn})
	ok(t, err)
	same(t, len(aliases.StateMachineAliases), 1)
	versions, err := b.client.ListStateMachineVersions(b.ctx, &sfn.ListStateMachineVersionsInput{StateMachineArn: created.StateMachineArn})
	ok(t, err)
	same(t, *versions.StateMachineVersions[0].StateMachineVersionArn, *created.StateMachineVersionArn)
	tags, err := b.client.ListTagsForResource(b.ctx, &sfn.ListTagsForResourceInput{ResourceArn: created.StateMachineArn})
	ok(t, err)
	same(t, *tags.Tags[0].Value, "v")

	updated, err := b.client.UpdateStateMachine(b.ctx, &sfn.UpdateStateMachineInput{StateMachineArn: created.StateMachineArn, RoleArn: aws.String(role + "2")})
	ok(t, err)
	same(t, len(*updated.RevisionId), 36)
	_, err = b.client.DeleteStateMachine(b.ctx, &sfn.DeleteStateMachineInput{StateMachineArn: created.StateMachineArn})
	ok(t, err)
	list, err := b.client.ListStateMachines(b.ctx, &sfn.ListStateMachinesInput{})
	ok(t, err)
	same(t, len(list.StateMachines), 1) // it is being deleted, but not gone
}

func TestSDK_executions(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	arn := b.create("m")
	started, err := b.client.StartExecution(b.ctx, &sfn.StartExecutionInput{StateMachineArn: &arn, Name: aws.String("x"), Input: aws.String(`{"a":"é\n"}`)})
	ok(t, err)
	same(t, *started.ExecutionArn, prefix+"execution:m:x")
	x, err := b.client.DescribeExecution(b.ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	ok(t, err)
	same(t, *x.Input, `{"a":"é\n"}`)
	same(t, x.StartDate.Equal(*started.StartDate), true)
	same(t, x.InputDetails.Included, true)
	same(t, x.OutputDetails == nil, true)
	same(t, x.RedriveStatus, types.ExecutionRedriveStatusNotRedrivable)
	_, err = b.client.StopExecution(b.ctx, &sfn.StopExecutionInput{ExecutionArn: started.ExecutionArn, Error: aws.String("E"), Cause: aws.String("")})
	ok(t, err)
	x, err = b.client.DescribeExecution(b.ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	ok(t, err)
	same(t, x.Status, types.ExecutionStatusAborted)
	same(t, *x.Error+*x.Cause, "E")
	list, err := b.client.ListExecutions(b.ctx, &sfn.ListExecutionsInput{StateMachineArn: &arn, StatusFilter: types.ExecutionStatusAborted})
	ok(t, err)
	same(t, *list.Executions[0].Name, "x")
	same(t, *list.Executions[0].RedriveCount, int32(0))
	same(t, list.Executions[0].ItemCount, (*int32)(nil))
	snapshot, err := b.client.DescribeStateMachineForExecution(b.ctx, &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: started.ExecutionArn})
	ok(t, err)
	same(t, *snapshot.Definition, passing)
}

func TestSDK_synchronousExecution(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	m, err := b.client.CreateStateMachine(b.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("e"), Definition: aws.String(passing), RoleArn: aws.String(role), Type: types.StateMachineTypeExpress,
	})
	ok(t, err)
	x, err := b.client.StartSyncExecution(b.ctx, &sfn.StartSyncExecutionInput{StateMachineArn: m.StateMachineArn, Input: aws.String("[1]"), TraceHeader: aws.String("Root=1")})
	ok(t, err)
	same(t, x.Status, types.SyncExecutionStatusSucceeded)
	same(t, *x.Output, "[1]")
	same(t, x.BillingDetails.BilledDurationInMilliseconds, int64(200))
	same(t, x.BillingDetails.BilledMemoryUsedInMB, int64(64))
	same(t, *x.TraceHeader, "Root=1")
}

func TestSDK_activitiesAndCallbacks(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	a, err := b.client.CreateActivity(b.ctx, &sfn.CreateActivityInput{Name: aws.String("a")})
	ok(t, err)
	none, err := b.client.GetActivityTask(b.ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn})
	ok(t, err)
	same(t, none.TaskToken, (*string)(nil))
	b.host.Activity = &host.ActivityTask{Token: "t", Input: `{"n":1}`}
	task, err := b.client.GetActivityTask(b.ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn, WorkerName: aws.String("w")})
	ok(t, err)
	same(t, *task.Input, `{"n":1}`)
	b.host.Tokens = map[string]error{"t": nil}
	_, err = b.client.SendTaskHeartbeat(b.ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken})
	ok(t, err)
	_, err = b.client.SendTaskSuccess(b.ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("1")})
	ok(t, err)
	_, err = b.client.SendTaskFailure(b.ctx, &sfn.SendTaskFailureInput{TaskToken: task.TaskToken})
	ok(t, err)
	same(t, b.host.Answers, []host.Answer{{Output: "1"}, {Failed: true}})
	list, err := b.client.ListActivities(b.ctx, &sfn.ListActivitiesInput{})
	ok(t, err)
	same(t, *list.Activities[0].Name, "a")
}

func TestSDK_mapRuns(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	const uuid = "0d4e3d4e-7c6b-4a53-9a1b-1c2d3e4f5a6b"
	arn := b.create("m")
	_, err := b.client.StartExecution(b.ctx, &sfn.StartExecutionInput{StateMachineArn: &arn, Name: aws.String("x")})
	ok(t, err)
	b.host.Runs = map[string]*host.MapRun{uuid: {
		Summary:                    store.Summary{Machine: "m", Label: "L", Name: uuid, Status: store.Running, Parent: store.ExecutionID("m", "x"), Start: time.UnixMilli(1500)},
		ToleratedFailurePercentage: 12.5, Executions: host.MapRunCounts{Total: 3, Failed: 1},
	}}
	run, err := b.client.DescribeMapRun(b.ctx, &sfn.DescribeMapRunInput{MapRunArn: aws.String(prefix + "mapRun:m/L:" + uuid)})
	ok(t, err)
	same(t, *run.ExecutionArn, prefix+"execution:m:x")
	same(t, run.ToleratedFailurePercentage, float32(12.5))
	same(t, run.ExecutionCounts.Failed, int64(1))
	_, err = b.client.UpdateMapRun(b.ctx, &sfn.UpdateMapRunInput{MapRunArn: run.MapRunArn, MaxConcurrency: aws.Int32(4), ToleratedFailurePercentage: aws.Float32(0.5)})
	ok(t, err)
	same(t, *b.host.Changes[0].MaxConcurrency, int64(4))
	same(t, *b.host.Changes[0].ToleratedFailurePercentage, 0.5)
	list, err := b.client.ListMapRuns(b.ctx, &sfn.ListMapRunsInput{ExecutionArn: aws.String(prefix + "execution:m:x")})
	ok(t, err)
	same(t, *list.MapRuns[0].StateMachineArn, prefix+"stateMachine:m/L")
}

func TestSDK_validation(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	out, err := b.client.ValidateStateMachineDefinition(b.ctx, &sfn.ValidateStateMachineDefinitionInput{
		Definition: aws.String(`{"States":{"A":{"Type":"Pass","End":true}}}`), Type: types.StateMachineTypeExpress,
	})
	ok(t, err)
	same(t, out.Result, types.ValidateStateMachineDefinitionResultCodeFail)
	same(t, *out.Diagnostics[0].Message, "These fields are required: [StartAt]")
	same(t, *out.Diagnostics[0].Location, "/")
	same(t, aws.ToBool(out.Truncated), false)
	_, empty, _ := b.call("ValidateStateMachineDefinition", `{"definition":""}`)
	same(t, empty, `{"diagnostics":[{"code":"SCHEMA_VALIDATION_FAILED","message":"Definition must be a valid JSON object","severity":"ERROR"}],"result":"FAIL","truncated":false}`)
}

func TestSDK_history(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	b.host.Put(host.Execution{Summary: store.Summary{Machine: "m", Name: "x"}},
		history.Event{ID: 1, Type: history.ExecutionStarted, Time: time.UnixMilli(1500), Payload: "{}", HasPayload: true, Role: role},
		history.Event{ID: 2, Type: history.PassStateEntered, Time: time.UnixMilli(1600), Payload: "{}", HasPayload: true, Name: "A"},
		history.Event{ID: 3, Previous: 2, Type: history.PassStateExited, Time: time.UnixMilli(1700), Payload: "{}", HasPayload: true, Name: "A"},
	)
	page, err := b.client.GetExecutionHistory(b.ctx, &sfn.GetExecutionHistoryInput{
		ExecutionArn: aws.String(prefix + "execution:m:x"), ReverseOrder: true, MaxResults: 2,
	})
	ok(t, err)
	same(t, len(page.Events), 2)
	same(t, *page.Events[0].StateExitedEventDetails.Output, "{}")
	same(t, page.Events[0].PreviousEventId, int64(2))
	page, err = b.client.GetExecutionHistory(b.ctx, &sfn.GetExecutionHistoryInput{
		ExecutionArn: aws.String(prefix + "execution:m:x"), ReverseOrder: true, MaxResults: 2, NextToken: page.NextToken,
		IncludeExecutionData: aws.Bool(false),
	})
	ok(t, err)
	same(t, page.NextToken, (*string)(nil))
	same(t, *page.Events[0].ExecutionStartedEventDetails.RoleArn, role)
	same(t, page.Events[0].ExecutionStartedEventDetails.Input, (*string)(nil))
	same(t, page.Events[0].Timestamp.Equal(time.UnixMilli(1500)), true)
}
