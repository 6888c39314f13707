package asl

import "testing"

func TestResource(t *testing.T) {
	t.Parallel()
	tests := map[string]Task{
		"arn:aws:lambda:us-east-1:123456789012:function:f:1":               {Kind: LambdaFunction},
		"arn:aws-cn:states:cn-north-1:123456789012:activity:a":             {Kind: Activity},
		"arn:aws:states:::lambda:invoke":                                   {Kind: Service, ResourceType: "lambda", Action: "invoke"},
		"arn:aws:states:::lambda:invoke.waitForTaskToken":                  {Kind: Service, ResourceType: "lambda", Action: "invoke.waitForTaskToken", Pattern: Callback},
		"arn:aws:states:::states:startExecution.sync":                      {Kind: Service, ResourceType: "states", Action: "startExecution.sync", Pattern: Sync},
		"arn:aws:states:::states:startExecution.sync:2":                    {Kind: Service, ResourceType: "states", Action: "startExecution.sync:2", Pattern: Sync2},
		"arn:aws:states:::aws-sdk:dynamodb:putItem":                        {Kind: Service, ResourceType: "aws-sdk:dynamodb", Action: "putItem"},
		"arn:aws:states:us-east-1:123456789012:aws-sdk:sfn:startExecution": {Kind: Service, ResourceType: "aws-sdk:sfn", Action: "startExecution"},
		"arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken":        {Kind: Service, ResourceType: "aws-sdk:sqs", Action: "sendMessage.waitForTaskToken", Pattern: Callback},
	}
	for arn, want := range tests {
		fields := `"Type":"Task","End":true,"Resource":"` + arn + `"`
		switch want.ResourceType {
		case "lambda":
			fields += `,"Parameters":{"FunctionName":"f"}`
		case "states":
			fields += `,"Parameters":{"StateMachineArn.$":"$.x"}`
		}
		got := *stateOf(t, fields).Task
		want.Resource = arn
		if got != want {
			t.Errorf("%s: %+v", arn, got)
		}
	}
}

func TestRefusedResources(t *testing.T) {
	t.Parallel()
	unknown := func(arn string) string {
		return "SCHEMA_VALIDATION_FAILED: The resource provided " + arn + " is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/A/Resource"
	}
	const noARN = "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/A/Resource"
	for arn, want := range map[string]string{
		"lambda": noARN, "": noARN, "arn:aws:lambda": noARN,
		"arn:aws:states:::dynamodb:query":                       unknown("arn:aws:states:::dynamodb:query"),
		"arn:aws:states:::lambda:invoke.sync":                   unknown("arn:aws:states:::lambda:invoke.sync"),
		"arn:aws:states:::ecs:runTask.sync:2":                   unknown("arn:aws:states:::ecs:runTask.sync:2"),
		"arn:aws:states:::lambda:invoke.":                       unknown("arn:aws:states:::lambda:invoke."),
		"arn:aws:states:::s3:getObject":                         unknown("arn:aws:states:::s3:getObject"),
		"arn:aws:states:::aws-sdk:S3:getObject":                 unknown("arn:aws:states:::aws-sdk:S3:getObject"),
		"arn:aws:states:::aws-sdk:s3:getObject.sync":            unknown("arn:aws:states:::aws-sdk:s3:getObject.sync"),
		"arn:aws:states:us-east-1:123456789012:stateMachine:sm": unknown("arn:aws:states:us-east-1:123456789012:stateMachine:sm"),
		"arn:aws:lambda:us-east-1:123456789012:layer:l":         unknown("arn:aws:lambda:us-east-1:123456789012:layer:l"),
	} {
		if _, ds := Compile(one(`"Type":"Task","End":true,"Resource":"`+arn+`"`), Standard); ds.Error() != want {
			t.Errorf("%s: %s", arn, ds.Error())
		}
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	const schema = "SCHEMA_VALIDATION_FAILED: "
	tests := map[string]struct{ resource, fields, want string }{
		"none":             {"lambda:invoke", ``, schema + "Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A/Resource"},
		"missing":          {"sqs:sendMessage", `,"Parameters":{"QueueUrl.$":"$.q"}`, schema + "The field 'MessageBody' is required but was missing at /States/A/Parameters"},
		"unknown":          {"lambda:invoke", `,"Parameters":{"FunctionName":"f","Function":1}`, schema + "The field 'Function' is not supported by Step Functions at /States/A/Parameters"},
		"reserved":         {"ecs:runTask.sync", `,"Parameters":{"TaskDefinition":"t","Count":1}`, schema + "The field 'Count' is not supported by Step Functions at /States/A/Parameters"},
		"not reserved":     {"ecs:runTask", `,"Parameters":{"TaskDefinition":"t","Count":1}`, ""},
		"header":           {"http:invoke", `,"Parameters":{"ApiEndpoint":"https://x","Method":"GET","Headers":{"Accept":"*/*","Authorization.$":"$.a","X-Amz-Date":"d"}}`, schema + "The 'Headers' field contains unsupported values: [authorization, x-amz-date] at /States/A/Parameters"},
		"credentials":      {"aws-sdk:s3:getObject", `,"Credentials":{}`, schema + "The field 'RoleArn' is required but was missing at /States/A/Credentials"},
		"credentials path": {"aws-sdk:s3:getObject", `,"Credentials":{"RoleArn.$":"$.r"}`, ""},
	}
	for name, test := range tests {
		_, ds := Compile(one(`"Type":"Task","End":true,"Resource":"arn:aws:states:::`+test.resource+`"`+test.fields), Standard)
		if ds.Error() != test.want {
			t.Errorf("%s: %s\nwant %s", name, ds.Error(), test.want)
		}
	}
	_, ds := Compile(one(`"Type":"Task","End":true,"Resource":"arn:aws:states:us-east-1:123456789012:activity:a","Credentials":{"RoleArn":"r"}`), Standard)
	if want := schema + "The field 'Credentials' is not supported for activities at /States/A"; ds.Error() != want {
		t.Errorf("credentials of an activity: %s", ds.Error())
	}
}
