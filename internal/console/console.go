// Package console is the web console: the embedded pages and the HTTP API they
// read, a skin over the service. It shows what the service answers and decides
// nothing; it runs nothing and stores nothing.
//
// The pages are built from ui/ into dist/, which is committed, so that a Go build
// needs no Node. Everything is served under /console/ and nothing on the pages
// comes from elsewhere.
package console

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"pawl.dev/internal/service"
)

// Base is the path under which everything is served.
const Base = "/console/"

// api is the path of the console's own API. It is no public interface: it
// changes with the pages.
const api = Base + "api/v1"

// Options are how the console is served. The zero Options are ready.
type Options struct {
	Account string // of all ARNs; default "123456789012"
	Region  string // of all ARNs; default "us-east-1"
	Version string // shown on the pages; may be ""

	// Functions are shown on their page; nil: the page says there are none.
	Functions Functions
	// Done ends all streams when it is closed, so that a server can stop.
	Done <-chan struct{}
	// Poll is the shortest time between two looks at a running execution that
	// is watched; default 100 ms. It grows to 20 times as much while nothing
	// happens.
	Poll   time.Duration
	Logger *slog.Logger // for internal errors; default slog.Default()
}

// New returns the handler of everything under Base.
func New(s *service.Service, o Options) http.Handler {
	if o.Account == "" {
		o.Account = "123456789012"
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Poll == 0 {
		o.Poll = 100 * time.Millisecond
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	h := &handler{service: s, options: o, pages: newPages(dist)}
	h.mux = h.routes()
	return h
}

// Welcome leads a browser that asks for the server's root to the console;
// everything else is next's.
func Welcome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/" && strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Redirect(w, r, Base, http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

type handler struct {
	service *service.Service
	options Options
	pages   *pages
	mux     *http.ServeMux
	streams atomic.Int64 // open now
}

func (h *handler) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]endpoint{
		"GET /info":                 h.info,
		"GET /machines":             h.machines,
		"GET /machines/{name}":      h.machine,
		"GET /machines/{name}/runs": h.machineExecutions,
		"POST /machines/{name}/run": h.start,
		"GET /executions":           h.newest,
		"GET /execution":            h.execution,
		"GET /execution/definition": h.executionDefinition,
		"GET /execution/events":     h.events,
		"GET /execution/event":      h.event,
		"GET /execution/map-runs":   h.mapRuns,
		"POST /execution/stop":      h.stop,
		"POST /execution/redrive":   h.redrive,
		"GET /map-run":              h.mapRun,
		"GET /map-run/executions":   h.mapRunExecutions,
		"GET /functions":            h.functions,
		"GET /functions/{name}/log": h.functionLog,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+api+path, h.answer(serve))
	}
	mux.HandleFunc("GET "+api+"/execution/stream", h.stream)
	mux.HandleFunc("GET "+api+"/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, problem{Code: "NotFound", Message: "The console has no such operation."})
	})
	mux.Handle("GET "+Base, h.pages)
	return mux
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if panicked := recover(); panicked != nil && panicked != http.ErrAbortHandler {
			h.options.Logger.Error("panic while serving the console", "path", r.URL.Path,
				"panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
			writeError(w, http.StatusInternalServerError, internal)
		}
	}()
	protect(w.Header())
	if why := refuses(r); why != "" {
		writeError(w, http.StatusForbidden, problem{Code: "AccessDenied", Message: why})
		return
	}
	h.mux.ServeHTTP(w, r)
}

// info tells the pages who they talk to.
func (h *handler) info(*http.Request) (any, error) {
	return map[string]string{"arnPrefix": h.arnPrefix(), "version": h.options.Version}, nil
}

func (h *handler) arnPrefix() string {
	return "arn:aws:states:" + h.options.Region + ":" + h.options.Account + ":"
}

func (h *handler) machineARN(name string) string { return h.arnPrefix() + "stateMachine:" + name }
