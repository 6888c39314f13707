// Package e2e drives the built binary with real clients: the AWS SDK for Go, the
// AWS CLI where it is installed, and kill -9.
package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go/middleware"
)

// binary is the path of pawl, built once for all tests.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pawl-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }() // a left-over directory fails no test
	binary = filepath.Join(dir, "pawl")
	build := exec.Command("go", "build", "-o", binary, "pawl.dev/cmd/pawl")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// slow skips tests that take long, unless they are asked for.
func slow(t *testing.T) {
	t.Helper()
	if os.Getenv("PAWL_SLOW") == "" {
		t.Skip("slow: set PAWL_SLOW=1")
	}
}

// server is a pawl process that serves.
type server struct {
	t         *testing.T
	data      string
	functions string
	url       string
	cmd       *exec.Cmd
	exited    chan error
	once      sync.Once
}

// serve starts pawl on a free port.
func serve(t *testing.T, data, functions string) *server {
	t.Helper()
	s := &server{t: t, data: data, functions: functions}
	s.start("127.0.0.1:0")
	t.Cleanup(s.kill)
	return s
}

func (s *server) start(listen string) {
	s.t.Helper()
	s.cmd = exec.Command(binary, "serve", "--listen", listen, "--data", s.data, "--functions", s.functions)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var stderr strings.Builder
	s.cmd.Stderr = &stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "AWS_ENDPOINT_URL_SFN="); ok {
			s.url = url
			break
		}
	}
	if s.url == "" {
		s.t.Fatalf("the server did not start: %s", stderr.String())
	}
	s.exited = make(chan error, 1)
	go func() {
		for lines.Scan() { // nobody reads the rest
		}
		s.exited <- s.cmd.Wait()
	}()
	s.once = sync.Once{}
}

// kill is kill -9.
func (s *server) kill() {
	s.once.Do(func() {
		_ = s.cmd.Process.Kill() // it may have ended by itself
		<-s.exited
	})
}

// stop ends the server as Ctrl-C does and waits for it.
func (s *server) stop() error {
	err := error(nil)
	s.once.Do(func() {
		if err = s.cmd.Process.Signal(os.Interrupt); err == nil {
			err = <-s.exited
		}
	})
	return err
}

// restart starts the server again on the same address and data.
func (s *server) restart() {
	s.t.Helper()
	s.start(strings.TrimPrefix(s.url, "http://"))
}

var keys = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")

func (s *server) sfn() *sfn.Client {
	return sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(s.url), Credentials: keys,
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			// Only StartSyncExecution and TestState have a host prefix.
			_, _ = stack.Finalize.Remove("EndpointHostPrefix")
			return nil
		}},
	})
}

func (s *server) lambda() *lambdasdk.Client {
	return lambdasdk.New(lambdasdk.Options{Region: "us-east-1", BaseEndpoint: aws.String(s.url), Credentials: keys})
}

const role = "arn:aws:iam::123456789012:role/r"

func createMachine(t *testing.T, c *sfn.Client, name, definition string) string {
	t.Helper()
	out, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: &name, Definition: &definition, RoleArn: aws.String(role)})
	if err != nil {
		t.Fatal(err)
	}
	return *out.StateMachineArn
}

func startExecution(t *testing.T, c *sfn.Client, machine, name, input string) string {
	t.Helper()
	out, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Name: &name, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return *out.ExecutionArn
}

// ended polls until the execution has ended.
func ended(t *testing.T, c *sfn.Client, arn string) *sfn.DescribeExecutionOutput {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		x, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		if err != nil {
			t.Fatal(err)
		}
		if x.Status != "RUNNING" {
			return x
		}
		<-tick.C
	}
}
