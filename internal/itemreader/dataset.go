package itemreader

import (
	"context"
	"io"
	"strings"

	"pawl.dev/internal/objects"
)

// objectSet is a sequence of objects to read.
type objectSet interface {
	// next returns the next object to read, io.EOF behind the last one.
	next() (objectRef, error)
	// place writes down the object that next returned last.
	place(p *position)
	stop()
}

// files gives the items of a sequence of objects, one object after the other.
type files struct {
	ctx     context.Context
	buckets objects.Buckets
	spec    *Spec
	set     objectSet
	resume  position // for the first object only
	current *file    // nil: the next object is to be opened
}

func (d *files) next(ctx context.Context) (Item, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Item{}, err
		}
		if d.current == nil {
			ref, err := d.set.next()
			if err != nil {
				return Item{}, err
			}
			if d.current, err = openFile(d.ctx, d.buckets, d.spec, ref, d.resume); err != nil {
				return Item{}, err
			}
			d.resume = position{}
		}
		item, err := d.current.next()
		if err != io.EOF {
			return item, err
		}
		d.current.Close()
		d.current = nil
	}
}

func (d *files) place(p *position) {
	d.set.place(p)
	if d.current != nil {
		d.current.place(p)
	}
}

func (d *files) Close() error {
	d.set.stop()
	if d.current != nil {
		return d.current.Close()
	}
	return nil
}

// folder is the set of all objects under a prefix (LOAD_AND_FLATTEN).
type folder struct {
	keys   keys
	bucket string
	last   string
	again  bool // the first object is last itself
}

func openFolder(ctx context.Context, b objects.Buckets, spec *Spec, at position) *files {
	f := &folder{
		keys:   listKeys(ctx, b, spec.Bucket, spec.Prefix, at.Key),
		bucket: spec.Bucket, last: at.Key, again: at.Inside,
	}
	d := &files{ctx: ctx, buckets: b, spec: spec, set: f}
	if at.Inside {
		d.resume = at
	}
	return d
}

func (f *folder) next() (objectRef, error) {
	for !f.again {
		o, err, ok := f.keys.next()
		if err != nil {
			return objectRef{}, err
		}
		if !ok {
			return objectRef{}, io.EOF
		}
		// What S3's console calls a folder is an empty object.
		if f.last = o.Key; !strings.HasSuffix(o.Key, "/") {
			break
		}
	}
	f.again = false
	return objectRef{bucket: f.bucket, key: f.last}, nil
}

func (f *folder) place(p *position) { p.Key = f.last }
func (f *folder) stop()             { f.keys.stop() }
