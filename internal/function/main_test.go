package function

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// bootstrapVariable makes the test binary a function's process.
const bootstrapVariable = "PAWL_TEST_BOOTSTRAP"

func TestMain(m *testing.M) {
	if mode := os.Getenv(bootstrapVariable); mode != "" {
		runBootstrap(mode)
		return
	}
	goleak.VerifyTestMain(m)
}

// order is what a test's event tells the bootstrap to do.
type order struct {
	Echo     json.RawMessage
	Print    string
	SleepMS  int
	Exit     *int
	Signal   bool // ends by SIGKILL
	Fail     string
	Big      int // bytes of the answer
	Chunked  bool
	Alloc    int // MB
	Raw      string
	Env      bool
	Child    string // starts a child that outlives its parent, pid into this file
	Wait     string // until this file exists
	Trailers bool
}

// runBootstrap is a Runtime API client as third parties write them: net/http,
// one request at a time.
func runBootstrap(mode string) {
	base := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/"
	switch mode {
	case "exit":
		os.Exit(3)
	case "init-error":
		post(base+"init/error", "Runtime.Boom", strings.NewReader(`{"errorMessage":"no database","errorType":"Boom"}`))
		os.Exit(1)
	case "init-hang":
		time.Sleep(time.Hour)
	}
	client := &http.Client{Timeout: 0}
	for {
		res, err := client.Get(base + "invocation/next")
		if err != nil {
			os.Exit(9)
		}
		event, _ := io.ReadAll(res.Body)
		res.Body.Close()
		id := res.Header.Get("Lambda-Runtime-Aws-Request-Id")
		var o order
		if err := json.Unmarshal(event, &o); err != nil {
			o = order{Echo: event}
		}
		obey(base+"invocation/"+id, &o, event)
	}
}

func obey(url string, o *order, event []byte) {
	if o.Print != "" {
		fmt.Println(o.Print)
	}
	if o.Child != "" {
		child := exec.Command("sleep", "3600")
		if err := child.Start(); err == nil {
			os.WriteFile(o.Child, fmt.Append(nil, child.Process.Pid), 0o644)
		}
	}
	for o.Wait != "" {
		if _, err := os.Stat(o.Wait); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Duration(o.SleepMS) * time.Millisecond)
	if o.Exit != nil {
		os.Exit(*o.Exit)
	}
	if o.Signal {
		p, _ := os.FindProcess(os.Getpid())
		p.Kill()
		select {}
	}
	if o.Alloc > 0 {
		hold := make([]byte, o.Alloc<<20)
		for i := 0; i < len(hold); i += 4096 {
			hold[i] = 1
		}
		time.Sleep(time.Hour)
		fmt.Println(len(hold))
	}
	switch {
	case o.Fail != "":
		post(url+"/error", "Function.Failed", strings.NewReader(o.Fail))
	case o.Big > 0:
		var body io.Reader = bytes.NewReader(bytes.Repeat([]byte("x"), o.Big))
		if o.Chunked {
			body = io.MultiReader(body) // of unknown length
		}
		post(url+"/response", "", body)
	case o.Trailers:
		req, _ := http.NewRequest("POST", url+"/response", io.MultiReader(strings.NewReader("partial")))
		req.Header.Set("Lambda-Runtime-Function-Response-Mode", "streaming")
		req.Trailer = http.Header{"Lambda-Runtime-Function-Error-Type": {"Boom"}, "Lambda-Runtime-Function-Error-Body": {"eyJlcnJvclR5cGUiOiJCb29tIn0="}}
		do(req)
	case o.Raw != "":
		post(url+"/response", "", strings.NewReader(o.Raw))
	case o.Env:
		b, _ := json.Marshal(os.Environ())
		post(url+"/response", "", bytes.NewReader(b))
	case o.Echo != nil:
		post(url+"/response", "", bytes.NewReader(o.Echo))
	default:
		post(url+"/response", "", bytes.NewReader(event))
	}
}

func post(url, errorType string, body io.Reader) {
	req, _ := http.NewRequest("POST", url, body)
	if errorType != "" {
		req.Header.Set("Lambda-Runtime-Function-Error-Type", errorType)
	}
	do(req)
}

func do(req *http.Request) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		os.Exit(8)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
}
