package main

import (
	"context"
	"os"
	"path/filepath"

	"pawl.dev/internal/execlog"
)

// openExecutionLog opens the log of executions whose state machine has a logging
// configuration: CloudWatch Logs when an endpoint of it is configured, else files
// in DATA/logs.
func openExecutionLog(ctx context.Context, c nodeConfig) (*execlog.Logger, error) {
	var sink execlog.Sink
	if endpoint := c.cloudWatchEndpoint(); endpoint != "" {
		cloudWatch, err := execlog.OpenCloudWatch(ctx, execlog.CloudWatchConfig{Endpoint: endpoint, Region: c.region})
		if err != nil {
			return nil, err
		}
		c.log.Info("execution logs go to CloudWatch Logs", "endpoint", endpoint)
		sink = cloudWatch
	} else {
		files, err := execlog.OpenFiles(execlog.FilesConfig{Dir: filepath.Join(c.data, "logs")})
		if err != nil {
			return nil, err
		}
		sink = files
	}
	return execlog.New(execlog.Config{Sink: sink, Log: c.log}), nil
}

// cloudWatchEndpoint is the URL of CloudWatch Logs, "" when none is configured.
// The first variable is the one of the AWS SDKs for this service.
func (c *nodeConfig) cloudWatchEndpoint() string {
	if c.logsEndpoint != "" || os.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true" {
		return c.logsEndpoint
	}
	for _, name := range []string{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL_LOGS", "AWS_ENDPOINT_URL"} {
		if url := os.Getenv(name); url != "" {
			return url
		}
	}
	return ""
}
