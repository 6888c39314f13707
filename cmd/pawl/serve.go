package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func newServe() *cobra.Command {
	var (
		config  nodeConfig
		access  accessConfig
		listen  string
		verbose bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the Step Functions and Lambda APIs",
		Long: `Serve the AWS Step Functions API and AWS Lambda's function API on one port.

Executions are durable: stop or kill the server at any time, start it again with
the same --data, and everything goes on where it was.

Without access keys only clients on this machine are served. With them, from
--access-keys or from PAWL_ACCESS_KEY_ID and PAWL_SECRET_ACCESS_KEY, every request
must be signed as AWS clients do, and any --listen address can be served. The
console stays on this machine. A file of keys is a YAML or JSON list:

  - accessKeyId: AKIAEXAMPLE
    secretAccessKey: ...
    name: ci                    # for messages
    policy:                     # as IAM's; without one the key may do everything
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: ["states:StartExecution", "states:Describe*"]
          Resource: "*"

Traffic is not encrypted: outside a trusted network put a TLS proxy in front that
keeps the Host header.

Executions of state machines with a logging configuration are logged in
DATA/logs/LOG-GROUP/states/STATE-MACHINE, or in CloudWatch Logs with
--logs-endpoint.`,
		Example: `  pawl serve
  pawl serve --listen 127.0.0.1:9000 --data /var/lib/pawl
  pawl serve --s3-endpoint http://127.0.0.1:7070
  pawl serve --listen 0.0.0.0:8083 --access-keys keys.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			level := slog.LevelInfo
			if verbose {
				level = slog.LevelDebug
			}
			config.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
			return serve(cmd.Context(), config, access, listen, cmd.OutOrStdout())
		},
	}
	config.flags(cmd)
	access.flags(cmd)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8083", "address to listen on")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "log more")
	return cmd
}

// serve runs the server until ctx ends.
func serve(ctx context.Context, config nodeConfig, access accessConfig, listen string, out io.Writer) (err error) {
	verifier, err := access.verifier(config)
	if err != nil {
		return err
	}
	if verifier == nil {
		if err := loopbackOnly(listen); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("another program listens at %s, maybe a pawl serve; stop it, or choose another address with --listen", listen)
	}
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	n, err := openNode(ctx, config)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, n.close()) }()
	server := &http.Server{
		Handler:           n.handler(verifier),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       5 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(config.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	printSettings(out, listener.Addr().String(), config, verifier != nil)
	select {
	case <-ctx.Done():
	case <-n.host.Done():
	case err := <-served:
		return err
	}
	config.log.Info("stopping: tasks in hand may end", "atMost", drainFor)
	n.drain(drainFor)
	quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(quiet); err != nil {
		return errors.Join(server.Close(), ignoreDeadline(err))
	}
	return nil
}

// drainFor is how long a server that stops waits for tasks in hand.
const drainFor = 10 * time.Second

// ignoreDeadline: clients that poll for a minute are cut off.
func ignoreDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// loopbackOnly refuses to open the port to others: nobody's requests are
// verified without access keys.
func loopbackOnly(listen string) error {
	hostname, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", listen, err)
	}
	if hostname == "localhost" {
		return nil
	}
	if ip := net.ParseIP(hostname); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--listen %s: without access keys (--access-keys) only loopback addresses are served, such as 127.0.0.1:8083", listen)
	}
	return nil
}

func printSettings(out io.Writer, address string, config nodeConfig, keys bool) {
	credentials := "AWS_ACCESS_KEY_ID=pawl AWS_SECRET_ACCESS_KEY=pawl"
	if keys {
		credentials = "AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...   # one of your access keys"
	}
	_, _ = fmt.Fprintf(out, `Pawl %s serves AWS Step Functions on http://%s
  data       %s
  stop       Ctrl-C (nothing is lost)

For the AWS CLI and the SDKs:
  export AWS_ENDPOINT_URL_SFN=http://%[2]s
  export AWS_ENDPOINT_URL_LAMBDA=http://%[2]s
  export AWS_DEFAULT_REGION=%[4]s
  export %[5]s
  export AWS_DISABLE_HOST_PREFIX_INJECTION=true   # for start-sync-execution and test-state

`, version, address, config.data, config.region, credentials) // a closed terminal is no reason to stop
}
