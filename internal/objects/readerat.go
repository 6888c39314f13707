package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ReaderAt reads anywhere in one object, for formats with a footer. It keeps
// one stream open and goes on with it while reads follow one another, with gaps
// of up to skipBytes; any other read opens a new one. It belongs to one
// goroutine.
type ReaderAt struct {
	ctx                    context.Context
	buckets                Buckets
	bucket, key, versionID string

	object Object
	stream io.ReadCloser // nil: none
	at     int64         // where stream stands
}

// skipBytes is read and thrown away rather than asked for anew.
const skipBytes = 256 << 10

// OpenReaderAt opens an object for reads anywhere. The context governs them.
func OpenReaderAt(ctx context.Context, b Buckets, bucket, key, versionID string) (*ReaderAt, error) {
	stream, object, err := b.Open(ctx, bucket, key, versionID, 0)
	if err != nil {
		return nil, err
	}
	return &ReaderAt{ctx: ctx, buckets: b, bucket: bucket, key: key, versionID: versionID, object: object, stream: stream}, nil
}

// Object describes the object as it was when it was opened.
func (r *ReaderAt) Object() Object { return r.object }

// ReadAt implements io.ReaderAt. An object that was replaced meanwhile gives
// ErrPreconditionFailed.
func (r *ReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= r.object.Size {
		return 0, io.EOF
	}
	if local, ok := r.stream.(io.ReaderAt); ok {
		return local.ReadAt(p, off)
	}
	if err := r.seek(off); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.stream, p)
	r.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if err != nil && err != io.EOF {
		r.drop()
	}
	return n, err
}

func (r *ReaderAt) seek(off int64) error {
	if r.stream != nil && off >= r.at && off-r.at <= skipBytes {
		n, err := io.CopyN(io.Discard, r.stream, off-r.at)
		r.at += n
		if err == nil {
			return nil
		}
	}
	r.drop()
	stream, object, err := r.buckets.Open(r.ctx, r.bucket, r.key, r.versionID, off)
	if err != nil {
		return err
	}
	if object.ETag != r.object.ETag {
		stream.Close()
		return fmt.Errorf("read at byte %d: %w", off, ErrPreconditionFailed.at(r.bucket, r.key, nil))
	}
	r.stream, r.at = stream, off
	return nil
}

func (r *ReaderAt) drop() {
	if r.stream != nil {
		r.stream.Close()
		r.stream = nil
	}
}

// Close ends the reads.
func (r *ReaderAt) Close() error {
	r.drop()
	return nil
}
