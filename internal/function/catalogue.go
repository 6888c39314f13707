package function

import (
	"errors"
	"maps"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
)

// Create stores a new function. The answer is its configuration as AWS shows
// it right after creation (State Pending); it can be invoked at once.
// Errors: *Error ResourceConflictException, InvalidParameterValueException,
// ValidationException, RequestEntityTooLargeException.
func (s *Service) Create(in CreateInput) (Configuration, error) {
	ref, err := ParseReference(in.FunctionName, "")
	if err != nil {
		return Configuration{}, err
	}
	conf, err := s.newConfiguration(ref.Name, in)
	if err != nil {
		return Configuration{}, err
	}
	s.changes.Lock()
	defer s.changes.Unlock()
	if e, err := s.resolve(Reference{Name: ref.Name}); err == nil && e != nil {
		return Configuration{}, errorExists(ref.Name)
	}
	conf.CodeSize, conf.CodeSha256 = int64(len(in.ZipFile)), codeSha256(in.ZipFile)
	r := record{Format: recordFormat, Configuration: conf, Tags: maps.Clone(in.Tags), Code: codeKey(in.ZipFile)}
	if err := s.storage.writeCode(ref.Name, r.Code, in.ZipFile); err != nil {
		return Configuration{}, asError("store the code of "+ref.Name, err)
	}
	if err := s.storage.write(r); err != nil {
		return Configuration{}, asError("store "+ref.Name, err)
	}
	s.mu.Lock()
	s.entries[ref.Name] = &entry{s: s, record: r}
	s.mu.Unlock()
	conf.State, conf.StateReason, conf.StateReasonCode = "Pending", "The function is being created.", "Creating"
	conf.LastUpdateStatus = ""
	return conf, nil
}

func (s *Service) newConfiguration(name string, in CreateInput) (Configuration, error) {
	conf := s.blank(name)
	if in.PackageType != "" && in.PackageType != "Zip" {
		return conf, errorInvalid("Package type %s is not supported here; upload a zip.", in.PackageType)
	}
	if in.Runtime == "" {
		return conf, errorInvalid("Runtime is mandatory for functions created with deployment packages.")
	}
	if in.Handler == "" {
		return conf, errorInvalid("Handler is mandatory for functions created with deployment packages.")
	}
	if len(in.Architectures) > 0 {
		conf.Architectures = in.Architectures
	}
	return conf, in.apply(&conf)
}

// blank is a configuration of nothing but defaults.
func (s *Service) blank(name string) Configuration {
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	return Configuration{
		Architectures:    []string{architecture},
		EphemeralStorage: EphemeralStorage{defaultStorage},
		FunctionArn:      s.config.arn(name, ""),
		FunctionName:     name,
		LastModified:     s.lastModified(),
		LastUpdateStatus: "Successful",
		LoggingConfig:    LoggingConfig{LogFormat: "Text", LogGroup: "/aws/lambda/" + name},
		MemorySize:       defaultMemory,
		PackageType:      "Zip",
		RevisionId:       newRequestID(),
		SnapStart:        SnapStart{"None", "Off"},
		State:            "Active",
		Timeout:          defaultTimeout,
		TracingConfig:    TracingConfig{"PassThrough"},
		Version:          latest,
	}
}

func (s *Service) lastModified() string {
	return s.clock.Now().UTC().Format("2006-01-02T15:04:05.000+0000")
}

// Function describes a function. With a qualifier its ARN is the qualified one.
// Errors: *Error ResourceNotFoundException, ValidationException.
func (s *Service) Function(name, qualifier string) (Description, error) {
	ref, err := ParseReference(name, qualifier)
	if err != nil {
		return Description{}, err
	}
	e, err := s.resolve(ref)
	if err != nil {
		return Description{}, err
	}
	d := e.describe()
	if ref.Qualifier != "" {
		d.Configuration.FunctionArn = s.config.arn(ref.Name, ref.Qualifier)
	}
	return d, nil
}

func (e *entry) describe() Description {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Description{Configuration: e.record.Configuration, Tags: maps.Clone(e.record.Tags), Declared: e.source()}
}

// List returns functions by name, at most limit (1 to 10,000; 0 for 50) of
// them after marker, and the marker for the next page, "" at the end.
// Errors: *Error InvalidParameterValueException.
func (s *Service) List(marker string, limit int) ([]Configuration, string, error) {
	if limit = or(limit, 50); limit < 1 || limit > 10_000 {
		return nil, "", errorValidation(strconv.Itoa(limit), "maxItems", "Member must have value between 1 and 10000")
	}
	if marker != "" && !validName(marker) {
		return nil, "", errorInvalid("Invalid marker.")
	}
	s.lookForFolders()
	s.mu.RLock()
	names := slices.Sorted(maps.Keys(s.entries))
	s.mu.RUnlock()
	from, found := slices.BinarySearch(names, marker)
	if found {
		from++
	}
	page := []Configuration{}
	for _, name := range names[from:] {
		if len(page) == limit {
			return page, page[limit-1].FunctionName, nil
		}
		// A function deleted meanwhile is left out.
		if e, err := s.resolve(Reference{Name: name}); err == nil {
			page = append(page, e.describe().Configuration)
		}
	}
	return page, "", nil
}

// UpdateCode replaces a function's code. Invocations that run end on the old
// code, those that wait use the new one.
// Errors: those of Create, ResourceNotFoundException, PreconditionFailedException.
func (s *Service) UpdateCode(in UpdateCodeInput) (Configuration, error) {
	if _, err := checkZip(in.ZipFile); err != nil {
		return Configuration{}, err
	}
	return s.change(in.FunctionName, in.RevisionID, in.DryRun, func(name string, r *record) error {
		r.Configuration.CodeSize, r.Configuration.CodeSha256 = int64(len(in.ZipFile)), codeSha256(in.ZipFile)
		if len(in.Architectures) > 0 {
			r.Configuration.Architectures = in.Architectures
		}
		r.Code = codeKey(in.ZipFile)
		if in.DryRun {
			return nil
		}
		return s.storage.writeCode(name, r.Code, in.ZipFile)
	})
}

// UpdateConfiguration changes a function's settings; new processes get them.
// Errors: those of UpdateCode.
func (s *Service) UpdateConfiguration(in UpdateConfigurationInput) (Configuration, error) {
	return s.change(in.FunctionName, in.RevisionID, false, func(_ string, r *record) error {
		return in.apply(&r.Configuration)
	})
}

// change edits an uploaded function's record, stores it and renews its pool.
func (s *Service) change(function, revision string, dryRun bool, edit func(name string, r *record) error) (Configuration, error) {
	ref, err := ParseReference(function, "")
	if err != nil {
		return Configuration{}, err
	}
	s.changes.Lock()
	defer s.changes.Unlock()
	e, err := s.resolve(ref)
	if err != nil {
		return Configuration{}, err
	}
	e.mu.Lock()
	r, source := e.record, e.source()
	e.mu.Unlock()
	if source != "" {
		return Configuration{}, errorDeclared(ref.Name, source)
	}
	if revision != "" && revision != r.Configuration.RevisionId {
		return Configuration{}, errorRevision()
	}
	r.Configuration.LastModified, r.Configuration.RevisionId = s.lastModified(), newRequestID()
	if err := edit(ref.Name, &r); err != nil {
		return Configuration{}, asError("change "+ref.Name, err)
	}
	if dryRun {
		return r.Configuration, nil
	}
	if err := s.storage.write(r); err != nil {
		return Configuration{}, asError("store "+ref.Name, err)
	}
	e.mu.Lock()
	old := e.codeDirLocked()
	e.record = r
	e.mu.Unlock()
	e.renew()
	s.sweepCode(ref.Name, old)
	answer := r.Configuration
	answer.LastUpdateStatus = "InProgress"
	answer.LastUpdateStatusReason, answer.LastUpdateStatusReasonCode = "The function is being created.", "Creating"
	return answer, nil
}

// Delete forgets a function. What waits is answered with
// ResourceNotFoundException; what runs ends.
// Errors: *Error ResourceNotFoundException, InvalidParameterValueException.
func (s *Service) Delete(name, qualifier string) error {
	ref, err := ParseReference(name, qualifier)
	if err != nil {
		return err
	}
	s.changes.Lock()
	defer s.changes.Unlock()
	e, err := s.resolve(ref)
	if err != nil {
		return err
	}
	if ref.Qualifier == latest {
		return errorInvalid("$LATEST version cannot be deleted without deleting the function.")
	}
	if source := e.source(); source != "" {
		return errorDeclared(ref.Name, source)
	}
	if err := s.storage.remove(ref.Name); err != nil {
		return errorInternal("delete "+ref.Name, err)
	}
	s.forget(e, ref.Name)
	return nil
}

// forget takes an entry out of the catalogue and ends its pool.
func (s *Service) forget(e *entry, name string) {
	s.mu.Lock()
	if s.entries[name] == e {
		delete(s.entries, name)
	}
	s.mu.Unlock()
	e.mu.Lock()
	e.gone = true
	e.mu.Unlock()
	e.renew()
}

// CodeZip returns an uploaded function's package.
// Errors: *Error ResourceNotFoundException.
func (s *Service) CodeZip(name string) ([]byte, error) {
	ref, err := ParseReference(name, "")
	if err != nil {
		return nil, err
	}
	e, err := s.resolve(ref)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	source, key := e.source(), e.record.Code
	e.mu.Unlock()
	if source != "" {
		return nil, errorDeclared(ref.Name, source)
	}
	b, err := os.ReadFile(s.storage.zipPath(ref.Name, key))
	if err != nil {
		return nil, errorInternal("read the code of "+ref.Name, err)
	}
	return b, nil
}

// SetTags changes tags: add wins over what is there, remove goes.
// Errors: those of UpdateConfiguration.
func (s *Service) SetTags(name string, add map[string]string, remove []string) error {
	_, err := s.change(name, "", false, func(_ string, r *record) error {
		tags := maps.Clone(r.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		maps.Copy(tags, add)
		for _, k := range remove {
			delete(tags, k)
		}
		r.Tags = tags
		return nil
	})
	return err
}

// asError keeps a refusal and makes everything else an internal error.
func asError(doing string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	return &Error{"ServiceException", doing + ": " + err.Error(), http.StatusInternalServerError}
}

// sweepCode removes a code folder that neither the function nor a pool uses.
func (s *Service) sweepCode(name, code string) {
	s.mu.RLock()
	e := s.entries[name]
	inUse := false
	for _, used := range s.pools {
		inUse = inUse || used == code
	}
	s.mu.RUnlock()
	if code == "" || inUse || e != nil && e.codeDir() == code {
		return
	}
	// What cannot be removed now is debris at the next start.
	_ = os.RemoveAll(code)
	_ = os.Remove(code + ".zip")
}
