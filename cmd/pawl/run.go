package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pawl.dev/asl"
	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
)

// runCommand is one call of pawl run.
type runCommand struct {
	node      nodeConfig
	input     string
	inputFile string
	name      string
	express   bool
	logs      bool
	quiet     bool
	output    string
	timeout   time.Duration

	stdin       io.Reader
	stdout, err io.Writer
}

func newRun() *cobra.Command {
	var r runCommand
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run one state machine here and now, without a server",
		Long: `Run one execution of a state machine in this process and print its output.

FILE is a definition in Amazon States Language, JSON or YAML (.yaml, .yml); "-" is
standard input. Task states find the function of arn:aws:lambda:…:function:NAME in
the folder ./functions/NAME. Buckets are directories: --bucket NAME=DIR, or
DATA/buckets/NAME. What the execution does is told on standard error.

Without --data everything is kept in a temporary directory and removed at the end.
With --data and --name an execution that was cut short (kill -9, power) goes on
where it was when the same command is given again; Ctrl-C stops it for good.

Exit status: 0 succeeded, 1 failed, timed out or aborted, 2 when the definition,
the input or the command is wrong, 130 after Ctrl-C.`,
		Example: `  pawl run order.asl.json --input '{"id": 7}'
  pawl run order.asl.yaml --input-file order-7.json --functions ./lambda
  pawl run report.asl.json --bucket files=./in --bucket results=./out
  pawl run order.asl.json --logs --timeout 1m
  jq '{ids: map(.id)}' orders.json | pawl run order.asl.json --input-file - --quiet > out.json
  pawl run nightly.asl.json --data ./nightly --name 2026-08-01`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("name one definition, such as: pawl run order.asl.json (got %d arguments)", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			r.stdin, r.stdout, r.err = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			return r.run(cmd.Context(), args[0], cmd.Flags().Changed("input"))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&r.input, "input", "i", "{}", "input of the execution, JSON")
	f.StringVar(&r.inputFile, "input-file", "", `file with the input; "-" is standard input`)
	f.StringVar(&r.name, "name", "", "name of the execution (default: a UUID)")
	f.StringVar(&r.node.data, "data", "", "directory that keeps everything (default: a temporary one, removed at the end)")
	f.BoolVar(&r.express, "express", false, "run it as an Express state machine")
	f.BoolVar(&r.logs, "logs", false, "show what the functions log, too")
	f.BoolVarP(&r.quiet, "quiet", "q", false, "show no progress and no warnings")
	f.DurationVar(&r.timeout, "timeout", 0, "stop the execution after this time, such as 90s or 2h (0: never)")
	outputFlag(cmd, &r.output)
	r.node.flagsButData(cmd)
	return cmd
}

func (r *runCommand) run(ctx context.Context, path string, inputGiven bool) (err error) {
	asJSON, err := parseOutput(r.output)
	if err != nil {
		return err
	}
	definition, err := r.definition(path)
	if err != nil {
		return err
	}
	input, err := r.readInput(path, inputGiven)
	if err != nil {
		return err
	}
	if info, err := os.Stat(r.node.functions); r.functionsMissing(err, info) {
		return misuse("--functions %s: there is no such directory", r.node.functions)
	}
	if r.node.data == "" {
		if r.node.data, err = os.MkdirTemp("", "pawl-run-"); err != nil {
			return fmt.Errorf("make temporary directory: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(r.node.data)) }()
	}
	n, err := openNode(context.WithoutCancel(ctx), r.node) // Ctrl-C ends the execution, not the store
	if err != nil {
		return err
	}
	ended, err := r.execute(ctx, n, definition, input)
	if err = errors.Join(err, n.close()); err != nil {
		return err
	}
	return r.report(ctx, ended, asJSON)
}

// functionsMissing reports whether a folder was asked for that is not there; the
// default may be missing.
func (r *runCommand) functionsMissing(err error, info os.FileInfo) bool {
	return r.node.functions != "./functions" && r.node.functions != "" && (err != nil || !info.IsDir())
}

func (r *runCommand) kind() asl.MachineType {
	if r.express {
		return asl.Express
	}
	return asl.Standard
}

// definition reads and compiles the definition and tells what is wrong with it.
func (r *runCommand) definition(path string) (*definitionFile, error) {
	definition, err := readDefinition(path, r.stdin)
	if err != nil {
		return nil, &statusError{exitMisuse, err}
	}
	program, findings := definition.compile(r.kind())
	for _, f := range findings {
		if program == nil || !r.quiet {
			f.print(r.err, path)
		}
	}
	if program == nil {
		return nil, exitError(exitMisuse)
	}
	return definition, needsServer(program.Root)
}

// execute runs the execution to its end. Its failure is in the result.
func (r *runCommand) execute(ctx context.Context, n *node, definition *definitionFile, input string) (*host.Execution, error) {
	machine, err := r.create(ctx, n, definition)
	if err != nil {
		return nil, err
	}
	if r.timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, r.timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	start := service.StartExecutionInput{StateMachineARN: machine, Name: r.name, Input: &input}
	if r.express {
		return r.executeExpress(ctx, n, definition, start)
	}
	started, err := n.service.StartExecution(context.WithoutCancel(ctx), start)
	if err != nil {
		return nil, r.startError(err)
	}
	name := started.ExecutionARN[strings.LastIndexByte(started.ExecutionARN, ':')+1:]
	ref := host.ExecutionRef{Machine: definition.machineName(), Name: name}
	stopWatching, err := r.watch(n, store.ExecutionID(ref.Machine, ref.Name), started.StartDate)
	if err != nil {
		return nil, err
	}
	ended, err := n.host.Wait(ctx, ref)
	if err != nil && ctx.Err() != nil {
		ended, err = r.stop(ctx, n, ref, started.ExecutionARN)
	}
	return ended, errors.Join(err, stopWatching())
}

// executeExpress runs an Express execution, which keeps no history to watch.
func (r *runCommand) executeExpress(ctx context.Context, n *node, definition *definitionFile, start service.StartExecutionInput) (*host.Execution, error) {
	began := now()
	stopWatching, err := r.watch(n, "", began)
	if err != nil {
		return nil, err
	}
	ended, err := n.service.StartSyncExecution(ctx, start, service.AllData)
	if watched := stopWatching(); watched != nil {
		return nil, watched
	}
	if err != nil && ctx.Err() != nil {
		text := abortText(ctx)
		name := abortError
		return &host.Execution{
			Summary: store.Summary{Machine: definition.machineName(), Status: store.Aborted, Start: began, Stop: now()},
			Error:   &name, Cause: &text,
		}, nil
	}
	if err != nil {
		return nil, r.startError(err)
	}
	return &host.Execution{
		Summary: store.Summary{Machine: definition.machineName(), Name: ended.Name, Status: ended.Status, Start: ended.StartDate, Stop: ended.StopDate, Express: true},
		Output:  ended.Output, Error: ended.Error, Cause: ended.Cause,
	}, nil
}

// now is the time as the API shows it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// create makes the state machine, or updates the one that --data has.
func (r *runCommand) create(ctx context.Context, n *node, definition *definitionFile) (arn string, err error) {
	in := service.CreateStateMachineInput{
		Name: definition.machineName(), Definition: definition.text, Type: r.kind(),
		RoleARN: "arn:aws:iam::" + r.node.account + ":role/pawl",
	}
	created, err := n.service.CreateStateMachine(ctx, in)
	if err == nil {
		return created.StateMachineARN, nil
	}
	if !refusedWith(err, service.StateMachineAlreadyExists) {
		return "", err
	}
	arn = "arn:aws:states:" + r.node.region + ":" + r.node.account + ":stateMachine:" + in.Name
	there, err := n.service.DescribeStateMachine(ctx, arn, service.MetadataOnly)
	if err != nil {
		return "", err
	}
	if there.Type != in.Type {
		return "", misuse("%s has the state machine %s of the other type (Standard or Express); use another --data, or rename the file",
			r.node.data, in.Name)
	}
	_, err = n.service.UpdateStateMachine(ctx, service.UpdateStateMachineInput{StateMachineARN: arn, Definition: &in.Definition})
	return arn, err
}

func refusedWith(err error, code service.Code) bool {
	var refused *service.Error
	return errors.As(err, &refused) && refused.Code == code
}

// startError words the refusal of a start for the command line.
func (r *runCommand) startError(err error) error {
	switch {
	case refusedWith(err, service.ExecutionAlreadyExists):
		return misuse("--name %s: %s has an execution of this name, with another input or ended; choose another name", r.name, r.node.data)
	case refusedWith(err, service.InvalidName):
		return misuse("--name %s: a name has 1 to 80 characters, none of them a space, a colon, a slash or another special character", r.name)
	case refusedWith(err, service.InvalidExecutionInput):
		return &statusError{exitMisuse, err}
	}
	return fmt.Errorf("start the execution: %w", err)
}

// watch shows the execution until the function that it returns is called; id is
// "" for one without a history.
func (r *runCommand) watch(n *node, id store.LogID, began time.Time) (stop func() error, err error) {
	if r.quiet {
		return func() error { return nil }, nil
	}
	w := newWatcher(n, id, began, newScreen(r.err))
	if r.logs {
		if w.logs, err = newLogTails(filepath.Join(r.node.data, "functions")); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.run(ctx) }()
	return func() error {
		cancel()
		return <-done
	}, nil
}

// What an execution that is stopped from here ends with.
const abortError = "Pawl.Stopped"

var errTimeout = errors.New("timeout")

func abortText(ctx context.Context) string {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return "The time given with --timeout is over."
	}
	return "Stopped by a signal (Ctrl-C)."
}

// stopWithin is how long a stop may take before the command gives up.
const stopWithin = 10 * time.Second

// stop aborts the execution because ctx has ended.
func (r *runCommand) stop(ctx context.Context, n *node, ref host.ExecutionRef, arn string) (*host.Execution, error) {
	text, name := abortText(ctx), abortError
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if _, err := n.service.StopExecution(ctx, arn, &name, &text); err != nil {
		return nil, fmt.Errorf("stop the execution: %w", err)
	}
	return n.host.Wait(ctx, ref)
}
