// Package awsapi calls any action of any AWS service with JSON, by the service's
// model: parameters and results look as they do in Step Functions, and no
// service needs code of its own.
//
// It must not know tasks or executions. All use of smithy-go's protocols, whose
// interfaces may change with each release, is here. Calls of one service run a
// bounded number at a time; the others wait in order (see Client.Go).
package awsapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"

	"pawl.dev/value"
)

// Config says where services are and how they are called. The zero value is AWS
// as the environment and the shared configuration files describe it.
type Config struct {
	Region      string                  // "": from the AWS configuration, else us-east-1
	Credentials aws.CredentialsProvider // nil: the standard chain
	// Endpoints are URLs by Step Functions' name of a service ("sqs"). Services
	// that it does not name are where AWS_ENDPOINT_URL_<SERVICE>,
	// AWS_ENDPOINT_URL or the shared files say, else at AWS.
	Endpoints map[string]string
	// Models are the services; nil: Embedded.
	Models *Models
	// Concurrency is how many calls of one service run at a time; 0: 50, as in
	// the SDK for Java.
	Concurrency int
	// MaxWaiting is how many more may wait; 0: 100,000. Calls over it fail.
	MaxWaiting int
	// MaxResponseBytes is the largest response that is read; 0: 8 MiB.
	MaxResponseBytes int64
	// Transport sends requests; nil: HTTP with connections that are kept.
	Transport http.RoundTripper
	// Pause waits before another attempt; nil: with a timer.
	Pause func(context.Context, time.Duration) error
}

// instanceTimeout is how long EC2's metadata service may take to answer for
// credentials. Off EC2 nobody answers at all.
const instanceTimeout = time.Second

// Client calls AWS. It is safe for concurrent use.
type Client struct {
	config Config
	aws    aws.Config
	region string
	signer *v4.Signer
	http   *http.Client
	roles  roles
	queues queues
}

// Open prepares a client. It talks to nobody.
func Open(ctx context.Context, c Config) (*Client, error) {
	options := []func(*config.LoadOptions) error{
		config.WithEC2RoleCredentialOptions(func(o *ec2rolecreds.Options) {
			o.Client = imds.New(imds.Options{HTTPClient: &http.Client{Timeout: instanceTimeout}, Retryer: aws.NopRetryer{}})
		}),
	}
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Credentials != nil {
		options = append(options, config.WithCredentialsProvider(c.Credentials))
	}
	conf, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("load AWS configuration: %w", err)
	}
	c.setDefaults()
	client := &Client{config: c, aws: conf, region: conf.Region, signer: v4.NewSigner()}
	if client.region == "" {
		client.region = "us-east-1"
	}
	client.http = &http.Client{
		Transport: c.Transport,
		// A redirect would be sent with a signature for another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	client.queues.init(c.Concurrency, c.MaxWaiting)
	return client, nil
}

func (c *Config) setDefaults() {
	if c.Models == nil {
		c.Models = Embedded()
	}
	if c.Concurrency == 0 {
		c.Concurrency = 50
	}
	if c.MaxWaiting == 0 {
		c.MaxWaiting = 100_000
	}
	if c.MaxResponseBytes == 0 {
		c.MaxResponseBytes = 8 << 20
	}
	if c.Pause == nil {
		c.Pause = pause
	}
	if c.Transport == nil {
		c.Transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			MaxIdleConnsPerHost:   c.Concurrency,
			IdleConnTimeout:       time.Minute,
			ExpectContinueTimeout: time.Second,
			ForceAttemptHTTP2:     true,
			DisableCompression:    true, // a compressed object is stored so, not sent so
		}
	}
}

// Close waits for the calls in hand, which end with their contexts.
func (c *Client) Close() {
	c.queues.wait()
	c.http.CloseIdleConnections()
}

// Request is one call.
type Request struct {
	Service string      // Step Functions' name: "dynamodb"
	Action  string      // "putItem"
	Input   value.Value // the parameters: an object
	Role    string      // ARN of a role to assume; "" for none
	// ID is the same when the call is made again after a crash: idempotency
	// tokens are made from it. "": they are random.
	ID string
	// NativeNames keeps the service's names of members in the output, as the
	// SDK for Java 1 does: "MD5OfMessageBody", not "Md5OfMessageBody".
	NativeNames bool
}

// Response is what the service answered.
type Response struct {
	Output    value.Value // an object
	Status    int         // HTTP
	Header    http.Header
	RequestID string
}

// Known reports whether the client can call the action.
func (c *Client) Known(service, action string) bool { return c.config.Models.Known(service, action) }

// Call makes a call and waits for its answer, at once and without regard to how
// many others run. Errors: *Error, *ClientError, *ParameterError, ErrTooLarge,
// ErrUnknownAction, the context's.
func (c *Client) Call(ctx context.Context, r *Request) (*Response, error) {
	s, op, err := c.config.Models.find(r.Service, r.Action)
	if err != nil {
		return nil, err
	}
	if op == nil || op.unsupported {
		return nil, fmt.Errorf("%w: %s:%s", ErrUnknownAction, r.Service, r.Action)
	}
	return c.call(ctx, r, s, op)
}

func (c *Client) call(ctx context.Context, r *Request, s *service, op *operation) (*Response, error) {
	in := r.Input
	if !in.Is(value.Object) {
		in = value.NewObject(nil, nil)
	}
	e, err := c.endpoint(ctx, r.Service, s)
	if err != nil {
		return nil, err
	}
	m, err := newMessage(ctx, s, op, e, in, r.ID)
	if err != nil {
		return nil, err
	}
	return c.retry(ctx, func(attempt int) (*Response, error) {
		resp, err := c.attempt(ctx, r, s, op, e, m)
		var refused *Error
		var unanswered *ClientError
		switch {
		case errors.As(err, &refused):
			refused.Attempts = attempt
		case errors.As(err, &unanswered):
			unanswered.Attempts = attempt
		}
		return resp, err
	})
}

// attempt sends a message once.
func (c *Client) attempt(ctx context.Context, r *Request, s *service, op *operation, e endpoint, m *message) (*Response, error) {
	creds, err := c.credentials(ctx, r, s, op)
	if err != nil {
		return nil, err
	}
	req, err := m.attempt(ctx, s, e.signingRegion, c.signer, creds, time.Now())
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, newClientError(s, req.URL.Host, err)
	}
	defer resp.Body.Close()
	return c.readResponse(ctx, r, s, op, resp)
}

// credentials returns what a request is signed with, nil for nothing.
func (c *Client) credentials(ctx context.Context, r *Request, s *service, op *operation) (*aws.Credentials, error) {
	if op.Unsigned {
		return nil, nil
	}
	provider := c.aws.Credentials
	if r.Role != "" {
		provider = c.roles.provider(c, r.Role)
	}
	if provider == nil {
		provider = aws.AnonymousCredentials{}
	}
	creds, err := provider.Retrieve(ctx)
	var roleErr *RoleError
	switch {
	case err == nil:
		return &creds, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &roleErr):
		return nil, roleErr
	}
	return nil, &ClientError{Service: s.name, Message: "Unable to load credentials from any of the providers in the chain: " + err.Error(), cause: err}
}
