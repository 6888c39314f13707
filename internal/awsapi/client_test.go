package awsapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"pawl.dev/value"
)

// seen is a request as a service saw it.
type seen struct {
	Method, Path, Query, Body string
	header                    http.Header
}

// fakeService answers every request with one response and keeps the requests.
type fakeService struct {
	status int
	header map[string]string
	body   string

	mu       sync.Mutex
	requests []seen
}

func (f *fakeService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.requests = append(f.requests, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header})
	f.mu.Unlock()
	for name, v := range f.header {
		w.Header().Set(name, v)
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
	}
	_, _ = io.WriteString(w, f.body)
}

// client returns a client for which every service is f.
func (f *fakeService) client(t *testing.T, change ...func(*Config)) *Client {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	c := Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		Endpoints: map[string]string{}, Pause: func(context.Context, time.Duration) error { return nil },
	}
	for _, name := range Embedded().tables[0].Names() {
		c.Endpoints[name] = server.URL
	}
	for _, f := range change {
		f(&c)
	}
	client, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func call(t *testing.T, c *Client, name, input string) (string, error) {
	t.Helper()
	service, action, _ := strings.Cut(name, ":")
	in, err := value.Parse(input, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Call(t.Context(), &Request{Service: service, Action: action, Input: in})
	if err != nil {
		return "", err
	}
	return resp.Output.JSON(), nil
}

func TestCall_speaksTheProtocols(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, call, input string
		service           *fakeService
		want              seen
		output            string
	}{
		{
			name: "awsJson", call: "dynamodb:putItem",
			input:   `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":1},"l":{"L":[{"BOOL":"true"}]}}}`,
			service: &fakeService{body: `{"Attributes":{"id":{"S":"x"},"b":{"B":"aGk="}},"ConsumedCapacity":null}`},
			want:    seen{Method: "POST", Path: "/", Body: `{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":"1"},"l":{"L":[{"BOOL":true}]}}}`},
			output:  `{"Attributes":{"id":{"S":"x"},"b":{"B":"hi"}}}`,
		},
		{
			name: "awsQuery", call: "sns:publish", input: `{"TopicArn":"a","Message":{"x":1}}`,
			service: &fakeService{body: `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`},
			want:    seen{Method: "POST", Path: "/", Body: "Action=Publish&Version=2010-03-31&Message=%7B%22x%22%3A1%7D&TopicArn=a"},
			output:  `{"MessageId":"m"}`,
		},
		{
			name: "ec2Query", call: "ec2:describeInstances", input: `{"Filters":[{"Name":"n","Values":["v"]}],"MaxResults":5}`,
			service: &fakeService{body: `<DescribeInstancesResponse><reservationSet><item><ownerId>o</ownerId></item></reservationSet></DescribeInstancesResponse>`},
			want:    seen{Method: "POST", Path: "/", Body: "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=n&Filter.1.Value.1=v&MaxResults=5"},
			output:  `{"Reservations":[{"OwnerId":"o"}]}`,
		},
		{
			name: "restXml with a body of bytes", call: "s3:putObject", input: `{"Bucket":"b","Key":"a/é b","Body":"text","Metadata":{"k":"v"}}`,
			service: &fakeService{header: map[string]string{"ETag": `"e"`, "x-amz-checksum-crc32": "c"}},
			want:    seen{Method: "PUT", Path: "/b/a/%C3%A9%20b", Body: `"text"`},
			output:  `{"ChecksumCRC32":"c","ETag":"\"e\""}`,
		},
		{
			name: "restXml with a result of bytes", call: "s3:getObject", input: `{"Bucket":"b","Key":"k"}`,
			service: &fakeService{
				header: map[string]string{"Content-Type": "text/plain", "Content-Length": "2", "Last-Modified": "Thu, 01 Jan 2026 00:00:01 GMT", "Date": ""},
				body:   "hi",
			},
			want:   seen{Method: "GET", Path: "/b/k"},
			output: `{"ContentLength":2,"ContentType":"text/plain","LastModified":"2026-01-01T00:00:01Z","Metadata":{},"Body":"hi"}`,
		},
		{
			name: "restXml without parameters", call: "s3:listBuckets", input: `{}`,
			service: &fakeService{body: `<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>`},
			want:    seen{Method: "GET", Path: "/"},
			output:  `{"Buckets":[{"Name":"b"}]}`,
		},
		{
			name: "restXml with a document", call: "route53:createHealthCheck",
			input:   `{"CallerReference":"r","HealthCheckConfig":{"Type":"TCP","Port":80}}`,
			service: &fakeService{status: 201, header: map[string]string{"Location": "there"}, body: `<CreateHealthCheckResponse><HealthCheck><Id>i</Id></HealthCheck></CreateHealthCheckResponse>`},
			want: seen{Method: "POST", Path: "/2013-04-01/healthcheck", Body: `<CreateHealthCheckRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">` +
				`<CallerReference>r</CallerReference><HealthCheckConfig><Type>TCP</Type><Port>80</Port></HealthCheckConfig></CreateHealthCheckRequest>`},
			output: `{"HealthCheck":{"Id":"i"},"Location":"there"}`,
		},
		{
			name: "restJson", call: "scheduler:createSchedule",
			input:   `{"Name":"n","ClientToken":"c","StartDate":"2026-01-01T00:00:00Z","FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"rate(1 day)","Target":{"Arn":"a","RoleArn":"r"}}`,
			service: &fakeService{body: `{"ScheduleArn":"s"}`},
			want: seen{Method: "POST", Path: "/schedules/n", Body: `{"ClientToken":"c","StartDate":1767225600,` +
				`"FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"rate(1 day)","Target":{"Arn":"a","RoleArn":"r"}}`},
			output: `{"ScheduleArn":"s"}`,
		},
		{
			name: "restJson with lower-case names", call: "batch:submitJob", input: `{"JobName":"n","JobQueue":"q","JobDefinition":"d","ArrayProperties":{"Size":3}}`,
			service: &fakeService{body: `{"jobArn":"a","jobId":"i","unknown":1}`},
			want:    seen{Method: "POST", Path: "/v1/submitjob", Body: `{"jobName":"n","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":3}}`},
			output:  `{"JobArn":"a","JobId":"i"}`,
		},
		{
			name: "query parameters and a status", call: "lambda:invoke", input: `{"FunctionName":"f","Qualifier":"1","Payload":{"a":1}}`,
			service: &fakeService{status: 200, header: map[string]string{"X-Amz-Function-Error": "Unhandled"}, body: `{"b":2}`},
			want:    seen{Method: "POST", Path: "/2015-03-31/functions/f/invocations", Query: "Qualifier=1", Body: `{"a":1}`},
			output:  `{"FunctionError":"Unhandled","Payload":"{\"b\":2}","StatusCode":200}`,
		},
		{
			name: "documents", call: "bedrockruntime:converse",
			input: `{"ModelId":"m","Messages":[{"Role":"user","Content":[{"Text":"hi"}]}],"AdditionalModelRequestFields":{"a":[1,{"b":null}]}}`,
			service: &fakeService{body: `{"output":{"message":{"role":"assistant","content":[{"text":"yo"},{"toolUse":{"name":"n","toolUseId":"i","input":{"z":[1.5,true,null],"a":"b"}}}]}},` +
				`"stopReason":"end_turn","metrics":{"latencyMs":12}}`},
			want: seen{Method: "POST", Path: "/model/m/converse", Body: `{"messages":[{"role":"user","content":[{"text":"hi"}]}],"additionalModelRequestFields":{"a":[1,{"b":null}]}}`},
			output: `{"Metrics":{"LatencyMs":12},"Output":{"Message":{"Content":[{"Text":"yo"},{"ToolUse":{"Input":{"a":"b","z":[1.5,true,null]},"Name":"n","ToolUseId":"i"}}],"Role":"assistant"}},` +
				`"StopReason":"end_turn"}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			output, err := call(t, c.service.client(t), c.call, c.input)
			if err != nil {
				t.Fatal(err)
			}
			got := c.service.requests[0]
			if diff := cmp.Diff(normal(c.want), normal(got)); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(got.header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
				t.Errorf("the request is signed %q", got.header.Get("Authorization"))
			}
			if diff := cmp.Diff(c.output, output); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

// normal sorts the parameters of a form, which have no order.
func normal(s seen) [4]string {
	if strings.HasPrefix(s.Body, "Action=") {
		s.Body = sortedForm(s.Body)
	}
	return [4]string{s.Method, s.Path, s.Query, s.Body}
}

func TestCall_headers(t *testing.T) {
	t.Parallel()
	f := new(fakeService)
	c := f.client(t)
	for _, x := range []struct{ call, input, header, want string }{
		{"s3:putObject", `{"Bucket":"b","Key":"k","Body":[1]}`, "Content-Type", "text/plain; charset=UTF-8"},
		{"s3:putObject", `{"Bucket":"b","Key":"k","Body":[1],"ContentType":"application/json"}`, "Content-Type", "application/json"},
		{"s3:deleteObjects", `{"Bucket":"b","Delete":{"Objects":[{"Key":"k"}]}}`, "X-Amz-Sdk-Checksum-Algorithm", "CRC32"},
		{"s3:putObject", `{"Bucket":"b","Key":"k","Metadata":{"owner":"me"}}`, "X-Amz-Meta-Owner", "me"},
		{"dynamodb:listTables", `{}`, "X-Amz-Target", "DynamoDB_20120810.ListTables"},
	} {
		if _, err := call(t, c, x.call, x.input); err != nil {
			t.Errorf("%s: %v", x.call, err)
		}
		if got := f.requests[len(f.requests)-1].header.Get(x.header); got != x.want {
			t.Errorf("%s sends %s: %q, want %q", x.call, x.header, got, x.want)
		}
	}
}

func TestCall_refusesParameters(t *testing.T) {
	t.Parallel()
	f := new(fakeService)
	c := f.client(t)
	for _, x := range []struct{ call, input, want string }{
		{"dynamodb:getItem", `{"Tables":"t"}`, `The field "Tables" is not supported by Step Functions`},
		{"dynamodb:getItem", `{"TableName":"t","Key":[]}`, `The value for the field 'Key' must be an object`},
		{"sqs:sendMessage", `{"DelaySeconds":"soon"}`, `The value for the field 'DelaySeconds' must be a number`},
		{"sqs:sendMessage", `{"DelaySeconds":1.5}`, `The value for the field 'DelaySeconds' must be an integer`},
		{"sqs:sendMessage", `{"DelaySeconds":5000000000}`, `The value for the field 'DelaySeconds' must be an integer`},
		{"dynamodb:getItem", `{"ConsistentRead":"maybe"}`, `The value for the field 'ConsistentRead' must be a boolean`},
		{"scheduler:createSchedule", `{"Name":"n","StartDate":"soon"}`, `The value for the field 'StartDate' must be a timestamp`},
		{"s3:getObject", `{"Bucket":"b"}`, `The field "Key" is required but was missing`},
		{"dynamodb:putItem", `{"Item":{"a":{"X":1}}}`, `The field "X" is not supported by Step Functions`},
	} {
		_, err := call(t, c, x.call, x.input)
		var refused *ParameterError
		if !errors.As(err, &refused) || refused.Error() != x.want {
			t.Errorf("%s %s: %v, want %s", x.call, x.input, err, x.want)
		}
	}
	if len(f.requests) > 0 {
		t.Errorf("%d requests were sent", len(f.requests))
	}
	for _, name := range []string{"nothing:listTables", "dynamodb:dropTable", "sts:assumeRole"} {
		if _, err := call(t, c, name, `{}`); !errors.Is(err, ErrUnknownAction) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCall_fillsIdempotencyTokens(t *testing.T) {
	t.Parallel()
	f := &fakeService{body: `{}`}
	c := f.client(t)
	in, err := value.Parse(`{"TaskDefinition":"d","ClientToken":null}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	var tokens []string
	for i, id := range []string{"", "", "a", "a", "b"} {
		if _, err := c.Call(t.Context(), &Request{Service: "ecs", Action: "runTask", Input: in, ID: id}); err != nil {
			t.Fatal(err)
		}
		body, err := value.Parse(f.requests[i].Body, nil)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, body.Member("clientToken").Str())
	}
	if len(tokens[0]) != 36 || tokens[0] == tokens[1] {
		t.Errorf("calls without id have the tokens %q", tokens[:2])
	}
	if tokens[2] != tokens[3] || tokens[3] == tokens[4] {
		t.Errorf("calls a, a and b have the tokens %q", tokens[2:])
	}
}

func TestCall_bytesThatAreNoText(t *testing.T) {
	t.Parallel()
	f := &fakeService{body: "\xff\xfe"}
	output, err := call(t, f.client(t), "s3:getObject", `{"Bucket":"b","Key":"k"}`)
	if err != nil || !strings.Contains(output, `"Body":"//4="`) {
		t.Errorf("%s, %v", output, err)
	}
}

func TestCall_boundsResponses(t *testing.T) {
	t.Parallel()
	f := &fakeService{body: strings.Repeat("x", 101)}
	_, err := call(t, f.client(t, func(c *Config) { c.MaxResponseBytes = 100 }), "s3:getObject", `{"Bucket":"b","Key":"k"}`)
	if !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func sortedForm(body string) string {
	parts := strings.Split(body, "&")
	slices.Sort(parts)
	return strings.Join(parts, "&")
}
