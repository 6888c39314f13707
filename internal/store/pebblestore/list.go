package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"pawl.dev/internal/store"
)

// maxPage is the greatest limit of List.
const maxPage = 1000

// listing is how a query is answered: the rows to walk, newest first.
type listing struct {
	prefix   []byte
	backward bool // the newest row is the last one
	// summaries: the rows are the summaries themselves; else id reads the log
	// from what follows prefix (and, before an id, the start).
	summaries bool
	id        func(suffix []byte) (store.LogID, bool)
	status    store.Status // to be looked for row by row; "": all rows fit
}

// List returns one page of summaries. All of it is read from one state of the
// store; rows added later are newer than the cursor, so that the pages after are
// the same as without them.
func (s *Store) List(ctx context.Context, q store.Query) (page []*store.Summary, next string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	if err := checkQuery(q); err != nil {
		return nil, "", err
	}
	var after []byte
	if q.Cursor != "" {
		if after, err = decodeCursor(q); err != nil {
			return nil, "", err
		}
	}
	snapshot := s.db.NewSnapshot()
	page, next, err = s.list(ctx, snapshot, q, after)
	if err = errors.Join(err, snapshot.Close()); err != nil {
		return nil, "", fmt.Errorf("list: %w", err)
	}
	if err := s.settleAll(); err != nil {
		return nil, "", fmt.Errorf("list: %w", err)
	}
	return page, next, nil
}

func checkQuery(q store.Query) error {
	asked := 0
	for _, field := range []string{q.Machine, string(q.Run), string(q.Parent)} {
		if hasControl(field) {
			return fmt.Errorf("pebblestore: list: %q holds control bytes", field)
		}
		if field != "" {
			asked++
		}
	}
	if asked != 1 {
		return fmt.Errorf("pebblestore: list: %d of machine, run and parent are set, not one", asked)
	}
	if q.Limit < 1 || q.Limit > maxPage {
		return fmt.Errorf("pebblestore: list: limit %d is not in 1 to %d", q.Limit, maxPage)
	}
	return nil
}

func listingOf(q store.Query) listing {
	executionID := func(suffix []byte) (store.LogID, bool) {
		if len(suffix) < 8 {
			return "", false
		}
		return readExecution(q.Machine, suffix[8:])
	}
	switch {
	case q.Machine != "" && q.Status == "":
		return listing{prefix: appendText([]byte{machineRow}, q.Machine), id: executionID}
	case q.Machine != "":
		prefix := appendText(appendText([]byte{statusRow}, q.Machine), q.Status)
		return listing{prefix: prefix, id: executionID}
	case q.Parent != "":
		return listing{prefix: appendID([]byte{parentRow}, q.Parent), status: q.Status,
			id: func(suffix []byte) (store.LogID, bool) {
				if len(suffix) < 8 {
					return "", false
				}
				id, rest, ok := cutID(suffix[8:])
				return id, ok && len(rest) == 0
			}}
	case rare(q.Status):
		head := appendText([]byte{childRow}, q.Status)
		return listing{prefix: runPrefix(bytes.Clone(head), q.Run), backward: true,
			id: func(suffix []byte) (store.LogID, bool) {
				id, rest, ok := cutID(append(runPrefix(nil, q.Run), suffix...))
				return id, ok && len(rest) == 0
			}}
	}
	return listing{prefix: runPrefix([]byte{summaryRow}, q.Run), backward: true,
		summaries: true, status: q.Status}
}

// start places iter on the first row behind after; ok says whether there is one,
// step goes on to the next.
func (l *listing) start(ctx context.Context, reader pebble.Reader, after []byte) (iter *pebble.Iterator, ok bool, step func() bool, err error) {
	bounds := &pebble.IterOptions{LowerBound: l.prefix, UpperBound: successor(l.prefix)}
	edge := append(bytes.Clone(l.prefix), after...)
	switch {
	case len(after) > 0 && l.backward:
		bounds.UpperBound = edge
	case len(after) > 0:
		bounds.LowerBound = append(edge, 0)
	}
	iter, err = reader.NewIterWithContext(ctx, bounds)
	if err != nil {
		return nil, false, nil, err
	}
	if l.backward {
		return iter, iter.Last(), iter.Prev, nil
	}
	return iter, iter.First(), iter.Next, nil
}

func (s *Store) list(ctx context.Context, reader pebble.Reader, q store.Query, after []byte) (page []*store.Summary, next string, err error) {
	l := listingOf(q)
	iter, ok, step, err := l.start(ctx, reader, after)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, iter.Close()) }()
	var last []byte // the suffix of the row that gave page's last summary
	for n := 0; ok; ok = step() {
		if n++; n%scanCheckRows == 0 && ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		suffix := iter.Key()[len(l.prefix):]
		summary, err := l.summary(reader, iter, suffix)
		if err != nil {
			return nil, "", err
		}
		if summary == nil {
			continue
		}
		if len(page) == q.Limit {
			return page, encodeCursor(q, last), nil
		}
		page = append(page, summary)
		last = append(last[:0], suffix...)
	}
	return page, "", iter.Error()
}

// summary returns the summary behind the row under iter, nil when its status
// does not fit.
func (l *listing) summary(reader pebble.Reader, iter *pebble.Iterator, suffix []byte) (*store.Summary, error) {
	if !l.summaries {
		id, ok := l.id(suffix)
		if !ok {
			return nil, fmt.Errorf("malformed index row %x", iter.Key())
		}
		summary, err := readSummary(reader, id)
		if err != nil {
			return nil, fmt.Errorf("summary of %s: %w", id, err)
		}
		if l.status != "" && summary.Status != l.status {
			return nil, nil
		}
		return summary, nil
	}
	value, err := iter.ValueAndErr()
	if err != nil {
		return nil, err
	}
	if l.status != "" {
		if status, err := store.StatusOf(value); err != nil || status != l.status {
			return nil, err
		}
	}
	return store.DecodeSummary(value)
}
