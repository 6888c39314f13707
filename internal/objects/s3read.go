package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// maxReconnects is how often in a row a stream may break without one byte in
// between.
const maxReconnects = 5

// s3Stream reads one object. A map run reads as fast as its children work, and
// servers close a connection on which nothing moves: hence the reconnects.
type s3Stream struct {
	ctx                    context.Context
	s3                     *S3
	bucket, key, versionID string

	offset int64 // of the next byte
	end    int64 // of the range, exclusive; 0 until the first answer: the object's
	etag   string
	body   io.ReadCloser // nil: to be connected
	broken int           // breaks since the last byte
}

func (r *s3Stream) connect() (Object, error) {
	in := &s3.GetObjectInput{Bucket: &r.bucket, Key: &r.key}
	if r.versionID != "" {
		in.VersionId = &r.versionID
	}
	switch {
	case r.end > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", r.offset, r.end-1))
	case r.offset > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", r.offset))
	}
	if r.etag != "" {
		in.IfMatch = &r.etag
	}
	out, err := r.s3.client.GetObject(r.ctx, in)
	if err != nil {
		return Object{}, s3Error(r.bucket, r.key, err)
	}
	r.end = r.offset + aws.ToInt64(out.ContentLength)
	r.etag, r.body = aws.ToString(out.ETag), out.Body
	object := Object{
		Key: r.key, ETag: r.etag, Size: wholeSize(aws.ToString(out.ContentRange), r.end),
		LastModified: aws.ToTime(out.LastModified), StorageClass: string(out.StorageClass),
	}
	if object.StorageClass == "" {
		object.StorageClass = "STANDARD"
	}
	return object, nil
}

// wholeSize is the size of the object: what stands behind the slash of
// Content-Range ("bytes 5-9/100"), or all of an answer that has none.
func wholeSize(contentRange string, all int64) int64 {
	if _, size, ok := strings.Cut(contentRange, "/"); ok {
		if n, err := strconv.ParseInt(size, 10, 64); err == nil {
			return n
		}
	}
	return all
}

func (r *s3Stream) Read(p []byte) (int, error) {
	for {
		if r.body == nil {
			if _, err := r.connect(); err != nil {
				return 0, err
			}
		}
		n, err := r.body.Read(p)
		r.offset += int64(n)
		if n > 0 {
			r.broken = 0
		}
		if err == nil || errors.Is(err, io.EOF) && r.offset >= r.end {
			return n, err
		}
		r.body.Close()
		r.body = nil
		if ctxErr := r.ctx.Err(); ctxErr != nil {
			return n, ctxErr
		}
		if n > 0 {
			return n, nil
		}
		if r.broken++; r.broken > maxReconnects {
			return 0, fmt.Errorf("S3 %s/%s: read at byte %d: %w", r.bucket, r.key, r.offset, err)
		}
	}
}

func (r *s3Stream) Close() error {
	if r.body == nil {
		return nil
	}
	return r.body.Close()
}
