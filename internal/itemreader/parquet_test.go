package itemreader_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"pawl.dev/internal/itemreader"
	"pawl.dev/internal/objects"
	"pawl.dev/value"
)

func packParquet[T any](t testing.TB, rows []T, groupRows int, codec compress.Codec) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.Compression(codec))
	for i, row := range rows {
		if _, err := w.Write([]T{row}); err != nil {
			t.Fatal(err)
		}
		if (i+1)%groupRows == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parquetSpec(key string) itemreader.Spec {
	return itemreader.Spec{Resource: getObject, Bucket: "b", Key: key, InputType: "PARQUET"}
}

type scalarRow struct {
	B   bool      `parquet:"b"`
	I   int32     `parquet:"i"`
	J   int64     `parquet:"j"`
	U   uint64    `parquet:"u"`
	F   float32   `parquet:"f"`
	D   float64   `parquet:"d"`
	S   string    `parquet:"s"`
	Raw []byte    `parquet:"raw"`
	Day int32     `parquet:"day,date"`
	At  time.Time `parquet:"at,timestamp(microsecond)"`
	Dec int64     `parquet:"dec,decimal(2:18)"`
	ID  [16]byte  `parquet:"id,uuid"`
	O   *int64    `parquet:"o,optional"`
}

func TestParquet_scalars(t *testing.T) {
	t.Parallel()
	seven := int64(7)
	rows := []scalarRow{
		{true, -1, 1 << 60, 1<<64 - 1, 0.1, 2.5, "ä\"", []byte{0xff, 0}, 20000, time.Date(2026, 11, 20, 1, 2, 3, 4000, time.UTC), -5, [16]byte{1, 2, 15: 255}, &seven},
		{S: "", Raw: []byte("text")},
	}
	want := []string{
		`{"b":true,"i":-1,"j":1152921504606846976,"u":18446744073709551615,"f":0.1,"d":2.5,"s":"ä\"","raw":"/wA=","day":"2024-10-04","at":"2026-11-20T01:02:03.000004Z","dec":-0.05,"id":"01020000-0000-0000-0000-0000000000ff","o":7}`,
		`{"b":false,"i":0,"j":0,"u":0,"f":0.0,"d":0.0,"s":"","raw":"text","day":"1970-01-01","at":"`,
	}
	b := bucket(t, map[string]string{"f": packParquet(t, rows, 10, &parquet.Snappy)})
	got, _, err := read(opener(b, parquetSpec("f")), "")
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if got[0] != want[0] {
		t.Errorf("got  %s\nwant %s", got[0], want[0])
	}
	if !strings.HasPrefix(got[1], want[1]) || !strings.HasSuffix(got[1], `,"dec":0.00,"id":"00000000-0000-0000-0000-000000000000","o":null}`) {
		t.Errorf("got %s", got[1])
	}
}

type nestedRow struct {
	Names  []string         `parquet:"names,list"`
	Bare   []int64          `parquet:"bare"`
	Map    map[string]int64 `parquet:"map"`
	Points []point          `parquet:"points,list"`
	Maybe  *point           `parquet:"maybe,optional"`
	Lists  []inner          `parquet:"lists"`
	Last   string           `parquet:"last"`
}

type inner struct {
	L []int64 `parquet:"l,list"`
}

type point struct {
	X int64    `parquet:"x"`
	Y *float64 `parquet:"y,optional"`
	T []string `parquet:"t"`
}

func TestParquet_nested(t *testing.T) {
	t.Parallel()
	half := 0.5
	full := nestedRow{
		Names: []string{"a", "b"}, Bare: []int64{1, 2, 3}, Map: map[string]int64{"k": 1},
		Points: []point{{X: 1, Y: &half, T: []string{"p", "q"}}, {X: 2}}, Maybe: &point{X: 9, T: []string{"r"}}, Last: "z",
		Lists: []inner{{[]int64{1, 2}}, {}, {[]int64{3}}},
	}
	b := bucket(t, map[string]string{"f": packParquet(t, []nestedRow{{Last: "y"}, full, {Last: "x"}}, 10, &parquet.Zstd)})
	empty := `{"names":[],"bare":[],"map":{},"points":[],"maybe":null,"lists":[],"last":"%s"}`
	checkItems(t, opener(b, parquetSpec("f")), []string{
		fmt.Sprintf(empty, "y"),
		`{"names":["a","b"],"bare":[1,2,3],"map":{"k":1},"points":[{"x":1,"y":0.5,"t":["p","q"]},{"x":2,"y":null,"t":[]}],"maybe":{"x":9,"y":null,"t":["r"]},"lists":[{"l":[1,2]},{"l":[]},{"l":[3]}],"last":"z"}`,
		fmt.Sprintf(empty, "x"),
	})
}

type numberRow struct {
	N int64 `parquet:"n"`
}

func numberRows(n int) (rows []numberRow, items []string) {
	for i := range n {
		rows = append(rows, numberRow{int64(i)})
		items = append(items, fmt.Sprintf(`{"n":%d}`, i))
	}
	return rows, items
}

func TestParquet_resumesInEveryRowGroup(t *testing.T) {
	t.Parallel()
	rows, items := numberRows(100)
	b := bucket(t, map[string]string{"in/f": packParquet(t, rows, 30, &parquet.Gzip), "in/g": packParquet(t, rows[:3], 30, &parquet.Uncompressed)})
	checkItems(t, opener(b, parquetSpec("in/f")), items)
	spec := itemreader.Spec{Resource: listV2, Bucket: "b", Prefix: "in/", InputType: "PARQUET", Transformation: "LOAD_AND_FLATTEN"}
	checkItems(t, opener(b, spec), append(items, items[:3]...))
}

// plainStreams hides that the objects are files, which can be read anywhere.
type plainStreams struct{ objects.Buckets }

func (p plainStreams) Open(ctx context.Context, bucket, key, versionID string) (io.ReadCloser, objects.Object, error) {
	return p.OpenRange(ctx, bucket, key, versionID, 0, 0)
}

func (p plainStreams) OpenRange(ctx context.Context, bucket, key, versionID string, offset, length int64) (io.ReadCloser, objects.Object, error) {
	r, o, err := p.Buckets.OpenRange(ctx, bucket, key, versionID, offset, length)
	if err != nil {
		return nil, o, err
	}
	return struct{ io.ReadCloser }{r}, o, nil
}

func TestParquet_readsRangesOfRemoteObjects(t *testing.T) {
	t.Parallel()
	rows, items := numberRows(1000)
	b := plainStreams{bucket(t, map[string]string{"f": packParquet(t, rows, 400, &parquet.Snappy)})}
	got, _, err := read(opener(b, parquetSpec("f")), "")
	if err != nil || strings.Join(got, "") != strings.Join(items, "") {
		t.Errorf("%d items, %v", len(got), err)
	}
}

func TestParquet_malformedFiles(t *testing.T) {
	t.Parallel()
	rows, _ := numberRows(1000)
	good := packParquet(t, rows, 100, &parquet.Uncompressed)
	tests := map[string]string{
		"empty": "", "text": "hello, I am text", "cut": good[:len(good)/2],
		"footer size": good[:len(good)-8] + "\xff\xff\xff\x7fPAR1",
		"footer":      good[:len(good)-60] + strings.Repeat("\xee", 52) + good[len(good)-8:],
	}
	for name, text := range tests {
		_, _, err := read(opener(bucket(t, map[string]string{"f": text}), parquetSpec("f")), "")
		t.Run(name, func(t *testing.T) { checkFailure(t, err, "The Parquet file is malformed: ") })
	}
	_, _, err := read(opener(bucket(t, nil), parquetSpec("f")), "")
	checkFailure(t, err, "The specified key does not exist.")
}

// FuzzParquet damages a good file: whatever comes of it, it is a failure or
// items that are JSON.
func FuzzParquet(f *testing.F) {
	rows, _ := numberRows(50)
	good := packParquet(f, rows, 20, &parquet.Snappy)
	f.Add(10, byte(1))
	f.Add(len(good)-20, byte(0x80))
	f.Fuzz(func(t *testing.T, at int, change byte) {
		if at < 0 || at >= len(good) {
			return
		}
		bad := []byte(good)
		bad[at] ^= change
		items, _, _ := read(opener(bucket(t, map[string]string{"f": string(bad)}), parquetSpec("f")), "")
		for _, item := range items {
			if err := value.Valid(item); err != nil {
				t.Fatal(item, err)
			}
		}
	})
}

func BenchmarkParquet(b *testing.B) {
	type row struct {
		ID   int64   `parquet:"id"`
		Name string  `parquet:"name"`
		City string  `parquet:"city"`
		Sum  float64 `parquet:"sum"`
	}
	rows := make([]row, 100_000)
	for i := range rows {
		rows[i] = row{int64(i), "Ada Lovelace", "London", 199.95}
	}
	d := bucket(b, map[string]string{"f": packParquet(b, rows, 1<<20, &parquet.Snappy)})
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r, err := itemreader.Open(b.Context(), d, parquetSpec("f"), "")
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.Next(b.Context()); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		r.Close()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
