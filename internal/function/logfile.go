package function

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// LogFile reads the log of one function from the files of a service that may run
// in another process. It changes nothing and holds no file open between reads,
// so that the service can rotate its log.
type LogFile struct {
	path   string
	file   os.FileInfo // that was read last; nil: none yet
	offset int64       // of file
}

// maxLogRead bounds one Next; more lines follow with the next one.
const maxLogRead = 4 << 20

// OpenLog returns the log of the function called name (no ARN) below dir, the
// Config.Dir of its service. There need be no log yet. Errors: *Error
// ValidationException.
func OpenLog(dir, name string) (*LogFile, error) {
	if !validName(name) || len(name) > maxNameBytes {
		return nil, errorValidation(name, "functionName", namePattern)
	}
	return &LogFile{path: filepath.Join(dir, "logs", name+".log")}, nil
}

// LogNames returns the names of the functions with logs below dir, in order.
func LogNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, "logs"))
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".log"); ok {
			names = append(names, name)
		}
	}
	return names, nil
}

// Exists reports whether the function has logged anything that is kept.
func (l *LogFile) Exists() bool {
	_, err := os.Stat(l.path)
	if err != nil {
		_, err = os.Stat(l.path + ".1")
	}
	return err == nil
}

// Next returns the lines that were added since the last call, oldest first; the
// first call begins with the oldest that is kept. None means that there are no
// more for now. The service writes lines up to 250 ms late.
func (l *LogFile) Next() ([]LogLine, error) {
	for {
		path, err := l.current()
		if err != nil || path == "" {
			return nil, err
		}
		lines, err := l.readFrom(path)
		if err != nil || len(lines) > 0 || path == l.path {
			return lines, err
		}
		// The rotated file is read to its end: go on with the new one.
		newest, err := os.Stat(l.path)
		if err != nil {
			return nil, ignoreMissing(err)
		}
		l.file, l.offset = newest, 0
	}
}

// current is the file to read on in; "" when there is none.
func (l *LogFile) current() (string, error) {
	old, err := os.Stat(l.path + ".1")
	if err := ignoreMissing(err); err != nil {
		return "", err
	}
	newest, err := os.Stat(l.path)
	if err := ignoreMissing(err); err != nil {
		return "", err
	}
	switch {
	case l.began(newest):
		return l.path, nil
	case l.began(old):
		return l.path + ".1", nil
	case l.file == nil && old != nil:
		l.file, l.offset = old, 0
		return l.path + ".1", nil
	case newest != nil: // the first file, or rotated twice since the last read
		l.file, l.offset = newest, 0
		return l.path, nil
	}
	return "", nil
}

// began reports whether file is the one that was read last. One that is shorter
// than what was read is another one, with the number of a file that is gone.
func (l *LogFile) began(file os.FileInfo) bool {
	return l.file != nil && file != nil && os.SameFile(l.file, file) && file.Size() >= l.offset
}

// readFrom reads whole lines from the offset on.
func (l *LogFile) readFrom(path string) ([]LogLine, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	b, err := io.ReadAll(io.NewSectionReader(f, l.offset, maxLogRead))
	if err != nil {
		return nil, err
	}
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	l.offset += int64(len(b))
	var lines []LogLine
	for line := range bytes.Lines(b) {
		if parsed, ok := parseLogLine(bytes.TrimSuffix(line, []byte{'\n'})); ok {
			lines = append(lines, parsed)
		}
	}
	return lines, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
