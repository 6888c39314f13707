package itemreader_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"pawl.dev/internal/itemreader"
	"pawl.dev/internal/objects"
)

const (
	getObject = "arn:aws:states:::s3:getObject"
	listV2    = "arn:aws:states:::s3:listObjectsV2"
)

// bucket is a local bucket "b" with the given files.
func bucket(t testing.TB, files map[string]string) *objects.Dir {
	t.Helper()
	root := t.TempDir()
	for key, text := range files {
		path := filepath.Join(root, key)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	d, err := objects.OpenDir("", map[string]string{"b": root})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// show writes an item as "key=value".
func show(item itemreader.Item) string {
	if item.HasKey {
		return item.Key + "=" + string(item.Value)
	}
	return string(item.Value)
}

// read reads on from the cursor, to the end or the first error. The cursors
// are those behind each item.
func read(open func(cursor string) (itemreader.Reader, error), cursor string) (items, cursors []string, err error) {
	items = []string{}
	r, err := open(cursor)
	if err != nil {
		return items, nil, err
	}
	defer r.Close()
	for {
		item, err := r.Next(context.Background())
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return items, cursors, err
		}
		items = append(items, show(item))
		cursors = append(cursors, r.Cursor())
	}
}

// checkItems wants the items from the start, and the rest of them from each
// cursor on.
func checkItems(t *testing.T, open func(cursor string) (itemreader.Reader, error), want []string) {
	t.Helper()
	got, cursors, err := read(open, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("items (-want +got):\n%s", diff)
	}
	for i, cursor := range cursors {
		rest, _, err := read(open, cursor)
		if err != nil || !cmp.Equal(rest, want[i+1:]) {
			t.Fatalf("from cursor %s: %q, %v; want %q", cursor, rest, err, want[i+1:])
		}
	}
}

func opener(b objects.Buckets, spec itemreader.Spec) func(string) (itemreader.Reader, error) {
	return func(cursor string) (itemreader.Reader, error) {
		return itemreader.Open(context.Background(), b, spec, cursor)
	}
}

func checkFailure(t *testing.T, err error, cause string) {
	t.Helper()
	var f *itemreader.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a failure", err)
	}
	if f.Name != "States.ItemReaderFailed" || !strings.Contains(f.Cause, cause) {
		t.Errorf("failed with %q %q, want cause %q", f.Name, f.Cause, cause)
	}
}

func packGzip(t testing.TB, text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.String()
}

func packZstd(t testing.TB, text string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func TestOpen_formatsAndCompressions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		key  string
		text string
		spec itemreader.Spec
		want []string
	}{
		{"csv", "f.csv", "a,b\n1,2\n3,4\n", itemreader.Spec{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}, []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`}},
		{"csv without line end", "f.csv", "a\n1\n2", itemreader.Spec{InputType: "CSV"}, []string{`{"a":"1"}`, `{"a":"2"}`}},
		{"csv of headers", "f.csv", "a,b\n", itemreader.Spec{InputType: "CSV"}, []string{}},
		{"csv of nothing", "f.csv", "", itemreader.Spec{InputType: "CSV"}, []string{}},
		{"csv given headers", "f.csv", "1|2|3\n4\n", itemreader.Spec{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"x", "y"}, CSVDelimiter: "PIPE"}, []string{`{"x":"1","y":"2"}`, `{"x":"4","y":""}`}},
		{"max items", "f.csv", "a\n1\n2\n\"", itemreader.Spec{InputType: "CSV", MaxItems: 2}, []string{`{"a":"1"}`, `{"a":"2"}`}},
		{"json array", "f.json", ` [1, {"a" : [ ]} ,"x,]" , null] `, itemreader.Spec{InputType: "JSON"}, []string{"1", `{"a" : [ ]}`, `"x,]"`, "null"}},
		{"json object", "f.json", `{"k":1,"l\n\u00e9":{"m":2}}`, itemreader.Spec{InputType: "JSON"}, []string{"k=1", "l\né={\"m\":2}"}},
		{"json empty", "f.json", "\uFEFF[ ]", itemreader.Spec{InputType: "JSON"}, []string{}},
		{"json pointer", "f.json", `{"skip":["\"]}\\"],"a/b":{"~":[7,{"q":[1, 2]},9]},"rest":`, itemreader.Spec{InputType: "JSON", ItemsPointer: "/a~1b/~0/1/q"}, []string{"1", "2"}},
		{"json lines", "f.jsonl", "\uFEFF{\"a\":1}\r\n\n  [2]  \n3", itemreader.Spec{InputType: "JSONL"}, []string{`{"a":1}`, "[2]", "3"}},
	}
	for _, tt := range tests {
		packings := map[string]func(testing.TB, string) string{
			"": func(_ testing.TB, s string) string { return s }, ".gz": packGzip, ".zst": packZstd, ".zstd": packZstd,
		}
		for extension, pack := range packings {
			t.Run(tt.name+extension, func(t *testing.T) {
				t.Parallel()
				key := "in/" + tt.key + extension
				b := bucket(t, map[string]string{key: pack(t, tt.text)})
				tt.spec.Resource, tt.spec.Bucket, tt.spec.Key = getObject, "b", key
				checkItems(t, opener(b, tt.spec), tt.want)
			})
		}
	}
}

func TestOpen_failures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		text  string
		spec  itemreader.Spec
		cause string
	}{
		{"scalar", "3", itemreader.Spec{InputType: "JSON"}, "Attempting to map over non-iterable node."},
		{"pointer to scalar", `{"a":1}`, itemreader.Spec{InputType: "JSON", ItemsPointer: "/a"}, "Attempting to map over non-iterable node."},
		{"pointer to nothing", `{"a":[]}`, itemreader.Spec{InputType: "JSON", ItemsPointer: "/b/c"}, "Attempting to map over non-iterable node."},
		{"pointer past the array", `[[1]]`, itemreader.Spec{InputType: "JSON", ItemsPointer: "/1"}, "Attempting to map over non-iterable node."},
		{"bad pointer", `{"a":[]}`, itemreader.Spec{InputType: "JSON", ItemsPointer: "a"}, "not a JSON Pointer"},
		{"cut json", `[1,2`, itemreader.Spec{InputType: "JSON"}, "malformed at byte 4: Unexpected end-of-input"},
		{"json with a tail", `[1,2] x`, itemreader.Spec{InputType: "JSON"}, "malformed at byte 6"},
		{"json without comma", `[1 2]`, itemreader.Spec{InputType: "JSON"}, "comma"},
		{"json with extra comma", `[1,]`, itemreader.Spec{InputType: "JSON"}, "behind the comma"},
		{"json in latin-1", "[\"\xe9\"]", itemreader.Spec{InputType: "JSON"}, "Invalid UTF-8"},
		{"empty json", "", itemreader.Spec{InputType: "JSON"}, "Unexpected end-of-input"},
		{"bad line", "{}\n{\n", itemreader.Spec{InputType: "JSONL"}, "malformed at byte 3"},
		{"two values in a line", "1 2\n", itemreader.Spec{InputType: "JSONL"}, "end of input"},
		{"duplicate headers", "1,2\n", itemreader.Spec{InputType: "CSV", CSVHeaders: []string{"a", "a"}}, "CSV headers cannot contain duplicates."},
		{"duplicate first row", "a,a\n", itemreader.Spec{InputType: "CSV"}, "CSV headers cannot contain duplicates."},
		{"open quote", "a\n\"x", itemreader.Spec{InputType: "CSV"}, "the row at byte 2 has a quote that is never closed"},
		{"max items", "[]", itemreader.Spec{InputType: "JSON", MaxItems: -1}, "field MaxItems must be positive"},
		{"no such key", "", itemreader.Spec{InputType: "CSV", Key: "none"}, "The specified key does not exist. (Service: S3, Status Code: 404)"},
		{"no such bucket", "", itemreader.Spec{InputType: "CSV", Bucket: "none"}, "The specified bucket does not exist"},
		{"not gzip", "hello, I am plain text", itemreader.Spec{InputType: "CSV", Key: "f.gz"}, "malformed: gzip"},
		{"not zstd", "hello, I am plain text", itemreader.Spec{InputType: "CSV", Key: "f.zst"}, "malformed"},
		{"cut gzip", packGzip(t, "a,b\n1,2\n")[:20], itemreader.Spec{InputType: "CSV", Key: "f.gz"}, "truncated"},
		{"unknown type", "", itemreader.Spec{InputType: "XML"}, `"XML" is not supported`},
		{"unknown delimiter", "", itemreader.Spec{InputType: "CSV", CSVDelimiter: "DOT"}, `"DOT" is not supported`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bucket(t, map[string]string{"f": tt.text, "f.gz": tt.text, "f.zst": tt.text})
			spec := tt.spec
			spec.Resource = getObject
			if spec.Bucket == "" {
				spec.Bucket = "b"
			}
			if spec.Key == "" {
				spec.Key = "f"
			}
			_, _, err := read(opener(b, spec), "")
			checkFailure(t, err, tt.cause)
		})
	}
	b := bucket(t, nil)
	_, _, err := read(opener(b, itemreader.Spec{Resource: listV2, Bucket: "none"}), "")
	checkFailure(t, err, "The specified bucket does not exist")
}

func TestOpen_listing(t *testing.T) {
	t.Parallel()
	b := bucket(t, map[string]string{"in/a/1": "x", "in/a.txt": "yy", "in/ü": "", "out": ""})
	items, _, err := read(opener(b, itemreader.Spec{Resource: listV2, Bucket: "b", Prefix: "in/", MaxItems: 1}), "")
	if err != nil || len(items) != 1 {
		t.Fatal(items, err)
	}
	for _, part := range []string{`{"Etag":"\"`, `\"","LastModified":1`, `,"Key":"in/a.txt","Size":2,"StorageClass":"STANDARD"}`} {
		if !strings.Contains(items[0], part) {
			t.Errorf("%s has no %s", items[0], part)
		}
	}
	var all []string
	for _, key := range []string{"in/a.txt", "in/a/1", "in/ü"} {
		_ = b.List(t.Context(), "b", key, "", func(o objects.Object) bool {
			text, _, _ := read(opener(b, itemreader.Spec{Resource: listV2, Bucket: "b", Prefix: key}), "")
			all = append(all, text...)
			return true
		})
	}
	checkItems(t, opener(b, itemreader.Spec{Resource: listV2, Bucket: "b", Prefix: "in/"}), all)
}

func TestOpen_manyObjects(t *testing.T) {
	t.Parallel()
	b := bucket(t, map[string]string{
		"in/1.csv": "a,b\n1,2\n3,4\n", "in/2.csv": "a,b\n", "in/3.csv.gz": packGzip(t, "b,a\n5,6\n7,8"), "other.csv": "a\n9",
		"json/1": "[1,2]", "json/2": "[]", "json/3": `{"k":3}`,
		"athena.csv": "s3://b/ath/2.gz\ns3://b/ath/1\n",
		"ath/1":      "x,1\ny,2\n", "ath/2.gz": packGzip(t, "z,3\n"),
		"inv/manifest.json": `{"destinationBucket":"arn:aws:s3:::b","fileFormat":"CSV","fileSchema":"Bucket, Key, Size","files":[{"key":"inv/d1.csv.gz","size":1},{"key":"inv/none.csv.gz"},{"key":"inv/d2.csv.gz"}]}`,
		"inv/d1.csv.gz":     packGzip(t, "\"b\",\"k1\",\"4\"\n"), "inv/none.csv.gz": packGzip(t, ""), "inv/d2.csv.gz": packGzip(t, "\"b\",\"k%202\",\"\"\n\"b\",\"k3\",\"6\"\n"),
	})
	tests := []struct {
		name string
		spec itemreader.Spec
		want []string
	}{
		{"flatten csv", itemreader.Spec{Resource: listV2, Prefix: "in/", InputType: "CSV", Transformation: "LOAD_AND_FLATTEN"},
			[]string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`, `{"b":"5","a":"6"}`, `{"b":"7","a":"8"}`}},
		{"flatten json", itemreader.Spec{Resource: listV2, Prefix: "json/", InputType: "JSON", Transformation: "LOAD_AND_FLATTEN"},
			[]string{"1", "2", "k=3"}},
		{"flatten nothing", itemreader.Spec{Resource: listV2, Prefix: "none/", InputType: "JSON", Transformation: "LOAD_AND_FLATTEN"}, []string{}},
		{"athena", itemreader.Spec{Resource: getObject, Key: "athena.csv", InputType: "CSV", ManifestType: "ATHENA_DATA", CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"n", "v"}},
			[]string{`{"n":"z","v":"3"}`, `{"n":"x","v":"1"}`, `{"n":"y","v":"2"}`}},
		{"inventory", itemreader.Spec{Resource: getObject, Key: "inv/manifest.json", InputType: "MANIFEST"},
			[]string{`{"Bucket":"b","Key":"k1","Size":"4"}`, `{"Bucket":"b","Key":"k%202","Size":""}`, `{"Bucket":"b","Key":"k3","Size":"6"}`}},
		{"inventory by type", itemreader.Spec{Resource: getObject, Key: "inv/manifest.json", ManifestType: "S3_INVENTORY", MaxItems: 2},
			[]string{`{"Bucket":"b","Key":"k1","Size":"4"}`, `{"Bucket":"b","Key":"k%202","Size":""}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.spec.Bucket = "b"
			checkItems(t, opener(b, tt.spec), tt.want)
		})
	}
}

func TestItem_source(t *testing.T) {
	t.Parallel()
	b := bucket(t, map[string]string{"d/f": "[1]"})
	tests := map[string]itemreader.Spec{
		"s3://b/d/f": {Resource: getObject, Bucket: "b", Key: "d/f", InputType: "JSON"},
		"S3://b":     {Resource: listV2, Bucket: "b"},
	}
	for want, spec := range tests {
		r, err := itemreader.Open(t.Context(), b, spec, "")
		if err != nil {
			t.Fatal(err)
		}
		if item, err := r.Next(t.Context()); err != nil || item.Source != want {
			t.Errorf("source %q, %v; want %q", item.Source, err, want)
		}
		r.Close()
	}
}

func TestReader_refusesAnObjectThatChanged(t *testing.T) {
	t.Parallel()
	b := bucket(t, map[string]string{"f": "[1,2]"})
	open := opener(b, itemreader.Spec{Resource: getObject, Bucket: "b", Key: "f", InputType: "JSON"})
	_, cursors, err := read(open, "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := b.Create(t.Context(), "b", "f")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, "[1,2,3]")
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	_, _, err = read(open, cursors[0])
	checkFailure(t, err, "At least one of the pre-conditions you specified did not hold")
}

func TestReader_cursorOfForeignFormIsAnError(t *testing.T) {
	t.Parallel()
	for _, cursor := range []string{"x", "{", `{"v":2,"n":1}`, `{"v":1,"n":-1}`, `[]`} {
		_, err := itemreader.FromJSON([]byte("[1]"), cursor)
		var f *itemreader.Failure
		if err == nil || errors.As(err, &f) {
			t.Errorf("cursor %s: %v", cursor, err)
		}
	}
}

func TestReader_tooLargeAnItem(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", itemreader.MaxItemBytes)
	for inputType, text := range map[string]string{"JSON": `["` + big + `"]`, "JSONL": "\"" + big + "\"\n", "CSV": "a\n" + big + "y\n"} {
		b := bucket(t, map[string]string{"f": text})
		_, _, err := read(opener(b, itemreader.Spec{Resource: getObject, Bucket: "b", Key: "f", InputType: inputType}), "")
		var f *itemreader.Failure
		if !errors.As(err, &f) || f.Name != "States.DataLimitExceeded" {
			t.Errorf("%s: %v", inputType, err)
		}
		fits := text[:strings.Index(text, "xx")] + text[strings.Index(text, "xx")+4:]
		b = bucket(t, map[string]string{"f": fits})
		items, _, err := read(opener(b, itemreader.Spec{Resource: getObject, Bucket: "b", Key: "f", InputType: inputType}), "")
		if err != nil || len(items) != 1 {
			t.Errorf("%s that fits: %v", inputType, err)
		}
	}
}

func TestOpen_s3(t *testing.T) {
	t.Parallel()
	backend := s3mem.New()
	if err := backend.CreateBucket("b"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	b, err := objects.OpenS3(t.Context(), objects.S3Config{
		Endpoint: server.URL, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range map[string]string{"in/f.csv": "a\n1\n2", "in/f.json": "[1,2]", "in/f.jsonl.gz": packGzip(t, "1\n2\n")} {
		if _, err := backend.PutObject("b", key, nil, strings.NewReader(text), int64(len(text)), nil); err != nil {
			t.Fatal(err)
		}
	}
	for spec, want := range map[*itemreader.Spec][]string{
		{Key: "in/f.csv", InputType: "CSV"}:        {`{"a":"1"}`, `{"a":"2"}`},
		{Key: "in/f.json", InputType: "JSON"}:      {"1", "2"},
		{Key: "in/f.jsonl.gz", InputType: "JSONL"}: {"1", "2"},
	} {
		spec.Resource, spec.Bucket = getObject, "b"
		checkItems(t, opener(b, *spec), want)
	}
	_, _, err = read(opener(b, itemreader.Spec{Resource: getObject, Bucket: "b", Key: "none", InputType: "JSON"}), "")
	checkFailure(t, err, "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ")
}
