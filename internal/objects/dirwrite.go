package objects

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// Left-over temporary files that nobody has written to for so long belong to a
// process that died.
const staleAfter = 24 * time.Hour

// Create implements Buckets: the bytes go to a temporary file, which Commit
// syncs and renames.
func (d *Dir) Create(ctx context.Context, bucket, key string) (Writer, error) {
	root, err := d.bucket(bucket)
	if err != nil {
		return nil, err
	}
	name, ok := localName(key)
	if !ok {
		root.Close()
		return nil, ErrInvalidKey.at(bucket, key, nil)
	}
	d.sweep(root, bucket)
	temp := filepath.Join(tempDir, rand.Text())
	f, err := createIn(root, temp)
	if err != nil {
		root.Close()
		return nil, writeError(bucket, key, err)
	}
	return &fileWriter{
		ctx: ctx, root: root, bucket: bucket, key: key, name: name, temp: temp,
		f: f, buf: bufio.NewWriterSize(f, 1<<16),
	}, nil
}

func createIn(root *os.Root, temp string) (*os.File, error) {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := root.OpenFile(temp, flags, 0o666)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if err := root.Mkdir(tempDir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return root.OpenFile(temp, flags, 0o666)
}

// sweep deletes what crashed writers left, once per bucket and process. What
// it cannot delete does no harm.
func (d *Dir) sweep(root *os.Root, bucket string) {
	d.mu.Lock()
	swept := d.swept[bucket]
	d.swept[bucket] = true
	d.mu.Unlock()
	if swept {
		return
	}
	files, err := fs.ReadDir(root.FS(), tempDir)
	if err != nil {
		return
	}
	for _, file := range files {
		if info, err := file.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			_ = root.Remove(filepath.Join(tempDir, file.Name())) // the next process tries again
		}
	}
}

type fileWriter struct {
	ctx         context.Context
	root        *os.Root
	bucket, key string
	name, temp  string
	f           *os.File
	buf         *bufio.Writer
	over        bool
}

func (w *fileWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.buf.Write(p)
	if err != nil {
		err = writeError(w.bucket, w.key, err)
	}
	return n, err
}

func (w *fileWriter) Commit() (Object, error) {
	if w.over {
		return Object{}, fmt.Errorf("write %s/%s: already over", w.bucket, w.key)
	}
	defer w.Abort() // closes; the temporary file has gone by then, if all went well
	if err := w.ctx.Err(); err != nil {
		return Object{}, err
	}
	info, err := w.publish()
	if err != nil {
		return Object{}, writeError(w.bucket, w.key, err)
	}
	return infoObject(w.key, info), nil
}

func (w *fileWriter) publish() (fs.FileInfo, error) {
	if err := w.buf.Flush(); err != nil {
		return nil, err
	}
	if err := w.f.Sync(); err != nil {
		return nil, err
	}
	info, err := w.f.Stat()
	if err != nil {
		return nil, err
	}
	folder, created := filepath.Dir(w.name), false
	if _, err := w.root.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		if err := w.root.MkdirAll(folder, 0o777); err != nil {
			return nil, err
		}
		created = true
	}
	if err := w.root.Rename(w.temp, w.name); err != nil {
		return nil, err
	}
	w.temp = ""
	for {
		if err := syncFolder(w.root, folder); err != nil {
			return nil, err
		}
		if !created || folder == "." {
			return info, nil
		}
		folder = filepath.Dir(folder)
	}
}

func (w *fileWriter) Abort() {
	if w.over {
		return
	}
	w.over = true
	w.f.Close()
	if w.temp != "" {
		_ = w.root.Remove(w.temp) // sweep gets it otherwise
	}
	w.root.Close()
}

// syncFolder makes the folder's entries durable. Windows cannot, and need not.
func syncFolder(root *os.Root, folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := root.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// writeError tells refusals from trouble such as a full disk. A folder where
// the file should be, or a file where a folder should be, is a bad key.
func writeError(bucket, key string, err error) error {
	for _, bad := range []error{syscall.ENOTDIR, syscall.EISDIR, syscall.EEXIST, syscall.ENAMETOOLONG, syscall.ELOOP} {
		if errors.Is(err, bad) {
			return ErrInvalidKey.at(bucket, key, err)
		}
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || isEscape(err) {
		return ErrAccessDenied.at(bucket, key, err)
	}
	return fmt.Errorf("write %s/%s: %w", bucket, key, err)
}
