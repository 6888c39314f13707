package objects

import (
	"context"
	"io"
)

// Mux serves local directories and S3 side by side: a bucket that exists as a
// directory is that directory, all others are S3's.
type Mux struct {
	Dir *Dir
	S3  Buckets // nil: local directories only
}

func (m *Mux) of(bucket string) Buckets {
	if m.S3 == nil || m.Dir != nil && m.Dir.Has(bucket) {
		return m.Dir
	}
	return m.S3
}

// List implements Buckets.
func (m *Mux) List(ctx context.Context, bucket, prefix, after string, yield func(Object) bool) error {
	return m.of(bucket).List(ctx, bucket, prefix, after, yield)
}

// Open implements Buckets.
func (m *Mux) Open(ctx context.Context, bucket, key, versionID string) (io.ReadCloser, Object, error) {
	return m.of(bucket).Open(ctx, bucket, key, versionID)
}

// OpenRange implements Buckets.
func (m *Mux) OpenRange(ctx context.Context, bucket, key, versionID string, offset, length int64) (io.ReadCloser, Object, error) {
	return m.of(bucket).OpenRange(ctx, bucket, key, versionID, offset, length)
}

// Create implements Buckets.
func (m *Mux) Create(ctx context.Context, bucket, key string) (Writer, error) {
	return m.of(bucket).Create(ctx, bucket, key)
}
