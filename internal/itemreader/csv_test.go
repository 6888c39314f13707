package itemreader

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// rows reads all rows of text, which come a few bytes at a time.
func rows(text string, delimiter byte) ([][]string, error) {
	all := [][]string{}
	r := csvRow{w: newWindow(iotest.HalfReader(strings.NewReader(text)), 0), delimiter: delimiter, limit: -1}
	for {
		if err := r.read(); err == io.EOF {
			return all, nil
		} else if err != nil {
			return all, err
		}
		row := []string{}
		for _, f := range r.fields {
			row = append(row, string(f))
		}
		all = append(all, row)
	}
}

func TestCSV_dialect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       [][]string
	}{
		{"plain", "a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"line ends", "a\r\nb\r\n\r\n\nc\r", [][]string{{"a"}, {"b"}, {"c"}}},
		{"blanks are text", " a , b\n   \n", [][]string{{" a ", " b"}, {"   "}}},
		{"empty fields", ",\n,,\n", [][]string{{"", ""}, {"", "", ""}}},
		{"quotes", `"a","b,c","d""e",""` + "\n", [][]string{{"a", "b,c", `d"e`, ""}}},
		{"line breaks in quotes", "\"a\nb\r\nc\",d\r\ne\n", [][]string{{"a\nb\r\nc", "d"}, {"e"}}},
		{"quote inside a field", `a"b,c"` + "\n", [][]string{{`a"b`, `c"`}}},
		{"text behind quotes", `"a"b,"c" ` + "\n", [][]string{{"ab", "c "}}},
		{"escaped delimiter", `a\,b,c` + "\n", [][]string{{"a,b", "c"}}},
		{"escaped backslash", `a\\,b` + "\n", [][]string{{`a\`, "b"}}},
		{"escaped quotes", `\"a\",b` + "\n" + `"\"x\", y",z`, [][]string{{`"a"`, "b"}, {`"x", y`, "z"}}},
		{"lost backslashes", `a\b,\n,c\` + "\nd\n", [][]string{{"ab", "n", "c"}, {"d"}}},
		{"lost at the end", `a\`, [][]string{{"a"}}},
		{"last quote", `"a""`, nil},
		{"quote ends the file", `x,"a"`, [][]string{{"x", "a"}}},
		{"carriage return in quotes", "\"a\r\"\nb", [][]string{{"a\r"}, {"b"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := rows(tt.text, ',')
			if tt.want == nil {
				if err == nil {
					t.Fatalf("got %q", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestCSV_delimiters(t *testing.T) {
	t.Parallel()
	for name, d := range csvDelimiters {
		c := string(d)
		got, err := rows("a"+c+"\"b"+c+"\""+c+`\`+c+"\nx"+c+"y\n", d)
		if diff := cmp.Diff([][]string{{"a", "b" + c, c}, {"x", "y"}}, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func csvTexts(t *testing.T, text string, spec Spec) []string {
	t.Helper()
	w := newWindow(strings.NewReader(text), 0)
	headers, err := csvHeaders(w, &spec)
	if err != nil {
		t.Fatal(err)
	}
	c := newCSVItems(w, headers, csvDelimiters[spec.CSVDelimiter], "")
	texts := []string{}
	for {
		item, err := c.next()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(item.Value))
	}
}

func TestCSV_items(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		spec       Spec
		want       []string
	}{
		{"header names that are no words", "1,No,[]\nv,w,x\n,,,\n a\n", Spec{}, []string{`{"1":"v","No":"w","[]":"x"}`, `{"1":"","No":"","[]":""}`, `{"1":" a","No":"","[]":""}`}},
		{"empty header", "h,\nv,w,x\n", Spec{}, []string{`{"h":"v","":"w"}`}},
		{"byte order mark", "\uFEFFh\nv\n", Spec{}, []string{`{"h":"v"}`}},
		{"byte order mark before data", "\uFEFFv\n", Spec{CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"h"}}, []string{`{"h":"v"}`}},
		{"quoted headers", "\"a \"\"x\"\"\",b\\\\\n1,2\n", Spec{}, []string{`{"a \"x\"":"1","b\\":"2"}`}},
		{"control characters", "h,i\na\tb,\x01\n", Spec{}, []string{`{"h":"a\tb","i":"\u0001"}`}},
		{"unicode", "h\nzß水🍌\n", Spec{}, []string{`{"h":"zß水🍌"}`}},
		{"latin-1", "h,i\n\xe4\xf6x,y\n", Spec{}, []string{`{"h":"��x","i":"y"}`}},
		{"tabs", "h\ti\na\tb\n", Spec{CSVDelimiter: "TAB"}, []string{`{"h":"a","i":"b"}`}},
		{"more columns than headers", "1,2,3\n\"4\",5,6\n", Spec{CSVHeaders: []string{"a"}}, []string{`{"a":"1"}`, `{"a":"4"}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := csvTexts(t, tt.text, tt.spec)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzCSV compares with encoding/csv, where the dialects agree: it knows no
// backslashes, is strict about quotes, and turns "\r\n" in quotes into "\n".
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2", "\"a\"\"b\",c\r\n\nd", "\"x\ny\",", "a\\\"b\"\\,\n\"", "\xff,\x00\n,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := rows(text, ',')
		if strings.ContainsAny(text, "\\\r") {
			return // only that it ends and does not panic
		}
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		want, strictErr := reader.ReadAll()
		if strictErr != nil {
			return
		}
		if want == nil {
			want = [][]string{}
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", text, err, diff)
		}
	})
}

// FuzzCSV_items checks that every item is a JSON object of strings with the
// wanted headers, and that reading goes on at each place.
func FuzzCSV_items(f *testing.F) {
	f.Add("1,2\n\"3\",\\4\n", "a")
	f.Add("\xff\xfe,\x02\n\"", "b\"")
	f.Fuzz(func(t *testing.T, text, header string) {
		headers := []string{header, header + "2"}
		c := newCSVItems(newWindow(strings.NewReader(text), 0), headers, ',', "")
		for {
			item, err := c.next()
			if err != nil {
				return
			}
			var object map[string]string
			if err := json.Unmarshal(item.Value, &object); err != nil || len(object) != 2 {
				t.Fatalf("%q: item %q: %v", text, item.Value, err)
			}
			next := newCSVItems(newWindow(strings.NewReader(text[c.row.w.offset():]), c.row.w.offset()), headers, ',', "")
			want, wantErr := next.next()
			wantText := string(want.Value)
			copied := *c
			copied.row.w = textWindow([]byte(text), c.row.w.offset())
			copied.text, copied.row.fields, copied.row.text, copied.row.ends = nil, nil, nil, nil
			got, gotErr := copied.next()
			if string(got.Value) != wantText || (gotErr == nil) != (wantErr == nil) {
				t.Fatalf("%q at %d: %q %v, then %q %v", text, c.row.w.offset(), wantText, wantErr, got.Value, gotErr)
			}
		}
	})
}

func benchmarkCSV(b *testing.B, row string) {
	text := bytes.Repeat([]byte(row), 200_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		c := newCSVItems(newWindow(bytes.NewReader(text), 0), []string{"id", "name", "city", "amount", "when"}, ',', "")
		for {
			if _, err := c.next(); err != nil {
				if err != io.EOF {
					b.Fatal(err)
				}
				break
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCSV_plain(b *testing.B) {
	benchmarkCSV(b, "1234567,Ada Lovelace,London,199.95,2026-11-20T12:00:00Z\n")
}

func BenchmarkCSV_quoted(b *testing.B) {
	benchmarkCSV(b, "1234567,\"Lovelace, Ada\",London,199.95,\"2026-11-20T12:00:00Z\"\n")
}
