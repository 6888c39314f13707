package awsapi

import "strings"

// unsupported are the operations that Step Functions does not call, by its name
// of the service, beside those with event streams.
// Source: Step Functions developer guide, "Unsupported API actions".
var unsupported = map[string]string{
	"bedrockagentruntime": "InvokeAgent InvokeFlow InvokeInlineAgent OptimizePrompt RetrieveAndGenerateStream",
	"bedrockruntime":      "ConverseStream InvokeModelWithBidirectionalStream InvokeModelWithResponseStream",
	"cloudwatchlogs":      "StartLiveTail",
	"codedeploy":          "BatchGetDeploymentInstances GetDeploymentInstance ListDeploymentInstances SkipWaitTimeForInstanceTermination",
	"comprehendmedical":   "DetectEntities",
	"dataexchange":        "SendApiAsset",
	"directconnect":       "AllocateConnectionOnInterconnect DescribeConnectionLoa DescribeConnectionsOnInterconnect DescribeInterconnectLoa",
	"efs":                 "CreateTags",
	"emr":                 "DescribeJobFlows",
	"iot":                 "AttachPrincipalPolicy DetachPrincipalPolicy ListPolicyPrincipals ListPrincipalPolicies",
	"kinesis":             "SubscribeToShard",
	"lambda":              "InvokeAsync InvokeWithResponseStream",
	"lexruntimev2":        "StartConversation",
	"mediapackage":        "RotateChannelCredentials",
	"qbusiness":           "Chat",
	"rdsdata":             "ExecuteSql",
	"s3":                  "SelectObjectContent",
	"sagemakerruntime":    "InvokeEndpointWithResponseStream",
	"shield":              "DeleteSubscription",
	"sts":                 "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity",
}

func isUnsupported(service, operation string) bool {
	for _, name := range strings.Fields(unsupported[service]) {
		if name == operation {
			return true
		}
	}
	return false
}
