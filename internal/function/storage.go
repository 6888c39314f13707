package function

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// storage keeps uploaded functions:
//
//	functions/NAME/config.json        the record; written last, by rename
//	functions/NAME/code/KEY/...       the unpacked package that the record names
//	functions/NAME/code/KEY.zip       the package as uploaded
//
// What no record names is debris of a crash and is removed at the next start.
type storage struct{ dir string }

// record is the stored form of a function. Version 1 is the only one so far.
type record struct {
	Format        int // 1
	Configuration Configuration
	Tags          map[string]string `json:",omitempty"`
	Code          string            // KEY
}

const recordFormat = 1

func (s storage) codeDir(name, key string) string { return filepath.Join(s.dir, name, "code", key) }
func (s storage) zipPath(name, key string) string { return s.codeDir(name, key) + ".zip" }

// load reads all functions and clears debris away.
func (s storage) load() ([]record, error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	var all []record
	for _, e := range entries {
		r, err := s.read(e.Name())
		if errors.Is(err, fs.ErrNotExist) {
			// Never finished, or deleted by half.
			if err := os.RemoveAll(filepath.Join(s.dir, e.Name())); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		s.sweep(e.Name(), r.Code)
		all = append(all, r)
	}
	return all, nil
}

func (s storage) read(name string) (record, error) {
	var r record
	b, err := os.ReadFile(filepath.Join(s.dir, name, "config.json"))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("read function %s: %w", name, err)
	}
	if r.Format != recordFormat {
		return r, fmt.Errorf("read function %s: format %d is newer than this program", name, r.Format)
	}
	return r, nil
}

// write makes the record durable; before it returns the old one holds.
func (s storage) write(r record) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Join(s.dir, r.Configuration.FunctionName)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "config.json"), append(b, '\n'))
}

// writeCode unpacks a package beside its final place and renames it.
func (s storage) writeCode(name, key string, zipped []byte) error {
	final := s.codeDir(name, key)
	if _, err := os.Stat(final); err == nil {
		return nil // the same bytes are there
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(final), "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := unpack(zipped, temp); err != nil {
		return err
	}
	if err := writeFile(s.zipPath(name, key), zipped); err != nil {
		return err
	}
	return os.Rename(temp, final)
}

// sweep removes all code of a function but the given key's.
func (s storage) sweep(name, keep string) {
	dir := filepath.Join(s.dir, name, "code")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.TrimSuffix(e.Name(), ".zip") != keep {
			// What cannot be removed now is debris at the next start.
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// remove forgets a function: the record goes first, so that a crash leaves
// only debris.
func (s storage) remove(name string) error {
	dir := filepath.Join(s.dir, name)
	if err := os.Remove(filepath.Join(dir, "config.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(dir)
}

// writeFile replaces a file by a synced temporary one.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // does nothing after the rename
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename durable where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync() // some file systems refuse to sync folders
	return nil
}
