package api

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

type verifier struct{ err error }

func (v verifier) Verify(*http.Request, []byte) error { return v.err }

func TestAdmit_servesOnlyThisMachineWithoutKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		remote, host, origin string
		verified, admitted   bool
	}{
		"loopback":                {"127.0.0.1:5", "localhost:8083", "", false, true},
		"IPv6 loopback":           {"[::1]:5", "[::1]:8083", "", false, true},
		"mapped loopback":         {"[::ffff:127.0.0.1]:5", "localhost", "", false, true},
		"an SDK's sync prefix":    {"127.0.0.1:5", "sync-localhost:8083", "", false, true},
		"another machine":         {"10.0.0.7:5", "pawl:8083", "", false, false},
		"another with keys":       {"10.0.0.7:5", "pawl:8083", "", true, true},
		"a page of ours":          {"127.0.0.1:5", "localhost:8083", "http://localhost:8083", false, true},
		"a page of ours by IP":    {"127.0.0.1:5", "127.0.0.1:8083", "http://127.0.0.1:8083", false, true},
		"a page of elsewhere":     {"127.0.0.1:5", "localhost:8083", "https://evil.example", false, false},
		"a page without origin":   {"127.0.0.1:5", "localhost:8083", "null", false, false},
		"a rebound name":          {"127.0.0.1:5", "evil.example:8083", "http://evil.example:8083", false, false},
		"a page of ours by name":  {"10.0.0.7:5", "pawl:8083", "https://pawl:8083", true, true},
		"elsewhere with keys too": {"10.0.0.7:5", "pawl:8083", "https://evil.example", true, false},
	}
	for name, test := range tests {
		h := &handler{}
		if test.verified {
			h.options.Verifier = verifier{}
		}
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr, r.Host = test.remote, test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if err := h.admit(r); (err == nil) != test.admitted {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func serve(h http.Handler, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
	r.RemoteAddr = "127.0.0.1:5"
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListActivities")
	change(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler_asksTheVerifier(t *testing.T) {
	t.Parallel()
	h := New(nil, Options{Verifier: verifier{errors.New("The signature does not match.")}})
	w := serve(h, func(*http.Request) {})
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `#InvalidSignatureException","message":"The signature does not match."`) {
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
