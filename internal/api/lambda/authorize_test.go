package lambda

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"pawl.dev/internal/auth"
)

const keys = `
- {accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: secret}
- accessKeyId: AKIALIMITED
  secretAccessKey: other
  name: ci
  policy: {Statement: [{Effect: Allow, Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f"}]}
`

func newKeyedBed(t *testing.T) *bed {
	t.Helper()
	list, err := auth.ParseKeys([]byte(keys))
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.New(list, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newBedWith(t, Options{Verifier: v})
}

func as(id, secret string) func(*sdk.Options) {
	return func(o *sdk.Options) { o.Credentials = credentials.NewStaticCredentialsProvider(id, secret, "") }
}

func TestKeys_letTheSDKIn(t *testing.T) {
	t.Parallel()
	needCurl(t)
	b := newKeyedBed(t)
	b.create("f")
	for _, name := range []string{"f", "123456789012:function:f", arnPrefix + "f"} {
		out, err := b.client.Invoke(b.Context(), &sdk.InvokeInput{FunctionName: &name, Payload: []byte(`{"a": "é"}`)}, as("AKIALIMITED", "other"))
		if err != nil || string(out.Payload) != `{"a": "é"}` {
			t.Errorf("%s: got %v, %v", name, out, err)
		}
	}
	list, err := b.client.ListFunctions(b.Context(), &sdk.ListFunctionsInput{})
	if err != nil || len(list.Functions) != 1 {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestKeys_keepOthersOut(t *testing.T) {
	t.Parallel()
	b := newKeyedBed(t)
	invoke := func(name string, change func(*sdk.Options)) error {
		_, err := b.client.Invoke(b.Context(), &sdk.InvokeInput{FunctionName: &name}, change)
		return err
	}
	b.wantError(invoke("f", as("AKIANOBODY", "x")), "UnrecognizedClientException", "The security token included in the request is invalid.")
	denied := "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: lambda:"
	why := " because no identity-based policy allows the lambda:"
	b.wantError(invoke("g", as("AKIALIMITED", "other")), "AccessDeniedException", denied+"InvokeFunction on resource: "+arnPrefix+"g"+why+"InvokeFunction action")
	b.wantError(invoke("f:1", as("AKIALIMITED", "other")), "AccessDeniedException", denied+"InvokeFunction on resource: "+arnPrefix+"f:1"+why+"InvokeFunction action")
	_, err := b.client.ListFunctions(b.Context(), &sdk.ListFunctionsInput{}, as("AKIALIMITED", "other"))
	b.wantError(err, "AccessDeniedException", denied+"ListFunctions on resource: *"+why+"ListFunctions action")
	_, err = b.client.CreateFunction(b.Context(), &sdk.CreateFunctionInput{FunctionName: aws.String("f"), Role: aws.String("arn:aws:iam::123456789012:role/r"), Code: &types.FunctionCode{}}, as("AKIALIMITED", "other"))
	if err == nil || !strings.Contains(err.Error(), "lambda:CreateFunction on resource: "+arnPrefix+"f") {
		t.Errorf("got %v", err)
	}
	res, err := http.Post(b.url+"/2015-03-31/functions/f/invocations", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusForbidden || res.Header.Get("X-Amzn-Errortype") != "MissingAuthenticationTokenException" || string(body) != `{"message":"Missing Authentication Token"}` {
		t.Errorf("got %d %v %s", res.StatusCode, res.Header, body)
	}
}

// A web page must not upload a function to the machine of who reads it.
func TestWithoutKeys_onlyThisMachineIsServed(t *testing.T) {
	t.Parallel()
	h := New(nil, Options{})
	for name, change := range map[string]func(*http.Request){
		"another machine":     func(r *http.Request) { r.RemoteAddr = "10.0.0.7:5" },
		"a page of elsewhere": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	} {
		r := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions", strings.NewReader("{}"))
		r.RemoteAddr = "127.0.0.1:5"
		change(r)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || w.Header().Get("X-Amzn-Errortype") != "AccessDeniedException" {
			t.Errorf("%s: got %d %v", name, w.Code, w.Header())
		}
	}
}
