package api

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
