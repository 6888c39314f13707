// Command pawl runs AWS Step Functions state machines on this machine.
//
// The package holds flags, configuration and wiring; it decides nothing about
// executions.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the release build.
var version = "dev"

func main() { os.Exit(run(os.Args[1:])) }

// run is the whole command; it returns the exit status.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var silent exitError
	if errors.As(err, &silent) {
		return int(silent)
	}
	fmt.Fprintln(os.Stderr, "pawl:", err)
	var told *statusError
	if errors.As(err, &told) {
		return told.status
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "pawl",
		Short: "AWS Step Functions that you run yourself",
		Long: `Pawl runs Amazon States Language state machines on your own machine and answers
the AWS Step Functions API, so that the AWS CLI, the SDKs, CDK and Terraform work
against it unchanged.`,
		Example: `  pawl demo                                   half a minute that shows the main job
  pawl serve                                  the server, on http://127.0.0.1:8083
  pawl run order.asl.json --input '{"n":1}'   one state machine, no server
  pawl validate *.asl.json                    what is wrong with a definition`,
		Args:          subcommandOnly,
		RunE:          showHelp,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(wrongFlags)
	root.AddCommand(newServe(), newRun(), newValidate(), newFunction(), newLogs(), newDemo(), newDemoFunction())
	return root
}
