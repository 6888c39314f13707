package function

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Declared is a function that the program itself brings: a command that speaks
// the Runtime API, often the program's own binary with other arguments.
type Declared struct {
	Name           string
	Command        []string // program and arguments; looked up on the PATH unless it is a path
	Dir            string   // working directory and LAMBDA_TASK_ROOT; "" for a temporary one
	Environment    map[string]string
	Timeout        time.Duration // default 3 s; may be finer than a second
	Memory         int           // MB, default 128
	MaxConcurrency int           // processes; default the service's
	Description    string
}

// Declare adds or replaces a function of the program. It is not stored.
// Errors: *Error ValidationException, ResourceConflictException for the name of
// an uploaded function.
func (s *Service) Declare(d Declared) error {
	if !validName(d.Name) || len(d.Name) > maxNameBytes {
		return errorValidation(d.Name, "functionName", namePattern)
	}
	if len(d.Command) == 0 {
		return errorInvalid("The function %s has no command.", d.Name)
	}
	if d.Dir == "" {
		d.Dir = s.tempDir
	}
	conf := s.blank(d.Name)
	conf.Description, conf.MemorySize = d.Description, or(d.Memory, defaultMemory)
	conf.Timeout = int((or(d.Timeout, defaultTimeout*time.Second) + time.Second - 1) / time.Second)
	if len(d.Environment) > 0 {
		conf.Environment = &Environment{d.Environment}
	}
	e := &entry{s: s, record: record{Configuration: conf}, declared: &d, command: d.Command, most: d.MaxConcurrency}
	s.changes.Lock()
	defer s.changes.Unlock()
	s.mu.Lock()
	old := s.entries[d.Name]
	if old != nil && old.declared == nil {
		s.mu.Unlock()
		return errorExists(d.Name)
	}
	s.entries[d.Name] = e
	s.mu.Unlock()
	if old != nil {
		old.renew()
	}
	return nil
}

// folderLook is how long a folder's files are taken to be unchanged.
const folderLook = 300 * time.Millisecond

// functionFile is function.json in a declared folder. Every member is optional.
type functionFile struct {
	Runtime        string
	Handler        string
	Timeout        int // seconds
	MemorySize     int // MB
	MaxConcurrency int
	Environment    map[string]string // or {"Variables": {...}}, see UnmarshalJSON
	Command        []string          // instead of Runtime and Handler
	Description    string
}

// UnmarshalJSON takes Environment in AWS's nested form too.
func (f *functionFile) UnmarshalJSON(b []byte) error {
	type plain functionFile
	nested := struct {
		*plain
		Environment json.RawMessage
	}{plain: (*plain)(f)}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&nested); err != nil || nested.Environment == nil {
		return err
	}
	var aws Environment
	if err := json.Unmarshal(nested.Environment, &aws); err == nil && aws.Variables != nil {
		f.Environment = aws.Variables
		return nil
	}
	return json.Unmarshal(nested.Environment, &f.Environment)
}

// resolve finds a function, declared folders included, and looks whether a
// folder's files changed. Errors: *Error ResourceNotFoundException, or what is
// wrong with the folder.
func (s *Service) resolve(ref Reference) (*entry, error) {
	s.mu.RLock()
	e, closed := s.entries[ref.Name], s.closed
	s.mu.RUnlock()
	if closed {
		return nil, errorClosed()
	}
	if e == nil {
		e = s.folderEntry(ref.Name)
	}
	if e == nil || ref.Qualifier != "" && ref.Qualifier != latest {
		return nil, errorNotFound(s.config.arn(ref.Name, ref.Qualifier))
	}
	if e.folder == "" {
		return e, nil
	}
	changed, err := e.look()
	if changed {
		e.renew()
	}
	if os.IsNotExist(err) {
		s.forget(e, ref.Name)
		return nil, errorNotFound(s.config.arn(ref.Name, ref.Qualifier))
	}
	if err != nil {
		return nil, errorInvalid("The function in %s cannot be used: %v", e.folder, err)
	}
	return e, nil
}

// folderEntry makes an entry of Config.Declared/NAME, if there is such a folder.
func (s *Service) folderEntry(name string) *entry {
	if s.config.Declared == "" {
		return nil
	}
	dir, err := filepath.Abs(filepath.Join(s.config.Declared, name))
	if err != nil {
		return nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[name]
	if e == nil {
		e = &entry{s: s, folder: dir, record: record{Configuration: s.blank(name)}}
		s.entries[name] = e
	}
	return e
}

func (s *Service) lookForFolders() {
	if s.config.Declared == "" {
		return
	}
	entries, err := os.ReadDir(s.config.Declared)
	if err != nil {
		return // not made yet
	}
	for _, d := range entries {
		if validName(d.Name()) && len(d.Name()) <= maxNameBytes {
			s.mu.RLock()
			known := s.entries[d.Name()] != nil
			s.mu.RUnlock()
			if !known {
				s.folderEntry(d.Name())
			}
		}
	}
}

// look reads the folder again if its files changed since the last look; true
// if they did.
func (e *entry) look() (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.s.clock.Now()
	if e.print != 0 && now.Sub(e.looked) < folderLook {
		return false, nil
	}
	print, err := fingerprint(e.folder)
	if err != nil {
		return false, err
	}
	e.looked = now
	if print == e.print {
		return false, nil
	}
	conf, file, err := e.s.readFolder(e.folder, e.record.Configuration.FunctionName)
	if err != nil {
		e.print = 0 // look again at the next use
		return false, err
	}
	e.print = print
	e.record.Configuration, e.command, e.most = conf, file.Command, file.MaxConcurrency
	return true, nil
}

// readFolder makes a configuration of a folder's function.json and files.
func (s *Service) readFolder(dir, name string) (Configuration, functionFile, error) {
	conf := s.blank(name)
	var file functionFile
	b, err := readIfThere(filepath.Join(dir, "function.json"))
	if err != nil {
		return conf, file, err
	}
	if b != nil {
		if err := json.Unmarshal(b, &file); err != nil {
			return conf, file, fmt.Errorf("function.json: %w", err)
		}
	}
	if len(file.Command) == 0 && (file.Runtime == "" || file.Handler == "") {
		runtime, handler, err := guess(dir)
		if err != nil && (file.Runtime == "" || file.Handler == "") && !strings.HasPrefix(file.Runtime, "provided") {
			return conf, file, err
		}
		file.Runtime, file.Handler = or(file.Runtime, runtime), or(file.Handler, handler)
	}
	settings := Settings{Runtime: file.Runtime, Handler: file.Handler, Description: &file.Description}
	if file.Timeout != 0 {
		settings.Timeout = &file.Timeout
	}
	if file.MemorySize != 0 {
		settings.MemorySize = &file.MemorySize
	}
	if len(file.Environment) > 0 {
		settings.Environment = &Environment{file.Environment}
	}
	return conf, file, settings.apply(&conf)
}

// maxFingerprinted bounds the files looked at for changes.
const maxFingerprinted = 2000

// fingerprint hashes names, sizes and times of a folder's files. Folders that
// hold what tools install or write are left out, also hidden ones.
func fingerprint(dir string) (uint64, error) {
	h := fnv.New64a()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != dir && (name == "node_modules" || name == "__pycache__" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if seen++; seen > maxFingerprinted {
			return fs.SkipAll
		}
		info, err := os.Stat(path) // follows links: their files count
		if err != nil {
			return nil // gone since listed, or a dangling link
		}
		_, _ = fmt.Fprintf(h, "%s\x00%d\x00%d\x00", path, info.Size(), info.ModTime().UnixNano()) // a hash does not fail
		return nil
	})
	if err != nil {
		return 0, err
	}
	return max(h.Sum64(), 1), nil
}

// lookCommand finds a command's program: a path relative to dir, or a name on
// the PATH.
func lookCommand(command []string, dir string) ([]string, error) {
	program := command[0]
	if strings.ContainsRune(program, filepath.Separator) || strings.Contains(program, "/") {
		if !filepath.IsAbs(program) {
			program = filepath.Join(dir, program)
		}
	} else {
		found, err := exec.LookPath(program)
		if err != nil {
			return nil, err
		}
		program = found
	}
	return append([]string{program}, command[1:]...), nil
}
