package picture

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestFormatNumber_writesByPicture(t *testing.T) {
	t.Parallel()
	arabic := map[string]string{"zero-digit": "٠", "decimal-separator": ",", "grouping-separator": "."}
	tests := []struct {
		f       float64
		picture string
		options map[string]string
		want    string
	}{
		{4321.5, "#,##0.00", nil, "4,321.50"},
		{-4321.5, "#,##0.00", nil, "-4,321.50"},
		{-4321.5, "0.0;(0.0)", nil, "(4321.5)"},
		{7, "000", nil, "007"},
		{0, "#", nil, "0"},
		{0.5, "#.##", nil, ".5"},
		{0, "#.#", nil, ".0"},
		{0.145, "#0%", nil, "14%"},
		{0.145, "0.0\u2030", nil, "145.0\u2030"},
		{2.5, "0", nil, "2"},
		{3.5, "0", nil, "4"},
		{1.005, "0.00", nil, "1.00"},
		{1.015, "0.00", nil, "1.02"},
		{98765.4, "0.00e0", nil, "9.88e4"},
		{0.00123, "00.0e00", nil, "12.3e-04"},
		{0, "0e0", nil, "0e0"},
		{-250, "0.0e0", nil, "-2.5e2"},
		{1234567, "#,##,#0", nil, "1,23,45,67"},
		{1234567890, "#,###,##", nil, "12345,678,90"},
		{1234567890, "#,####,##0", nil, "123,4567,890"},
		{5, "#,####,##0", nil, ",5,"}, // as the reference has it: too few digits for irregular groups
		{1234.56789, "0.00,0#", nil, "1234.56,79"},
		{1234.5, "$#,##0.00 net", nil, "$1,234.50 net"},
		{4321.5, "#.##٠,٠٠", arabic, "٤.٣٢١,٥٠"},
		{1e21, "#,##0", nil, "1,000,000,000,000,000,000,000"},
		{math.NaN(), "0", nil, "NaN"},
		{math.Inf(1), "0.0", nil, "Infinity"},
		{math.Inf(-1), "<0>", nil, "-<Infinity>"},
		{1, "0", map[string]string{"infinity": "many", "unknown": "x"}, "1"},
	}
	for _, tt := range tests {
		got, err := FormatNumber(tt.f, tt.picture, tt.options)
		if err != nil || got != tt.want {
			t.Errorf("%v by %s: got %q, %v, want %q", tt.f, tt.picture, got, err, tt.want)
		}
	}
}

func TestFormatNumber_refusesBadPictures(t *testing.T) {
	t.Parallel()
	for picture, want := range map[string]string{
		"0;0;0": "D3080", "0.0.0": "D3081", "0%%": "D3082", "0‰‰": "D3083", "0%‰": "D3084", "": "D3085", "abc": "D3085", ".": "D3085",
		"0x0": "D3086", "0,.0": "D3087", "0.,0": "D3087", "0,": "D3088", "#,,0": "D3089", "0#": "D3090", "0.#0": "D3091", "0e0%": "D3092", "0e#": "D3093",
	} {
		_, err := FormatNumber(1, picture, nil)
		if got := code(err); got != want {
			t.Errorf("%q: got %v, want %s", picture, err, want)
		}
	}
	if _, err := FormatNumber(1, strings.Repeat("0", maxPictureChars+1), nil); err == nil {
		t.Error("huge picture: accepted")
	}
}

func FuzzFormatNumber_ends(f *testing.F) {
	f.Add(1234.5, "#,##0.00;(0)", "0", ".")
	f.Add(-1e300, "0.0#e00", "٠", ",")
	f.Add(0.0, "#e0", "", "")
	f.Add(math.Inf(-1), "%0", "9", "0")
	f.Fuzz(func(t *testing.T, n float64, picture, zero, separator string) {
		_, err := FormatNumber(n, picture, map[string]string{"zero-digit": zero, "decimal-separator": separator})
		if err != nil && code(err) == "" && len(picture) <= maxPictureChars {
			t.Error(err)
		}
		if _, err := FormatNumber(n, picture, nil); err != nil && code(err) == "" && len(picture) <= maxPictureChars {
			t.Error(err)
		}
	})
}

func BenchmarkFormatNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FormatNumber(1234567.891, "#,##0.00", nil); err != nil {
			b.Fatal(err)
		}
	}
}
