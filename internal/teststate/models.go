package teststate

// models says what the actions of service integrations answer, one shape per
// action, in the names that Step Functions gives the members: those of the
// service's model for optimized integrations, those of AWS's Java SDK for
// aws-sdk actions. Actions that are not here are not validated. Source: the
// services' API models.
//
//	s n b *     text, number, boolean, anything
//	(min,max)   bounds of a length or a value
//	s[A|B]      one of these texts
//	[…] <…>     list, map of
//	{A:… !B:…}  structure; ! is a required member
//	@Name       the shape of that name
const models = `
@FunctionConfiguration {FunctionName:s(1,256) FunctionArn:s(,10000)
	Runtime:s[nodejs|nodejs4.3|nodejs6.10|nodejs8.10|nodejs10.x|nodejs12.x|nodejs14.x|nodejs16.x|java8|java8.al2|
	java11|python2.7|python3.6|python3.7|python3.8|python3.9|dotnetcore1.0|dotnetcore2.0|dotnetcore2.1|
	dotnetcore3.1|dotnet6|dotnet8|nodejs4.3-edge|go1.x|ruby2.5|ruby2.7|provided|provided.al2|nodejs18.x|python3.10|
	java17|ruby3.2|ruby3.3|ruby3.4|python3.11|nodejs20.x|provided.al2023|python3.12|java21|python3.13|nodejs22.x|
	nodejs24.x|python3.14|java25|dotnet10|ruby4.0]
	Role:s Handler:s(,128) CodeSize:n Description:s(,256) Timeout:n(1,) MemorySize:n(128,10240) LastModified:s
	CodeSha256:s Version:s(1,1024) VpcConfig:{SubnetIds:[s](,16) SecurityGroupIds:[s](,5) VpcId:s
	Ipv6AllowedForDualStack:b} DeadLetterConfig:{TargetArn:s} Environment:{Variables:<s> Error:{ErrorCode:s
	Message:s}} KmsKeyArn:s TracingConfig:{Mode:s[Active|PassThrough]} MasterArn:s(,10000) RevisionId:s
	Layers:[{Arn:s(1,140) CodeSize:n SigningProfileVersionArn:s SigningJobArn:s}]
	State:s[Pending|Active|Inactive|Failed|Deactivating|Deactivated|ActiveNonInvocable|Deleting] StateReason:s
	StateReasonCode:s[Idle|Creating|Restoring|EniLimitExceeded|InsufficientRolePermissions|InvalidConfiguration|
	InternalError|SubnetOutOfIPAddresses|InvalidSubnet|InvalidSecurityGroup|ImageDeleted|ImageAccessDenied|
	InvalidImage|KMSKeyAccessDenied|KMSKeyNotFound|InvalidStateKMSKey|DisabledKMSKey|EFSIOError|
	EFSMountConnectivityError|EFSMountFailure|EFSMountTimeout|InvalidRuntime|InvalidZipFileException|FunctionError|
	DrainingDurableExecutions|VcpuLimitExceeded|CapacityProviderScalingLimitExceeded|InsufficientCapacity|
	EC2RequestLimitExceeded|FunctionError.InitTimeout|FunctionError.RuntimeInitError|
	FunctionError.ExtensionInitError|FunctionError.InvalidEntryPoint|FunctionError.InvalidWorkingDirectory|
	FunctionError.PermissionDenied|FunctionError.TooManyExtensions|FunctionError.InitResourceExhausted|
	DisallowedByVpcEncryptionControl]
	LastUpdateStatus:s[Successful|Failed|InProgress] LastUpdateStatusReason:s
	LastUpdateStatusReasonCode:s[EniLimitExceeded|InsufficientRolePermissions|InvalidConfiguration|InternalError|
	SubnetOutOfIPAddresses|InvalidSubnet|InvalidSecurityGroup|ImageDeleted|ImageAccessDenied|InvalidImage|
	KMSKeyAccessDenied|KMSKeyNotFound|InvalidStateKMSKey|DisabledKMSKey|EFSIOError|EFSMountConnectivityError|
	EFSMountFailure|EFSMountTimeout|InvalidRuntime|InvalidZipFileException|FunctionError|VcpuLimitExceeded|
	CapacityProviderScalingLimitExceeded|InsufficientCapacity|EC2RequestLimitExceeded|FunctionError.InitTimeout|
	FunctionError.RuntimeInitError|FunctionError.ExtensionInitError|FunctionError.InvalidEntryPoint|
	FunctionError.InvalidWorkingDirectory|FunctionError.PermissionDenied|FunctionError.TooManyExtensions|
	FunctionError.InitResourceExhausted|DisallowedByVpcEncryptionControl]
	FileSystemConfigs:[{!Arn:s(,256) !LocalMountPath:s(,160)}](,1) PackageType:s[Zip|Image]
	ImageConfigResponse:{ImageConfig:{EntryPoint:[s](,1500) Command:[s](,1500) WorkingDirectory:s(,1000)}
	Error:{ErrorCode:s Message:s}} SigningProfileVersionArn:s SigningJobArn:s
	Architectures:[s[x86_64|arm64]](1,1) EphemeralStorage:{!Size:n(512,10240)}
	SnapStart:{ApplyOn:s[PublishedVersions|None] OptimizationStatus:s[On|Off]}
	RuntimeVersionConfig:{RuntimeVersionArn:s(26,2048) Error:{ErrorCode:s Message:s}}
	LoggingConfig:{LogFormat:s[JSON|Text] ApplicationLogLevel:s[TRACE|DEBUG|INFO|WARN|ERROR|FATAL]
	SystemLogLevel:s[DEBUG|INFO|WARN] LogGroup:s(1,512)}
	CapacityProviderConfig:{!LambdaManagedInstancesCapacityProviderConfig:{!CapacityProviderArn:s(1,140)
	PerExecutionEnvironmentMaxConcurrency:n(1,1600) ExecutionEnvironmentMemoryGiBPerVCpu:n(2,8)}} ConfigSha256:s
	DurableConfig:{RetentionPeriodInDays:n(1,90) ExecutionTimeout:n(1,31622400)}
	TenancyConfig:{!TenantIsolationMode:s[PER_TENANT]}}
@ConsumedCapacity {TableName:s(1,1024) CapacityUnits:n ReadCapacityUnits:n WriteCapacityUnits:n
	Table:{ReadCapacityUnits:n WriteCapacityUnits:n CapacityUnits:n} LocalSecondaryIndexes:<{ReadCapacityUnits:n
	WriteCapacityUnits:n CapacityUnits:n}> GlobalSecondaryIndexes:<{ReadCapacityUnits:n WriteCapacityUnits:n
	CapacityUnits:n}>}
@Execution {!ExecutionArn:s(1,256) !StateMachineArn:s(1,256) Name:s(1,80)
	!Status:s[RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE] !StartDate:s StopDate:s
	Input:s(,262144) InputDetails:{Included:b} Output:s(,262144) OutputDetails:{Included:b} TraceHeader:s(,256)
	MapRunArn:s(1,2000) Error:s(,256) Cause:s(,32768) StateMachineVersionArn:s(1,256)
	StateMachineAliasArn:s(1,256) RedriveCount:n RedriveDate:s
	RedriveStatus:s[REDRIVABLE|NOT_REDRIVABLE|REDRIVABLE_BY_MAP_RUN] RedriveStatusReason:s(,262144)}
@SdkItemChange {Attributes:<{S:s N:s B:s Ss:[s] Ns:[s] Bs:[s] M:* L:[*] Null:b Bool:b}>
	ConsumedCapacity:@ConsumedCapacity ItemCollectionMetrics:{ItemCollectionKey:<{S:s N:s B:s Ss:[s] Ns:[s]
	Bs:[s] M:* L:[*] Null:b Bool:b}> SizeEstimateRangeGb:[n]}}
@ItemChange {Attributes:<{S:s N:s B:s SS:[s] NS:[s] BS:[s] M:* L:[*] NULL:b BOOL:b}>
	ConsumedCapacity:@ConsumedCapacity ItemCollectionMetrics:{ItemCollectionKey:<{S:s N:s B:s SS:[s] NS:[s]
	BS:[s] M:* L:[*] NULL:b BOOL:b}> SizeEstimateRangeGB:[n]}}
@SdkItems {Items:[<{S:s N:s B:s Ss:[s] Ns:[s] Bs:[s] M:* L:[*] Null:b Bool:b}>] Count:n ScannedCount:n
	LastEvaluatedKey:<{S:s N:s B:s Ss:[s] Ns:[s] Bs:[s] M:* L:[*] Null:b Bool:b}>
	ConsumedCapacity:@ConsumedCapacity}
@PutEvents {FailedEntryCount:n Entries:[{EventId:s(,64) ErrorCode:s ErrorMessage:s}]}
events:putEvents @PutEvents
lambda:invoke {StatusCode:n FunctionError:s LogResult:s Payload:* ExecutedVersion:s(1,1024)
	DurableExecutionArn:s(1,1024)}
states:startExecution {!ExecutionArn:s(1,256) !StartDate:s}
states:startExecution.sync @Execution
states:startExecution.sync:2 {!ExecutionArn:s(1,256) !StateMachineArn:s(1,256) Name:s(1,80)
	!Status:s[RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE] !StartDate:s StopDate:s Input:*
	InputDetails:{Included:b} Output:* OutputDetails:{Included:b} TraceHeader:s(,256) MapRunArn:s(1,2000)
	Error:s(,256) Cause:s(,32768) StateMachineVersionArn:s(1,256) StateMachineAliasArn:s(1,256) RedriveCount:n
	RedriveDate:s RedriveStatus:s[REDRIVABLE|NOT_REDRIVABLE|REDRIVABLE_BY_MAP_RUN]
	RedriveStatusReason:s(,262144)}
dynamodb:getItem {Item:<{S:s N:s B:s SS:[s] NS:[s] BS:[s] M:* L:[*] NULL:b BOOL:b}>
	ConsumedCapacity:@ConsumedCapacity}
dynamodb:putItem @ItemChange
dynamodb:updateItem @ItemChange
dynamodb:deleteItem @ItemChange
sqs:sendMessage {MD5OfMessageBody:s MD5OfMessageAttributes:s MD5OfMessageSystemAttributes:s MessageId:s
	SequenceNumber:s}
sns:publish {MessageId:s SequenceNumber:s}
batch:submitJob {JobArn:s !JobName:s !JobId:s}
glue:startJobRun {JobRunId:s(1,255)}
athena:startQueryExecution {QueryExecutionId:s(1,128)}
aws-sdk:dynamodb:getItem {Item:<{S:s N:s B:s Ss:[s] Ns:[s] Bs:[s] M:* L:[*] Null:b Bool:b}>
	ConsumedCapacity:@ConsumedCapacity}
aws-sdk:dynamodb:putItem @SdkItemChange
aws-sdk:dynamodb:updateItem @SdkItemChange
aws-sdk:dynamodb:deleteItem @SdkItemChange
aws-sdk:dynamodb:query @SdkItems
aws-sdk:dynamodb:scan @SdkItems
aws-sdk:s3:getObject {Body:s DeleteMarker:b AcceptRanges:s Expiration:s Restore:s LastModified:s
	ContentLength:n ETag:s ChecksumCrc32:s ChecksumCrc32C:s ChecksumCrc64Nvme:s ChecksumSha1:s ChecksumSha256:s
	ChecksumSha512:s ChecksumMd5:s ChecksumXxhash64:s ChecksumXxhash3:s ChecksumXxhash128:s
	ChecksumType:s[COMPOSITE|FULL_OBJECT] MissingMeta:n VersionId:s CacheControl:s ContentDisposition:s
	ContentEncoding:s ContentLanguage:s ContentRange:s ContentType:s Expires:s WebsiteRedirectLocation:s
	ServerSideEncryption:s[AES256|aws:fsx|aws:kms|aws:kms:dsse] Metadata:<s> SseCustomerAlgorithm:s
	SseCustomerKeyMd5:s SsekmsKeyId:s BucketKeyEnabled:b
	StorageClass:s[STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|DEEP_ARCHIVE|
	OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP]
	RequestCharged:s[requester] ReplicationStatus:s[COMPLETE|PENDING|FAILED|REPLICA|COMPLETED] PartsCount:n
	TagCount:n ObjectLockMode:s[GOVERNANCE|COMPLIANCE] ObjectLockRetainUntilDate:s
	ObjectLockLegalHoldStatus:s[ON|OFF]}
aws-sdk:s3:putObject {Expiration:s ETag:s ChecksumCrc32:s ChecksumCrc32C:s ChecksumCrc64Nvme:s ChecksumSha1:s
	ChecksumSha256:s ChecksumSha512:s ChecksumMd5:s ChecksumXxhash64:s ChecksumXxhash3:s ChecksumXxhash128:s
	ChecksumType:s[COMPOSITE|FULL_OBJECT] ServerSideEncryption:s[AES256|aws:fsx|aws:kms|aws:kms:dsse] VersionId:s
	SseCustomerAlgorithm:s SseCustomerKeyMd5:s SsekmsKeyId:s SsekmsEncryptionContext:s BucketKeyEnabled:b Size:n
	RequestCharged:s[requester]}
aws-sdk:s3:headObject {DeleteMarker:b AcceptRanges:s Expiration:s Restore:s
	ArchiveStatus:s[ARCHIVE_ACCESS|DEEP_ARCHIVE_ACCESS] LastModified:s ContentLength:n ChecksumCrc32:s
	ChecksumCrc32C:s ChecksumCrc64Nvme:s ChecksumSha1:s ChecksumSha256:s ChecksumSha512:s ChecksumMd5:s
	ChecksumXxhash64:s ChecksumXxhash3:s ChecksumXxhash128:s ChecksumType:s[COMPOSITE|FULL_OBJECT] ETag:s
	MissingMeta:n VersionId:s CacheControl:s ContentDisposition:s ContentEncoding:s ContentLanguage:s
	ContentType:s ContentRange:s Expires:s WebsiteRedirectLocation:s
	ServerSideEncryption:s[AES256|aws:fsx|aws:kms|aws:kms:dsse] Metadata:<s> SseCustomerAlgorithm:s
	SseCustomerKeyMd5:s SsekmsKeyId:s BucketKeyEnabled:b
	StorageClass:s[STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|DEEP_ARCHIVE|
	OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP]
	RequestCharged:s[requester] ReplicationStatus:s[COMPLETE|PENDING|FAILED|REPLICA|COMPLETED] PartsCount:n
	TagCount:n ObjectLockMode:s[GOVERNANCE|COMPLIANCE] ObjectLockRetainUntilDate:s
	ObjectLockLegalHoldStatus:s[ON|OFF]}
aws-sdk:s3:deleteObject {DeleteMarker:b VersionId:s RequestCharged:s[requester]}
aws-sdk:s3:copyObject {CopyObjectResult:{ETag:s LastModified:s ChecksumType:s[COMPOSITE|FULL_OBJECT]
	ChecksumCrc32:s ChecksumCrc32C:s ChecksumCrc64Nvme:s ChecksumSha1:s ChecksumSha256:s ChecksumSha512:s
	ChecksumMd5:s ChecksumXxhash64:s ChecksumXxhash3:s ChecksumXxhash128:s} Expiration:s CopySourceVersionId:s
	VersionId:s ServerSideEncryption:s[AES256|aws:fsx|aws:kms|aws:kms:dsse] SseCustomerAlgorithm:s
	SseCustomerKeyMd5:s SsekmsKeyId:s SsekmsEncryptionContext:s BucketKeyEnabled:b RequestCharged:s[requester]}
aws-sdk:s3:listObjectsV2 {IsTruncated:b Contents:[{Key:s(1,) LastModified:s ETag:s
	ChecksumAlgorithm:[s[CRC32|CRC32C|SHA1|SHA256|CRC64NVME|SHA512|MD5|XXHASH64|XXHASH3|XXHASH128]]
	ChecksumType:s[COMPOSITE|FULL_OBJECT] Size:n
	StorageClass:s[STANDARD|REDUCED_REDUNDANCY|GLACIER|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|DEEP_ARCHIVE|
	OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP]
	Owner:{DisplayName:s Id:s} RestoreStatus:{IsRestoreInProgress:b RestoreExpiryDate:s}}] Name:s Prefix:s
	Delimiter:s MaxKeys:n CommonPrefixes:[{Prefix:s}] EncodingType:s[url] KeyCount:n ContinuationToken:s
	NextContinuationToken:s StartAfter:s RequestCharged:s[requester]}
aws-sdk:kms:encrypt {CiphertextBlob:s(1,6144) KeyId:s(1,2048)
	EncryptionAlgorithm:s[SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE]}
aws-sdk:kms:decrypt {KeyId:s(1,2048) Plaintext:s(1,4096)
	EncryptionAlgorithm:s[SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE]
	CiphertextForRecipient:s(1,6144) KeyMaterialId:s(64,64)}
aws-sdk:kms:generateDataKey {CiphertextBlob:s(1,6144) Plaintext:s(1,4096) KeyId:s(1,2048)
	CiphertextForRecipient:s(1,6144) KeyMaterialId:s(64,64)}
aws-sdk:lambda:invoke {StatusCode:n FunctionError:s LogResult:s Payload:s ExecutedVersion:s(1,1024)
	DurableExecutionArn:s(1,1024)}
aws-sdk:lambda:getFunction {Configuration:@FunctionConfiguration Code:{RepositoryType:s Location:s ImageUri:s
	ResolvedImageUri:s SourceKmsKeyArn:s} Tags:<s> TagsError:{!ErrorCode:s(10,21) !Message:s(84,1000)}
	Concurrency:{ReservedConcurrentExecutions:n}}
aws-sdk:lambda:listFunctions {NextMarker:s Functions:[@FunctionConfiguration]}
aws-sdk:sqs:sendMessage {Md5OfMessageBody:s Md5OfMessageAttributes:s Md5OfMessageSystemAttributes:s
	MessageId:s SequenceNumber:s}
aws-sdk:sqs:receiveMessage {Messages:[{MessageId:s ReceiptHandle:s Md5OfBody:s Body:s Attributes:<s>
	Md5OfMessageAttributes:s MessageAttributes:<{StringValue:s BinaryValue:s StringListValues:[s]
	BinaryListValues:[s] !DataType:s}>}]}
aws-sdk:sns:publish {MessageId:s SequenceNumber:s}
aws-sdk:sfn:startExecution {!ExecutionArn:s(1,256) !StartDate:s}
aws-sdk:sfn:startSyncExecution {!ExecutionArn:s(1,256) StateMachineArn:s(1,256) Name:s(1,80) !StartDate:s
	!StopDate:s !Status:s[SUCCEEDED|FAILED|TIMED_OUT] Error:s(,256) Cause:s(,32768) Input:s(,262144)
	InputDetails:{Included:b} Output:s(,262144) OutputDetails:{Included:b} TraceHeader:s(,256)
	BillingDetails:{BilledMemoryUsedInMb:n BilledDurationInMilliseconds:n}}
aws-sdk:sfn:describeExecution @Execution
aws-sdk:eventbridge:putEvents @PutEvents
aws-sdk:secretsmanager:getSecretValue {Arn:s(20,2048) Name:s(1,256) VersionId:s(32,64) SecretBinary:s(1,65536)
	SecretString:s(1,65536) VersionStages:[s(1,256)](1,20) CreatedDate:s}
aws-sdk:ssm:getParameter {Parameter:{Name:s(1,2048) Type:s[String|StringList|SecureString] Value:s Version:n
	Selector:s(,128) SourceResult:s LastModifiedDate:s Arn:s DataType:s(,128)}}
aws-sdk:ssm:putParameter {Version:n Tier:s[Standard|Advanced|Intelligent-Tiering]}
`
