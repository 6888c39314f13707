package function

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// runnable is everything a process of a function needs to start. It does not
// change; a new configuration or new code makes a new one, with a new pool.
type runnable struct {
	config  *Config
	name    string
	arn     string // unqualified
	version string
	runtime string // "" for a command
	handler string
	dir     string // LAMBDA_TASK_ROOT and working directory
	support string // folder with what we bring along: bootstraps, byte code

	variables      map[string]string
	timeout        time.Duration
	memory         int // MB
	maxConcurrency int

	// argv finds the command when a process starts, so that an interpreter
	// installed meanwhile is found. Errors: *Error when there is none.
	argv func() ([]string, error)
}

func (r *runnable) runtimeName() string { return or(r.runtime, "command") }

// environment is the process's whole environment. The server's own variables
// stay out but for PATH. Source: Lambda guide, "Defined runtime environment
// variables".
func (r *runnable) environment(api, stream, temp string) []string {
	env := map[string]string{
		"PATH": os.Getenv("PATH"), "LANG": "en_US.UTF-8", "TZ": ":UTC",
		"TMPDIR": temp, "HOME": temp,
		"PYTHONUNBUFFERED":         "1",
		"PYTHONPYCACHEPREFIX":      filepath.Join(r.support, "pycache"),
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
	}
	if root := os.Getenv("SystemRoot"); root != "" {
		env["SystemRoot"] = root // Windows cannot open sockets without it
	}
	for k, v := range r.config.Environment {
		env[k] = v
	}
	for k, v := range r.variables {
		env[k] = v
	}
	defined := map[string]string{
		"_HANDLER":                        r.handler,
		"AWS_REGION":                      r.config.Region,
		"AWS_DEFAULT_REGION":              r.config.Region,
		"AWS_LAMBDA_FUNCTION_NAME":        r.name,
		"AWS_LAMBDA_FUNCTION_VERSION":     r.version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(r.memory),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + r.name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      stream,
		"AWS_LAMBDA_RUNTIME_API":          api,
		"LAMBDA_TASK_ROOT":                r.dir,
		"LAMBDA_RUNTIME_DIR":              r.support,
	}
	if r.runtime != "" && !strings.HasPrefix(r.runtime, "provided") {
		defined["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + r.runtime
	}
	for k, v := range defined {
		env[k] = v
	}
	list := make([]string, 0, len(env))
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	return list
}

func newHex() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
