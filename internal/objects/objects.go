// Package objects reads and writes buckets of objects: S3, whatever speaks S3's
// protocol, and local directories that stand for buckets.
//
// It knows nothing of item formats, map runs or executions, and it never
// creates a bucket unasked.
//
// Every backend lists in the order of S3: by the UTF-8 bytes of the full key.
// An object under construction is invisible until it is committed, and takes
// the place of an older one at once.
package objects

import (
	"context"
	"io"
	"time"
)

// Object describes one stored object.
type Object struct {
	Key          string
	ETag         string // with its quotes, as S3 gives it
	Size         int64  // bytes
	LastModified time.Time
	StorageClass string // "STANDARD" where the backend knows no classes
}

// Buckets is a set of buckets. Implementations may be used by many goroutines
// at once.
//
// What the storage refuses (no such bucket, no such key, access denied) is an
// *Error with S3's code; other errors are trouble on the way to it.
type Buckets interface {
	// List calls yield for each object of the bucket whose key begins with
	// prefix and is greater than after, in byte order of the full key, until
	// yield returns false. Objects that come or go meanwhile may be missed.
	// Errors: ErrNoSuchBucket.
	List(ctx context.Context, bucket, prefix, after string, yield func(Object) bool) error

	// Open streams an object. versionID "" is the newest version. The context
	// governs the whole stream.
	// Errors: ErrNoSuchBucket, ErrNoSuchKey, ErrNoSuchVersion.
	Open(ctx context.Context, bucket, key, versionID string) (io.ReadCloser, Object, error)

	// OpenRange streams at most length bytes of an object from its byte offset
	// on; length 0 is all that follows. The description is that of the whole
	// object. An offset at or behind the end gives an empty stream or
	// ErrInvalidRange. Errors: as Open.
	OpenRange(ctx context.Context, bucket, key, versionID string, offset, length int64) (io.ReadCloser, Object, error)

	// Create begins an object, which nobody sees before Commit. The context
	// governs every call of the Writer.
	// Errors: ErrNoSuchBucket, ErrInvalidKey; some backends give them only on
	// the first write to the storage.
	Create(ctx context.Context, bucket, key string) (Writer, error)
}

// Writer receives the bytes of one new object. It belongs to one goroutine.
type Writer interface {
	io.Writer
	// Commit makes the object visible and durable, in place of an older one.
	// The Writer is over afterwards, whatever the error.
	Commit() (Object, error)
	// Abort throws the object away. After Commit it does nothing.
	Abort()
}
