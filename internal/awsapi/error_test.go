package awsapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestCall_errors(t *testing.T) {
	t.Parallel()
	const id = "x-amzn-RequestId"
	for _, c := range []struct {
		name, call, input string
		service           *fakeService
		exception, text   string
		code              string
	}{
		{
			name: "modelled", call: "dynamodb:putItem", input: `{}`,
			service: &fakeService{
				status: 400, header: map[string]string{id: "r"},
				body: `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}`,
			},
			exception: "ResourceNotFoundException", code: "ResourceNotFoundException",
			text: "Requested resource not found (Service: DynamoDb, Status Code: 400, Request ID: r) (SDK Attempt Count: 1)",
		},
		{
			name: "not modelled", call: "dynamodb:putItem", input: `{}`,
			service:   &fakeService{status: 400, header: map[string]string{id: "r"}, body: `{"__type":"com.amazon.coral.validate#ValidationException","Message":"no"}`},
			exception: "DynamoDbException", code: "ValidationException",
			text: "no (Service: DynamoDb, Status Code: 400, Request ID: r) (SDK Attempt Count: 1)",
		},
		{
			name: "code of the query past", call: "sqs:sendMessage", input: `{}`,
			service: &fakeService{
				status: 400, header: map[string]string{id: "r", "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"},
				body: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"There is no such queue."}`,
			},
			exception: "QueueDoesNotExistException", code: "AWS.SimpleQueueService.NonExistentQueue",
			text: "There is no such queue. (Service: Sqs, Status Code: 400, Request ID: r) (SDK Attempt Count: 1)",
		},
		{
			name: "query", call: "sns:publish", input: `{}`,
			service: &fakeService{
				status: 404,
				body:   `<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>no &amp; no</Message></Error><RequestId>q</RequestId></ErrorResponse>`,
			},
			exception: "NotFoundException", code: "NotFound",
			text: "no & no (Service: Sns, Status Code: 404, Request ID: q) (SDK Attempt Count: 1)",
		},
		{
			name: "a fault", call: "rds:describeDBInstances", input: `{}`,
			service: &fakeService{
				status: 404,
				body:   `<ErrorResponse><Error><Code>DBInstanceNotFound</Code><Message>none</Message></Error><RequestId>q</RequestId></ErrorResponse>`,
			},
			exception: "DbInstanceNotFoundException", code: "DBInstanceNotFound",
			text: "none (Service: Rds, Status Code: 404, Request ID: q) (SDK Attempt Count: 1)",
		},
		{
			name: "S3", call: "s3:listObjectsV2", input: `{"Bucket":"b"}`,
			service: &fakeService{
				status: 404, header: map[string]string{"x-amz-request-id": "r", "x-amz-id-2": "e"},
				body: `<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>`,
			},
			exception: "NoSuchBucketException", code: "NoSuchBucket",
			text: "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: r, Extended Request ID: e) (SDK Attempt Count: 1)",
		},
		{
			name: "HEAD has no body", call: "s3:headObject", input: `{"Bucket":"b","Key":"k"}`,
			service:   &fakeService{status: 404},
			exception: "NoSuchKeyException", code: "NoSuchKey",
			text: "null (Service: S3, Status Code: 404, Request ID: null, Extended Request ID: null) (SDK Attempt Count: 1)",
		},
		{
			name: "restJson", call: "lambda:getFunction", input: `{"FunctionName":"f"}`,
			service: &fakeService{
				status: 404, header: map[string]string{id: "r", "x-amzn-ErrorType": "ResourceNotFoundException:http://internal/"},
				body: `{"Type":"User","Message":"Function not found: f"}`,
			},
			exception: "ResourceNotFoundException", code: "ResourceNotFoundException",
			text: "Function not found: f (Service: Lambda, Status Code: 404, Request ID: r) (SDK Attempt Count: 1)",
		},
		{
			name: "a page of a proxy, tried three times", call: "dynamodb:putItem", input: `{}`,
			service:   &fakeService{status: 502, body: "<html>Bad Gateway</html>"},
			exception: "DynamoDbException",
			text:      "null (Service: DynamoDb, Status Code: 502, Request ID: null) (SDK Attempt Count: 3)",
		},
		{
			name: "throttled", call: "dynamodb:putItem", input: `{}`,
			service:   &fakeService{status: 400, body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`},
			exception: "ThrottlingException", code: "ThrottlingException",
			text: "Rate exceeded (Service: DynamoDb, Status Code: 400, Request ID: null) (SDK Attempt Count: 3)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t, c.service.client(t), c.call, c.input)
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("the error is %v", err)
			}
			if refused.Exception() != c.exception || refused.Code != c.code || refused.Error() != c.text {
				t.Errorf("got  %s, code %s: %s\nwant %s, code %s: %s", refused.Exception(), refused.Code, refused, c.exception, c.code, c.text)
			}
			if n := len(c.service.requests); n != refused.Attempts {
				t.Errorf("%d requests, %d attempts", n, refused.Attempts)
			}
		})
	}
}

func TestError_version1(t *testing.T) {
	t.Parallel()
	e := &Error{Service: "DynamoDb", Code: "C", Message: "m", Status: 400, RequestID: "r"}
	if got := e.Version1("AmazonDynamoDBv2"); got != "m (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: C; Request ID: r; Proxy: null)" {
		t.Error(got)
	}
}

func TestCall_noAnswer(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	address := gone.Listener.Addr().String()
	gone.Close()
	for _, c := range []struct {
		name, endpoint, want string
		transport            http.RoundTripper
	}{
		{name: "refused", endpoint: "http://" + address, want: "Unable to execute HTTP request: Connect to " + address + " failed: Connection refused (SDK Attempt Count: 3)"},
		{
			name: "unknown host", endpoint: "http://sqs.nowhere", want: "Unable to execute HTTP request: sqs.nowhere: Name or service not known (SDK Attempt Count: 3)",
			transport: failing{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "sqs.nowhere", IsNotFound: true}}},
		},
		{name: "no URL", endpoint: "nowhere", want: `The endpoint "nowhere" is not a URL (SDK Attempt Count: 1)`},
		{name: "cut off", endpoint: "http://x", want: "Unable to execute HTTP request: The target server failed to respond (SDK Attempt Count: 3)", transport: failing{io.ErrUnexpectedEOF}},
	} {
		f := new(fakeService)
		client := f.client(t, func(conf *Config) {
			conf.Endpoints = map[string]string{"sqs": c.endpoint}
			conf.Transport = c.transport
		})
		_, err := call(t, client, "sqs:listQueues", `{}`)
		var unanswered *ClientError
		if !errors.As(err, &unanswered) || unanswered.Service != "Sqs" {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if unanswered.Error() != c.want {
			t.Errorf("%s: %s, want %s", c.name, unanswered, c.want)
		}
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestCall_badResponse(t *testing.T) {
	t.Parallel()
	f := &fakeService{body: `{"TableNames":[1`}
	_, err := call(t, f.client(t), "dynamodb:listTables", `{}`)
	var unanswered *ClientError
	if !errors.As(err, &unanswered) {
		t.Error(err)
	}
	if len(f.requests) != 1 {
		t.Errorf("an answered call was made %d times", len(f.requests))
	}
}

func TestCall_endsWithItsContext(t *testing.T) {
	t.Parallel()
	started, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(started)
		<-release
	}))
	defer server.Close()
	defer close(release)
	f := new(fakeService)
	c := f.client(t, func(conf *Config) { conf.Endpoints["sqs"] = server.URL })
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	if _, err := c.Call(ctx, &Request{Service: "sqs", Action: "listQueues"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPause_endsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := pause(t.Context(), 0); err != nil {
		t.Error(err)
	}
}
