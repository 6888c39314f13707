package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	exitFailed      = 1   // what was asked for was done, and failed
	exitMisuse      = 2   // the command, a definition or an input is wrong; nothing was done
	exitInterrupted = 130 // as shells report Ctrl-C
)

// exitError ends the command with a status when everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// statusError ends the command with a status and a message.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }

func (e *statusError) Unwrap() error { return e.err }

// misuse words what is wrong with the command, its definition or its input.
func misuse(format string, args ...any) error {
	return &statusError{exitMisuse, fmt.Errorf(format, args...)}
}

// wrongFlags points to the help of the command whose flags are wrong.
func wrongFlags(cmd *cobra.Command, err error) error {
	return misuse("%w (see %s --help)", err, cmd.CommandPath())
}

// subcommandOnly is for commands that are nothing without a subcommand.
func subcommandOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := ""
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text = fmt.Sprintf("did you mean %s? ", strings.Join(near, ", "))
	}
	return misuse("unknown command %q: %s(see %s --help)", args[0], text, cmd.CommandPath())
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// outputFlag adds the flag that chooses between text for people and JSON.
func outputFlag(cmd *cobra.Command, output *string) {
	cmd.Flags().StringVarP(output, "output", "o", "text", "form of the output: text or json")
}

// parseOutput reports whether --output asks for JSON.
func parseOutput(text string) (asJSON bool, err error) {
	switch text {
	case "text":
		return false, nil
	case "json":
		return true, nil
	}
	return false, misuse("--output %s: use text or json", text)
}
