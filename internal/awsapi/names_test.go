package awsapi

import "testing"

func TestMemberName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"DBInstanceIdentifier": "DbInstanceIdentifier", "ETag": "ETag", "SSEKMSKeyId": "SsekmsKeyId",
		"ChecksumCRC32": "ChecksumCRC32", "MD5OfMessageBody": "Md5OfMessageBody", "ACL": "Acl", "tags": "Tags",
		"functionName": "FunctionName", "equals": "EqualsValue", "Default": "DefaultValue", "KMSMasterKeyID": "KmsMasterKeyID",
		"S3Bucket": "S3Bucket", "": "", "NULL": "Nul", "BOOL": "Bool", "SS": "Ss", "M": "M",
	} {
		if got := memberName(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestActionName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"PutItem": "putItem", "DescribeDBInstances": "describeDBInstances", "ListObjectsV2": "listObjectsV2",
	} {
		if got := actionName(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestExceptionName(t *testing.T) {
	t.Parallel()
	for shape, want := range map[string]string{
		"ResourceNotFoundException": "ResourceNotFoundException", "NoSuchKey": "NoSuchKeyException",
		"DBInstanceNotFoundFault": "DbInstanceNotFoundException", "InvalidToken": "InvalidTokenException",
	} {
		if got := exceptionName(shape); got != want {
			t.Errorf("%s is %s, want %s", shape, got, want)
		}
	}
}

// TestServiceNames checks the names that Step Functions documents.
func TestServiceNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"dynamodb": "DynamoDb", "sqs": "Sqs", "sfn": "Sfn", "secretsmanager": "SecretsManager", "s3": "S3",
		"eventbridge": "EventBridge", "sagemakera2iruntime": "SageMakerA2IRuntime", "docdb": "DocDb", "fsx": "FSx",
		"emrserverless": "EmrServerless", "apigatewayv2": "ApiGatewayV2", "route53": "Route53", "mturk": "MTurk",
		"rdsdata": "RdsData", "codeartifact": "Codeartifact", "config": "Config", "sesv2": "SesV2", "wafv2": "Wafv2",
		"databasemigration": "DatabaseMigration", "cloudwatchlogs": "CloudWatchLogs", "timestreamwrite": "TimestreamWrite",
	} {
		s, err := Embedded().service(name)
		if err != nil || s == nil {
			t.Errorf("%s: %v, %v", name, s, err)
			continue
		}
		if s.name != want {
			t.Errorf("exceptions of %s are %s.…, want %s", name, s.name, want)
		}
	}
}
