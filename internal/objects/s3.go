package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// instanceTimeout is how long EC2's metadata service may take to answer for
// credentials. Off EC2 nobody answers at all.
const instanceTimeout = time.Second

// S3Config says where S3 is. The zero value is AWS, with region and
// credentials from the environment and the shared AWS configuration files.
type S3Config struct {
	Endpoint    string                  // URL of a compatible server; "" for the configured one, or AWS
	Region      string                  // "": from the AWS configuration, else us-east-1
	Credentials aws.CredentialsProvider // nil: the standard chain
	// PartBytes is the size of the parts of a multipart upload, 5 MiB to
	// 5 GiB; 0 is 8 MiB. A Writer holds one part in memory.
	PartBytes int
}

// S3 serves the buckets of S3 or of a server that speaks its protocol.
type S3 struct {
	client    *s3.Client
	partBytes int
}

// OpenS3 prepares the client. It does not talk to the server.
func OpenS3(ctx context.Context, c S3Config) (*S3, error) {
	options := []func(*config.LoadOptions) error{
		config.WithEC2RoleCredentialOptions(func(o *ec2rolecreds.Options) {
			o.Client = imds.New(imds.Options{HTTPClient: &http.Client{Timeout: instanceTimeout}, Retryer: aws.NopRetryer{}})
		}),
		// Servers other than AWS's know few of the newer checksums.
		config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired),
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
	if conf.Region == "" {
		conf.Region = "us-east-1"
	}
	client := s3.NewFromConfig(conf, func(o *s3.Options) {
		if c.Endpoint != "" {
			o.BaseEndpoint = &c.Endpoint
		}
		// Bucket names in host names need DNS entries, which only AWS has.
		o.UsePathStyle = o.BaseEndpoint != nil
	})
	if c.PartBytes == 0 {
		c.PartBytes = 8 << 20
	}
	if c.PartBytes < minPartBytes || c.PartBytes > maxPartBytes {
		return nil, fmt.Errorf("part size of %d bytes is not within 5 MiB and 5 GiB", c.PartBytes)
	}
	return &S3{client: client, partBytes: c.PartBytes}, nil
}

// List implements Buckets, 1,000 keys a request.
func (s *S3) List(ctx context.Context, bucket, prefix, after string, yield func(Object) bool) error {
	in := &s3.ListObjectsV2Input{Bucket: &bucket}
	if prefix != "" {
		in.Prefix = &prefix
	}
	if after != "" {
		in.StartAfter = &after
	}
	pages := s3.NewListObjectsV2Paginator(s.client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s3Error(bucket, "", err)
		}
		for i := range page.Contents {
			o := &page.Contents[i]
			found := Object{
				Key: aws.ToString(o.Key), ETag: aws.ToString(o.ETag), Size: aws.ToInt64(o.Size),
				LastModified: aws.ToTime(o.LastModified).Truncate(time.Second), StorageClass: string(o.StorageClass),
			}
			if found.StorageClass == "" {
				found.StorageClass = "STANDARD"
			}
			if !yield(found) {
				return nil
			}
		}
	}
	return nil
}

// Open implements Buckets.
func (s *S3) Open(ctx context.Context, bucket, key, versionID string) (io.ReadCloser, Object, error) {
	return s.OpenRange(ctx, bucket, key, versionID, 0, 0)
}

// OpenRange implements Buckets. A stream that breaks is taken up again where
// it broke, as long as the object is still the same.
func (s *S3) OpenRange(ctx context.Context, bucket, key, versionID string, offset, length int64) (io.ReadCloser, Object, error) {
	stream := &s3Stream{ctx: ctx, s3: s, bucket: bucket, key: key, versionID: versionID, offset: offset}
	if length > 0 {
		stream.end = offset + length
	}
	object, err := stream.connect()
	if err != nil {
		return nil, Object{}, err
	}
	return stream, object, nil
}

// s3Error makes an *Error of what the server refused for good. What a later
// attempt may cure (throttling, server errors, network) stays as it is.
func s3Error(bucket, key string, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("S3 %s/%s: %w", bucket, key, err)
	}
	e := &Error{Code: api.ErrorCode(), Message: api.ErrorMessage(), Bucket: bucket, Key: key, Err: err}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		e.StatusCode = response.HTTPStatusCode()
	}
	var withID interface{ ServiceRequestID() string }
	if errors.As(err, &withID) {
		e.RequestID = withID.ServiceRequestID()
	}
	refused := e.StatusCode >= 300 && e.StatusCode < 500 && e.StatusCode != http.StatusRequestTimeout && e.StatusCode != http.StatusTooManyRequests
	if !refused || e.Code == "SlowDown" || e.Code == "RequestTimeout" {
		return fmt.Errorf("S3 %s/%s: %w", bucket, key, err)
	}
	if e.Message == "" || e.Message == e.Code {
		e.Message = wording(e.Code)
	}
	return e
}

// wording is what AWS says where a compatible server says nothing.
func wording(code string) string {
	for _, known := range []*Error{ErrNoSuchBucket, ErrNoSuchKey, ErrNoSuchVersion, ErrAccessDenied, ErrInvalidRange, ErrPreconditionFailed} {
		if known.Code == code {
			return known.Message
		}
	}
	return code
}
