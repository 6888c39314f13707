package execlog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"

	"pawl.dev/value"
)

// logsClient calls two operations of CloudWatch Logs (JSON 1.1). The SDK's
// client of the service would add megabytes to the program.
type logsClient struct {
	endpoint    string
	region      string
	credentials aws.CredentialsProvider
	signer      *v4.Signer
	http        *http.Client
}

func newLogsClient(ctx context.Context, c CloudWatchConfig) (*logsClient, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the endpoint of CloudWatch Logs, %q, is no URL such as http://127.0.0.1:5000", c.Endpoint)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load AWS configuration: %w", err)
	}
	region := c.Region
	if region == "" {
		region = loaded.Region
	}
	return &logsClient{
		endpoint: u.String(), region: region, credentials: loaded.Credentials, signer: v4.NewSigner(),
		http: &http.Client{Timeout: 20 * time.Second},
	}, nil
}

// logsError is an answer that is none of success.
type logsError struct {
	status        int
	code, message string
}

func (e *logsError) Error() string {
	return fmt.Sprintf("CloudWatch Logs answers %d %s: %s", e.status, e.code, e.message)
}

// passing reports whether the same request can succeed later.
func (e *logsError) passing() bool {
	return e.status >= 500 || e.status == http.StatusTooManyRequests ||
		strings.Contains(e.code, "Throttling") || e.code == "ServiceUnavailableException"
}

func (c *logsClient) createLogStream(ctx context.Context, g Group, stream string) error {
	b := value.AppendQuoted([]byte(`{"logGroupName":`), g.Name)
	b = value.AppendQuoted(append(b, `,"logStreamName":`...), stream)
	return c.call(ctx, g, "CreateLogStream", append(b, '}'))
}

func (c *logsClient) putLogEvents(ctx context.Context, g Group, stream string, records []Record) error {
	b := value.AppendQuoted([]byte(`{"logGroupName":`), g.Name)
	b = value.AppendQuoted(append(b, `,"logStreamName":`...), stream)
	b = append(b, `,"logEvents":[`...)
	for i := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"timestamp":`...)
		b = strconv.AppendInt(b, records[i].At.UnixMilli(), 10)
		b = value.AppendQuoted(append(b, `,"message":`...), string(records[i].Text))
		b = append(b, '}')
	}
	return c.call(ctx, g, "PutLogEvents", append(b, "]}"...))
}

// call sends a signed request. Errors: *logsError when the service answered.
func (c *logsClient) call(ctx context.Context, g Group, operation string, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "Logs_20140328."+operation)
	credentials, err := c.credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("find AWS credentials: %w", err)
	}
	region := g.Region
	if region == "" {
		region = c.region
	}
	sum := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), "logs", region, time.Now()); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was read
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode == http.StatusOK {
		return nil
	}
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer, &fault) // the status says enough if it is no JSON
	_, code, ok := strings.Cut(fault.Type, "#")
	if !ok {
		code = fault.Type
	}
	return &logsError{response.StatusCode, code, fault.Message}
}
