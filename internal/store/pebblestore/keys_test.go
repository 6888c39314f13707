package pebblestore

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"pawl.dev/internal/store"
)

func TestAppendID_sortsAndComesBack(t *testing.T) {
	t.Parallel()
	ids := []store.LogID{
		"c/000000000000/000000000000", "c/0f8fad5bd9cb/0000000000ff", "c/0f8fad5bd9cb/000000000100",
		"c/ffffffffffff/ffffffffffff", "e/m", "e/m/a", "e/m/a/a", "e/m/a0", "e/m/é", "m/0f8fad5bd9cb",
	}
	var last []byte
	for _, id := range ids {
		key := appendID(nil, id)
		if bytes.Compare(last, key) >= 0 || last != nil && bytes.HasPrefix(key, last) {
			t.Errorf("%s does not sort behind the one before", id)
		}
		last = key
		got, rest, ok := cutID(append(slices.Clone(key), "rest"...))
		if got != id || string(rest) != "rest" || !ok {
			t.Errorf("cutID(%s) = %s, %q, %v", id, got, rest, ok)
		}
	}
}

func TestAppendPosition_sortsAndComesBack(t *testing.T) {
	t.Parallel()
	var last []byte
	for _, position := range []uint64{0, 1, 0xf7, 0xf8, 0xff, 0x100, 0xffff, 0x10000, 1 << 40, 1 << 63, math.MaxUint64} {
		key := appendPosition(nil, position)
		if bytes.Compare(last, key) >= 0 {
			t.Errorf("%d does not sort behind the one before", position)
		}
		last = key
		if got, ok := readPosition(key); got != position || !ok {
			t.Errorf("readPosition(%d) = %d, %v", position, got, ok)
		}
	}
}

func TestWakeKey_sortsByTime(t *testing.T) {
	t.Parallel()
	var last []byte
	for _, at := range []int64{math.MinInt64, -5, -1, 0, 1, 1 << 40, math.MaxInt64} {
		key := wakeKey(nil, 7, at, "e/m/a")
		if bytes.Compare(last, key) >= 0 {
			t.Errorf("%d does not sort behind the one before", at)
		}
		last = key
		if got, id, ok := readWake(key); got != at || id != "e/m/a" || !ok {
			t.Errorf("readWake(%d) = %d, %s, %v", at, got, id, ok)
		}
	}
}

func TestMark_comesBack(t *testing.T) {
	t.Parallel()
	for _, m := range []mark{
		{}, {shard: 3, open: true}, {shard: 255, hasWake: true, wake: -7}, {shard: math.MaxUint32, hasWake: true, wake: 1 << 41, open: true},
	} {
		got, turn, err := cutMark(append(m.append(nil), "turn"...))
		if got != m || string(turn) != "turn" || err != nil {
			t.Errorf("cutMark(%+v) = %+v, %q, %v", m, got, turn, err)
		}
		got, length, err := readMarkRow(m.appendRow(nil, 1<<33))
		if got != m || length != 1<<33 || err != nil {
			t.Errorf("readMarkRow(%+v) = %+v, %d, %v", m, got, length, err)
		}
	}
}

// TestStoredForms_v1 keeps the layout of version 1 readable: these bytes are in
// stores that exist.
func TestStoredForms_v1(t *testing.T) {
	t.Parallel()
	start := time.UnixMilli(1_767_323_045_000)
	for _, test := range []struct {
		name      string
		got, want []byte
	}{
		{"child's turn", turnKey(nil, "c/0f8fad5bd9cb/0000000f4240", 2), []byte("t\x01\x0f\x8f\xad\x5b\xd9\xcb\x00\x00\x00\x0f\x42\x40\x02")},
		{"late turn", turnKey(nil, "e/m/a", 0x1234), []byte("te/m/a\x00\xf9\x12\x34")},
		{"summary", summaryKey(nil, "m/0f8fad5bd9cb"), []byte("sm/0f8fad5bd9cb\x00")},
		{"wake-up", wakeKey(nil, 258, start.UnixMilli(), "e/m/a"), []byte("w\x00\x00\x01\x02\x80\x00\x01\x9b\x7c\xa9\x8c\x88e/m/a\x00")},
		{"open", openKey(nil, 258, "e/m/a"), []byte("o\x00\x00\x01\x02e/m/a\x00")},
		{"mark", mark{shard: 258, hasWake: true, wake: 1, open: true}.append(nil), []byte{1, 3, 0x82, 2, 2}},
		{"machine", ageKey(nil, &store.Summary{ID: "e/m/a", Machine: "m", Start: start}), []byte("im\x00\x7f\xff\xfe\x64\x83\x56\x73\x77\x01a")},
		{"status", statusKey(nil, &store.Summary{ID: "e/m/a", Machine: "m", Start: start}, store.Failed), []byte("jm\x00FAILED\x00\x7f\xff\xfe\x64\x83\x56\x73\x77\x01a")},
		{"map run", ageKey(nil, &store.Summary{ID: "m/1", Parent: "e/m/a", Start: start}), []byte("re/m/a\x00\x7f\xff\xfe\x64\x83\x56\x73\x77m/1\x00")},
		{"rare child", statusKey(nil, &store.Summary{ID: "c/0f8fad5bd9cb/000000000001"}, store.Failed), []byte("xFAILED\x00\x01\x0f\x8f\xad\x5b\xd9\xcb\x00\x00\x00\x00\x00\x01")},
		{"document", append(documentPrefix(store.KindAlias), "a:b"...), []byte("dalias\x00a:b")},
	} {
		if !bytes.Equal(test.got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func FuzzCutID(f *testing.F) {
	f.Add([]byte("e/m/a\x00rest"))
	f.Add(appendID(nil, "c/0f8fad5bd9cb/000000000001"))
	f.Fuzz(func(t *testing.T, key []byte) {
		id, rest, ok := cutID(key)
		if !ok || isChild(id) != (key[0] == childTag) {
			return // the text of a child that has a short form is never written
		}
		if again := append(appendID(nil, id), rest...); !bytes.Equal(again, key) {
			t.Errorf("%q comes back as %q", key, again)
		}
	})
}

func FuzzDecodeCursor(f *testing.F) {
	q := store.Query{Machine: "m"}
	f.Add(encodeCursor(q, []byte("suffix")))
	f.Fuzz(func(t *testing.T, cursor string) {
		q.Cursor = cursor
		suffix, err := decodeCursor(q)
		if err == nil && encodeCursor(q, suffix) != cursor {
			t.Errorf("%q comes back as %q", cursor, encodeCursor(q, suffix))
		}
	})
}
