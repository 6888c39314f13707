package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ReaderAt reads anywhere in one object, for formats with a footer. Each read
// is a request of its own where the object is not a local file: read much at a
// time.
type ReaderAt struct {
	ctx                    context.Context
	buckets                Buckets
	bucket, key, versionID string

	object Object
	first  io.ReadCloser // keeps a local file open
}

// OpenReaderAt opens an object for reads anywhere. The context governs them.
func OpenReaderAt(ctx context.Context, b Buckets, bucket, key, versionID string) (*ReaderAt, error) {
	first, object, err := b.Open(ctx, bucket, key, versionID)
	if err != nil {
		return nil, err
	}
	r := &ReaderAt{ctx: ctx, buckets: b, bucket: bucket, key: key, versionID: versionID, object: object, first: first}
	if _, local := first.(io.ReaderAt); !local {
		first.Close()
	}
	return r, nil
}

// Object describes the object as it was when it was opened.
func (r *ReaderAt) Object() Object { return r.object }

// ReadAt implements io.ReaderAt. An object that was replaced meanwhile gives
// ErrPreconditionFailed.
func (r *ReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if off >= r.object.Size {
		return 0, io.EOF
	}
	if local, ok := r.first.(io.ReaderAt); ok {
		return local.ReadAt(p, off)
	}
	stream, object, err := r.buckets.OpenRange(r.ctx, r.bucket, r.key, r.versionID, off, int64(len(p)))
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	if object.ETag != r.object.ETag {
		return 0, fmt.Errorf("read at byte %d: %w", off, ErrPreconditionFailed.at(r.bucket, r.key, nil))
	}
	n, err := io.ReadFull(stream, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// Close ends the reads.
func (r *ReaderAt) Close() error {
	if _, local := r.first.(io.ReaderAt); local {
		return r.first.Close()
	}
	return nil
}
