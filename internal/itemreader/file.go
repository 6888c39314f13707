package itemreader

import (
	"context"
	"io"

	"pawl.dev/internal/objects"
)

// objectRef names an object.
type objectRef struct{ bucket, key, versionID string }

func (r objectRef) uri() string { return "s3://" + r.bucket + "/" + r.key }

// records gives the items of one object.
type records interface {
	// next returns io.EOF behind the last item.
	next() (Item, error)
	// place writes down where the reader is, in its own fields of p.
	place(p *position)
}

// file gives the items of one object.
type file struct {
	records
	etag string
	body io.Closer
}

// openFile opens an object whose format is spec.InputType, at a position in
// it.
func openFile(ctx context.Context, b objects.Buckets, spec *Spec, ref objectRef, at position) (*file, error) {
	if spec.InputType == "PARQUET" {
		return openParquet(ctx, b, ref, at)
	}
	var headers []string
	if spec.InputType == "CSV" && at.Inside {
		// The headers are at the start of the file, wherever the rows go on.
		s, err := openStream(ctx, b, ref, 0, at.ETag)
		if err != nil {
			return nil, err
		}
		headers, err = csvHeaders(newWindow(s, 0), spec)
		s.Close()
		if err != nil {
			return nil, err
		}
	}
	s, err := openStream(ctx, b, ref, at.Offset, at.ETag)
	if err != nil {
		return nil, err
	}
	f := &file{etag: s.object.ETag, body: s}
	w := newWindow(s, at.Offset)
	if compression(ref.key) == "" {
		w.length = s.object.Size - at.Offset + 1 // one more, to meet the end in the first fill
	}
	if f.records, err = openRecords(spec, w, headers, ref.uri(), at); err != nil {
		s.Close()
		return nil, err
	}
	return f, nil
}

func openRecords(spec *Spec, w *window, headers []string, source string, at position) (records, error) {
	switch spec.InputType {
	case "JSON":
		return newJSONItems(w, spec.ItemsPointer, at, source)
	case "JSONL":
		return newJSONLines(w, at, source)
	case "CSV":
		delimiter, ok := csvDelimiters[spec.CSVDelimiter]
		if !ok {
			return nil, failed("The CSVDelimiter %q is not supported.", spec.CSVDelimiter)
		}
		if !at.Inside {
			var err error
			if headers, err = csvHeaders(w, spec); err != nil {
				return nil, err
			}
		}
		return newCSVItems(w, headers, delimiter, source), nil
	}
	return nil, failed("The InputType %q is not supported.", spec.InputType)
}

func (f *file) place(p *position) {
	f.records.place(p)
	if p.Inside {
		p.ETag = f.etag
	}
}

func (f *file) Close() error { return f.body.Close() }
