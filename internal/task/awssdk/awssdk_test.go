package awssdk

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/task"
)

// replies keeps what the handler says, as "Done {…}".
type replies chan string

func (r replies) Submitted(output string) { r <- "Submitted " + output }
func (r replies) Done(output string)      { r <- "Done " + output }
func (r replies) Failed(f *asl.Failure)   { r <- "Failed " + *f.Error + ": " + *f.Cause }

// handler returns a handler for which every service is f.
func handler(t *testing.T, f http.HandlerFunc) *Handler {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client, err := awsapi.Open(t.Context(), awsapi.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		Endpoints:        map[string]string{"dynamodb": server.URL, "sqs": server.URL, "s3": server.URL, "sts": server.URL, "sns": "http://127.0.0.1:1"},
		MaxResponseBytes: 1000,
		Pause:            func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return New(client)
}

// answer returns a service that answers so.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "id")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		request task.Request
		service http.HandlerFunc
		want    string
	}{
		{
			name:    "result",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "listTables", Input: `{"Limit":1}`},
			service: answer(200, `{"TableNames":["t"]}`), want: `Done {"TableNames":["t"]}`,
		},
		{
			name:    "callback",
			request: task.Request{ResourceType: "aws-sdk:sqs", Resource: "sendMessage.waitForTaskToken", Pattern: asl.Callback, Input: `{"MessageBody":{"Token":"t"}}`},
			service: answer(200, `{"MessageId":"m","MD5OfMessageBody":"5"}`), want: `Submitted {"Md5OfMessageBody":"5","MessageId":"m"}`,
		},
		{
			name:    "refused",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "getItem", Input: `{}`},
			service: answer(400, `{"__type":"x#ResourceNotFoundException","message":"none"}`),
			want:    `Failed DynamoDb.ResourceNotFoundException: none (Service: DynamoDb, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)`,
		},
		{
			name:    "nobody there",
			request: task.Request{ResourceType: "aws-sdk:sns", Resource: "listTopics", Input: `{}`},
			want:    `Failed Sns.SdkClientException: Unable to execute HTTP request: Connect to 127.0.0.1:1 failed: Connection refused (SDK Attempt Count: 3)`,
		},
		{
			name:    "unknown parameter",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "getItem", Input: `{"No":1}`},
			want:    `Failed States.Runtime: The Parameters '{"No":1}' could not be used to start the Task: [The field "No" is not supported by Step Functions]`,
		},
		{
			name:    "unknown action",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "dropTable", Input: `{}`},
			want:    `Failed States.Runtime: The action 'aws-sdk:dynamodb:dropTable' is not supported.`,
		},
		{
			name:    "broken parameters",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "getItem", Input: `{`},
			want:    `Failed States.Runtime: The Parameters are not valid JSON: `,
		},
		{
			name:    "large",
			request: task.Request{ResourceType: "aws-sdk:s3", Resource: "getObject", Input: `{"Bucket":"b","Key":"k"}`},
			service: answer(200, string(make([]byte, 1001))),
			want:    `Failed States.DataLimitExceeded: The state/task 'aws-sdk:s3' returned a result with a size exceeding the maximum number of bytes service limit.`,
		},
		{
			name:    "role",
			request: task.Request{ResourceType: "aws-sdk:dynamodb", Resource: "listTables", Input: `{}`, Role: "arn:aws:iam::1:role/r"},
			service: answer(403, `<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>`),
			want:    `Failed States.TaskFailed: The execution's role is not authorized to assume the task state's role, arn:aws:iam::1:role/r.`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.service == nil {
				c.service = func(http.ResponseWriter, *http.Request) { t.Error("the service was asked") }
			}
			got := make(replies, 2)
			handler(t, c.service).Run(t.Context(), c.request, got)
			if text := <-got; text != c.want && (c.name != "broken parameters" || len(text) < len(c.want)) {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

func TestRun_callMadeBeforeACrash(t *testing.T) {
	t.Parallel()
	got := make(replies, 1)
	h := handler(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was made again") })
	h.Run(t.Context(), task.Request{ResourceType: "aws-sdk:sqs", Resource: "sendMessage", Input: `{}`, Submitted: `{}`}, got)
	h.client.Close()
	if len(got) > 0 {
		t.Error(<-got)
	}
}

func TestRun_saysNothingWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	got := make(replies, 1)
	h := handler(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not see that the client left
		cancel()
		<-r.Context().Done()
	})
	h.Run(ctx, task.Request{ResourceType: "aws-sdk:sqs", Resource: "listQueues", Input: `{}`}, got)
	h.client.Close()
	if len(got) > 0 {
		t.Error(<-got)
	}
}
