// Package itemreader reads the items of a distributed map: object listings,
// JSON, JSON Lines, CSV and Parquet files, sets of such files, and the state's
// own input.
//
// It streams: memory is bounded by the largest single item, whatever the size
// of the source. It does not select, batch or start anything.
//
// A reader can be stopped after any item and continued from its cursor in
// another process: it then gives exactly the items that were still to come. A
// source that has changed in between ends with a *Failure.
//
// What is wrong with the source (missing, denied, malformed) is a *Failure,
// which is the workflow's to catch. Any other error is trouble on the way.
package itemreader

import (
	"context"
	"errors"
	"fmt"

	"pawl.dev/internal/objects"
)

// MaxItemBytes is how large one item may be in its source (AWS: 8 MB, if
// ItemSelector makes it smaller).
const MaxItemBytes = 8 << 20

// Spec says what to read. Its fields are those of ItemReader.ReaderConfig and
// its Parameters, evaluated.
type Spec struct {
	Resource  string // ends in "s3:getObject" or "s3:listObjectsV2"
	Bucket    string
	Prefix    string // listObjectsV2
	Key       string // getObject
	VersionID string // getObject; "" for the newest

	InputType         string // CSV, JSON, JSONL, PARQUET, MANIFEST or ""
	Transformation    string // NONE, LOAD_AND_FLATTEN or ""
	ManifestType      string // ATHENA_DATA, S3_INVENTORY or ""
	CSVDelimiter      string // COMMA (also ""), PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW, GIVEN; "" is GIVEN if there are CSVHeaders
	CSVHeaders        []string
	ItemsPointer      string // JSON Pointer into JSON files; "" for the whole
	MaxItems          int64  // 0: all
}

// Item is one item of the dataset.
type Item struct {
	// Value is JSON text, valid until the next call of the reader. Items of
	// JSON sources are in the source's spelling, blanks included.
	Value  []byte
	Key    string // the key, if the dataset is an object and HasKey is set
	HasKey bool
	// Source is what $$.Map.Item.Source gives: "STATE_DATA",
	// "s3://bucket/key", or "S3://bucket" for a listing.
	Source string
}

// Reader gives the items in the order of the dataset. It belongs to one
// goroutine.
type Reader interface {
	// Next returns the next item, io.EOF behind the last one. An error is
	// final. ctx is looked at between items; reads in progress are governed by
	// the context the reader was opened with.
	Next(ctx context.Context) (Item, error)
	// Cursor is the place behind the item that Next returned last.
	Cursor() string
	// Close releases the source. It may be called at any time.
	Close() error
}

// Failure says that the map run fails because of its source. Readers return it
// as an error; find it with errors.As.
type Failure struct {
	Name  string // States.ItemReaderFailed or States.DataLimitExceeded
	Cause string
	Err   error // what lies beneath, or nil
}

func (f *Failure) Error() string { return f.Name + ": " + f.Cause }

// Unwrap returns the error beneath.
func (f *Failure) Unwrap() error { return f.Err }

func failed(format string, args ...any) *Failure {
	return &Failure{Name: readerFailed, Cause: fmt.Sprintf(format, args...)}
}

// Error names of the States language.
const (
	readerFailed  = "States.ItemReaderFailed"
	limitExceeded = "States.DataLimitExceeded"
)

// Causes that AWS gives.
const (
	causeNotIterable = "Attempting to map over non-iterable node."
	causeDuplicates  = "CSV headers cannot contain duplicates."
	causeMaxItems    = "field MaxItems must be positive"
)

// storageFailure makes a Failure of what the storage refused and leaves other
// errors alone.
func storageFailure(err error) error {
	var refused *objects.Error
	if errors.As(err, &refused) {
		return &Failure{Name: readerFailed, Cause: refused.Cause(), Err: err}
	}
	return err
}

func tooLarge(offset int64) *Failure {
	return &Failure{
		Name:  limitExceeded,
		Cause: fmt.Sprintf("The item at byte %d of the source exceeds the maximum size of %d bytes.", offset, MaxItemBytes),
	}
}
