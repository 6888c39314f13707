package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pawl.dev/internal/function"
	jsonvalue "pawl.dev/value"
)

func newFunction() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "function",
		Short: "List, invoke and read the logs of functions of a running server",
		Long: `List, invoke and read the logs of functions of a running server.

A function is a folder ./functions/NAME of the server, or was uploaded through the
Lambda API (aws lambda create-function, SAM, CDK, Terraform).`,
		Example: `  pawl function list
  pawl function invoke hello --payload '{"name": "Ada"}'
  pawl function logs hello --follow`,
		Args: subcommandOnly,
		RunE: showHelp,
	}
	cmd.AddCommand(newFunctionList(), newFunctionInvoke(), newLogs())
	return cmd
}

// lambdaClient calls the Lambda API of a server.
type lambdaClient struct{ endpoint string }

func (c *lambdaClient) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.endpoint, "endpoint", "", "URL of the server (default: $AWS_ENDPOINT_URL_LAMBDA, else http://127.0.0.1:8083)")
}

func (c *lambdaClient) url(path string) (string, error) {
	endpoint := c.endpoint
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL_LAMBDA")
	}
	if endpoint == "" {
		endpoint = "http://127.0.0.1:8083"
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", misuse("--endpoint %s: give a URL such as http://127.0.0.1:8083", endpoint)
	}
	return strings.TrimSuffix(endpoint, "/") + path, nil
}

// call makes a request and returns the answer's body. A refusal is an error in
// the server's words.
func (c *lambdaClient) call(ctx context.Context, method, path string, body []byte, header http.Header) ([]byte, http.Header, error) {
	target, err := c.url(path)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	for key, values := range header {
		req.Header[key] = values
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, exitError(exitInterrupted)
		}
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err
		}
		base, _, _ := strings.Cut(target, "/2015-03-31/")
		return nil, nil, fmt.Errorf("no server answers at %s (%w); start one with pawl serve, or name it with --endpoint", base, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return nil, nil, refusal(res, answer)
	}
	return answer, res.Header, nil
}

func refusal(res *http.Response, body []byte) error {
	var words struct{ Message string } // matches "message" too
	_ = json.Unmarshal(body, &words)   // whatever it is, the status is told
	code, _, _ := strings.Cut(res.Header.Get("X-Amzn-Errortype"), ":")
	if code == "" {
		code = res.Status
	}
	if code == "ResourceNotFoundException" {
		words.Message += " (pawl function list shows what there is)"
	}
	return fmt.Errorf("%s: %s", code, words.Message)
}

func newFunctionList() *cobra.Command {
	var client lambdaClient
	var output string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the functions of a running server",
		Example: `  pawl function list
  pawl function list --output json | jq -r '.[].FunctionName'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := parseOutput(output)
			if err != nil {
				return err
			}
			functions, err := client.list(cmd.Context())
			if err != nil {
				return err
			}
			return printFunctions(cmd.OutOrStdout(), functions, asJSON)
		},
	}
	client.flag(cmd)
	outputFlag(cmd, &output)
	return cmd
}

func (c *lambdaClient) list(ctx context.Context) ([]function.Configuration, error) {
	all := []function.Configuration{}
	marker := ""
	for {
		body, _, err := c.call(ctx, http.MethodGet, "/2015-03-31/functions/?MaxItems=1000&Marker="+url.QueryEscape(marker), nil, nil)
		if err != nil {
			return nil, err
		}
		var page struct {
			Functions  []function.Configuration
			NextMarker string
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, fmt.Errorf("read the list of functions: %w", err)
		}
		all = append(all, page.Functions...)
		if page.NextMarker == "" {
			return all, nil
		}
		marker = page.NextMarker
	}
}

func printFunctions(out io.Writer, functions []function.Configuration, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(functions)
	}
	if len(functions) == 0 {
		_, err := fmt.Fprintln(out, "No functions yet: make a folder functions/NAME with a lambda_function.py, an index.mjs or a bootstrap.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tRUNTIME\tHANDLER\tTIMEOUT\tMEMORY\tMODIFIED") // Flush tells
	for _, f := range functions {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%ds\t%d MB\t%s\n", f.FunctionName, f.Runtime, f.Handler, f.Timeout, f.MemorySize, f.LastModified[:min(19, len(f.LastModified))])
	}
	return table.Flush()
}

func newFunctionInvoke() *cobra.Command {
	var client lambdaClient
	var payload, file string
	var logs bool
	cmd := &cobra.Command{
		Use:   "invoke NAME",
		Short: "Invoke a function of a running server and print what it returns",
		Long: `Invoke a function of a running server and print what it returns.

Exit status: 0 when the function returned, 1 when it failed (its error is printed
on standard error) or there is none, 2 when the command is wrong.`,
		Example: `  pawl function invoke hello --payload '{"name": "Ada"}'
  pawl function invoke hello --payload-file event.json --logs
  pawl function invoke hello --payload-file - < event.json`,
		Args: oneFunction,
		RunE: func(cmd *cobra.Command, args []string) error {
			if file != "" {
				if cmd.Flags().Changed("payload") {
					return misuse("give --payload or --payload-file, not both")
				}
				var err error
				if payload, err = readText(file, cmd.InOrStdin(), maxInvokeBytes); err != nil {
					return misuse("--payload-file: %w", err)
				}
			}
			if err := jsonvalue.Valid(payload); err != nil {
				return misuse(`the payload is no JSON: %w (a text needs quotes too: --payload '"text"')`, err)
			}
			return client.invoke(cmd, args[0], payload, logs)
		},
	}
	client.flag(cmd)
	cmd.Flags().StringVarP(&payload, "payload", "p", "{}", "event, JSON")
	cmd.Flags().StringVar(&file, "payload-file", "", `file with the event; "-" is standard input`)
	cmd.Flags().BoolVar(&logs, "logs", false, "print the end of the invocation's log on standard error")
	return cmd
}

// maxInvokeBytes is what the API takes.
const maxInvokeBytes = 6 << 20

func oneFunction(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return misuse("name one function, such as: %s hello (got %d arguments)", cmd.CommandPath(), len(args))
	}
	return nil
}

func (c *lambdaClient) invoke(cmd *cobra.Command, name, payload string, logs bool) error {
	header := http.Header{"Content-Type": {"application/json"}}
	if logs {
		header.Set("X-Amz-Log-Type", "Tail")
	}
	answer, head, err := c.call(cmd.Context(), http.MethodPost,
		"/2015-03-31/functions/"+url.PathEscape(name)+"/invocations", []byte(payload), header)
	if err != nil {
		return err
	}
	if tail, err := base64.StdEncoding.DecodeString(head.Get("X-Amz-Log-Result")); err == nil && len(tail) > 0 {
		_, _ = cmd.ErrOrStderr().Write(tail) // a closed terminal
	}
	if head.Get("X-Amz-Function-Error") != "" {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), indented(string(answer))) // a closed terminal
		return exitError(exitFailed)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), forReading(cmd.OutOrStdout(), string(answer)))
	return err
}

func indented(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}
