package console

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
	"pawl.dev/internal/store/pebblestore"
)

const (
	prefix  = "arn:aws:states:us-east-1:123456789012:"
	passing = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
)

// fixture is a console over a service whose host runs nothing.
type fixture struct {
	t       *testing.T
	host    *servicetest.Host
	service *service.Service
	handler http.Handler
}

func newFixture(t *testing.T, change ...func(*Options)) *fixture {
	t.Helper()
	st, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{t: t, host: &servicetest.Host{}}
	f.service = service.New(st, f.host, service.Config{Logger: slog.New(slog.DiscardHandler)})
	options := Options{Poll: time.Millisecond, Logger: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&options)
	}
	f.handler = New(f.service, options)
	for name, kind := range map[string]asl.MachineType{"one": asl.Standard, "quick": asl.Express} {
		_, err := f.service.CreateStateMachine(context.Background(), service.CreateStateMachineInput{
			Name: name, Type: kind, Definition: passing, RoleARN: "arn:aws:iam::123456789012:role/r",
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func request(method, path, body string, change ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:5", "localhost:8083"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	return r
}

func (f *fixture) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// call returns the decoded answer to a request of the API, which must have the
// status.
func (f *fixture) call(method, path, body string, status int) map[string]any {
	f.t.Helper()
	w := f.serve(request(method, api+path, body))
	if w.Code != status {
		f.t.Fatalf("%s %s: got %d %s", method, path, w.Code, w.Body)
	}
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}

// start starts an execution of the state machine "one" and gives it a history.
func (f *fixture) start(name string, events ...history.Event) string {
	f.t.Helper()
	input := `{"n":1}`
	started, err := f.service.StartExecution(context.Background(), service.StartExecutionInput{
		StateMachineARN: prefix + "stateMachine:one", Name: name, Input: &input,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.record(name, events...)
	return started.ExecutionARN
}

func TestAPI_listsAndDescribes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	arn := f.start("e1")
	machines := f.call("GET", "/machines", "", 200)["items"].([]any)
	if len(machines) != 2 {
		t.Fatalf("got %d machines", len(machines))
	}
	one, quick := machines[0].(map[string]any), machines[1].(map[string]any)
	if one["type"] != "STANDARD" || one["running"] != 1.0 || len(one["recent"].([]any)) != 1 {
		t.Errorf("one: %v", one)
	}
	if quick["type"] != "EXPRESS" || quick["recent"] != nil {
		t.Errorf("quick: %v", quick)
	}
	if m := f.call("GET", "/machines/one", "", 200); m["definition"] != passing || m["type"] != "STANDARD" {
		t.Errorf("machine: %v", m)
	}
	row := f.call("GET", "/machines/one/runs?status=RUNNING", "", 200)["items"].([]any)[0].(map[string]any)
	delete(row, "start")
	want := map[string]any{"arn": arn, "machine": "one", "name": "e1", "status": "RUNNING", "stop": nil}
	if diff := cmp.Diff(want, row); diff != "" {
		t.Error(diff)
	}
	if all := f.call("GET", "/executions", "", 200)["items"].([]any); len(all) != 1 {
		t.Errorf("newest: %v", all)
	}
	if x := f.call("GET", "/execution?arn="+arn, "", 200); x["input"] != `{"n":1}` || x["output"] != "" || x["error"] != nil {
		t.Errorf("execution: %v", x)
	}
	if m := f.call("GET", "/execution/definition?arn="+arn, "", 200); m["definition"] != passing {
		t.Errorf("definition: %v", m)
	}
	if info := f.call("GET", "/info", "", 200); info["arnPrefix"] != prefix {
		t.Errorf("info: %v", info)
	}
	if none := f.call("GET", "/functions", "", 200)["items"].([]any); len(none) != 0 {
		t.Errorf("functions: %v", none)
	}
}

func TestAPI_startsAndStops(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	arn := f.call("POST", "/machines/one/run", `{"name":"by-hand","input":"{\"a\":1}"}`, 200)["arn"]
	if arn != prefix+"execution:one:by-hand" {
		t.Fatalf("got %v", arn)
	}
	f.call("POST", "/execution/stop?arn="+arn.(string), `{"cause":"enough"}`, 200)
	if x := f.call("GET", "/execution?arn="+arn.(string), "", 200); x["status"] != "ABORTED" || x["cause"] != "enough" {
		t.Errorf("stopped: %v", x)
	}
	if x := f.call("GET", "/execution?arn="+arn.(string), "", 200); x["redrivable"] != true {
		t.Errorf("stopped: %v", x)
	}
	if at := f.call("POST", "/execution/redrive?arn="+arn.(string), `{}`, 200)["redrive"]; at == nil {
		t.Error("redriven at no time")
	}
	ended := f.call("POST", "/machines/quick/run", `{"input":"[1]"}`, 200)["ended"].(map[string]any)
	if ended["output"] != "[1]" || ended["status"] != "SUCCEEDED" {
		t.Errorf("express: %v", ended)
	}
}

func TestAPI_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	tests := []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"GET", "/machines/none", "", 404, "StateMachineDoesNotExist"},
		{"GET", "/execution?arn=" + prefix + "execution:one:none", "", 404, "ExecutionDoesNotExist"},
		{"GET", "/execution?arn=x", "", 400, "InvalidArn"},
		{"GET", "/execution/stream?arn=" + prefix + "execution:one:none", "", 404, "ExecutionDoesNotExist"},
		{"GET", "/map-run?arn=" + prefix + "mapRun:one/M:no", "", 404, "ResourceNotFound"},
		{"GET", "/machines/one/runs?status=ODD", "", 400, "ValidationException"},
		{"GET", "/machines/one/runs?limit=0", "", 400, "ValidationException"},
		{"GET", "/machines/one/runs?next=zzz", "", 400, "InvalidToken"},
		{"POST", "/machines/one/run", `{"input":"{"}`, 400, "InvalidExecutionInput"},
		{"POST", "/machines/one/run", `{`, 400, "ValidationException"},
		{"GET", "/nothing", "", 404, "NotFound"},
	}
	for _, test := range tests {
		got := f.call(test.method, test.path, test.body, test.status)["error"].(map[string]any)
		if got["code"] != test.code {
			t.Errorf("%s %s: got %v", test.method, test.path, got)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	tests := map[string]struct {
		method string
		change func(*http.Request)
		status int
	}{
		"this machine":        {"GET", func(*http.Request) {}, 200},
		"IPv6":                {"GET", func(r *http.Request) { r.RemoteAddr, r.Host = "[::1]:5", "[::1]:8083" }, 200},
		"our page":            {"GET", header("Origin", "http://localhost:8083"), 200},
		"another machine":     {"GET", func(r *http.Request) { r.RemoteAddr = "10.0.0.7:5" }, 403},
		"a rebound name":      {"GET", func(r *http.Request) { r.Host = "evil.example" }, 403},
		"a page of elsewhere": {"GET", header("Origin", "https://evil.example"), 403},
		"a page unnamed":      {"GET", header("Origin", "null"), 403},
		"an image elsewhere":  {"GET", header("Sec-Fetch-Site", "cross-site"), 403},
		"through a proxy":     {"GET", header("X-Forwarded-For", "10.0.0.7"), 403},
		"a form":              {"POST", header("Content-Type", "text/plain"), 403},
	}
	for name, test := range tests {
		path := api + "/info"
		if test.method == "POST" {
			path = api + "/machines/one/run"
		}
		if w := f.serve(request(test.method, path, "{}", test.change)); w.Code != test.status {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	p := newPages(fstest.MapFS{
		"index.html":      {Data: []byte("<title>Pawl</title>")},
		"assets/app-1.js": {Data: []byte(strings.Repeat("let a = 1;\n", 200))},
	})
	serve := func(path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, request("GET", path, "", change...))
		return w
	}
	for _, view := range []string{Base, Base + "executions/one/e.1", Base + "anything"} {
		if w := serve(view); w.Code != 200 || w.Body.String() != "<title>Pawl</title>" || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: got %d %s", view, w.Code, w.Body)
		}
	}
	zipped := serve(Base+"assets/app-1.js", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Body.Len() > 200 || !strings.Contains(zipped.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("zipped: %v, %d bytes", zipped.Header(), zipped.Body.Len())
	}
	if w := serve(Base+"assets/app-1.js", func(r *http.Request) { r.Header.Set("If-None-Match", zipped.Header().Get("ETag")) }); w.Code != 304 {
		t.Errorf("known: got %d", w.Code)
	}
	for _, missing := range []string{Base + "assets/app-2.js", Base + "assets/../../console.go", Base + "favicon.svg"} {
		if w := serve(missing); w.Code != 404 {
			t.Errorf("%s: got %d", missing, w.Code)
		}
	}
}

// TestBuilt looks at the pages that are embedded: they must be there and name
// only files that are there, too.
func TestBuilt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.serve(request("GET", Base, ""))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy: %s", csp)
	}
	page, named := w.Body.String(), 0
	for _, part := range strings.Split(page, `"`) {
		if !strings.HasPrefix(part, Base) {
			continue
		}
		named++
		if w := f.serve(request("GET", part, "")); w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s: got %d", part, w.Code)
		}
	}
	if named < 3 {
		t.Errorf("the page names %d files: %s", named, page)
	}
}

func TestWelcome(t *testing.T) {
	t.Parallel()
	other := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	tests := map[string]struct {
		method, path, accept string
		status               int
	}{
		"browser":   {"GET", "/", "text/html,application/xhtml+xml", 302},
		"curl":      {"GET", "/", "*/*", 418},
		"SDK":       {"POST", "/", "", 418},
		"elsewhere": {"GET", "/x", "text/html", 418},
	}
	for name, test := range tests {
		r := request(test.method, test.path, "")
		r.Header.Set("Accept", test.accept)
		w := httptest.NewRecorder()
		if Welcome(other).ServeHTTP(w, r); w.Code != test.status {
			t.Errorf("%s: got %d", name, w.Code)
		}
	}
}
