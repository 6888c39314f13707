package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"pawl.dev/internal/auth"
)

func serve(h http.Handler, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
	r.RemoteAddr = "127.0.0.1:5"
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListActivities")
	change(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler_servesOnlyThisMachineWithoutKeys(t *testing.T) {
	t.Parallel()
	w := serve(New(nil, Options{}), func(r *http.Request) { r.RemoteAddr = "10.0.0.7:5" })
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `#AccessDeniedException","Message":"Without access keys`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestHandler_survivesAPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := New(nil, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}) // no service: every operation panics
	w := serve(h, func(*http.Request) {})
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "InternalFailure") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), w.Header().Get("X-Amzn-RequestId")) {
		t.Errorf("the log says %s", log.String())
	}
}

func TestHandler_knowsOnlyPOSTOfTheRoot(t *testing.T) {
	t.Parallel()
	h := New(nil, Options{})
	for name, change := range map[string]func(*http.Request){
		"GET":        func(r *http.Request) { r.Method = http.MethodGet },
		"other path": func(r *http.Request) { r.URL.Path = "/x" },
		"no target":  func(r *http.Request) { r.Header.Del("X-Amz-Target") },
		"target of another service": func(r *http.Request) {
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
		},
	} {
		if w := serve(h, change); w.Code != 400 || !strings.Contains(w.Body.String(), "#UnknownOperationException") {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
}

// A key without rights is refused whatever it asks, on the resource that the
// request names: were an operation run, it would panic without a service.
func TestHandler_asksThePolicyOfEveryOperation(t *testing.T) {
	t.Parallel()
	keys, err := auth.ParseKeys([]byte(`[{accessKeyId: A, secretAccessKey: s, policy: {Statement: []}}]`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.New(keys, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := New(nil, Options{Verifier: v, Logger: slog.New(slog.DiscardHandler)})
	for name := range operations {
		resource, body := "*", "{}"
		if member := resourceMembers[name]; member != "" {
			resource, body = "arn:x", `{"`+member+`":"arn:x"}`
		}
		switch name {
		case "CreateActivity":
			resource, body = v.ResourceARN("states", "activity:a"), `{"name":"a"}`
		case "CreateStateMachine":
			resource, body = v.ResourceARN("states", "stateMachine:a"), `{"name":"a"}`
		case "CreateStateMachineAlias":
			resource, body = "arn:x", `{"routingConfiguration":[{"stateMachineVersionArn":"arn:x:1"}]}`
		}
		w := serve(h, func(r *http.Request) {
			r.Header.Set("X-Amz-Target", "AWSStepFunctions."+name)
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			sum := sha256.Sum256([]byte(body))
			if err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "A", SecretAccessKey: "s"},
				r, hex.EncodeToString(sum[:]), "states", "us-east-1", time.Now()); err != nil {
				t.Fatal(err)
			}
		})
		want := "is not authorized to perform: states:" + name + " on resource: " + resource + " because"
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
}
