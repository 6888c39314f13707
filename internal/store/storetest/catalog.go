package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"pawl.dev/internal/store"
)

func (f *fixture) put(kind store.Kind, pairs ...string) {
	f.t.Helper()
	f.ok(f.Update(f.ctx, func(w store.CatalogWriter) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := w.Put(kind, pairs[i], []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	}), "update")
}

func (f *fixture) wantDocument(r store.CatalogReader, kind store.Kind, key, want string) {
	f.t.Helper()
	got, err := r.Get(kind, key)
	if err != nil || string(got) != want {
		f.t.Errorf("get %s %q = %q, %v, want %q", kind, key, got, err, want)
	}
}

func (f *fixture) wantNoDocument(r store.CatalogReader, kind store.Kind, key string) {
	f.t.Helper()
	if got, err := r.Get(kind, key); !errors.Is(err, store.ErrNotFound) {
		f.t.Errorf("get %s %q = %q, %v, want ErrNotFound", kind, key, got, err)
	}
}

func (f *fixture) view(fn func(store.CatalogReader)) {
	f.t.Helper()
	f.ok(f.View(f.ctx, func(r store.CatalogReader) error { fn(r); return nil }), "view")
}

func catalogReads(f *fixture) {
	f.put(store.KindStateMachine, "a", "1", "b", "2", "", "empty key", "c", "")
	f.put(store.KindActivity, "a", "other kind")
	f.view(func(r store.CatalogReader) {
		f.wantDocument(r, store.KindStateMachine, "a", "1")
		f.wantDocument(r, store.KindStateMachine, "", "empty key")
		f.wantDocument(r, store.KindStateMachine, "c", "")
		f.wantDocument(r, store.KindActivity, "a", "other kind")
		f.wantNoDocument(r, store.KindAlias, "a")
		f.wantNoDocument(r, store.KindStateMachine, "aa")
	})
	f.ok(f.Update(f.ctx, func(w store.CatalogWriter) error {
		f.wantDocument(w, store.KindStateMachine, "a", "1")
		f.ok(w.Put(store.KindStateMachine, "a", []byte("3")), "put")
		f.wantDocument(w, store.KindStateMachine, "a", "3")
		f.ok(w.Delete(store.KindStateMachine, "b"), "delete")
		f.wantNoDocument(w, store.KindStateMachine, "b")
		f.ok(w.Delete(store.KindStateMachine, "none"), "delete of none")
		found, err := w.Scan(store.KindStateMachine, "", "", 0)
		f.ok(err, "scan")
		f.equal(keysOf(found), []string{"", "a", "c"}, "scan of own changes")
		return nil
	}), "update")
	f.view(func(r store.CatalogReader) {
		f.wantDocument(r, store.KindStateMachine, "a", "3")
		f.wantNoDocument(r, store.KindStateMachine, "b")
	})
}

func keysOf(documents []store.Document) []string {
	var keys []string
	for _, d := range documents {
		keys = append(keys, d.Key)
	}
	return keys
}

func catalogScans(f *fixture) {
	keys := []string{"a:0000000001", "a:0000000002", "a:0000000010", "aa:0000000001", "b\xff", "b\xff\xff", "b\xff\xffx"}
	for _, key := range keys {
		f.put(store.KindVersion, key, "v of "+key)
	}
	f.put(store.KindAlias, "a:x", "")
	for _, test := range []struct {
		prefix, after string
		limit         int
		want          []string
	}{
		{"", "", 0, keys},
		{"a:", "", 0, keys[:3]},
		{"a:", "", 2, keys[:2]},
		{"a:", keys[0], 0, keys[1:3]},
		{"a:", keys[0], 1, keys[1:2]},
		{"a:", "a:00000000015", 0, keys[1:3]},
		{"a:", "0", 0, keys[:3]}, // after sorts before the prefix
		{"a:", "b", 0, nil},      // and behind all of it
		{"a:", keys[2], 0, nil},
		{"b\xff\xff", "", 0, keys[5:]},
		{"", keys[3], 0, keys[4:]},
		{"c", "", 0, nil},
	} {
		f.view(func(r store.CatalogReader) {
			found, err := r.Scan(store.KindVersion, test.prefix, test.after, test.limit)
			f.ok(err, "scan")
			f.equal(keysOf(found), test.want, fmt.Sprintf("scan %q after %q limit %d", test.prefix, test.after, test.limit))
			for _, d := range found {
				if string(d.Value) != "v of "+d.Key {
					f.t.Errorf("value of %q is %q", d.Key, d.Value)
				}
			}
		})
	}
}

var errChanged = errors.New("changed my mind")

func catalogRollback(f *fixture) {
	f.put(store.KindSetting, "a", "1", "b", "2")
	err := f.Update(f.ctx, func(w store.CatalogWriter) error {
		f.ok(w.Put(store.KindSetting, "a", []byte("9")), "put")
		f.ok(w.Put(store.KindSetting, "new", []byte("9")), "put")
		f.ok(w.Delete(store.KindSetting, "b"), "delete")
		return errChanged
	})
	if !errors.Is(err, errChanged) {
		f.t.Errorf("update = %v, want the function's own error", err)
	}
	f.view(func(r store.CatalogReader) {
		f.wantDocument(r, store.KindSetting, "a", "1")
		f.wantDocument(r, store.KindSetting, "b", "2")
		f.wantNoDocument(r, store.KindSetting, "new")
	})
	if err := f.View(f.ctx, func(store.CatalogReader) error { return errChanged }); !errors.Is(err, errChanged) {
		f.t.Errorf("view = %v, want the function's own error", err)
	}
}

func catalogIsolation(f *fixture) {
	f.put(store.KindSetting, "a", "old")
	f.view(func(r store.CatalogReader) {
		f.put(store.KindSetting, "a", "new", "b", "new")
		f.wantDocument(r, store.KindSetting, "a", "old")
		f.wantNoDocument(r, store.KindSetting, "b")
		found, err := r.Scan(store.KindSetting, "", "", 0)
		f.ok(err, "scan")
		f.equal(keysOf(found), []string{"a"}, "scan")
	})
	f.view(func(r store.CatalogReader) { f.wantDocument(r, store.KindSetting, "a", "new") })
}

// catalogSerial counts up in many goroutines; updates that met would lose counts.
func catalogSerial(f *fixture) {
	const writers, each = 8, 20
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				err := f.Update(f.ctx, func(w store.CatalogWriter) error {
					n := 0
					if value, err := w.Get(store.KindSetting, "n"); err == nil {
						n, _ = strconv.Atoi(string(value)) // we wrote it
					}
					return w.Put(store.KindSetting, "n", []byte(strconv.Itoa(n+1)))
				})
				if err != nil {
					f.t.Errorf("update: %v", err)
				}
			}
		})
	}
	group.Wait()
	f.view(func(r store.CatalogReader) { f.wantDocument(r, store.KindSetting, "n", strconv.Itoa(writers*each)) })
}
