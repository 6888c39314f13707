package asl

import (
	"slices"
	"strings"
)

// patterns is the set of integration patterns that an action has; request
// response goes without saying.
type patterns uint8

const (
	waits    patterns = 1 << iota // .sync
	waits2                        // .sync:2
	callback                      // .waitForTaskToken
)

// integration is what is known about one optimized action.
type integration struct {
	patterns patterns
	required []string
	// members are all that the action takes; nil: not checked.
	members []string
	// reserved are members that Step Functions sets itself for .sync.
	reserved []string
	headers  *headerRule // nil: the action has none
}

func (x integration) supports(p Pattern) bool {
	switch p {
	case RequestResponse:
		return true
	case Sync:
		return x.patterns&waits != 0
	case Sync2:
		return x.patterns&waits2 != 0
	case Callback:
		return x.patterns&callback != 0
	}
	return false
}

func (x integration) accepts(member string, p Pattern) bool {
	if (p == Sync || p == Callback) && slices.Contains(x.reserved, member) {
		return false
	}
	return x.members == nil || slices.Contains(x.members, member)
}

// findIntegration returns what is known about service:action. The actions of
// the AWS SDK are not listed: any that is spelled like one is taken.
func findIntegration(service, action string) (integration, bool) {
	if sdk, ok := strings.CutPrefix(service, "aws-sdk:"); ok {
		return integration{patterns: callback}, isSDKService(sdk) && isSDKAction(action)
	}
	x, ok := integrations[service+":"+action]
	return x, ok
}

func isSDKService(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
}

func isSDKAction(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	})
}

// dynamoMembers are what the actions on one item have in common.
var dynamoMembers = []string{"TableName", "ReturnConsumedCapacity"}

func dynamo(required string, more ...string) integration {
	members := append(slices.Clone(dynamoMembers), more...)
	return integration{required: []string{"TableName", required}, members: append(members, required)}
}

var dynamoWrite = []string{
	"ConditionalOperator", "ConditionExpression", "Expected", "ExpressionAttributeNames", "ExpressionAttributeValues",
	"ReturnItemCollectionMetrics", "ReturnValues", "ReturnValuesOnConditionCheckFailure",
}

// integrations are the optimized actions by "service:action".
// Source: Step Functions developer guide, "Integrating optimized services".
var integrations = map[string]integration{
	"lambda:invoke": {
		patterns: callback, required: []string{"FunctionName"},
		members: []string{"FunctionName", "Payload", "Qualifier", "InvocationType", "LogType", "ClientContext"},
	},
	"sqs:sendMessage": {
		patterns: callback, required: []string{"QueueUrl", "MessageBody"},
		members: []string{"QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes", "MessageDeduplicationId", "MessageGroupId"},
	},
	"sns:publish": {
		patterns: callback, required: []string{"Message"},
		members: []string{"TopicArn", "TargetArn", "PhoneNumber", "Message", "MessageAttributes", "MessageStructure", "Subject", "MessageGroupId", "MessageDeduplicationId"},
	},
	"dynamodb:getItem":    dynamo("Key", "AttributesToGet", "ConsistentRead", "ExpressionAttributeNames", "ProjectionExpression"),
	"dynamodb:putItem":    dynamo("Item", dynamoWrite...),
	"dynamodb:updateItem": dynamo("Key", append([]string{"AttributeUpdates", "UpdateExpression"}, dynamoWrite...)...),
	"dynamodb:deleteItem": dynamo("Key", dynamoWrite...),
	"states:startExecution": {
		patterns: waits | waits2 | callback, required: []string{"StateMachineArn"},
		members: []string{"StateMachineArn", "Input", "Name", "TraceHeader"},
	},
	"events:putEvents": {
		patterns: callback, required: []string{"Entries"}, members: []string{"Entries", "EndpointId"},
	},
	"apigateway:invoke": {
		patterns: callback, required: []string{"ApiEndpoint", "Method"},
		members: []string{"ApiEndpoint", "Method", "Headers", "Stage", "Path", "QueryParameters", "RequestBody", "AllowNullValues", "AuthType"},
		headers: apiGatewayHeaders,
	},
	"http:invoke": {required: []string{"ApiEndpoint", "Method"}, headers: httpHeaders},

	"ecs:runTask":      {patterns: waits | callback, required: []string{"TaskDefinition"}, reserved: []string{"Count", "StartedBy"}},
	"batch:submitJob":  {patterns: waits, required: []string{"JobDefinition", "JobName", "JobQueue"}},
	"glue:startJobRun": {patterns: waits, required: []string{"JobName"}},

	"athena:startQueryExecution": {patterns: waits},
	"athena:stopQueryExecution":  {},
	"athena:getQueryExecution":   {},
	"athena:getQueryResults":     {},

	"bedrock:invokeModel":                 {patterns: callback, required: []string{"ModelId"}},
	"bedrock:createModelCustomizationJob": {patterns: waits},

	"codebuild:startBuild":        {patterns: waits},
	"codebuild:stopBuild":         {},
	"codebuild:startBuildBatch":   {patterns: waits},
	"codebuild:stopBuildBatch":    {},
	"codebuild:retryBuildBatch":   {patterns: waits},
	"codebuild:deleteBuildBatch":  {},
	"codebuild:batchDeleteBuilds": {},
	"codebuild:batchGetReports":   {},

	"databrew:startJobRun": {patterns: waits},

	"eks:createCluster":        {patterns: waits},
	"eks:deleteCluster":        {patterns: waits},
	"eks:createFargateProfile": {patterns: waits},
	"eks:deleteFargateProfile": {patterns: waits},
	"eks:createNodegroup":      {patterns: waits},
	"eks:deleteNodegroup":      {patterns: waits},
	"eks:runJob":               {patterns: waits, required: []string{"ClusterName", "CertificateAuthority", "Endpoint", "Job"}},
	"eks:call":                 {patterns: waits | callback, required: []string{"ClusterName", "CertificateAuthority", "Endpoint", "Method", "Path"}},

	"elasticmapreduce:createCluster":                   {patterns: waits},
	"elasticmapreduce:terminateCluster":                {patterns: waits, required: []string{"ClusterId"}},
	"elasticmapreduce:addStep":                         {patterns: waits, required: []string{"ClusterId", "Step"}},
	"elasticmapreduce:cancelStep":                      {required: []string{"ClusterId", "StepId"}},
	"elasticmapreduce:setClusterTerminationProtection": {required: []string{"ClusterId", "TerminationProtected"}},
	"elasticmapreduce:modifyInstanceFleetByName":       {required: []string{"ClusterId", "InstanceFleetName", "InstanceFleet"}},
	"elasticmapreduce:modifyInstanceGroupByName":       {required: []string{"ClusterId", "InstanceGroupName", "InstanceGroup"}},

	"emr-containers:createVirtualCluster": {},
	"emr-containers:deleteVirtualCluster": {patterns: waits},
	"emr-containers:startJobRun":          {patterns: waits},

	"emr-serverless:createApplication": {patterns: waits},
	"emr-serverless:startApplication":  {patterns: waits},
	"emr-serverless:stopApplication":   {patterns: waits},
	"emr-serverless:deleteApplication": {patterns: waits},
	"emr-serverless:startJobRun":       {patterns: waits},
	"emr-serverless:cancelJobRun":      {patterns: waits},

	"mediaconvert:createJob": {patterns: waits},

	"sagemaker:createTrainingJob":             {patterns: waits},
	"sagemaker:createTransformJob":            {patterns: waits},
	"sagemaker:createProcessingJob":           {patterns: waits},
	"sagemaker:createHyperParameterTuningJob": {patterns: waits},
	"sagemaker:createLabelingJob":             {patterns: waits},
	"sagemaker:createModel":                   {},
	"sagemaker:createEndpointConfig":          {},
	"sagemaker:createEndpoint":                {},
	"sagemaker:updateEndpoint":                {},
}
