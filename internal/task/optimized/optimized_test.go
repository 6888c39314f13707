package optimized

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/task"
)

// replies keeps what the handler says, as "Done {…}".
type replies chan string

func (r replies) Submitted(output string) { r <- "Submitted " + output }
func (r replies) Done(output string)      { r <- "Done " + output }
func (r replies) Failed(f *asl.Failure)   { r <- "Failed " + *f.Error + ": " + *f.Cause }

// run runs an attempt against a service that answers so, and returns the body
// that the service got and the reply.
func run(t *testing.T, r task.Request, status int, answer string) (body, reply string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		body = string(sent)
		w.Header().Set("X-Amzn-Requestid", "id")
		w.Header().Set("Date", "now")
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	client, err := awsapi.Open(t.Context(), awsapi.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		Endpoints:        map[string]string{"dynamodb": server.URL, "sqs": server.URL, "sns": server.URL, "eventbridge": server.URL, "sts": server.URL},
		MaxResponseBytes: 1000,
		Pause:            func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	got := make(replies, 2)
	New(client).Run(t.Context(), r, got)
	reply = <-got
	client.Close()
	return body, reply
}

// envelope is the HTTP exchange in results, for a body of a length.
func envelope(length string) string {
	return `"SdkHttpMetadata":{"AllHttpHeaders":{"Content-Length":["` + length + `"],"Content-Type":["application/x-amz-json-1.0"],"Date":["now"],"x-amzn-RequestId":["id"]},` +
		`"HttpHeaders":{"Content-Length":"` + length + `","Content-Type":"application/x-amz-json-1.0","Date":"now","x-amzn-RequestId":"id"},"HttpStatusCode":200},` +
		`"SdkResponseMetadata":{"RequestId":"id"}`
}

func TestRun(t *testing.T) {
	t.Parallel()
	const execution, machine = "arn:aws:states:us-east-1:1:execution:m:e", "arn:aws:states:us-east-1:1:stateMachine:m"
	for _, c := range []struct {
		name    string
		request task.Request
		status  int
		answer  string
		body    string
		reply   string
	}{
		{
			name:    "DynamoDB",
			request: task.Request{ResourceType: "dynamodb", Resource: "getItem", Input: `{"TableName":"t","Key":{"id":{"S":"a"}}}`},
			status:  200, answer: `{"Item":{"id":{"S":"a"}}}`,
			body:  `{"TableName":"t","Key":{"id":{"S":"a"}}}`,
			reply: `Done {"Item":{"id":{"S":"a"}},` + envelope("25") + `}`,
		},
		{
			name:    "DynamoDB, modelled error",
			request: task.Request{ResourceType: "dynamodb", Resource: "putItem", Input: `{}`},
			status:  400, answer: `{"__type":"x#ResourceNotFoundException","message":"none"}`, body: `{}`,
			reply: `Failed DynamoDB.ResourceNotFoundException: none (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: id; Proxy: null)`,
		},
		{
			name:    "DynamoDB, other error",
			request: task.Request{ResourceType: "dynamodb", Resource: "putItem", Input: `{}`},
			status:  400, answer: `{"__type":"x#ValidationException","message":"no"}`, body: `{}`,
			reply: `Failed DynamoDB.AmazonDynamoDBException: no (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: id; Proxy: null)`,
		},
		{
			name:    "SQS, body from an object, with a token",
			request: task.Request{ResourceType: "sqs", Resource: "sendMessage.waitForTaskToken", Pattern: asl.Callback, Input: `{"QueueUrl":"q","MessageBody":{"Token":"t"}}`},
			status:  200, answer: `{"MessageId":"m","MD5OfMessageBody":"5"}`,
			body:  `{"QueueUrl":"q","MessageBody":"{\"Token\":\"t\"}"}`,
			reply: `Submitted {"MD5OfMessageBody":"5","MessageId":"m",` + envelope("40") + `}`,
		},
		{
			name:    "SNS, message that is null",
			request: task.Request{ResourceType: "sns", Resource: "publish", Input: `{"TopicArn":"a","Message":null}`},
			status:  200, answer: `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`,
			body:  `Action=Publish&Message=null&TopicArn=a&Version=2010-03-31`,
			reply: `Done {"MessageId":"m",` + envelope("90") + `}`,
		},
		{
			name:    "SNS, error",
			request: task.Request{ResourceType: "sns", Resource: "publish", Input: `{"TopicArn":"a","Message":"m"}`},
			status:  404, answer: `<ErrorResponse><Error><Code>NotFound</Code><Message>none</Message></Error></ErrorResponse>`,
			body:  `Action=Publish&Message=m&TopicArn=a&Version=2010-03-31`,
			reply: `Failed SNS.NotFoundException: none (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: id; Proxy: null)`,
		},
		{
			name: "EventBridge",
			request: task.Request{
				ResourceType: "events", Resource: "putEvents", ExecutionARN: execution, StateMachineARN: machine,
				Input: `{"Entries":[{"Detail":{"a":1},"Source":"s"},{"Detail":"{}","Resources":["r"]}]}`,
			},
			status: 200, answer: `{"Entries":[{"EventId":"1"},{"EventId":"2"}],"FailedEntryCount":0}`,
			body: `{"Entries":[{"Detail":"{\"a\":1}","Source":"s","Resources":["` + machine + `","` + execution + `"]},` +
				`{"Detail":"{}","Resources":["r","` + machine + `","` + execution + `"]}]}`,
			reply: `Done {"Entries":[{"EventId":"1"},{"EventId":"2"}],"FailedEntryCount":0}`,
		},
		{
			name:    "EventBridge, an event refused",
			request: task.Request{ResourceType: "events", Resource: "putEvents", Input: `{"Entries":[]}`},
			status:  200, answer: `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}]}`,
			body:  `{"Entries":[]}`,
			reply: `Failed EventBridge.FailedEntry: {"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}],"FailedEntryCount":1}`,
		},
		{
			name:    "unknown action",
			request: task.Request{ResourceType: "dynamodb", Resource: "query", Input: `{}`},
			reply:   `Failed States.Runtime: The action 'dynamodb:query' is not supported.`,
		},
		{
			name:    "unknown parameter",
			request: task.Request{ResourceType: "sqs", Resource: "sendMessage", Input: `{"Queue":1}`},
			reply:   `Failed States.Runtime: The Parameters '{"Queue":1}' could not be used to start the Task: [The field "Queue" is not supported by Step Functions]`,
		},
		{
			name:    "large",
			request: task.Request{ResourceType: "dynamodb", Resource: "getItem", Input: `{}`},
			status:  200, answer: strings.Repeat(" ", 1001), body: `{}`,
			reply: `Failed States.DataLimitExceeded: The state/task 'dynamodb' returned a result with a size exceeding the maximum number of bytes service limit.`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body, reply := run(t, c.request, c.status, c.answer)
			if strings.HasPrefix(body, "Action=") {
				form, err := url.ParseQuery(body)
				if err != nil {
					t.Fatal(err)
				}
				body = form.Encode()
			}
			if diff := cmp.Diff(c.body, body); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.reply, reply); diff != "" {
				t.Errorf("reply (-want +got):\n%s", diff)
			}
		})
	}
}
