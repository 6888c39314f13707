package itemreader

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"pawl.dev/internal/objects"
)

const (
	parquetRows      = 64 // rows read at a time
	maxParquetFooter = 64 << 20
	// All columns together read ahead so many bytes, each within bounds: one
	// request costs more than the bytes it brings.
	parquetReadAhead = 16 << 20
	leastReadAhead   = 16 << 10
	mostReadAhead    = 1 << 20
)

// parquetItems gives one object per row.
type parquetItems struct {
	source *notingReaderAt
	groups []parquet.RowGroup // those still to be read
	rows   parquet.Rows       // of groups[0]; nil: to be opened
	column *parquetColumn
	skip   int64 // rows of groups[0]

	batch    []parquet.Row
	from, to int // batch[from:to] is still to be given
	given    int64
	values   [][]parquet.Value // of one row, by leaf column
	text     []byte
	item     Item
}

// notingReaderAt notes the errors of the object, to tell them from those of a
// malformed file.
type notingReaderAt struct {
	*objects.ReaderAt
	err error
}

func (r *notingReaderAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(p, off)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func openParquet(ctx context.Context, b objects.Buckets, ref objectRef, at position) (f *file, err error) {
	r, err := objects.OpenReaderAt(ctx, b, ref.bucket, ref.key, ref.versionID)
	if err != nil {
		return nil, storageFailure(err)
	}
	p := &parquetItems{source: &notingReaderAt{ReaderAt: r}, item: Item{Source: ref.uri()}, given: at.Offset, skip: at.Offset}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	defer p.explain(&err)
	if at.ETag != "" && at.ETag != r.Object().ETag {
		return nil, failed("%s", objects.ErrPreconditionFailed.Cause())
	}
	if err := checkFooter(p.source); err != nil {
		return nil, err
	}
	size := r.Object().Size
	options := []parquet.FileOption{parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(mostReadAhead)}
	open, err := parquet.OpenFile(p.source, size, options...)
	if err != nil {
		return nil, err
	}
	leaves := len(open.Schema().Columns())
	if ahead := max(parquetReadAhead/max(leaves, 1), leastReadAhead); ahead < mostReadAhead {
		// The footer had to be read to know the number of columns.
		if open, err = parquet.OpenFile(p.source, size, append(options, parquet.ReadBufferSize(ahead))...); err != nil {
			return nil, err
		}
	}
	p.column = compileColumn(open.Root())
	p.values = make([][]parquet.Value, leaves)
	p.batch = make([]parquet.Row, parquetRows)
	for p.groups = open.RowGroups(); len(p.groups) > 0 && p.skip >= p.groups[0].NumRows(); p.groups = p.groups[1:] {
		p.skip -= p.groups[0].NumRows()
	}
	return &file{records: p, etag: r.Object().ETag, body: p}, nil
}

// checkFooter bounds the footer, which is read whole.
func checkFooter(r *notingReaderAt) error {
	var tail [8]byte // the footer's size, "PAR1"
	size := r.Object().Size
	if size < int64(len(tail)) {
		return errors.New("too short for a footer")
	}
	if _, err := r.ReadAt(tail[:], size-int64(len(tail))); err != nil {
		return err
	}
	footer := int64(tail[0]) | int64(tail[1])<<8 | int64(tail[2])<<16 | int64(tail[3])<<24
	if string(tail[4:]) != "PAR1" || footer > size-int64(len(tail)) {
		return errors.New("no footer")
	}
	if footer > maxParquetFooter {
		return failed("The footer of the Parquet file exceeds the maximum size of %d bytes.", maxParquetFooter)
	}
	return nil
}

// explain turns what the format's decoder dislikes, panics included, into a
// failure. It is deferred around every use of the decoder.
func (p *parquetItems) explain(err *error) {
	var failure *Failure
	switch broken := recover(); {
	case broken != nil:
		*err = failed("The Parquet file is malformed: %v", broken)
	case *err == nil, *err == io.EOF, errors.As(*err, &failure):
	case p.source.err != nil:
		*err = storageFailure(fmt.Errorf("read Parquet: %w", p.source.err))
	default:
		*err = failed("The Parquet file is malformed: %v", *err)
	}
}

func (p *parquetItems) next() (item Item, err error) {
	defer p.explain(&err)
	for p.from == p.to {
		if err := p.fill(); err != nil {
			return Item{}, err
		}
	}
	for i := range p.values {
		p.values[i] = nil
	}
	for column, values := range p.batch[p.from].Range {
		p.values[column] = values
	}
	p.from++
	p.given++
	p.text = p.column.appendOne(p.text[:0], p.values)
	if len(p.text) > MaxItemBytes {
		return Item{}, tooLarge(p.given - 1)
	}
	p.item.Value = p.text
	return p.item, nil
}

// fill reads the next rows, which may be none.
func (p *parquetItems) fill() error {
	if len(p.groups) == 0 {
		return io.EOF
	}
	if p.rows == nil {
		p.rows = p.groups[0].Rows()
		if p.skip > 0 {
			if err := p.rows.SeekToRow(p.skip); err != nil {
				return err
			}
			p.skip = 0
		}
	}
	n, err := p.rows.ReadRows(p.batch)
	p.from, p.to = 0, n
	if err == io.EOF {
		// The values of the last rows live until the group is closed.
		if n > 0 {
			return nil
		}
		err = p.rows.Close()
		p.rows, p.groups = nil, p.groups[1:]
	}
	return err
}

func (p *parquetItems) place(at *position) { at.Offset, at.Inside = p.given, true }

// Close implements io.Closer.
func (p *parquetItems) Close() (err error) {
	if p.rows != nil {
		err = p.rows.Close()
		p.rows = nil
	}
	return errors.Join(err, p.source.Close())
}
