package resultwriter

import (
	"strconv"

	"pawl.dev/internal/objects"
)

// resultFile is a file as the manifest names it.
type resultFile struct {
	Key  string
	Size int64 // bytes
}

// fileSet is the files of one group, one after the other.
type fileSet struct {
	w       *Writer
	path    string // all of the key up to the number
	done    []resultFile
	current objects.Writer // nil: none
	size    int64          // bytes in current
}

// lines says that the files are JSON Lines and not JSON arrays.
func (w *Writer) lines() bool { return w.spec.OutputType == "JSONL" }

func (w *Writer) extension() string {
	if w.lines() {
		return ".jsonl"
	}
	return ".json"
}

// add writes one JSON value, in a new file when the current one would become
// too large.
func (s *fileSet) add(text []byte) error {
	// One byte before it and one behind: bracket, comma or line end.
	if s.current != nil && s.size+int64(len(text))+2 > s.w.spec.MaxFileBytes {
		if err := s.finish(); err != nil {
			return err
		}
	}
	before, after := ",", ""
	if s.current == nil {
		var err error
		if s.current, err = s.w.buckets.Create(s.w.ctx, s.w.spec.Bucket, s.key()); err != nil {
			return err
		}
		before = "["
	}
	if s.w.lines() {
		before, after = "", "\n"
	}
	for _, part := range [...][]byte{[]byte(before), text, []byte(after)} {
		n, err := s.current.Write(part)
		s.size += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *fileSet) key() string { return s.path + strconv.Itoa(len(s.done)) + s.w.extension() }

// finish completes the current file, if there is one.
func (s *fileSet) finish() error {
	if s.current == nil {
		return nil
	}
	if !s.w.lines() {
		if _, err := s.current.Write([]byte{']'}); err != nil {
			return err
		}
	}
	o, err := s.current.Commit()
	if err != nil {
		return err
	}
	s.done = append(s.done, resultFile{Key: s.key(), Size: o.Size})
	s.current, s.size = nil, 0
	return nil
}

func (s *fileSet) abort() {
	if s.current != nil {
		s.current.Abort()
		s.current = nil
	}
}
