package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pawl.dev/internal/api"
	"pawl.dev/internal/api/lambda"
	"pawl.dev/internal/auth"
	"pawl.dev/internal/awsapi"
	"pawl.dev/internal/console"
	"pawl.dev/internal/execlog"
	"pawl.dev/internal/function"
	"pawl.dev/internal/host"
	"pawl.dev/internal/objects"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/task"
	"pawl.dev/internal/task/awssdk"
	lambdatask "pawl.dev/internal/task/lambda"
	"pawl.dev/internal/task/optimized"
	"pawl.dev/internal/task/states"
)

// nodeConfig says what one Pawl process keeps and where.
type nodeConfig struct {
	data         string // directory of everything that is kept
	functions    string // directory of declared functions; "" for none
	account      string
	region       string
	mounts       map[string]string // directories that are buckets, by the bucket's name
	s3Endpoint   string            // of buckets that are no local directories
	s3           bool              // use S3 for buckets that are no local directories
	awsModels    string            // file with models of more AWS services; "" for none
	logsEndpoint string            // CloudWatch Logs for execution logs; "" for what the environment says
	// declared are functions of the program itself. They are made known before
	// the host opens: what it recovers may call them at once.
	declared []function.Declared
	// maxProcesses bounds the processes of one function; 0: the default.
	maxProcesses int
	log          *slog.Logger
}

// flags adds the flags that every command with a node has.
func (c *nodeConfig) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.data, "data", "./pawl-data", "directory of everything that is kept; bucket B is DATA/buckets/B")
	c.flagsButData(cmd)
}

// flagsButData adds the flags that every command with a node has, but --data,
// which means something else for executions that nobody keeps.
func (c *nodeConfig) flagsButData(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var((*mountFlag)(&c.mounts), "bucket", "directory that is the bucket NAME; can be given often")
	f.StringVar(&c.functions, "functions", "./functions", "directory of functions: each folder FUNCTIONS/NAME is the function NAME")
	f.StringVar(&c.region, "region", "us-east-1", "region in all ARNs")
	f.StringVar(&c.account, "account", "123456789012", "account in all ARNs")
	f.StringVar(&c.awsModels, "aws-models", "", "file with models of AWS services that this release does not know")
	f.BoolVar(&c.s3, "s3", false, "read and write buckets that are no local directories on S3, as the AWS configuration says")
	f.StringVar(&c.s3Endpoint, "s3-endpoint", "", "URL of an S3-compatible server (implies --s3)")
	f.StringVar(&c.logsEndpoint, "logs-endpoint", "", "URL of CloudWatch Logs for execution logs (default: files in DATA/logs, unless AWS_ENDPOINT_URL_LOGS or AWS_ENDPOINT_URL is set)")
	f.IntVar(&c.maxProcesses, "max-processes", 0, "processes of one function at most (0: 64)")
}

// node is one Pawl process: store, functions, host and service.
type node struct {
	store      *pebblestore.Store
	functions  *function.Service
	buckets    *objects.Mux
	states     *states.Handler
	aws        *awsapi.Client
	executions *execlog.Logger
	host       *host.Host
	service    *service.Service
	console    http.Handler
	log        *slog.Logger
}

// openNode opens everything; what was running goes on running.
func openNode(ctx context.Context, c nodeConfig) (n *node, err error) {
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	n = &node{log: c.log}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if err := checkMounts(c.mounts); err != nil {
		return n, err
	}
	bucketDir := filepath.Join(c.data, "buckets")
	if err := os.MkdirAll(bucketDir, 0o750); err != nil {
		return n, fmt.Errorf("make data directory: %w", err)
	}
	if n.store, err = pebblestore.Open(filepath.Join(c.data, "store"), pebblestore.Options{Logger: c.log}); err != nil {
		return n, err
	}
	if n.buckets, err = openBuckets(ctx, bucketDir, c); err != nil {
		return n, err
	}
	declared := c.functions
	if info, err := os.Stat(declared); err != nil || !info.IsDir() {
		declared = ""
	}
	n.functions, err = function.Open(function.Config{
		Dir: filepath.Join(c.data, "functions"), Declared: declared,
		Region: c.region, Account: c.account, MaxConcurrency: c.maxProcesses, Log: c.log,
	})
	if err != nil {
		return n, err
	}
	for _, d := range c.declared {
		if err := n.functions.Declare(d); err != nil {
			return n, fmt.Errorf("declare function %s: %w", d.Name, err)
		}
	}
	tasks := new(task.Registry)
	lambdaHandler := lambdatask.New(n.functions, time.Now)
	tasks.Lambda(lambdaHandler)
	tasks.Service("lambda", lambdaHandler)
	tasks.Service("aws-sdk:lambda", lambdaHandler)
	n.states = states.New(time.Now)
	tasks.Service("states", n.states)
	tasks.Service("aws-sdk:sfn", n.states)
	if n.aws, err = openAWS(ctx, c); err != nil {
		return n, err
	}
	tasks.Service("aws-sdk", awssdk.New(n.aws))
	for _, name := range optimized.Services() {
		tasks.Service(name, optimized.New(n.aws))
	}
	if n.executions, err = openExecutionLog(ctx, c); err != nil {
		return n, err
	}
	n.host, err = host.Open(ctx, host.Config{
		Store: n.store, Tasks: tasks, Buckets: n.buckets, Account: c.account, Region: c.region, Log: c.log,
		Observer: n.executions,
	})
	if err != nil {
		return n, err
	}
	n.service = service.New(n.store, n.host, service.Config{Account: c.account, Region: c.region, Logger: c.log})
	n.states.Serve(ownAPI{n.service})
	n.console = console.New(n.service, console.Options{
		Account: c.account, Region: c.region, Version: version, Functions: shownFunctions{n.functions}, Done: ctx.Done(), Logger: c.log,
	})
	return n, n.service.Resume(ctx)
}

// openAWS opens the client of AWS's services.
func openAWS(ctx context.Context, c nodeConfig) (*awsapi.Client, error) {
	config := awsapi.Config{Region: c.region}
	if c.awsModels != "" {
		var err error
		if config.Models, err = awsapi.LoadModels(c.awsModels); err != nil {
			return nil, err
		}
	}
	return awsapi.Open(ctx, config)
}

// mountFlag is the flag --bucket NAME=DIR.
type mountFlag map[string]string

func (m *mountFlag) Set(text string) error {
	name, dir, ok := strings.Cut(text, "=")
	if !ok || name == "" || dir == "" {
		return errors.New("give a bucket's name and its directory, such as files=./in")
	}
	if *m == nil {
		*m = mountFlag{}
	}
	(*m)[name] = dir
	return nil
}

func (m *mountFlag) Type() string { return "NAME=DIR" }

func (m *mountFlag) String() string { return "" } // there is no default to show

// checkMounts finds misspelt directories before an execution misses its bucket.
func checkMounts(mounts map[string]string) error {
	for name, dir := range mounts {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return misuse("--bucket %s=%s: there is no such directory; make it first: mkdir -p %[2]s", name, dir)
		}
	}
	return nil
}

func openBuckets(ctx context.Context, dir string, c nodeConfig) (*objects.Mux, error) {
	local, err := objects.OpenDir(dir, c.mounts)
	if err != nil {
		return nil, err
	}
	mux := &objects.Mux{Dir: local}
	if c.s3 || c.s3Endpoint != "" {
		if mux.S3, err = objects.OpenS3(ctx, objects.S3Config{Endpoint: c.s3Endpoint, Region: c.region}); err != nil {
			return nil, errors.Join(err, local.Close())
		}
	}
	return mux, nil
}

// drain lets the tasks in hand end, for at most so long; their results are
// stored. What is left is handed out again by the next start.
func (n *node) drain(atMost time.Duration) {
	if n.host == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	n.host.Drain(ctx)
}

// close stops in the order of dependence: no answers are lost that could have
// been stored.
func (n *node) close() error {
	var errs []error
	if n.host != nil {
		errs = append(errs, n.host.Close(), n.host.Err())
	}
	if n.states != nil {
		errs = append(errs, n.states.Close())
	}
	if n.aws != nil {
		n.aws.Close()
	}
	if n.executions != nil {
		errs = append(errs, n.executions.Close())
	}
	if n.functions != nil {
		errs = append(errs, n.functions.Close())
	}
	if n.buckets != nil {
		errs = append(errs, n.buckets.Dir.Close())
	}
	if n.store != nil {
		errs = append(errs, n.store.Close())
	}
	return errors.Join(errs...)
}

// handler serves the whole HTTP surface on one port. verifier is nil when no
// access keys are configured.
func (n *node) handler(verifier *auth.Verifier) http.Handler {
	functions := lambda.New(n.functions, lambda.Options{Verifier: verifier})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintln(w, "ok") // the client's trouble
	})
	for _, date := range []string{"2015-03-31", "2017-03-31", "2017-10-31", "2018-10-31", "2019-09-30", "2020-06-30"} {
		mux.Handle("/"+date+"/", functions)
	}
	mux.Handle(console.Base, n.console)
	mux.Handle("/", console.Welcome(api.New(n.service, api.Options{Verifier: verifier, Logger: n.log})))
	return mux
}

var _ store.Store = (*pebblestore.Store)(nil)
