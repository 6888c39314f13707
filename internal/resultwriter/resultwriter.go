// Package resultwriter writes the result files of a map run as Step Functions
// lays them out: SUCCEEDED_n, FAILED_n and PENDING_n files with one record per
// child execution, and a manifest.json that names them.
//
// Records are streamed; memory is bounded by the largest record and the
// buffers of three open objects. Nothing is visible before it is complete, the
// manifest comes last. Written again with the same records, the same objects
// come out: that is how a map run recovers from a crash.
//
// It does not decide what a result is, and keeps no state of its own.
package resultwriter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/objects"
	"pawl.dev/value"
)

// DefaultMaxFileBytes is how large AWS lets a result file become.
const DefaultMaxFileBytes = 5 << 30

// Spec says where and how to write.
type Spec struct {
	Bucket         string
	Prefix         string // "" for none; a slash at its end makes no difference
	MapRunARN      string // its last part names the folder
	Transformation string // NONE (also ""), COMPACT or FLATTEN
	OutputType     string // JSON (also "") or JSONL
	Redrive        int    // number of the redrive, 0 for the first run
	MaxFileBytes   int64  // 0: DefaultMaxFileBytes; larger records get a file of their own
}

// Record is what became of one child execution, or of one that never started.
type Record struct {
	ExecutionARN    string
	Name            string
	StateMachineARN string
	Status          string // SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING
	Input           string // JSON text
	Output          string // JSON text; "" when there is none
	Error, Cause    *string
	StartDate       time.Time // all but PENDING
	StopDate        time.Time
	RedriveCount    int
	// RedriveStatus and its reason are by the Status if they are "".
	RedriveStatus       string
	RedriveStatusReason string
}

// Details is where the manifest lies: the state's output names it.
type Details struct{ Bucket, Key string }

// Failure says that the map run fails because of its destination. The writer
// returns it as an error; find it with errors.As.
type Failure struct {
	Name  string // States.ResultWriterFailed
	Cause string
	Err   error
}

func (f *Failure) Error() string { return f.Name + ": " + f.Cause }

// Unwrap returns the error beneath.
func (f *Failure) Unwrap() error { return f.Err }

// storageFailure makes a Failure of what the storage refused and leaves other
// errors alone.
func storageFailure(err error) error {
	var refused *objects.Error
	if errors.As(err, &refused) {
		return &Failure{Name: "States.ResultWriterFailed", Cause: refused.Cause(), Err: err}
	}
	return err
}

// The groups of result files, in the order of the manifest.
const (
	groupFailed = iota
	groupPending
	groupSucceeded
	groups
)

var groupNames = [groups]string{"FAILED", "PENDING", "SUCCEEDED"}

// Writer writes the results of one map run. It belongs to one goroutine.
type Writer struct {
	ctx     context.Context
	buckets objects.Buckets
	spec    Spec
	folder  string // of the map run, with a slash at the end
	groups  [groups]fileSet
	text    []byte // of one record
	arena   value.Arena
	written int64
	err     error // the first one, which stays
}

// New prepares the writer. It does not touch the storage. ctx governs
// everything until Close.
func New(ctx context.Context, b objects.Buckets, spec Spec) (*Writer, error) {
	switch spec.Transformation {
	case "", "NONE", "COMPACT", "FLATTEN":
	default:
		return nil, fmt.Errorf("result writer: no transformation %q", spec.Transformation)
	}
	if spec.OutputType != "" && spec.OutputType != "JSON" && spec.OutputType != "JSONL" {
		return nil, fmt.Errorf("result writer: no output type %q", spec.OutputType)
	}
	if spec.MaxFileBytes == 0 {
		spec.MaxFileBytes = DefaultMaxFileBytes
	}
	w := &Writer{ctx: ctx, buckets: b, spec: spec}
	if prefix := strings.TrimRight(spec.Prefix, "/"); prefix != "" {
		w.folder = prefix + "/"
	}
	w.folder += spec.MapRunARN[strings.LastIndexByte(spec.MapRunARN, ':')+1:] + "/"
	files := w.folder
	if spec.Redrive > 0 {
		files += redriveFolder(spec.Redrive)
	}
	for i := range w.groups {
		w.groups[i] = fileSet{w: w, path: files + groupNames[i] + "_"}
	}
	return w, nil
}

func redriveFolder(n int) string { return fmt.Sprintf("Redrive-%d/", n) }

// Write adds a record. Records of a group keep their order.
//
// Errors: *Failure.
func (w *Writer) Write(r *Record) error {
	if w.err != nil {
		return w.err
	}
	if err := w.write(r); err != nil {
		w.err = storageFailure(err)
		return w.err
	}
	w.written++
	return nil
}

func (w *Writer) write(r *Record) error {
	switch r.Status {
	case "PENDING":
		w.text = appendPending(w.text[:0], r)
		return w.groups[groupPending].add(w.text)
	case "SUCCEEDED":
		if w.spec.Transformation == "COMPACT" || w.spec.Transformation == "FLATTEN" {
			return w.writeOutput(r.Output)
		}
		w.text = appendRecord(w.text[:0], r)
		return w.groups[groupSucceeded].add(w.text)
	case "FAILED", "TIMED_OUT", "ABORTED":
		w.text = appendRecord(w.text[:0], r)
		return w.groups[groupFailed].add(w.text)
	}
	return fmt.Errorf("result writer: no status %q", r.Status)
}

// Close completes the files and writes the manifest. It returns where that is
// and how many records were written.
//
// Errors: *Failure; then nothing further becomes visible, and the writer is
// over all the same.
func (w *Writer) Close() (Details, int64, error) {
	defer w.Abort()
	if w.err != nil {
		return Details{}, w.written, w.err
	}
	for i := range w.groups {
		if err := w.groups[i].finish(); err != nil {
			return Details{}, w.written, storageFailure(err)
		}
	}
	key := w.folder + "manifest.json"
	if err := w.writeManifest(key); err != nil {
		return Details{}, w.written, storageFailure(err)
	}
	return Details{Bucket: w.spec.Bucket, Key: key}, w.written, nil
}

// Abort drops the files under construction. Those that are full stay, without
// a manifest that names them. After Close it does nothing.
func (w *Writer) Abort() {
	if w.err == nil {
		w.err = errors.New("result writer: closed")
	}
	for i := range w.groups {
		w.groups[i].abort()
	}
}
