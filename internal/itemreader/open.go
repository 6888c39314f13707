package itemreader

import (
	"context"
	"io"
	"strings"

	"pawl.dev/internal/objects"
)

// dataset is a source of items, without the count.
type dataset interface {
	next(ctx context.Context) (Item, error)
	place(p *position)
	Close() error
}

// Open opens the source that spec names. cursor "" is its start; else the
// reader continues behind the item at which the cursor was taken. ctx governs
// all reading until Close.
//
// Errors: *Failure.
func Open(ctx context.Context, b objects.Buckets, spec Spec, cursor string) (Reader, error) {
	at, err := parseCursor(cursor)
	if err != nil {
		return nil, err
	}
	if spec.MaxItems < 0 {
		return nil, failed(causeMaxItems)
	}
	d, err := openDataset(ctx, b, &spec, at)
	if err != nil {
		return nil, err
	}
	return &reader{dataset: d, maxItems: spec.MaxItems, at: at}, nil
}

func openDataset(ctx context.Context, b objects.Buckets, spec *Spec, at position) (dataset, error) {
	list := strings.HasSuffix(spec.Resource, ":s3:listObjectsV2")
	switch {
	case list && spec.Transformation == "LOAD_AND_FLATTEN":
		return openFolder(ctx, b, spec, at), nil
	case list:
		return openListing(ctx, b, spec, at), nil
	case spec.InputType == "MANIFEST" || spec.ManifestType != "":
		return openManifest(ctx, b, spec, at)
	}
	f, err := openFile(ctx, b, spec, objectRef{spec.Bucket, spec.Key, spec.VersionID}, at)
	if err != nil {
		return nil, err
	}
	return single{f}, nil
}

// single is the dataset of one object.
type single struct{ *file }

func (s single) next(context.Context) (Item, error) { return s.file.next() }

// reader counts the items of a dataset and ends it.
type reader struct {
	dataset  dataset
	maxItems int64 // 0: all
	// at is the place behind the last item given. It is written down item by
	// item, since a dataset that meets its end or an error has moved on.
	at  position
	err error // final
}

func (r *reader) Next(ctx context.Context) (Item, error) {
	if r.err != nil {
		return Item{}, r.err
	}
	if err := ctx.Err(); err != nil {
		return Item{}, err
	}
	if r.maxItems > 0 && r.at.Items >= r.maxItems {
		return Item{}, io.EOF
	}
	item, err := r.dataset.next(ctx)
	if err != nil {
		r.err = err
		return Item{}, err
	}
	r.at = position{Items: r.at.Items + 1}
	r.dataset.place(&r.at)
	return item, nil
}

func (r *reader) Cursor() string {
	if r.at.Items == 0 {
		return ""
	}
	return r.at.cursor()
}

func (r *reader) Close() error { return r.dataset.Close() }
