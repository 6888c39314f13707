package objects

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const (
	minPartBytes = 5 << 20 // S3's limits
	maxPartBytes = 5 << 30
	// From this part on parts are twice as large, so that the 10,000 parts of
	// an upload suffice for twice the bytes.
	doubleFrom = 1000
	// abortTimeout bounds the clean-up after a cancelled upload.
	abortTimeout = 10 * time.Second
)

// Create implements Buckets. An object of less than one part is put in one
// request at Commit; a larger one is a multipart upload, whose parts nobody
// sees. What a crash leaves of one costs storage until the bucket's lifecycle
// rule for incomplete uploads removes it.
func (s *S3) Create(ctx context.Context, bucket, key string) (Writer, error) {
	return &s3Writer{ctx: ctx, s3: s, bucket: bucket, key: key, partBytes: s.partBytes}, nil
}

type s3Writer struct {
	ctx         context.Context
	s3          *S3
	bucket, key string
	partBytes   int

	buf      []byte // less than one part
	size     int64
	uploadID *string // nil: no multipart upload so far
	parts    []types.CompletedPart
	err      error // the first failure, which stays
	over     bool
}

func (w *s3Writer) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if w.err != nil {
			return written, w.err
		}
		n := min(len(p), w.partBytes-len(w.buf))
		w.buf = append(w.buf, p[:n]...)
		p = p[n:]
		written += n
		w.size += int64(n)
		if len(w.buf) == w.partBytes {
			w.upload()
		}
	}
	return written, w.err
}

// upload sends the buffer as the next part.
func (w *s3Writer) upload() {
	if w.uploadID == nil {
		out, err := w.s3.client.CreateMultipartUpload(w.ctx, &s3.CreateMultipartUploadInput{
			Bucket: &w.bucket, Key: &w.key, ContentType: aws.String(contentType),
		})
		if err != nil {
			w.err = s3Error(w.bucket, w.key, err)
			return
		}
		w.uploadID = out.UploadId
	}
	number := aws.Int32(int32(len(w.parts) + 1))
	out, err := w.s3.client.UploadPart(w.ctx, &s3.UploadPartInput{
		Bucket: &w.bucket, Key: &w.key, UploadId: w.uploadID, PartNumber: number, Body: bytes.NewReader(w.buf),
	})
	if err != nil {
		w.err = s3Error(w.bucket, w.key, err)
		return
	}
	w.parts = append(w.parts, types.CompletedPart{ETag: out.ETag, PartNumber: number})
	w.buf = w.buf[:0]
	if len(w.parts) == doubleFrom {
		w.partBytes *= 2
	}
}

// contentType of everything written: the map run's results are JSON.
const contentType = "application/json"

func (w *s3Writer) Commit() (Object, error) {
	if w.over {
		return Object{}, fmt.Errorf("write %s/%s: already over", w.bucket, w.key)
	}
	defer w.Abort()
	if w.uploadID == nil && w.err == nil {
		return w.put()
	}
	if len(w.buf) > 0 && w.err == nil {
		w.upload()
	}
	if w.err != nil {
		return Object{}, w.err
	}
	out, err := w.s3.client.CompleteMultipartUpload(w.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &w.bucket, Key: &w.key, UploadId: w.uploadID,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: w.parts},
	})
	if err != nil {
		return Object{}, s3Error(w.bucket, w.key, err)
	}
	w.over = true
	return w.object(out.ETag), nil
}

func (w *s3Writer) put() (Object, error) {
	out, err := w.s3.client.PutObject(w.ctx, &s3.PutObjectInput{
		Bucket: &w.bucket, Key: &w.key, Body: bytes.NewReader(w.buf), ContentType: aws.String(contentType),
	})
	if err != nil {
		return Object{}, s3Error(w.bucket, w.key, err)
	}
	w.over = true
	return w.object(out.ETag), nil
}

func (w *s3Writer) object(etag *string) Object {
	return Object{Key: w.key, ETag: aws.ToString(etag), Size: w.size, LastModified: time.Now().UTC(), StorageClass: "STANDARD"}
}

func (w *s3Writer) Abort() {
	if w.over {
		return
	}
	w.over, w.buf = true, nil
	if w.uploadID == nil {
		return
	}
	// The upload must go even if its context is what ended it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), abortTimeout)
	defer cancel()
	// If this fails, the lifecycle rule cleans up.
	_, _ = w.s3.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &w.bucket, Key: &w.key, UploadId: w.uploadID})
}
