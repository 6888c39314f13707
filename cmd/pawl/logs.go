package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pawl.dev/internal/function"
)

// logsCommand is one call of pawl logs.
type logsCommand struct {
	data   string
	follow bool
	since  string
	tail   int
	output string
}

// newLogs is both "pawl function logs" and "pawl logs".
func newLogs() *cobra.Command {
	var l logsCommand
	cmd := &cobra.Command{
		Use:   "logs NAME",
		Short: "Print what a function logged",
		Long: `Print what a function logged, oldest line first, with Lambda's START, END and
REPORT lines. The lines are read from the server's --data directory, whether the
server runs or not.`,
		Example: `  pawl logs hello --tail 20
  pawl logs hello --follow
  pawl logs hello --since 10m --output json | jq -r .message`,
		Args: oneFunction,
		RunE: func(cmd *cobra.Command, args []string) error {
			return l.run(cmd.Context(), args[0], cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&l.data, "data", "./pawl-data", "the server's directory")
	f.BoolVarP(&l.follow, "follow", "f", false, "wait for more lines until Ctrl-C")
	f.StringVar(&l.since, "since", "", "only lines later than this: a duration back from now (10m, 2h) or a time (2026-08-01T12:00:00Z)")
	f.IntVarP(&l.tail, "tail", "n", 0, "only the last lines (0: all that are kept)")
	outputFlag(cmd, &l.output)
	return cmd
}

// followEvery is how often the files are looked at.
const followEvery = 200 * time.Millisecond

func (l *logsCommand) run(ctx context.Context, named string, out io.Writer) error {
	print, err := linePrinter(l.output, out)
	if err != nil {
		return err
	}
	since, err := l.sinceTime(time.Now())
	if err != nil {
		return err
	}
	if l.tail < 0 {
		return misuse("--tail %d: give the number of lines, or 0 for all", l.tail)
	}
	log, err := l.open(named)
	if err != nil {
		return err
	}
	if err := l.printKept(log, since, print); err != nil || !l.follow {
		return err
	}
	return followLog(ctx, log, print)
}

// linePrinter returns what prints one line of a log.
func linePrinter(output string, out io.Writer) (func(function.LogLine) error, error) {
	asJSON, err := parseOutput(output)
	if err != nil {
		return nil, err
	}
	if !asJSON {
		return func(line function.LogLine) error {
			_, err := fmt.Fprintf(out, "%s  %s\n", line.Time.Format("2006-01-02T15:04:05.000Z"), line.Message)
			return err
		}, nil
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return func(line function.LogLine) error {
		return e.Encode(struct {
			Time    time.Time `json:"time"`
			Stream  string    `json:"stream"`
			Message string    `json:"message"`
		}{line.Time, line.Stream, line.Message})
	}, nil
}

// sinceTime reads --since; zero when it is not given.
func (l *logsCommand) sinceTime(now time.Time) (time.Time, error) {
	if l.since == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(l.since); err == nil {
		return now.Add(-d.Abs()), nil
	}
	at, err := time.Parse(time.RFC3339, l.since)
	if err != nil {
		return at, misuse("--since %s: give a duration such as 10m, or a time such as 2026-08-01T12:00:00Z", l.since)
	}
	return at, nil
}

// open finds the log of a function, named as AWS allows.
func (l *logsCommand) open(named string) (*function.LogFile, error) {
	ref, err := function.ParseReference(named, "")
	if err != nil {
		return nil, misuse("%s is no function's name: %w", named, err)
	}
	if info, err := os.Stat(l.data); err != nil || !info.IsDir() {
		return nil, misuse("--data %s: there is no such directory; give the --data of pawl serve", l.data)
	}
	dir := filepath.Join(l.data, "functions")
	log, err := function.OpenLog(dir, ref.Name)
	if err != nil {
		return nil, misuse("%s: %w", named, err)
	}
	if log.Exists() || l.follow {
		return log, nil
	}
	names, err := function.LogNames(dir)
	if err != nil {
		return nil, fmt.Errorf("list logs: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has logged nothing yet, nor has any other function in %s", ref.Name, l.data)
	}
	return nil, fmt.Errorf("%s has logged nothing yet in %s; there are logs of: %s", ref.Name, l.data, strings.Join(names, ", "))
}

// printKept prints the lines that are there.
func (l *logsCommand) printKept(log *function.LogFile, since time.Time, print func(function.LogLine) error) error {
	var last []function.LogLine // the last l.tail lines
	for {
		lines, err := log.Next()
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if len(lines) == 0 {
			break
		}
		for _, line := range lines {
			if line.Time.Before(since) {
				continue
			}
			if l.tail > 0 {
				last = append(last, line)
				continue
			}
			if err := print(line); err != nil {
				return err
			}
		}
		if over := len(last) - l.tail; over > 0 {
			last = append(last[:0], last[over:]...)
		}
	}
	for _, line := range last {
		if err := print(line); err != nil {
			return err
		}
	}
	return nil
}

// followLog prints what is added until ctx ends.
func followLog(ctx context.Context, log *function.LogFile, print func(function.LogLine) error) error {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		lines, err := log.Next()
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		for _, line := range lines {
			if err := print(line); err != nil {
				return err
			}
		}
		if len(lines) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// logTails are the logs of all functions of a node, read to their ends.
type logTails struct {
	dir   string // of the function service
	files map[string]*function.LogFile
}

// newLogTails begins at what is logged from now on.
func newLogTails(dir string) (*logTails, error) {
	t := &logTails{dir: dir, files: map[string]*function.LogFile{}}
	return t, t.read(func(string, function.LogLine) {})
}

// read tells the lines that were added, log by log.
func (t *logTails) read(tell func(named string, line function.LogLine)) error {
	names, err := function.LogNames(t.dir)
	if err != nil {
		return fmt.Errorf("list logs: %w", err)
	}
	for _, named := range names {
		file := t.files[named]
		if file == nil {
			if file, err = function.OpenLog(t.dir, named); err != nil {
				continue // no function's file
			}
			t.files[named] = file
		}
		for {
			lines, err := file.Next()
			if err != nil {
				return fmt.Errorf("read the log of %s: %w", named, err)
			}
			if len(lines) == 0 {
				break
			}
			for _, line := range lines {
				tell(named, line)
			}
		}
	}
	return nil
}

// flush makes the service write the lines that it still holds.
func (t *logTails) flush(functions *function.Service) {
	page, _, err := functions.List("", 10_000)
	if err != nil {
		return // lines come late then
	}
	for _, f := range page {
		_, _ = functions.Logs(f.FunctionName, function.LogOptions{Last: 1}) // for what it does on the way
	}
}
