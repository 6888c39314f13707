package itemreader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"pawl.dev/internal/objects"
)

// stream is the decompressed contents of one object.
type stream struct {
	object  objects.Object
	body    io.ReadCloser
	decoder io.Reader // body itself when it is not compressed
	release func()
	bodyErr error // of the object, as opposed to what the decoder dislikes
}

// openStream opens an object at the byte offset of its decompressed contents.
// etag, if given, must still be the object's.
//
// Errors: *Failure.
func openStream(ctx context.Context, b objects.Buckets, ref objectRef, offset int64, etag string) (*stream, error) {
	packing := compression(ref.key)
	start := offset
	if packing != "" {
		start = 0
	} else if offset > 0 {
		// To begin right behind the last byte is an error on S3; to begin one
		// byte earlier never is.
		start = offset - 1
	}
	body, object, err := b.OpenRange(ctx, ref.bucket, ref.key, ref.versionID, start, 0)
	if err != nil {
		return nil, storageFailure(err)
	}
	s := &stream{object: object, body: body}
	if etag != "" && etag != object.ETag {
		s.Close()
		return nil, failed("%s", objects.ErrPreconditionFailed.Cause())
	}
	if err := s.unpack(packing); err != nil {
		s.Close()
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, s, offset-start); err != nil {
		s.Close()
		if err == io.EOF {
			err = fmt.Errorf("object %s/%s ends before byte %d", ref.bucket, ref.key, offset)
		}
		return nil, err
	}
	return s, nil
}

// compression tells by the extension how an object is compressed, as Step
// Functions does.
func compression(key string) string {
	switch {
	case strings.HasSuffix(key, ".gz"):
		return "GZIP"
	case strings.HasSuffix(key, ".zst"), strings.HasSuffix(key, ".zstd"):
		return "ZSTD"
	}
	return ""
}

// bodyReader notes the errors of the object.
type bodyReader struct{ s *stream }

func (r bodyReader) Read(p []byte) (int, error) {
	n, err := r.s.body.Read(p)
	if err != nil && err != io.EOF {
		r.s.bodyErr = err
	}
	return n, err
}

func (s *stream) unpack(packing string) error {
	source := bodyReader{s}
	switch packing {
	case "GZIP":
		z, err := gzip.NewReader(source)
		if err == io.EOF {
			s.decoder = strings.NewReader("") // an empty object is an empty file
			return nil
		}
		if err != nil {
			return s.explain(err)
		}
		s.decoder = z
	case "ZSTD":
		// One goroutine less, and no read-ahead: the children are slower.
		z, err := zstd.NewReader(source, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return s.explain(err)
		}
		s.decoder, s.release = z, z.Close
	default:
		s.decoder = source
	}
	return nil
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.decoder.Read(p)
	if err != nil && err != io.EOF {
		err = s.explain(err)
	}
	return n, err
}

// explain tells trouble with the object from contents that are not what the
// extension says.
func (s *stream) explain(err error) error {
	if s.bodyErr != nil {
		return storageFailure(s.bodyErr)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return failed("The compressed file %s is truncated.", s.object.Key)
	}
	return failed("The compressed file %s is malformed: %v", s.object.Key, err)
}

func (s *stream) Close() error {
	if s.release != nil {
		s.release()
	}
	return s.body.Close()
}
