package awsapi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"pawl.dev/value"
)

// maxRoles bounds how many roles' credentials are kept.
const maxRoles = 1000

// roles keep the credentials of roles that tasks assume.
type roles struct {
	mu    sync.Mutex
	byARN map[string]*aws.CredentialsCache
}

// RoleError says that a role could not be assumed.
type RoleError struct {
	Role  string
	cause error
}

func (e *RoleError) Error() string { return fmt.Sprintf("assume role %s: %s", e.Role, e.cause) }

// Unwrap returns the reason.
func (e *RoleError) Unwrap() error { return e.cause }

func (r *roles) provider(c *Client, arn string) aws.CredentialsProvider {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cached := r.byARN[arn]; cached != nil {
		return cached
	}
	if r.byARN == nil || len(r.byARN) >= maxRoles {
		r.byARN = make(map[string]*aws.CredentialsCache)
	}
	cached := aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		return c.assume(ctx, arn)
	}), func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = 5 * time.Minute })
	r.byARN[arn] = cached
	return cached
}

// assume gets credentials of a role from STS.
func (c *Client) assume(ctx context.Context, arn string) (aws.Credentials, error) {
	s, op, err := c.config.Models.find("sts", "assumeRole")
	if err == nil && op == nil {
		err = errors.New("the models hold no STS")
	}
	if err != nil {
		return aws.Credentials{}, err
	}
	var in value.Builder
	in.Set("RoleArn", value.Text(arn))
	in.Set("RoleSessionName", value.Text("pawl"))
	resp, err := c.call(ctx, &Request{Service: "sts", Action: "assumeRole", Input: in.Object()}, s, op)
	if err != nil {
		return aws.Credentials{}, &RoleError{Role: arn, cause: err}
	}
	out := resp.Output.Member("Credentials")
	expires, err := time.Parse(time.RFC3339, out.Member("Expiration").Str())
	return aws.Credentials{
		AccessKeyID: out.Member("AccessKeyId").Str(), SecretAccessKey: out.Member("SecretAccessKey").Str(),
		SessionToken: out.Member("SessionToken").Str(), CanExpire: err == nil, Expires: expires, Source: "AssumeRole",
	}, nil
}
