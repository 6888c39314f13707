package itemreader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pawl.dev/value"
)

// FuzzScanValue compares with value.Parse, which reads the items later, on
// whole texts and on every beginning of them.
func FuzzScanValue(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e+3,"x\u00e9\n",true,false,null]}`, `[`, `01`, `-`, `"\ud800"`, "\"\xff\"", `{"a" : 1 , "b":{}}`, `1.`, `nul`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || isSpace(text[0]) || !utf8.ValidString(text) {
			return
		}
		n, result := scanValue([]byte(text), true)
		valid := result == scanned && strings.Trim(text[n:], " \t\r\n") == ""
		if _, err := value.Parse(text, nil); (err == nil) != valid {
			t.Fatalf("%q: scanned to %d with %d, Parse says %v", text, n, result, err)
		}
		if !valid {
			return
		}
		for i := 1; i < n; i++ {
			if at, r := scanValue([]byte(text[:i]), false); r != incomplete {
				t.Fatalf("%q is %d to %d, a beginning of %q", text[:i], r, at, text)
			}
		}
	})
}

// FuzzJSONItems compares with encoding/json.
func FuzzJSONItems(f *testing.F) {
	for _, seed := range []string{`[1,{"a":2},[]]`, `{"a":1,"b":[2]}`, `[]`, `{"a":1,}`, `[1,,2]`, ` {"\u0061":"\\" } `, `3`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		items, err := newJSONItems(newWindow(iotest.OneByteReader(strings.NewReader(text)), 0), "", position{}, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []Item
		for {
			item, err := items.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				if json.Valid([]byte(text)) && text[0] != 0xEF && strings.ContainsAny(strings.TrimSpace(text)[:1], "[{") && utf8.ValidString(text) && value.Valid(text) == nil {
					t.Fatalf("%q: %v", text, err)
				}
				return
			}
			item.Value = bytes.Clone(item.Value)
			got = append(got, item)
		}
		v, err := value.Parse(strings.TrimPrefix(text, "\uFEFF"), nil)
		if err != nil {
			t.Fatalf("%q is read as %d items: %v", text, len(got), err)
		}
		if v.Is(value.Array) && v.Len() != len(got) {
			t.Fatalf("%q has %d items, got %d", text, v.Len(), len(got))
		}
		for i, item := range got {
			x, err := value.Parse(string(item.Value), nil)
			if err != nil {
				t.Fatal(err)
			}
			if v.Is(value.Array) && !value.Equal(x, v.At(i)) {
				t.Fatalf("%q: item %d is %s", text, i, x)
			}
			if m, ok := v.Get(item.Key); v.Is(value.Object) && !ok {
				t.Fatalf("%q: key %q, %v", text, item.Key, m)
			}
		}
	})
}

// repeated is a stream of one head, n times a body, and a tail, of which only
// one body is in memory.
func repeated(head, body string, n int, tail string) io.Reader {
	return io.MultiReader(strings.NewReader(head), &repeater{body: body, left: n}, strings.NewReader(tail))
}

type repeater struct {
	body string
	left int
	at   int
}

func (r *repeater) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && r.left > 0 {
		c := copy(p[n:], r.body[r.at:])
		n, r.at = n+c, r.at+c
		if r.at == len(r.body) {
			r.at = 0
			r.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestJSON_memoryIsFlat(t *testing.T) {
	element := `{"id":12345,"name":"x","tags":["a","b"]},`
	n := 256 << 20 / len(element)
	w := newWindow(repeated(`{"skipped":[`, element, n, `0],"items":[`+element+`1]}`), 0)
	items, err := newJSONItems(w, "/items", position{}, "")
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count := 0
	for _, err = items.next(); err == nil; _, err = items.next() {
		count++
	}
	runtime.ReadMemStats(&after)
	if err != io.EOF || count != 2 {
		t.Fatal(count, err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d bytes", grown)
	}
}

func TestJSON_manyItemsInFlatMemory(t *testing.T) {
	element := `{"id":12345,"name":"x","tags":["a","b"]},`
	n := 128 << 20 / len(element)
	items, err := newJSONItems(newWindow(repeated(`[`, element, n, `1]`), 0), "", position{}, "")
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count := 0
	for _, err = items.next(); err == nil; _, err = items.next() {
		count++
	}
	runtime.ReadMemStats(&after)
	if err != io.EOF || count != n+1 {
		t.Fatal(count, err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d bytes for %d items", grown, count)
	}
}

const benchmarkItem = `{"id":1234567,"name":"Ada Lovelace","city":"London","amount":199.95,"when":"2026-11-20T12:00:00Z"}`

func benchmarkRecords(b *testing.B, head, body, tail string, open func(w *window) records) {
	const n = 200_000
	b.SetBytes(int64(n * len(body)))
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		r := open(newWindow(repeated(head, body, n, tail), 0))
		for {
			if _, err := r.next(); err != nil {
				if err != io.EOF {
					b.Fatal(err)
				}
				break
			}
			count++
		}
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "items/s")
}

func BenchmarkJSONL(b *testing.B) {
	benchmarkRecords(b, "", benchmarkItem+"\n", "", func(w *window) records {
		r, _ := newJSONLines(w, position{}, "")
		return r
	})
}

func BenchmarkJSON_array(b *testing.B) {
	benchmarkRecords(b, "[", benchmarkItem+",", "0]", func(w *window) records {
		r, _ := newJSONItems(w, "", position{}, "")
		return r
	})
}

func BenchmarkCursor(b *testing.B) {
	p := position{Version: 1, Items: 123456789, Offset: 123456789012, Inside: true, ETag: fmt.Sprintf("%q", strings.Repeat("0", 34))}
	b.ReportAllocs()
	for b.Loop() {
		_ = p.cursor()
	}
}
