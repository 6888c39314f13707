package picture

import (
	"math"
	"strings"
	"testing"
)

func TestFormatInteger_writesByPicture(t *testing.T) {
	t.Parallel()
	tests := []struct {
		f       float64
		picture string
		want    string
	}{
		{42.9, "0", "42"},
		{-42.1, "0", "-43"},
		{7, "0000", "0007"},
		{1234567, "#,##0", "1,234,567"},
		{1234567, "#,##0,00", "12,345,67"},
		{1234567, "#:##0,00", "12:345,67"},
		{12, "#-##,##0", ",-12"},
		{21, "0;o", "21st"},
		{112, "0;o", "112th"},
		{3, "0;o", "3rd"},
		{2025, "٠٠٠٠", "٢٠٢٥"},
		{1, "a", "a"},
		{27, "A", "AA"},
		{703, "a", "aaa"},
		{0, "a", ""},
		{1994, "I", "MCMXCIV"},
		{4888, "i", "mmmmdccclxxxviii"},
		{-4, "i", "-iv"},
		{0, "w", "zero"},
		{40, "w", "forty"},
		{40, "w;o", "fortieth"},
		{100, "w;o", "one hundredth"},
		{342, "Ww", "Three Hundred and Forty-Two"},
		{342, "Ww;o", "Three Hundred and Forty-Second"},
		{1001, "W", "ONE THOUSAND AND ONE"},
		{5_000_120, "w", "five million, one hundred and twenty"},
		{5_000_000, "w;o", "five millionth"},
		{2e18, "w", "two million trillion"},
		{1e21, "#,##0", "1,000,000,000,000,000,000,000"},
		{math.NaN(), "0", "NaN"},
	}
	for _, tt := range tests {
		if got, err := FormatInteger(tt.f, tt.picture); err != nil || got != tt.want {
			t.Errorf("%v by %s: got %q, %v, want %q", tt.f, tt.picture, got, err, tt.want)
		}
	}
}

func TestFormatInteger_refuses(t *testing.T) {
	t.Parallel()
	for picture, want := range map[string]string{"": "D3130", "#": "D3130", "α": "D3130", "0٠": "D3131"} {
		if _, err := FormatInteger(1, picture); code(err) != want {
			t.Errorf("%q: got %v, want %s", picture, err, want)
		}
	}
	_, err := FormatInteger(1, `"α`)
	if err == nil || err.Error() != `D3130: Formatting or parsing an integer as a sequence starting with "\"α" is not supported by this implementation` {
		t.Errorf("got %v", err)
	}
}

func TestFormatInteger_boundsWhatItBuilds(t *testing.T) {
	t.Parallel()
	for _, picture := range []string{"i", "I", "w", "a"} {
		if _, err := FormatInteger(math.Inf(1), picture); err == nil {
			t.Errorf("infinity by %s: accepted", picture)
		}
	}
	if _, err := FormatInteger(1e12, "i"); err == nil {
		t.Error("10^12 in roman numerals: accepted")
	}
	for _, f := range []float64{1e300, math.MaxFloat64} {
		if s, err := FormatInteger(f, "w"); err != nil || len(s) > 10000 {
			t.Errorf("%v in words: %d bytes, %v", f, len(s), err)
		}
	}
	if _, err := FormatInteger(1, strings.Repeat("0", maxPictureChars+1)); err == nil {
		t.Error("huge picture: accepted")
	}
	if _, err := FormatInteger(1, strings.Repeat("0,.", maxPictureChars/3)); err != nil {
		t.Error(err)
	}
}

func TestParseInteger_reads(t *testing.T) {
	t.Parallel()
	tests := []struct {
		s, picture string
		want       float64
	}{
		{"1,234", "#,##0", 1234},
		{"1.2-3", "#.#-0", 123},
		{"22nd", "0;o", 22},
		{"-5", "0", -5},
		{"٤٢", "٠", 42},
		{"12abc", "0", 12},
		{"0x1F", "0", 31},
		{"abc", "0", math.NaN()},
		{"MCMXCIV", "I", 1994},
		{"xiv", "i", 14},
		{"XYZ", "I", math.NaN()},
		{"aa", "a", 27},
		{"ZZ", "A", 702},
		{"three hundred and forty-two", "w", 342},
		{"Five Million, One Hundred and Twentieth", "Ww;o", 5_000_120},
		{"two million trillion", "w", 2e18},
		{"twelve thousand, four", "w", 12004},
		{"umpteen", "w", math.NaN()},
	}
	for _, tt := range tests {
		got, ok, err := ParseInteger(tt.s, tt.picture)
		if same := got == tt.want || math.IsNaN(got) && math.IsNaN(tt.want); err != nil || !ok || !same {
			t.Errorf("%q by %s: got %v, %v, %v, want %v", tt.s, tt.picture, got, ok, err, tt.want)
		}
	}
	if _, _, err := ParseInteger("1", "α"); code(err) != "D3130" {
		t.Errorf("got %v", err)
	}
}

func FuzzInteger_roundTrip(f *testing.F) {
	for _, p := range []string{"w", "Ww;o", "I", "a", "#,##0", "0000;o", "0.0-0", "٠"} {
		f.Add(uint32(12345), p)
	}
	f.Fuzz(func(t *testing.T, n uint32, picture string) {
		s, err := FormatInteger(float64(n), picture)
		if err != nil {
			return
		}
		got, ok, err := ParseInteger(s, picture)
		if err != nil || !ok {
			t.Fatalf("%d by %s is %s: %v", n, picture, s, err)
		}
		switch picture {
		case "w", "W", "Ww", "w;o", "I", "i", "0", "#,##0", "0;o":
			if got != float64(n) {
				t.Errorf("%d by %s is %s, read as %v", n, picture, s, got)
			}
		}
	})
}

func BenchmarkFormatInteger_words(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FormatInteger(1234567, "w"); err != nil {
			b.Fatal(err)
		}
	}
}
