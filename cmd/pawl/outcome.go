package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"pawl.dev/asl"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
	jsonvalue "pawl.dev/value"
)

// readInput returns the execution's input, checked.
func (r *runCommand) readInput(definitionPath string, given bool) (string, error) {
	text, from := r.input, "--input"
	if r.inputFile != "" {
		switch {
		case given:
			return "", misuse("give --input or --input-file, not both")
		case r.inputFile == "-" && definitionPath == "-":
			return "", misuse("the definition and the input can't both be standard input")
		}
		from = "--input-file " + r.inputFile
		var err error
		if text, err = readText(r.inputFile, r.stdin, asl.MaxPayloadBytes+1); err != nil {
			return "", misuse("--input-file: %w", err)
		}
		text = strings.TrimSpace(text)
	}
	if len(text) > asl.MaxPayloadBytes {
		return "", misuse("%s: an input has at most %d bytes; put more into a file and read it with an ItemReader", from, asl.MaxPayloadBytes)
	}
	if err := jsonvalue.Valid(text); err != nil {
		return "", misuse(`%s is no JSON: %w (a text needs quotes too: --input '"text"')`, from, err)
	}
	return text, nil
}

// needsServer finds states that wait for somebody who calls the API.
func needsServer(m *asl.Machine) error {
	if m == nil {
		return nil
	}
	for _, s := range m.States {
		switch {
		case s.Task != nil && s.Task.Kind == asl.Activity:
			return misuse("state %q needs a worker that polls the activity %s, and pawl run has no server to poll; use pawl serve, or a function",
				s.Name, s.Task.Resource)
		case s.Task != nil && s.Task.Pattern == asl.Callback:
			return misuse("state %q waits for SendTaskSuccess, and pawl run has no server to send it to; use pawl serve", s.Name)
		case s.Map != nil && s.Map.Child != nil:
			if err := needsServer(s.Map.Child.Root); err != nil {
				return err
			}
		case s.Map != nil:
			if err := needsServer(s.Map.Processor); err != nil {
				return err
			}
		case s.Parallel != nil:
			for _, branch := range s.Parallel.Branches {
				if err := needsServer(branch); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// outcome is the execution as --output json prints it.
type outcome struct {
	StateMachine string          `json:"stateMachine"`
	Name         string          `json:"name,omitempty"`
	Status       store.Status    `json:"status"`
	StartDate    time.Time       `json:"startDate"`
	StopDate     time.Time       `json:"stopDate"`
	Output       json.RawMessage `json:"output,omitempty"`
	Error        *string         `json:"error,omitempty"`
	Cause        *string         `json:"cause,omitempty"`
}

// report prints how the execution ended; its exit status is the error.
func (r *runCommand) report(ctx context.Context, x *host.Execution, asJSON bool) error {
	r.reportEnd(x)
	if err := r.reportOutput(x, asJSON); err != nil {
		return err
	}
	switch {
	case x.Status == store.Succeeded:
		return nil
	case ctx.Err() != nil:
		return exitError(exitInterrupted)
	}
	return exitError(exitFailed)
}

func (r *runCommand) reportOutput(x *host.Execution, asJSON bool) error {
	var err error
	switch {
	case asJSON:
		e := json.NewEncoder(r.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(outcome{x.Machine, x.Name, x.Status, x.Start, x.Stop, json.RawMessage(x.Output), x.Error, x.Cause})
	case x.Status == store.Succeeded:
		_, err = fmt.Fprintln(r.stdout, forReading(r.stdout, x.Output))
	}
	if err != nil {
		return fmt.Errorf("print the output: %w", err)
	}
	return nil
}

// forReading indents JSON on a terminal; elsewhere it stays as it is.
func forReading(out io.Writer, text string) string {
	file, ok := out.(*os.File)
	var b bytes.Buffer
	if !ok || !term.IsTerminal(int(file.Fd())) || json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}

// reportEnd tells on standard error how the execution ended: a failure always,
// success unless --quiet.
func (r *runCommand) reportEnd(x *host.Execution) {
	took := x.Stop.Sub(x.Start)
	if x.Status == store.Succeeded {
		if !r.quiet {
			newScreen(r.err).line(took, goodLine, "SUCCEEDED")
		}
		return
	}
	s := newScreen(r.err)
	if x.Error == nil && x.Cause == nil {
		s.line(took, badLine, string(x.Status))
	} else {
		s.line(took, badLine, string(x.Status)+": "+errorName(x.Error))
	}
	if x.Cause != nil {
		_, _ = fmt.Fprintln(r.err, indentCause(*x.Cause)) // a closed terminal
	}
	if hint := r.hint(x); hint != "" {
		_, _ = fmt.Fprintln(r.err, "hint: "+hint)
	}
}

func errorName(s *string) string {
	if s == nil {
		return "(no error name)"
	}
	return *s
}

// indentCause lays out a cause: the JSON of a function's failure is indented.
func indentCause(cause string) string {
	const margin = "           "
	var b bytes.Buffer
	if strings.HasPrefix(cause, "{") && json.Indent(&b, []byte(cause), margin, "  ") == nil {
		return margin + b.String()
	}
	lines := strings.Split(cause, "\n")
	for i, line := range lines {
		lines[i] = margin + printable(line)
	}
	return strings.Join(lines, "\n")
}

// hint says what to do about failures that come from the command line.
func (r *runCommand) hint(x *host.Execution) string {
	switch errorName(x.Error) {
	case "Lambda.ResourceNotFoundException", "ResourceNotFoundException":
		return "functions are looked up as " + strings.TrimSuffix(r.node.functions, "/") + "/NAME; see --functions"
	case asl.ErrItemReaderFailed, asl.ErrResultWriterFailed:
		return "buckets are directories: --bucket NAME=DIR, or DATA/buckets/NAME with --data DATA; see also --s3-endpoint"
	}
	return ""
}
