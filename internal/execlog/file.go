package execlog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// Files is a Sink of local files:
//
//	DIR/<log group>/states/<state machine>/<yyyy-MM-dd-HH-mm>/<id>.jsonl
//
// which is the log stream that AWS would write, one record a line, oldest first.
// A process writes one file per state machine and log group; it begins another
// when that is full, and deletes the oldest when together they are too large.
type Files struct {
	root   *os.Root
	config FilesConfig
	files  map[string]*file // by folder of the state machine
	open   int
}

// FilesConfig says where files are and how large they get.
type FilesConfig struct {
	Dir      string // created when missing
	MaxBytes int64  // of one file; default 64 MiB
	// KeepBytes and KeepFiles bound the files of one state machine in one log
	// group; default 1 GiB and 1,000.
	KeepBytes int64
	KeepFiles int
	Now       func() time.Time // for names; default time.Now
}

// maxOpen bounds the open files.
const maxOpen = 64

// file is one that records are appended to.
type file struct {
	name   string
	handle *os.File // nil: closed to save handles
	bytes  int64
	used   time.Time
}

// OpenFiles returns a sink of files below a directory.
func OpenFiles(c FilesConfig) (*Files, error) {
	if c.MaxBytes == 0 {
		c.MaxBytes = 64 << 20
	}
	if c.KeepBytes == 0 {
		c.KeepBytes = 1 << 30
	}
	if c.KeepFiles == 0 {
		c.KeepFiles = 1000
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("make directory of execution logs: %w", err)
	}
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("open directory of execution logs: %w", err)
	}
	return &Files{root: root, config: c, files: make(map[string]*file)}, nil
}

// Write implements Sink: one write per file and run of records.
func (f *Files) Write(_ context.Context, records []Record) (lost int, err error) {
	var buf []byte
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].Group == records[0].Group && records[n].Machine == records[0].Machine {
			n++
		}
		buf = buf[:0]
		for i := range n {
			buf = append(append(buf, records[i].Text...), '\n')
		}
		if e := f.append(folderOf(&records[0]), buf); e != nil {
			lost, err = lost+n, e
		}
		records = records[n:]
	}
	return lost, err
}

// append appends whole lines to the current file of a folder.
func (f *Files) append(folder string, lines []byte) error {
	current := f.files[folder]
	if current == nil || current.bytes >= f.config.MaxBytes {
		if current != nil {
			f.shut(current)
		}
		f.tidy(folder)
		current = &file{name: folder + "/" + streamName(f.config.Now()) + ".jsonl"}
		f.files[folder] = current
	}
	if current.handle == nil {
		if err := f.openFile(current); err != nil {
			delete(f.files, folder) // the next record begins another
			return fmt.Errorf("open execution log: %w", err)
		}
	}
	current.used = f.config.Now()
	n, err := current.handle.Write(lines)
	current.bytes += int64(n)
	if err != nil {
		return fmt.Errorf("write execution log: %w", err)
	}
	return nil
}

func (f *Files) openFile(current *file) error {
	if f.open >= maxOpen {
		var oldest *file
		for _, other := range f.files {
			if other.handle != nil && (oldest == nil || other.used.Before(oldest.used)) {
				oldest = other
			}
		}
		f.shut(oldest)
	}
	if err := f.root.MkdirAll(path.Dir(current.name), 0o750); err != nil {
		return err
	}
	handle, err := f.root.OpenFile(current.name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	current.handle = handle
	f.open++
	return nil
}

// shut closes a file. All was written, so that an error changes nothing.
func (f *Files) shut(current *file) {
	if current.handle != nil {
		_ = current.handle.Close()
		current.handle = nil
		f.open--
	}
}

// Close implements Sink.
func (f *Files) Close() error {
	for _, current := range f.files {
		f.shut(current)
	}
	return f.root.Close()
}

// tidy deletes the oldest files of a folder, so that with a full new one the
// folder is as large as it may be. What cannot be deleted stays.
func (f *Files) tidy(folder string) {
	type kept struct {
		name  string
		bytes int64
		at    time.Time
	}
	var all []kept
	var bytes int64
	_ = fs.WalkDir(f.root.FS(), folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // what cannot be read is left alone
		}
		if info, err := entry.Info(); err == nil {
			all = append(all, kept{name, info.Size(), info.ModTime()})
			bytes += info.Size()
		}
		return nil
	})
	slices.SortFunc(all, func(a, b kept) int { return a.at.Compare(b.at) })
	for _, k := range all {
		if bytes+f.config.MaxBytes <= f.config.KeepBytes && len(all) < f.config.KeepFiles {
			return
		}
		if err := f.root.Remove(k.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		_ = f.root.Remove(path.Dir(k.name)) // unless others are in it
		bytes -= k.bytes
		all = all[1:]
	}
}

// streamName is the part of a log stream's name that is new for each, as AWS
// names them: yyyy-MM-dd-HH-mm/id.
func streamName(now time.Time) string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // does not fail
	return now.UTC().Format("2006-01-02-15-04") + "/" + hex.EncodeToString(id[:])
}

// folderOf is where the files of a record's state machine are. Names come from
// clients: no part of them leads elsewhere.
func folderOf(r *Record) string {
	var parts []string
	for part := range strings.SplitSeq(strings.Trim(r.Group.Name, "/"), "/") {
		parts = append(parts, safe(part))
	}
	return path.Join(append(parts, "states", safe(r.Machine))...)
}

// maxPartBytes is less than file systems allow.
const maxPartBytes = 200

// safe makes a name one that every file system takes.
func safe(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	plain = strings.TrimRight(plain, ".") + strings.Repeat("_", len(plain)-len(strings.TrimRight(plain, ".")))
	if plain == "" {
		return "_"
	}
	if len(plain) <= maxPartBytes {
		return plain
	}
	sum := sha256.Sum256([]byte(name))
	return strings.ToValidUTF8(plain[:maxPartBytes-9], "") + "-" + hex.EncodeToString(sum[:4])
}
