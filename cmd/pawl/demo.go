package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"pawl.dev/asl"
	"pawl.dev/internal/demo"
	"pawl.dev/internal/function"
	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

type demoFlags struct {
	node        nodeConfig
	files       int
	batch       int
	concurrency int
}

func newDemo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Test loan applications with a Distributed Map: the main job in half a minute",
		Long: `Lay out loan applications, a JSON file each, in a local bucket; run a state
machine whose Distributed Map hands them in batches to a function that opens and
reads every file and decides whether the loan fails when the interest rises by two
points; write the results, sum them up with a second function and check the ratio
against an independent count of the same files.

Everything is real: durable executions, function processes behind the Lambda
Runtime API, result files as AWS lays them out. Kill it in the middle and start it
again with the same flags: it goes on where it was.`,
		Example: `  pawl demo
  pawl demo --files 500000
  pawl demo --files 20000 --batch 100 --concurrency 50 --data /tmp/loans`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), f, cmd.OutOrStdout(), newProgressLine(os.Stderr))
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.files, "files", 100_000, "number of loan applications")
	flags.IntVar(&f.batch, "batch", 400, "files that one function call tests")
	flags.IntVar(&f.concurrency, "concurrency", 1000, "child executions at once")
	flags.StringVar(&f.node.data, "data", "./pawl-demo", "directory of everything that is kept")
	f.node.region, f.node.account = "us-east-1", "123456789012"
	return cmd
}

// newDemoFunction is the bootstrap of the demonstration's functions: the binary
// itself is their runtime, so that no other is needed.
func newDemoFunction() *cobra.Command {
	return &cobra.Command{
		Use:    "demo-function NAME",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			handle, err := demo.Function(args[0])
			if err != nil {
				return err
			}
			return demo.Serve(handle)
		},
	}
}

func (f *demoFlags) check() error {
	switch {
	case f.files < 1 || f.files > 9_999_999:
		return fmt.Errorf("--files %d: must be 1 to 9999999", f.files)
	case f.batch < 1 || f.batch > 5000:
		return fmt.Errorf("--batch %d: must be 1 to 5000", f.batch)
	case f.concurrency < 0 || f.concurrency > 10_000:
		return fmt.Errorf("--concurrency %d: must be 0 to 10000", f.concurrency)
	}
	return nil
}

func runDemo(ctx context.Context, f demoFlags, out io.Writer, line *progressLine) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	data, err := filepath.Abs(f.node.data)
	if err != nil {
		return err
	}
	f.node.data = data
	buckets := filepath.Join(data, "buckets")
	made, err := demo.Layout(ctx, buckets, f.files, func(done int) {
		line.show(fmt.Sprintf("writing loan applications  %s of %s", thousands(int64(done)), thousands(int64(f.files))))
	})
	line.clear()
	if err != nil {
		return err
	}
	how := "found again"
	if made {
		how = "written"
	}
	_, _ = fmt.Fprintf(out, "%s loan applications %s in %s\n", thousands(int64(f.files)), how, filepath.Join(buckets, demo.Bucket))
	if f.node.declared, err = demoFunctions(buckets); err != nil {
		return err
	}
	n, err := openNode(ctx, f.node)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	arn, resumed, err := startDemo(ctx, n, f)
	if err != nil {
		return err
	}
	if resumed {
		_, _ = fmt.Fprintln(out, "an execution that was cut off goes on")
	}
	x, run, err := watchDemo(ctx, n, arn, f, line)
	line.clear()
	if err != nil {
		return err
	}
	return reportDemo(ctx, f, x, run, buckets, out, line)
}

// demoFunctions are the two functions, with this binary as their runtime.
func demoFunctions(buckets string) ([]function.Declared, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this binary: %w", err)
	}
	var functions []function.Declared
	for _, name := range []string{demo.StressFunction, demo.RatioFunction} {
		functions = append(functions, function.Declared{
			Name: name, Command: []string{self, "demo-function", name}, Timeout: 15 * time.Minute, Memory: 512,
			Environment: map[string]string{demo.BucketsVariable: buckets}, MaxConcurrency: demoProcesses(),
		})
	}
	return functions, nil
}

// startDemo deploys the state machine and starts it, or finds the execution of a
// run that was cut off.
func startDemo(ctx context.Context, n *node, f demoFlags) (arn string, resumed bool, err error) {
	functionARN := func(name string) string {
		return "arn:aws:lambda:" + f.node.region + ":" + f.node.account + ":function:" + name
	}
	definition, err := demo.Definition(f.files, f.batch, f.concurrency, functionARN)
	if err != nil {
		return "", false, err
	}
	machine := "arn:aws:states:" + f.node.region + ":" + f.node.account + ":stateMachine:" + demo.MachineName
	running, _, err := n.host.List(ctx, store.Query{Machine: demo.MachineName, Status: store.Running, Limit: 1})
	if err != nil {
		return "", false, err
	}
	if len(running) > 0 {
		return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + running[0].Name, true, nil
	}
	if err := deployDemo(ctx, n, machine, definition, f); err != nil {
		return "", false, err
	}
	name := "run-" + time.Now().UTC().Format("20060102-150405.000")
	started, err := n.service.StartExecution(ctx, service.StartExecutionInput{
		StateMachineARN: machine, Name: name,
	})
	if err != nil {
		return "", false, err
	}
	return started.ExecutionARN, false, nil
}

func deployDemo(ctx context.Context, n *node, machine, definition string, f demoFlags) error {
	role := "arn:aws:iam::" + f.node.account + ":role/pawl-demo"
	_, err := n.service.CreateStateMachine(ctx, service.CreateStateMachineInput{
		Name: demo.MachineName, Definition: definition, RoleARN: role, Type: asl.Standard,
	})
	var known *service.Error
	if errors.As(err, &known) && known.Code == service.StateMachineAlreadyExists {
		_, err = n.service.UpdateStateMachine(ctx, service.UpdateStateMachineInput{StateMachineARN: machine, Definition: &definition})
	}
	return err
}

// watchDemo shows the map run's progress until the execution has ended.
func watchDemo(ctx context.Context, n *node, arn string, f demoFlags, line *progressLine) (*host.Execution, *host.MapRun, error) {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	ref := host.ExecutionRef{Machine: demo.MachineName, Name: name}
	parent := store.ExecutionID(demo.MachineName, name)
	began := time.Now()
	before := int64(-1)
	for {
		wait, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
		x, err := n.host.Wait(wait, ref)
		cancel()
		if err != nil && !(errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil) {
			return nil, nil, fmt.Errorf("wait for %s: %w", arn, err)
		}
		run, mapErr := demoMapRun(ctx, n, parent)
		if mapErr != nil {
			return nil, nil, mapErr
		}
		if x != nil {
			return x, run, nil
		}
		if run == nil {
			continue
		}
		done := run.Items.Succeeded + run.Items.Failed + run.Items.TimedOut + run.Items.Aborted
		if before < 0 {
			before, began = done, time.Now()
		}
		line.show(progressText(done, int64(f.files), done-before, run.Items.Failed+run.Items.TimedOut, time.Since(began)))
	}
}

// progressText is a bar with what was done, how fast, and how long it will take.
func progressText(done, total, since, failed int64, took time.Duration) string {
	const width = 30
	filled := int(min(done, total) * width / max(total, 1))
	text := fmt.Sprintf("testing  [%s%s] %3d %%  %s files", strings.Repeat("=", filled), strings.Repeat(" ", width-filled),
		min(done, total)*100/max(total, 1), thousands(done))
	if seconds := took.Seconds(); since > 0 && seconds > 0 {
		rate := float64(since) / seconds
		left := time.Duration(float64(total-done)/rate) * time.Second
		text += fmt.Sprintf("  %s/s  %d failed  %s left", thousands(int64(rate)), failed, left)
	}
	return text
}

func demoMapRun(ctx context.Context, n *node, parent store.LogID) (*host.MapRun, error) {
	runs, _, err := n.host.List(ctx, store.Query{Parent: parent, Limit: 1})
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	run, err := n.host.MapRun(ctx, runs[0].Name)
	if errors.Is(err, host.ErrNotFound) {
		return nil, nil
	}
	return run, err
}

// reportDemo prints the result and checks it against a count of its own.
func reportDemo(ctx context.Context, f demoFlags, x *host.Execution, run *host.MapRun, buckets string, out io.Writer, line *progressLine) error {
	if x.Status != store.Succeeded {
		_, _ = fmt.Fprintf(out, "the execution ended %s: %s: %s\n", x.Status, value(x.Error), value(x.Cause))
		return exitError(1)
	}
	memory := peakMemory() // before the count below
	var sum demo.Summary
	if err := json.Unmarshal([]byte(x.Output), &sum); err != nil {
		return fmt.Errorf("read the execution's output: %w", err)
	}
	line.show("counting the same files once more")
	failed, err := demo.Count(ctx, buckets, f.files)
	line.clear()
	if err != nil {
		return err
	}
	took := x.Stop.Sub(x.Start)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { _, _ = fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	row("files", "%s", thousands(sum.Files))
	row("failed loans", "%s", thousands(sum.Failed))
	row("ratio", "%.4f %%", sum.Ratio*100)
	row("wall time", "%s", took.Round(time.Millisecond))
	if run != nil && !run.Stop.IsZero() {
		mapTook := run.Stop.Sub(run.Start)
		row("  of it the map", "%s", mapTook.Round(time.Millisecond))
		row("files/s", "%s", thousands(int64(float64(sum.Files)/mapTook.Seconds())))
		row("results", "%s", filepath.Join(buckets, demo.Bucket, "results", run.Name))
	}
	if memory > 0 {
		row("peak memory", "%d MB (server, without the functions' processes)", memory>>20)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if sum.Files != int64(f.files) || sum.Failed != failed {
		_, _ = fmt.Fprintf(out, "WRONG: an independent count finds %d failed loans in %d files\n", failed, f.files)
		return exitError(1)
	}
	_, _ = fmt.Fprintln(out, "an independent count of the same files agrees")
	return nil
}

func value(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// thousands prints n with commas.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
