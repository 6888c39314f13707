package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

var signedAt = time.Date(2026, 9, 23, 21, 44, 47, 0, time.UTC)

const (
	testID     = "AKIAIOSFODNN7EXAMPLE"
	testSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

func newVerifier(t testing.TB, now time.Time) *Verifier {
	t.Helper()
	v, err := New([]Key{{AccessKeyID: testID, Secret: testSecret, Name: "ann"}}, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// request is a request before it is signed.
func request(t testing.TB, method, url, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Meta", "  a   b ")
	r.Header.Set("User-Agent", "test")
	return r
}

// signedRequest is signed by AWS's own signer.
func signedRequest(t testing.TB, method, url, body string) *http.Request {
	t.Helper()
	r := request(t, method, url, body)
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: testID, SecretAccessKey: testSecret},
		r, hash(body), "states", "us-east-1", signedAt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// verify returns the error of a request: its code, a colon and its message.
func verify(v *Verifier, r *http.Request, body string) (*Caller, error) {
	p, err := v.Open(r, "states")
	if err != nil {
		return nil, err
	}
	return p.Verify([]byte(body))
}

func TestVerify_knowsWhatAWSSigns(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"http://127.0.0.1:8083/",
		"http://127.0.0.1:8083",
		"http://pawl.example/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af/invocations?Qualifier=%24LATEST",
		"http://pawl.example/a%20b/c:d/%C3%A9?b=2&a=1&a=0&a-b=x%20y&empty=&plus=%2B",
	} {
		for _, body := range []string{"", `{"input":"{}"}`} {
			c, err := verify(newVerifier(t, signedAt), signedRequest(t, http.MethodPost, url, body), body)
			if err != nil {
				t.Errorf("%s: %v", url, err)
				continue
			}
			if got := c.ARN(); got != "arn:aws:iam::123456789012:user/ann" {
				t.Errorf("caller is %s", got)
			}
		}
	}
}

func TestVerify_refusesWhatWasChanged(t *testing.T) {
	t.Parallel()
	const url, body = "http://pawl.example/x?a=1", `{"input":"{}"}`
	tests := map[string]struct {
		change func(r *http.Request)
		want   Code
	}{
		"method":            {func(r *http.Request) { r.Method = http.MethodPut }, InvalidSignature},
		"path":              {func(r *http.Request) { r.URL.Path = "/y" }, InvalidSignature},
		"query":             {func(r *http.Request) { r.URL.RawQuery = "a=2" }, InvalidSignature},
		"another parameter": {func(r *http.Request) { r.URL.RawQuery += "&b=1" }, InvalidSignature},
		"host":              {func(r *http.Request) { r.Host = "evil.example" }, InvalidSignature},
		"target":            {func(r *http.Request) { r.Header.Set("X-Amz-Target", "AWSStepFunctions.StopExecution") }, InvalidSignature},
		"target twice":      {func(r *http.Request) { r.Header.Add("X-Amz-Target", "AWSStepFunctions.StopExecution") }, InvalidSignature},
		"content type":      {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, InvalidSignature},
		"meaning of blanks": {func(r *http.Request) { r.Header.Set("X-Amz-Meta", "ab") }, InvalidSignature},
		"date":              {func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260923T214448Z") }, InvalidSignature},
		"day":               {func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260922T214447Z") }, InvalidSignature},
		"no date":           {func(r *http.Request) { r.Header.Del("X-Amz-Date") }, IncompleteSignature},
		"two dates":         {func(r *http.Request) { r.Header.Add("X-Amz-Date", "20260923T214447Z") }, IncompleteSignature},
		"an unsigned one":   {func(r *http.Request) { r.Header.Set("X-Amz-Invocation-Type", "Event") }, InvalidSignature},
		"no authorization":  {func(r *http.Request) { r.Header.Del("Authorization") }, MissingAuthentication},
		"two of them":       {func(r *http.Request) { r.Header.Add("Authorization", "x") }, IncompleteSignature},
		"a bearer token":    {func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, IncompleteSignature},
		"unknown key":       {replaceInAuthorization(testID, "AKIAUNKNOWN"), UnrecognizedClient},
		"region":            {replaceInAuthorization("us-east-1", "us-east-2"), InvalidSignature},
		"service":           {replaceInAuthorization("/states/", "/lambda/"), InvalidSignature},
		"terminator":        {replaceInAuthorization("aws4_request", "aws5_request"), InvalidSignature},
		"no host":           {replaceInAuthorization(";host;", ";"), InvalidSignature},
		"a header twice":    {replaceInAuthorization(";host;", ";host;host;"), IncompleteSignature},
		"a header less":     {replaceInAuthorization("content-type;", ""), InvalidSignature},
		"target not signed": {replaceInAuthorization(";x-amz-target", ""), InvalidSignature},
		"no signature":      {replaceInAuthorization("Signature=", "Sig="), IncompleteSignature},
		"empty signature":   {func(r *http.Request) { cutAuthorization(r, "Signature=") }, IncompleteSignature},
		"short signature":   {func(r *http.Request) { cutAuthorization(r, "Signature=ab") }, InvalidSignature},
	}
	for name, test := range tests {
		r := signedRequest(t, http.MethodPost, url, body)
		test.change(r)
		_, err := verify(newVerifier(t, signedAt), r, body)
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
	if _, err := verify(newVerifier(t, signedAt), signedRequest(t, http.MethodPost, url, body), body+" "); err == nil {
		t.Error("body: it was accepted")
	}
}

func replaceInAuthorization(old, new string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
	}
}

// cutAuthorization replaces the signature.
func cutAuthorization(r *http.Request, end string) {
	before, _, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	r.Header.Set("Authorization", before+end)
}

func TestVerify_refusesAnotherSecret(t *testing.T) {
	t.Parallel()
	v, err := New([]Key{{AccessKeyID: testID, Secret: "another"}}, Options{Now: func() time.Time { return signedAt }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = verify(v, signedRequest(t, http.MethodPost, "http://h/", ""), "")
	if err == nil || err.Error() != "InvalidSignatureException: "+mismatch {
		t.Errorf("got %v", err)
	}
}

func TestVerify_takesFiveMinutes(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{
		-5 * time.Minute:             "",
		5 * time.Minute:              "",
		-5*time.Minute - time.Second: "InvalidSignatureException: Signature not yet current: 20260923T214447Z is still later than 20260923T214446Z (20260923T213946Z + 5 min.)",
		5*time.Minute + time.Second:  "InvalidSignatureException: Signature expired: 20260923T214447Z is now earlier than 20260923T214448Z (20260923T214948Z - 5 min.)",
	} {
		_, err := verify(newVerifier(t, signedAt.Add(after)), signedRequest(t, http.MethodPost, "http://h/", ""), "")
		if got := fmt.Sprint(err); got != want && !(err == nil && want == "") {
			t.Errorf("%v: got %s", after, got)
		}
	}
}

// Some clients sign the header Date, which is not AWS's own.
func TestVerify_readsTheDateHeader(t *testing.T) {
	t.Parallel()
	sign := func(headers string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "http://h/", nil)
		r.Header.Set("Date", signedAt.Format(http.TimeFormat))
		c := &claim{accessKeyID: testID, date: "20260923", region: "eu", service: "states", signedHeaders: strings.Split(headers, ";"), at: signedAt}
		r.Header.Set("Authorization", algorithm+" Credential="+testID+"/"+c.scope()+",SignedHeaders="+headers+",Signature="+
			string(sign(signingKey(testSecret, c), c, canonicalRequest(r, nil, c, nil))))
		return r
	}
	if _, err := verify(newVerifier(t, signedAt), sign("date;host"), ""); err != nil {
		t.Error(err)
	}
	if _, err := verify(newVerifier(t, signedAt), sign("host"), ""); err == nil {
		t.Error("a date that is not signed was accepted")
	}
}

func TestVerify_knowsPresignedURLs(t *testing.T) {
	t.Parallel()
	presign := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "http://h/2015-03-31/functions/f?X-Amz-Expires=600&a=b%20c", nil)
		url, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: testID, SecretAccessKey: testSecret},
			r, hash(""), "states", "us-east-1", signedAt)
		if err != nil {
			t.Fatal(err)
		}
		return httptest.NewRequest(http.MethodGet, url, nil)
	}
	tests := map[string]struct {
		after  time.Duration
		change func(*http.Request)
		want   Code
	}{
		"at once":      {0, nil, ""},
		"in time":      {10 * time.Minute, nil, ""},
		"too late":     {10*time.Minute + time.Second, nil, InvalidSignature},
		"too early":    {-6 * time.Minute, nil, InvalidSignature},
		"expiry":       {0, func(r *http.Request) { replaceInQuery(r, "Expires=600", "Expires=6000") }, InvalidSignature},
		"too long":     {0, func(r *http.Request) { replaceInQuery(r, "Expires=600", "Expires=604801") }, IncompleteSignature},
		"no number":    {0, func(r *http.Request) { replaceInQuery(r, "Expires=600", "Expires=x") }, IncompleteSignature},
		"parameter":    {0, func(r *http.Request) { replaceInQuery(r, "a=b", "a=c") }, InvalidSignature},
		"twice":        {0, func(r *http.Request) { r.URL.RawQuery += "&X-Amz-Date=20260923T214447Z" }, IncompleteSignature},
		"a header":     {0, func(r *http.Request) { r.Header.Set("X-Amz-Target", "x") }, InvalidSignature},
		"malformed":    {0, func(r *http.Request) { r.URL.RawQuery += "&%zz" }, IncompleteSignature},
		"no algorithm": {0, func(r *http.Request) { replaceInQuery(r, "HMAC", "RSA") }, IncompleteSignature},
	}
	for name, test := range tests {
		r := presign()
		if test.change != nil {
			test.change(r)
		}
		_, err := verify(newVerifier(t, signedAt.Add(test.after)), r, "")
		var refused *Error
		if errors.As(err, &refused); (refused == nil) != (test.want == "") || refused != nil && refused.Code != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func replaceInQuery(r *http.Request, old, new string) {
	r.URL.RawQuery = strings.Replace(r.URL.RawQuery, old, new, 1)
}

func TestNew_refusesAKeyTwice(t *testing.T) {
	t.Parallel()
	if _, err := New([]Key{{AccessKeyID: "A", Secret: "s"}, {AccessKeyID: "A", Secret: "t"}}, Options{}); err == nil {
		t.Error("it was accepted")
	}
	if _, err := New(nil, Options{}); err == nil {
		t.Error("no keys were accepted")
	}
}

func TestSecret_isNotPrinted(t *testing.T) {
	t.Parallel()
	k := Key{AccessKeyID: "A", Secret: "hush"}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&b, verb+" "+verb+"\n", k, &k)
	}
	if strings.Contains(b.String(), "hush") || strings.Contains(b.String(), hex.EncodeToString([]byte("hush"))) {
		t.Error(b.String())
	}
}

func FuzzParseAuthorization(f *testing.F) {
	f.Add(algorithm + " Credential=" + testID + "/20260923/us-east-1/states/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + strings.Repeat("a", 64))
	f.Add(algorithm + " Credential=////,SignedHeaders=;;,Signature=,,")
	f.Add("AWS4-HMAC-SHA256")
	f.Fuzz(func(t *testing.T, header string) {
		c, err := parseAuthorization(header)
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) || c != nil {
				t.Fatalf("got %v, %v", c, err)
			}
			return
		}
		printed := algorithm + " Credential=" + c.accessKeyID + "/" + c.scope() +
			", SignedHeaders=" + strings.Join(c.signedHeaders, ";") + ", Signature=" + c.signature
		again, err := parseAuthorization(printed)
		if err != nil || fmt.Sprint(*again) != fmt.Sprint(*c) {
			t.Fatalf("%q prints as %q, which is %v, %v", header, printed, again, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	body := `{"input":"{}","stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m"}`
	v, r := newVerifier(b, signedAt), signedRequest(b, http.MethodPost, "http://127.0.0.1:8083/", body)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verify(v, r, body); err != nil {
			b.Fatal(err)
		}
	}
}
