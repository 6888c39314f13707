package optimized

import (
	"pawl.dev/internal/task"
	"pawl.dev/value"
)

var sns = integration{
	service: "sns", actions: []string{"publish"},
	prefix: "SNS", label: "AmazonSNS", base: "AmazonSNSException",
	prepare: func(_ *task.Request, params value.Value) value.Value { return asText(params, "Message") },
}

var sqs = integration{
	service: "sqs", actions: []string{"sendMessage"},
	prefix: "SQS", label: "AmazonSQS", base: "AmazonSQSException",
	prepare: func(_ *task.Request, params value.Value) value.Value { return asText(params, "MessageBody") },
}
