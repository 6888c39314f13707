package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// tempDir holds files under construction, in the top folder of each bucket. No
// key begins with it.
const tempDir = ".pawl-tmp"

// Dir serves local directories as buckets: bucket b is ROOT/b, or a directory
// mounted under the name b.
//
// A file is an object, its path below the bucket (with slashes) the key;
// folders are no objects. Everything goes through os.Root: neither ".." nor a
// symbolic link leads out of a bucket. Keys that no file can have ("a//b",
// "../x", "/x", "x/") do not exist and cannot be created.
//
// ETags are made of size and modification time, since hashing the contents
// would make listing slow: a file that is rewritten gets another one.
type Dir struct {
	root   *os.Root // nil: mounted directories only
	mounts map[string]string

	mu    sync.Mutex
	swept map[string]bool // buckets whose left-over temporary files are gone
}

// OpenDir serves the directories below root, and the directories that mounts
// names by bucket, which go first. Root "" serves mounts alone; else it must
// exist.
func OpenDir(root string, mounts map[string]string) (*Dir, error) {
	d := &Dir{mounts: mounts, swept: map[string]bool{}}
	if root == "" {
		return d, nil
	}
	var err error
	if d.root, err = os.OpenRoot(root); err != nil {
		return nil, fmt.Errorf("open buckets: %w", err)
	}
	return d, nil
}

// Close releases the root directory. Open streams stay readable.
func (d *Dir) Close() error {
	if d.root == nil {
		return nil
	}
	return d.root.Close()
}

// Has reports whether the bucket exists.
func (d *Dir) Has(bucket string) bool {
	b, err := d.bucket(bucket)
	if err != nil {
		return false
	}
	b.Close()
	return true
}

// CreateBucket makes the bucket's directory unless it is there.
func (d *Dir) CreateBucket(bucket string) error {
	if d.Has(bucket) {
		return nil
	}
	if d.root == nil || !validBucket(bucket) {
		return ErrNoSuchBucket.at(bucket, "", nil)
	}
	if err := d.root.Mkdir(bucket, 0o777); err != nil {
		return fmt.Errorf("create bucket %s: %w", bucket, err)
	}
	return syncFolder(d.root, ".")
}

// bucket opens the bucket's directory. It is opened anew for each call, so that
// a bucket may be deleted and made again under a running server.
func (d *Dir) bucket(bucket string) (*os.Root, error) {
	var root *os.Root
	var err error
	if path, ok := d.mounts[bucket]; ok {
		root, err = os.OpenRoot(path)
	} else if d.root == nil || !validBucket(bucket) {
		return nil, ErrNoSuchBucket.at(bucket, "", nil)
	} else {
		root, err = d.root.OpenRoot(bucket)
	}
	switch {
	case err == nil:
		return root, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, ErrAccessDenied.at(bucket, "", err)
	}
	return nil, ErrNoSuchBucket.at(bucket, "", err)
}

// validBucket allows S3's bucket names and a little more (upper case, "_").
func validBucket(name string) bool {
	if name == "" || len(name) > 255 || name[0] == '.' {
		return false
	}
	for _, c := range []byte(name) {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return true
}

// localName returns the file name of a key, false when no file can have it.
func localName(key string) (string, bool) {
	if key == "." || key == tempDir || strings.HasPrefix(key, tempDir+"/") || strings.IndexByte(key, 0) >= 0 {
		return "", false
	}
	name, err := filepath.Localize(key)
	return name, err == nil
}

// Open implements Buckets. There are no versions but the newest, "" or "null".
func (d *Dir) Open(ctx context.Context, bucket, key, versionID string) (io.ReadCloser, Object, error) {
	return d.OpenRange(ctx, bucket, key, versionID, 0, 0)
}

// OpenRange implements Buckets.
func (d *Dir) OpenRange(ctx context.Context, bucket, key, versionID string, offset, length int64) (io.ReadCloser, Object, error) {
	root, err := d.bucket(bucket)
	if err != nil {
		return nil, Object{}, err
	}
	defer root.Close()
	if err := ctx.Err(); err != nil {
		return nil, Object{}, err
	}
	name, ok := localName(key)
	if !ok {
		return nil, Object{}, ErrNoSuchKey.at(bucket, key, nil)
	}
	f, info, err := openRegular(root, name)
	switch {
	case err != nil:
		return nil, Object{}, fileError(bucket, key, err)
	case versionID != "" && versionID != "null":
		f.Close()
		return nil, Object{}, ErrNoSuchVersion.at(bucket, key, nil)
	}
	if offset > 0 {
		if _, err := f.Seek(offset, io.SeekStart); err != nil {
			f.Close()
			return nil, Object{}, fmt.Errorf("open %s/%s: %w", bucket, key, err)
		}
	}
	stream := &fileStream{ctx: ctx, f: f, left: math.MaxInt64}
	if length > 0 {
		stream.left = length
	}
	return stream, infoObject(key, info), nil
}

// openRegular opens a regular file. It looks before it opens: to open a named
// pipe would wait for its writer.
func openRegular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fs.ErrNotExist
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// fileError tells refusals from trouble.
func fileError(bucket, key string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.ELOOP):
		return ErrNoSuchKey.at(bucket, key, err)
	case errors.Is(err, fs.ErrPermission), isEscape(err):
		return ErrAccessDenied.at(bucket, key, err)
	}
	return fmt.Errorf("%s/%s: %w", bucket, key, err)
}

// isEscape recognises os.Root's refusal to leave the bucket, which has no
// exported error.
func isEscape(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Err != nil && strings.Contains(p.Err.Error(), "escapes from parent")
}

// fileObject describes a file of so many bytes, modified at so many ns since
// 1970.
func fileObject(key string, size, modified int64) Object {
	return Object{
		Key: key, ETag: fileETag(size, modified), Size: size,
		LastModified: time.Unix(modified/1e9, 0).UTC(), // S3 keeps seconds
		StorageClass: "STANDARD",
	}
}

func infoObject(key string, info fs.FileInfo) Object {
	return fileObject(key, info.Size(), info.ModTime().UnixNano())
}

// fileETag looks like the ETag of a multipart upload, so that nobody takes it
// for an MD5 sum: 16 hex digits of modification time (ns), 16 of size, "-1".
func fileETag(size, modified int64) string {
	b := append(make([]byte, 0, 36), '"')
	b = appendHex16(b, uint64(modified))
	b = appendHex16(b, uint64(size))
	return string(append(b, '-', '1', '"'))
}

func appendHex16(b []byte, n uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[n>>shift&15])
	}
	return b
}

// fileStream is a file that can be cancelled between reads.
type fileStream struct {
	ctx  context.Context
	f    *os.File
	left int64 // bytes of the range
}

func (s *fileStream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	n, err := s.f.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (s *fileStream) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.f.ReadAt(p, off)
}

func (s *fileStream) Close() error { return s.f.Close() }
