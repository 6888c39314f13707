package itemreader

import (
	"context"
	"io"
	"iter"
	"strconv"

	"pawl.dev/internal/objects"
	"pawl.dev/value"
)

// keys turns a listing, which pushes, into one that is pulled.
type keys struct {
	next func() (objects.Object, error, bool)
	stop func()
}

func listKeys(ctx context.Context, b objects.Buckets, bucket, prefix, after string) keys {
	next, stop := iter.Pull2(func(yield func(objects.Object, error) bool) {
		more := true
		err := b.List(ctx, bucket, prefix, after, func(o objects.Object) bool {
			more = yield(o, nil)
			return more
		})
		if err != nil && more {
			yield(objects.Object{}, storageFailure(err))
		}
	})
	return keys{next, stop}
}

// listing gives the description of each object as an item.
type listing struct {
	keys keys
	last string // key
	text []byte
	item Item
}

func openListing(ctx context.Context, b objects.Buckets, spec *Spec, at position) *listing {
	return &listing{
		keys: listKeys(ctx, b, spec.Bucket, spec.Prefix, at.Key),
		last: at.Key,
		item: Item{Source: "S3://" + spec.Bucket},
	}
}

func (l *listing) next(context.Context) (Item, error) {
	o, err, ok := l.keys.next()
	if err != nil {
		return Item{}, err
	}
	if !ok {
		return Item{}, io.EOF
	}
	l.last = o.Key
	l.text = appendObject(l.text[:0], &o)
	l.item.Value = l.text
	return l.item, nil
}

// appendObject appends the item that AWS makes of a listed object.
func appendObject(b []byte, o *objects.Object) []byte {
	b = append(b, `{"Etag":`...)
	b = value.AppendQuoted(b, o.ETag)
	b = append(b, `,"LastModified":`...)
	b = strconv.AppendInt(b, o.LastModified.Unix(), 10)
	b = append(b, `,"Key":`...)
	b = value.AppendQuoted(b, o.Key)
	b = append(b, `,"Size":`...)
	b = strconv.AppendInt(b, o.Size, 10)
	b = append(b, `,"StorageClass":`...)
	b = value.AppendQuoted(b, o.StorageClass)
	return append(b, '}')
}

func (l *listing) place(p *position) { p.Key = l.last }

func (l *listing) Close() error {
	l.keys.stop()
	return nil
}
