package function

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Limits of a code package. Source: AWS Lambda quotas.
const (
	maxZipBytes      = 52_428_800
	maxUnzippedBytes = 262_144_000
	maxZipEntries    = 100_000 // ours: a bomb of empty files
)

var errUnzip = errorInvalid("Could not unzip uploaded file. Please check your file, then try to upload again.")

// codeKey names a package's folder: the same bytes give the same key.
func codeKey(zipped []byte) string {
	sum := sha256.Sum256(zipped)
	return hex.EncodeToString(sum[:12])
}

// codeSha256 is what AWS shows as CodeSha256.
func codeSha256(zipped []byte) string {
	sum := sha256.Sum256(zipped)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// checkZip refuses what AWS refuses before anything is written.
func checkZip(zipped []byte) (*zip.Reader, error) {
	if len(zipped) == 0 {
		return nil, errorInvalid("Uploaded file must be a non-empty zip")
	}
	if len(zipped) > maxZipBytes {
		return nil, errorTooLarge("Zipped size must be smaller than %d bytes", maxZipBytes)
	}
	r, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, errUnzip
	}
	if len(r.File) == 0 {
		return nil, errorInvalid("Uploaded file must be a non-empty zip")
	}
	if len(r.File) > maxZipEntries {
		return nil, errUnzip
	}
	var total uint64
	for _, f := range r.File {
		total += f.UncompressedSize64
		if total > maxUnzippedBytes || f.UncompressedSize64 > maxUnzippedBytes {
			return nil, errorInvalid("Unzipped size must be smaller than %d bytes", maxUnzippedBytes)
		}
	}
	return r, nil
}

// unpack writes a package's files into the new folder dir. Everything goes
// through an os.Root, so no entry and no symbolic link among them can reach
// outside; sizes are counted as they are written, not as the zip claims them.
// Errors: *Error for a bad zip, others for the disk.
func unpack(zipped []byte, dir string) error {
	r, err := checkZip(zipped)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	left := int64(maxUnzippedBytes)
	for _, f := range r.File {
		n, err := unpackEntry(root, f, left)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

func unpackEntry(root *os.Root, f *zip.File, limit int64) (int64, error) {
	name := strings.TrimSuffix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
	name = strings.TrimPrefix(name, "./")
	if name == "." || name == "" {
		return 0, nil
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.IndexByte(name, 0) >= 0 {
		return 0, errUnzip
	}
	mode := f.Mode()
	if mode.IsDir() {
		return 0, refused(root.MkdirAll(name, 0o755))
	}
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		if err := root.MkdirAll(name[:i], 0o755); err != nil {
			return 0, refused(err)
		}
	}
	switch {
	case mode&fs.ModeSymlink != 0:
		return unpackLink(root, f, name)
	case !mode.IsRegular():
		return 0, errUnzip
	}
	return unpackFile(root, f, name, limit)
}

// unpackLink makes a relative link; package managers of Node put them into
// node_modules/.bin. Where it leads is checked again at each later use of root.
func unpackLink(root *os.Root, f *zip.File, name string) (int64, error) {
	target, err := readEntry(f, 4096)
	if err != nil {
		return 0, err
	}
	inside := filepath.Join(filepath.Dir(name), string(target))
	if filepath.IsAbs(string(target)) || !filepath.IsLocal(inside) {
		return 0, errUnzip
	}
	return 0, refused(root.Symlink(string(target), name))
}

func unpackFile(root *os.Root, f *zip.File, name string, limit int64) (int64, error) {
	src, err := f.Open()
	if err != nil {
		return 0, errUnzip
	}
	defer src.Close()
	// Lambda makes packages world readable; the executable bit is the zip's.
	perm := fs.FileMode(0o644)
	if f.Mode()&0o111 != 0 || name == "bootstrap" { // zips made on Windows carry no modes
		perm = 0o755
	}
	dst, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, perm)
	if err != nil {
		return 0, refused(err)
	}
	n, err := io.Copy(dst, io.LimitReader(zipReader{src}, limit+1))
	if closeErr := dst.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return n, err
	}
	if n > limit {
		return n, errorInvalid("Unzipped size must be smaller than %d bytes", maxUnzippedBytes)
	}
	return n, nil
}

func readEntry(f *zip.File, limit int64) ([]byte, error) {
	src, err := f.Open()
	if err != nil {
		return nil, errUnzip
	}
	defer src.Close()
	b, err := io.ReadAll(io.LimitReader(zipReader{src}, limit))
	if err != nil {
		return nil, errUnzip
	}
	return b, nil
}

// zipReader tells a damaged zip from a full disk.
type zipReader struct{ r io.Reader }

func (z zipReader) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	if err != nil && err != io.EOF {
		err = errUnzip
	}
	return n, err
}

// refused turns what a hostile or contradictory zip provokes into AWS's
// refusal, and leaves the disk's own troubles alone.
func refused(err error) error {
	var path *fs.PathError
	if err == nil || !errors.As(err, &path) {
		return err
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("unpack code: %w", err)
	}
	return errUnzip
}
