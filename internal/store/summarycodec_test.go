package store

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testUUID = "0f8fad5b-d9cb-469f-a165-70867728950e"

func at(ms int64) time.Time { return time.UnixMilli(1_767_323_045_000 + ms).UTC() }

var summaries = map[string]*Summary{
	"execution": {ID: "e/orders/order-17", Machine: "orders", Name: "order-17", Status: Running, Start: at(0)},
	"full": {
		ID: "e/m/a", Machine: "m", Label: "Each", Name: "a", Status: TimedOut, Start: at(1), Stop: at(86_400_000),
		Express: true, Version: "3", Alias: "prod", RedriveCount: 2, RedriveDate: at(99_000_000), Events: 17,
		Turns: 5, ItemCount: 9, MapRun: testUUID, Parent: "e/p/q", TraceHeader: "Root=1-2-3",
	},
	"child": {
		ID: "c/0f8fad5bd9cb/0000000f4240", Machine: "m", Label: "Each", Name: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
		Status: Succeeded, Start: at(7), Stop: at(12), Events: 6, Turns: 2, MapRun: testUUID, ItemCount: 400,
	},
	"child of another run": {ID: "c/000000000000/000000000001", Name: "x", Status: Failed, Start: at(0), MapRun: testUUID},
	"child in an odd form": {ID: "c/0f8fad5bd9cb/1", Name: "x", Status: Failed, Start: at(0), MapRun: testUUID},
	"map run":              {ID: "m/0f8fad5bd9cb", Machine: "m", Label: "Each", Name: testUUID, Status: Aborted, Start: at(0), Parent: "e/m/a"},
	"express":              {ID: "e/m/a:" + testUUID, Machine: "m", Name: "a", Status: Running, Start: at(0), Express: true},
	"upper-case UUID":      {ID: "m/0f8fad5bd9cb", Name: strings.ToUpper(testUUID), Status: Running, Start: at(0)},
	"status unknown":       {ID: "e/m/a", Machine: "m", Name: "a", Status: "RESTING", Start: at(0)},
	"negative numbers":     {ID: "e/m/a", Machine: "m", Name: "a", Start: at(0), Stop: at(-5), Events: -1, ItemCount: -2, Turns: 1<<64 - 1},
	"empty":                {},
}

func TestSummary_roundTrip(t *testing.T) {
	t.Parallel()
	for name, want := range summaries {
		stored := want.Encode()
		got, err := DecodeSummary(stored)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if status, err := StatusOf(stored); err != nil || status != want.Status {
			t.Errorf("%s: status %q, %v, want %q", name, status, err, want.Status)
		}
	}
}

// TestSummary_golden keeps version 1 readable. Do not change the file: a new
// version gets a new one.
func TestSummary_golden(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("testdata/summary.v1.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(golden)) {
		name, digits, _ := strings.Cut(strings.TrimSpace(line), ": ")
		stored, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeSummary(stored)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(summaries[name], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		seen++
	}
	if seen != len(summaries) {
		t.Errorf("%d golden summaries, want %d", seen, len(summaries))
	}
}

func TestDecodeSummary_refusesGarbage(t *testing.T) {
	t.Parallel()
	good := summaries["full"].Encode()
	for _, stored := range [][]byte{nil, {1}, {2, 1}, {0, 1, 2}, {1, 99, 0, 0, 0, 0, 0}, append(bytes.Clone(good), 0)} {
		if s, err := DecodeSummary(stored); err == nil {
			t.Errorf("% x decodes to %+v", stored, s)
		}
	}
	for n := range good {
		if s, err := DecodeSummary(good[:n]); err == nil {
			t.Errorf("the first %d bytes decode to %+v", n, s)
		}
	}
}

func FuzzDecodeSummary(f *testing.F) {
	for _, s := range summaries {
		f.Add(s.Encode())
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		first, err := DecodeSummary(stored)
		if err != nil {
			return
		}
		second, err := DecodeSummary(first.Encode())
		if err != nil {
			t.Fatalf("%+v does not decode again: %v", first, err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("round trip (-first +second):\n%s", diff)
		}
	})
}

func BenchmarkSummary_encode(b *testing.B) {
	s := summaries["child"]
	var stored []byte
	b.ReportAllocs()
	for b.Loop() {
		stored = s.AppendEncoded(stored[:0])
	}
	b.ReportMetric(float64(len(stored)), "B/summary")
}

func BenchmarkSummary_decode(b *testing.B) {
	stored := summaries["child"].Encode()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeSummary(stored); err != nil {
			b.Fatal(err)
		}
	}
}
