package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/api"
	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
	"pawl.dev/internal/store/pebblestore"
)

const (
	prefix  = "arn:aws:states:us-east-1:123456789012:"
	role    = "arn:aws:iam::123456789012:role/r"
	passing = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
)

// bench is the API over a service whose host runs nothing, with an SDK client.
type bench struct {
	t      testing.TB
	ctx    context.Context
	host   *servicetest.Host
	url    string
	client *sfn.Client
	log    *bytes.Buffer
}

func newBench(t testing.TB, options api.Options) *bench {
	t.Helper()
	st, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	clock := new(atomic.Int64)
	clock.Store(1_800_000_000_084)
	now := func() time.Time { return time.UnixMilli(clock.Add(1000)).UTC() }
	b := &bench{t: t, ctx: context.Background(), host: &servicetest.Host{Now: now}, log: new(bytes.Buffer)}
	options.Logger = slog.New(slog.NewTextHandler(b.log, nil))
	s := service.New(st, b.host, service.Config{Now: now, PollTimeout: time.Millisecond})
	server := httptest.NewServer(api.New(s, options))
	t.Cleanup(func() {
		server.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	b.url = server.URL
	address := server.Listener.Addr().String()
	b.client = sfn.New(sfn.Options{
		BaseEndpoint: aws.String(server.URL), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
		Retryer:     aws.NopRetryer{},
		// The SDK calls "sync-127.0.0.1" for two operations.
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}}},
	})
	return b
}

// call sends a request as text and returns the answer.
func (b *bench) call(operation, body string, change ...func(*http.Request)) (status int, answer string, header http.Header) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.url+"/", strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	for _, c := range change {
		c(r)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Body.Close() // read to the end: nothing is lost
	text, err := io.ReadAll(w.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return w.StatusCode, string(text), w.Header
}

func (b *bench) create(name string) string {
	b.t.Helper()
	out, err := b.client.CreateStateMachine(b.ctx, &sfn.CreateStateMachineInput{
		Name: &name, Definition: aws.String(passing), RoleArn: aws.String(role),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return *out.StateMachineArn
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

func TestAnswers_areWrittenAsAWSWritesThem(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	body, err := json.Marshal(map[string]string{"name": "m", "definition": passing, "roleArn": role})
	ok(t, err)
	status, answer, header := b.call("CreateStateMachine", string(body))
	same(t, status, 200)
	same(t, answer, `{"creationDate":1800000001.084,"stateMachineArn":"`+prefix+`stateMachine:m"}`)
	same(t, header.Get("Content-Type"), "application/x-amz-json-1.0")
	if id := header.Get("X-Amzn-RequestId"); len(id) != 36 || id[14] != '4' {
		t.Errorf("request id %q is no UUID", id)
	}
	_, answer, _ = b.call("DescribeStateMachine", `{"stateMachineArn":"`+prefix+`stateMachine:m"}`)
	same(t, answer, `{"creationDate":1800000001.084,"definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}",`+
		`"encryptionConfiguration":{"type":"AWS_OWNED_KEY"},"loggingConfiguration":{"includeExecutionData":false,"level":"OFF"},`+
		`"name":"m","roleArn":"`+role+`","stateMachineArn":"`+prefix+`stateMachine:m","status":"ACTIVE",`+
		`"tracingConfiguration":{"enabled":false},"type":"STANDARD"}`)
	_, answer, _ = b.call("DeleteStateMachine", `{"stateMachineArn":"`+prefix+`stateMachine:m"}`)
	same(t, answer, `{}`)
}

func TestErrors_areWordedAsAWSWordsThem(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	arn := b.create("m")
	start := func(members string) string { return `{"stateMachineArn":"` + arn + `",` + members + `}` }
	const one = "1 validation error detected: "
	tests := []struct{ operation, body, kind, message string }{
		{"DescribeStateMachine", `{}`, "com.amazon.coral.validate#ValidationException", one + "Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null"},
		{"DescribeStateMachine", ``, "com.amazon.coral.validate#ValidationException", one + "Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null"},
		{"DescribeStateMachine", `{"stateMachineArn":""}`, "com.amazon.coral.validate#ValidationException", one + "Value '' at 'stateMachineArn' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"DescribeStateMachine", `{"stateMachineArn":"x"}`, "com.amazonaws.swf.service.v2.model#InvalidArn", "Invalid Arn: 'Invalid ARN prefix: x'"},
		{"DescribeStateMachine", `{"stateMachineArn":"` + arn + `x"}`, "com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "x'"},
		{"ListExecutions", start(`"maxResults":1001`), "com.amazon.coral.validate#ValidationException", one + "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"},
		{"ListExecutions", start(`"maxResults":-1,"statusFilter":"succeeded"`), "com.amazon.coral.validate#ValidationException", "2 validation errors detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0; Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"},
		{"ListExecutions", start(`"nextToken":"` + strings.Repeat("x", 3097) + `"`), "com.amazon.coral.validate#ValidationException", one + "Value '" + strings.Repeat("x", 3097) + "' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096"},
		{"ListExecutions", `{}`, "com.amazonaws.swf.service.v2.model#ValidationException", "Must provide exactly one of stateMachineArn and mapRunArn."},
		{"StartExecution", start(`"input":"` + strings.Repeat("é", 131073) + `"`), "com.amazon.coral.validate#ValidationException", one + "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"},
		{"StartExecution", start(`"input":{}`), "com.amazon.coral.service#SerializationException", "Start of structure or map found where not expected."},
		{"StartExecution", start(`"name":1`), "com.amazon.coral.service#SerializationException", "NUMBER_VALUE can not be converted to a String"},
		{"StartExecution", start(`"name":true`), "com.amazon.coral.service#SerializationException", "TRUE_VALUE can not be converted to a String"},
		{"StartExecution", `[]`, "com.amazon.coral.service#SerializationException", "Start of structure or map expected."},
		{"StartExecution", `{`, "com.amazon.coral.service#SerializationException", "The request is no JSON: "},
		{"CreateStateMachineAlias", `{"name":"123","routingConfiguration":[{"stateMachineVersionArn":"a","weight":101}]}`, "com.amazon.coral.validate#ValidationException", "2 validation errors detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$; Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100"},
		{"CreateStateMachineAlias", `{"name":"a","routingConfiguration":[{"stateMachineVersionArn":"a","weight":50},{"stateMachineVersionArn":"b","weight":30},{"stateMachineVersionArn":"c","weight":20}]}`, "com.amazon.coral.validate#ValidationException", one + "Value '[RoutingConfigurationListItem(stateMachineVersionArn=a, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=b, weight=30), RoutingConfigurationListItem(stateMachineVersionArn=c, weight=20)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2"},
		{"TagResource", `{"resourceArn":"` + arn + `","tags":[{"key":"aws:a","value":""}]}`, "com.amazon.coral.service#AccessDeniedException", "Caller is an end user and not allowed to mutate system tags"},
		{"TagResource", `{"resourceArn":"` + arn + `","tags":[1]}`, "com.amazon.coral.service#SerializationException", "Unexpected token NUMBER_VALUE where a structure or list was expected"},
		{"SendTaskHeartbeat", `{"taskToken":"x"}`, "com.amazonaws.swf.service.v2.model#InvalidToken", "Invalid Token: 'Invalid token'"},
		{"Fly", `{}`, "com.amazon.coral.service#UnknownOperationException", "The operation Fly is unknown."},
	}
	for _, test := range tests {
		status, answer, _ := b.call(test.operation, test.body)
		var got struct {
			Kind    string `json:"__type"`
			Message string
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			t.Fatalf("%s: %v in %s", test.operation, err, answer)
		}
		if status != 400 || got.Kind != test.kind || !strings.HasPrefix(got.Message, test.message) || (got.Message != test.message && !strings.HasSuffix(test.message, ": ")) {
			t.Errorf("%s %.80s:\ngot  %d %.400s: %.400s\nwant 400 %.400s: %.400s", test.operation, test.body, status, got.Kind, got.Message, test.kind, test.message)
		}
	}
}

func TestErrors_reachTheSDK(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	_, err := b.client.DescribeExecution(b.ctx, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(prefix + "execution:m:x")})
	var missing *types.ExecutionDoesNotExist
	if !errors.As(err, &missing) || missing.ErrorMessage() != "Execution Does Not Exist: '"+prefix+"execution:m:x'" {
		t.Errorf("got %v", err)
	}
	_, err = b.client.ListExecutions(b.ctx, &sfn.ListExecutionsInput{})
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) || invalid.Reason != types.ValidationExceptionReasonMissingRequiredParameter {
		t.Errorf("got %v", err)
	}
	_, err = b.client.ListTagsForResource(b.ctx, &sfn.ListTagsForResourceInput{ResourceArn: aws.String(prefix + "stateMachine:m")})
	var none *types.ResourceNotFound
	if !errors.As(err, &none) || aws.ToString(none.ResourceName) != prefix+"stateMachine:m" {
		t.Errorf("got %v", err)
	}
}

func TestRequests_thatAreTooLargeAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	big := `{"input":"` + strings.Repeat("x", api.MaxRequestBytes) + `"}`
	for name, chunked := range map[string]bool{"with length": false, "chunked": true} {
		status, answer, _ := b.call("StartExecution", big, func(r *http.Request) {
			if chunked {
				r.ContentLength = -1
			}
		})
		if status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "RequestEntityTooLargeException") {
			t.Errorf("%s: got %d %s", name, status, answer)
		}
	}
}

func TestInternalErrors_tellOnlyAnID(t *testing.T) {
	t.Parallel()
	b := newBench(t, api.Options{})
	b.host.Tokens = map[string]error{"x": errors.New("disk is full")}
	status, answer, header := b.call("SendTaskHeartbeat", `{"taskToken":"x"}`)
	id := header.Get("X-Amzn-RequestId")
	if status != 500 || !strings.Contains(answer, "#InternalFailure") || !strings.Contains(answer, id) || strings.Contains(answer, "disk") {
		t.Errorf("got %d %s", status, answer)
	}
	if log := b.log.String(); !strings.Contains(log, "disk is full") || !strings.Contains(log, id) {
		t.Errorf("the log says %s", log)
	}
}
