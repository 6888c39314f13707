package itemreader

import (
	"context"
	"io"

	"pawl.dev/value"
)

// stateData is the Source of items from the state's input.
const stateData = "STATE_DATA"

// FromJSON reads the elements of an array, or the members of an object, that
// is JSON text. It does not copy the text, which must not change meanwhile;
// items alias it.
//
// Errors: *Failure when it is neither array nor object.
func FromJSON(text []byte, cursor string) (Reader, error) {
	at, err := parseCursor(cursor)
	if err != nil {
		return nil, err
	}
	items, err := newJSONItems(textWindow(text, min(at.Offset, int64(len(text)))), "", at, stateData)
	if err != nil {
		return nil, err
	}
	if !at.Inside {
		if err := items.enter(); err != nil {
			return nil, err
		}
	}
	return &reader{dataset: single{&file{records: items, body: io.NopCloser(nil)}}, at: at}, nil
}

// FromValue reads the elements of an array, or the members of an object, as
// AppendJSON prints them. The value must outlive the reader.
//
// Errors: *Failure when it is neither array nor object.
func FromValue(v value.Value, cursor string) (Reader, error) {
	at, err := parseCursor(cursor)
	if err != nil {
		return nil, err
	}
	if !v.Is(value.Array) && !v.Is(value.Object) {
		return nil, failed(causeNotIterable)
	}
	return &reader{dataset: &valueItems{v: v, at: int(at.Items)}, at: at}, nil
}

type valueItems struct {
	v    value.Value
	at   int
	text []byte
}

func (d *valueItems) next(context.Context) (Item, error) {
	if d.at >= d.v.Len() {
		return Item{}, io.EOF
	}
	d.text = d.v.At(d.at).AppendJSON(d.text[:0])
	item := Item{Value: d.text, Source: stateData}
	if d.v.Is(value.Object) {
		item.Key, item.HasKey = d.v.Key(d.at), true
	}
	d.at++
	return item, nil
}

func (d *valueItems) place(*position) {} // the number of items says it
func (d *valueItems) Close() error    { return nil }
