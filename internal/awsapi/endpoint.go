package awsapi

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// endpoint is where the requests of a service go.
type endpoint struct {
	base          *url.URL
	signingRegion string
	custom        bool // not AWS's
}

// endpoint finds a service: where the configuration of this client says, where
// AWS's own configuration says (AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL, the
// shared files), or at AWS.
func (c *Client) endpoint(ctx context.Context, name string, s *service) (endpoint, error) {
	e := endpoint{signingRegion: c.region, custom: true}
	text := c.config.Endpoints[name]
	if text == "" {
		text = configuredEndpoint(ctx, &c.aws, s.ID)
	}
	if text == "" {
		e.custom = false
		text, e.signingRegion = awsEndpoint(s, c.region)
	}
	var err error
	if e.base, err = url.Parse(text); err != nil || e.base.Host == "" {
		return e, &ClientError{Service: s.name, Message: fmt.Sprintf("The endpoint %q is not a URL", text), cause: err}
	}
	return e, nil
}

// configuredEndpoint asks the sources of AWS's configuration, as the SDK does
// within its services' packages.
func configuredEndpoint(ctx context.Context, c *aws.Config, serviceID string) string {
	for _, source := range c.ConfigSources {
		if s, ok := source.(interface {
			GetIgnoreConfiguredEndpoints(context.Context) (bool, bool, error)
		}); ok {
			if ignore, found, err := s.GetIgnoreConfiguredEndpoints(ctx); err == nil && found && ignore {
				return ""
			}
		}
	}
	for _, source := range c.ConfigSources {
		if s, ok := source.(interface {
			GetServiceBaseEndpoint(context.Context, string) (string, bool, error)
		}); ok {
			if text, found, err := s.GetServiceBaseEndpoint(ctx, serviceID); err == nil && found {
				return text
			}
		}
	}
	if c.BaseEndpoint != nil {
		return *c.BaseEndpoint
	}
	return ""
}

// partitionOf returns the partition of a region and its domain.
func partitionOf(region string) (id, suffix string) {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov", "amazonaws.com"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc", "amazonaws.eu"
	}
	return "aws", "amazonaws.com"
}

// awsEndpoint returns AWS's endpoint of a service.
func awsEndpoint(s *service, region string) (text, signingRegion string) {
	partition, suffix := partitionOf(region)
	for _, e := range s.Endpoints {
		if e.Partition != partition {
			continue
		}
		if e.SigningRegion == "" {
			e.SigningRegion = region
		}
		return "https://" + strings.ReplaceAll(e.Host, "{region}", region), e.SigningRegion
	}
	return "https://" + s.EndpointPrefix + "." + region + "." + suffix, region
}
