package objects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// List implements Buckets.
//
// One folder at a time is read whole, since the file system's order is none:
// names in one slab of memory (about 60 bytes an entry in all), sorted as if the
// names of folders ended in a slash. That is the order of full keys: "a.txt"
// comes before "a/b". Size and time are read with the name,
// because os looks at each file of a folder opened in an os.Root anyway.
func (d *Dir) List(ctx context.Context, bucket, prefix, after string, yield func(Object) bool) error {
	root, err := d.bucket(bucket)
	if err != nil {
		return err
	}
	defer root.Close()
	l := &lister{ctx: ctx, prefix: prefix, after: after, yield: yield}
	// The folder part of the prefix is entered directly.
	folder := prefix[:strings.LastIndexByte(prefix, '/')+1]
	if folder != "" {
		name, ok := localName(strings.TrimSuffix(folder, "/"))
		if !ok {
			return nil
		}
		sub, err := openFolder(root, name)
		if err != nil {
			return listError(bucket, err)
		}
		defer sub.Close()
		root = sub
	}
	if _, err := l.folder(root, folder); err != nil {
		return listError(bucket, err)
	}
	return nil
}

// openFolder opens a folder. It looks first because OpenRoot's error for what
// is no folder cannot be told from others.
func openFolder(root *os.Root, name string) (*os.Root, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fs.ErrNotExist
	}
	return root.OpenRoot(name)
}

// listError forgives what is no longer there, or never was.
func listError(bucket string, err error) error {
	err = fileError(bucket, "", err)
	if errors.Is(err, ErrNoSuchKey) {
		return nil
	}
	return fmt.Errorf("list: %w", err)
}

type lister struct {
	ctx           context.Context
	prefix, after string
	yield         func(Object) bool
}

// folder yields what lies in the folder, whose keys begin with base ("" or
// ending in a slash). It returns false when the caller wants no more.
func (l *lister) folder(root *os.Root, base string) (bool, error) {
	n, err := l.names(root, base)
	if err != nil {
		return false, err
	}
	for i, e := range n.entries {
		if i&255 == 0 && l.ctx.Err() != nil {
			return false, l.ctx.Err()
		}
		key := base + string(n.slab[e.from:e.to])
		if e.folder {
			sub, err := openFolder(root, key[len(base):len(key)-1])
			if err != nil {
				if gone(err) {
					continue
				}
				return false, err
			}
			more, err := l.folder(sub, key)
			sub.Close()
			if err != nil || !more {
				return false, err
			}
			continue
		}
		if !l.yield(fileObject(key, e.size, e.modified)) {
			return false, nil
		}
	}
	return true, nil
}

// gone says that a file was deleted or replaced since its name was read.
func gone(err error) bool { return errors.Is(fileError("", "", err), ErrNoSuchKey) }

// names are the sorted entries of one folder.
type names struct {
	slab    []byte
	entries []entry
}

type entry struct {
	from, to int // in the slab; a folder's name ends in a slash
	size     int64
	modified int64 // ns since 1970
	folder   bool
}

func (l *lister) names(root *os.Root, base string) (names, error) {
	var n names
	f, err := root.Open(".")
	if err != nil {
		return n, err
	}
	defer f.Close()
	for {
		files, err := f.ReadDir(1024)
		for _, file := range files {
			if err := l.add(&n, root, base, file); err != nil {
				return n, err
			}
		}
		if err != nil || len(files) == 0 {
			if err == io.EOF {
				err = nil
			}
			slices.SortFunc(n.entries, func(a, b entry) int {
				return bytes.Compare(n.slab[a.from:a.to], n.slab[b.from:b.to])
			})
			return n, err
		}
		if err := l.ctx.Err(); err != nil {
			return n, err
		}
	}
}

// add takes an entry if it is, or can hold, what is asked for. A link is an
// object when it leads to a regular file in the bucket.
func (l *lister) add(n *names, root *os.Root, base string, file fs.DirEntry) error {
	name, kind := file.Name(), file.Type()
	if kind&^(fs.ModeDir|fs.ModeSymlink) != 0 || base == "" && name == tempDir {
		return nil
	}
	e := entry{from: len(n.slab), folder: kind.IsDir()}
	n.slab = append(n.slab, name...)
	if e.folder {
		n.slab = append(n.slab, '/')
	}
	e.to = len(n.slab)
	wanted := l.wanted(base, n.slab[e.from:], e.folder)
	if wanted && !e.folder {
		info, err := file.Info()
		if err == nil && kind&fs.ModeSymlink != 0 {
			if info, err = root.Stat(name); err != nil {
				info, err = nil, nil // dead, or leads out of the bucket
			}
		}
		if err != nil && !gone(err) {
			return err
		}
		if wanted = err == nil && info != nil && info.Mode().IsRegular(); wanted {
			e.size, e.modified = info.Size(), info.ModTime().UnixNano()
		}
	}
	if !wanted {
		n.slab = n.slab[:e.from]
		return nil
	}
	n.entries = append(n.entries, e)
	return nil
}

func (l *lister) wanted(base string, name []byte, folder bool) bool {
	// base agrees with the prefix as far as both go: see List.
	if prefix := l.prefix; len(prefix) > len(base) {
		rest := prefix[len(base):]
		n := min(len(rest), len(name))
		if rest[:n] != string(name[:n]) || n < len(rest) && !folder {
			return false
		}
	}
	after, inBase := strings.CutPrefix(l.after, base)
	if !inBase {
		return l.after < base
	}
	if folder && strings.HasPrefix(after, string(name)) {
		return true
	}
	return string(name) > after
}
