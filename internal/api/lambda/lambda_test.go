package lambda

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"pawl.dev/internal/function"
)

const arnPrefix = "arn:aws:lambda:us-east-1:123456789012:function:"

// bed is a server with its client.
type bed struct {
	*testing.T
	url    string
	client *sdk.Client
}

func newBed(t *testing.T) *bed {
	t.Helper()
	return newBedWith(t, Options{})
}

func newBedWith(t *testing.T, options Options) *bed {
	t.Helper()
	functions, err := function.Open(function.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(New(functions, options))
	t.Cleanup(func() {
		server.Close()
		if err := functions.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bed{t, server.URL, sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})}
}

// shellEcho is a function in the shell, so that these tests need no more: it
// answers every event with itself, or fails if the event says so.
const shellEcho = `#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
while :; do
  event=$(curl -s -D "$TMPDIR/head" "$api/invocation/next") || exit 1
  id=$(sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p' "$TMPDIR/head" | tr -d '\r')
  echo "got $event"
  case $event in
  *fail*) curl -s -d '{"errorMessage":"told to","errorType":"Told"}' "$api/invocation/$id/error" ;;
  *) curl -s -d "$event" "$api/invocation/$id/response" ;;
  esac >/dev/null
done
`

func needCurl(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
}

func zipOf(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (b *bed) create(name string) *sdk.CreateFunctionOutput {
	b.Helper()
	out, err := b.client.CreateFunction(b.Context(), &sdk.CreateFunctionInput{
		FunctionName: &name, Role: aws.String("arn:aws:iam::123456789012:role/r"), Handler: aws.String("h"),
		Runtime: types.RuntimeProvidedal2023, Timeout: aws.Int32(20), Code: &types.FunctionCode{ZipFile: zipOf(b.T, "bootstrap", shellEcho)},
		Environment: &types.Environment{Variables: map[string]string{"KEY": "value"}}, Tags: map[string]string{"team": "x"},
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func (b *bed) wantError(err error, code, text string) {
	b.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || api.ErrorMessage() != text {
		b.Errorf("got %v\nwant %s: %s", err, code, text)
	}
}

func TestSDK_lifeOfAFunction(t *testing.T) {
	t.Parallel()
	needCurl(t)
	b := newBed(t)
	ctx := t.Context()
	made := b.create("f")
	if *made.FunctionArn != arnPrefix+"f" || made.State != types.StatePending || *made.Version != "$LATEST" || made.CodeSize == 0 {
		t.Errorf("created %+v", made)
	}
	got, err := b.client.GetFunction(ctx, &sdk.GetFunctionInput{FunctionName: made.FunctionArn})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.Configuration; c.State != types.StateActive || c.Environment.Variables["KEY"] != "value" || *c.Timeout != 20 || *c.MemorySize != 128 {
		t.Errorf("got %+v", c)
	}
	if got.Tags["team"] != "x" {
		t.Errorf("tags %v", got.Tags)
	}
	if res, err := http.Get(*got.Code.Location); err != nil || res.StatusCode != 200 {
		t.Errorf("code: %v, %v", res, err)
	} else {
		res.Body.Close()
	}
	out, err := b.client.Invoke(ctx, &sdk.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"a": 1}`), LogType: types.LogTypeTail})
	if err != nil {
		t.Fatal(err)
	}
	log, _ := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
	if string(out.Payload) != `{"a": 1}` || out.StatusCode != 200 || *out.ExecutedVersion != "$LATEST" || !strings.Contains(string(log), `got {"a": 1}`) {
		t.Errorf("invoked: %+v %s %s", out, out.Payload, log)
	}
	if _, err := b.client.UpdateFunctionConfiguration(ctx, &sdk.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), MemorySize: aws.Int32(256)}); err != nil {
		t.Error(err)
	}
	if _, err := b.client.UpdateFunctionCode(ctx, &sdk.UpdateFunctionCodeInput{FunctionName: aws.String("f"), ZipFile: zipOf(t, "bootstrap", shellEcho+"# new\n")}); err != nil {
		t.Error(err)
	}
	out, err = b.client.Invoke(ctx, &sdk.InvokeInput{FunctionName: aws.String("123456789012:function:f"), Payload: []byte(`"fail"`)})
	if err != nil || aws.ToString(out.FunctionError) != "Unhandled" || string(out.Payload) != `{"errorMessage":"told to","errorType":"Told"}` {
		t.Errorf("failed invocation: %+v, %v", out, err)
	}
	conf, err := b.client.GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: aws.String("f"), Qualifier: aws.String("$LATEST")})
	if err != nil || *conf.MemorySize != 256 || *conf.FunctionArn != arnPrefix+"f:$LATEST" || conf.LastUpdateStatus != types.LastUpdateStatusSuccessful {
		t.Errorf("configuration %+v, %v", conf, err)
	}
	if _, err := b.client.DeleteFunction(ctx, &sdk.DeleteFunctionInput{FunctionName: aws.String("f")}); err != nil {
		t.Error(err)
	}
	_, err = b.client.GetFunction(ctx, &sdk.GetFunctionInput{FunctionName: aws.String("f")})
	b.wantError(err, "ResourceNotFoundException", "Function not found: "+arnPrefix+"f")
}

func TestSDK_invocationTypes(t *testing.T) {
	t.Parallel()
	needCurl(t)
	b := newBed(t)
	b.create("f")
	for kind, status := range map[types.InvocationType]int32{types.InvocationTypeEvent: 202, types.InvocationTypeDryRun: 204} {
		out, err := b.client.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("f"), InvocationType: kind})
		if err != nil || out.StatusCode != status || len(out.Payload) != 0 {
			t.Errorf("%s: %+v, %v", kind, out, err)
		}
	}
	_, err := b.client.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("f:7")})
	b.wantError(err, "ResourceNotFoundException", "Function not found: "+arnPrefix+"f:7")
	_, err = b.client.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("f"), Payload: bytes.Repeat([]byte(" "), maxPayloadBytes+1)})
	b.wantError(err, "RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
	_, err = b.client.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("f"), Payload: []byte("{")})
	b.wantError(err, "InvalidRequestContentException", "Could not parse request body into json: Could not parse payload into json: unexpected end of JSON input")
}

func TestSDK_listsInPages(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	for _, name := range []string{"c", "a", "b", "e", "d"} {
		b.create(name)
	}
	var names []string
	pages := sdk.NewListFunctionsPaginator(b.client, &sdk.ListFunctionsInput{MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Functions {
			names = append(names, *f.FunctionName)
		}
	}
	if got := strings.Join(names, ""); got != "abcde" {
		t.Errorf("got %s", got)
	}
}

func TestSDK_refusals(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.create("f")
	in := func(change func(*sdk.CreateFunctionInput)) error {
		c := &sdk.CreateFunctionInput{
			FunctionName: aws.String("g"), Role: aws.String("r"), Handler: aws.String("h"), Runtime: types.RuntimePython312,
			Code: &types.FunctionCode{ZipFile: zipOf(t, "h.py", "")},
		}
		change(c)
		_, err := b.client.CreateFunction(t.Context(), c)
		return err
	}
	b.wantError(in(func(c *sdk.CreateFunctionInput) { c.FunctionName = aws.String("f") }), "ResourceConflictException", "Function already exist: f")
	b.wantError(in(func(c *sdk.CreateFunctionInput) { c.Code.ZipFile = []byte("no zip") }), "InvalidParameterValueException",
		"Could not unzip uploaded file. Please check your file, then try to upload again.")
	b.wantError(in(func(c *sdk.CreateFunctionInput) { c.Timeout = aws.Int32(901) }), "ValidationException",
		"1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900")
	b.wantError(in(func(c *sdk.CreateFunctionInput) { c.Runtime = "go1.x" }), "InvalidParameterValueException",
		"The runtime parameter of go1.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.")
	_, err := b.client.DeleteFunction(t.Context(), &sdk.DeleteFunctionInput{FunctionName: aws.String("f"), Qualifier: aws.String("$LATEST")})
	b.wantError(err, "InvalidParameterValueException", "$LATEST version cannot be deleted without deleting the function.")
	_, err = b.client.UpdateFunctionCode(t.Context(), &sdk.UpdateFunctionCodeInput{FunctionName: aws.String("f"), ZipFile: zipOf(t, "x", ""), RevisionId: aws.String("old")})
	b.wantError(err, "PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
	_, err = b.client.PublishLayerVersion(t.Context(), &sdk.PublishLayerVersionInput{LayerName: aws.String("l"), Content: &types.LayerVersionContentInput{}})
	b.wantError(err, "UnknownOperationException", "This operation of AWS Lambda is not supported here.")
}

func TestSDK_tags(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	made := b.create("f")
	if _, err := b.client.TagResource(t.Context(), &sdk.TagResourceInput{Resource: made.FunctionArn, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.UntagResource(t.Context(), &sdk.UntagResourceInput{Resource: made.FunctionArn, TagKeys: []string{"a", "team"}}); err != nil {
		t.Fatal(err)
	}
	out, err := b.client.ListTags(t.Context(), &sdk.ListTagsInput{Resource: made.FunctionArn})
	if err != nil || len(out.Tags) != 1 || out.Tags["b"] != "2" {
		t.Errorf("got %+v, %v", out, err)
	}
}

// The bytes on the wire, which SDKs hide.
func TestErrors_lookLikeAWS(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	res, err := http.Post(b.url+"/2015-03-31/functions/nobody/invocations", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if want := `{"Type":"User","Message":"Function not found: ` + arnPrefix + `nobody"}`; res.StatusCode != 404 ||
		res.Header.Get("x-amzn-ErrorType") != "ResourceNotFoundException" || string(body) != want || len(res.Header.Get("x-amzn-RequestId")) != 36 {
		t.Errorf("got %d %v %s", res.StatusCode, res.Header, body)
	}
}

func TestCLI(t *testing.T) {
	t.Parallel()
	needCurl(t)
	cli, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	b := newBed(t)
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/f.zip", zipOf(t, "bootstrap", shellEcho), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) map[string]any {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), cli, append([]string{"lambda", "--endpoint-url", b.url, "--output", "json", "--cli-connect-timeout", "20"}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=x", "AWS_DEFAULT_REGION=us-east-1")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, stderr.Bytes())
		}
		var v map[string]any
		if err := json.Unmarshal(out, &v); err != nil && len(out) > 0 {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return v
	}
	run("create-function", "--function-name", "f", "--runtime", "provided.al2023", "--handler", "x", "--role", "arn:aws:iam::123456789012:role/r", "--zip-file", "fileb://"+dir+"/f.zip")
	run("wait", "function-active-v2", "--function-name", "f")
	if err := os.WriteFile(dir+"/event", []byte(`{"x":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if v := run("invoke", "--function-name", "f", "--payload", "fileb://"+dir+"/event", dir+"/out"); v["StatusCode"] != 200.0 {
		t.Errorf("got %v", v)
	}
	if out, err := os.ReadFile(dir + "/out"); err != nil || string(out) != `{"x":1}` {
		t.Errorf("got %s, %v", out, err)
	}
	run("delete-function", "--function-name", "f")
}
