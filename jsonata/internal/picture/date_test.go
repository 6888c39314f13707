package picture

import (
	"strings"
	"testing"
	"time"
)

var moment = time.Date(2024, time.February, 29, 13, 5, 9, 47e6, time.UTC)

func TestFromMillis_writesByPicture(t *testing.T) {
	t.Parallel()
	tests := []struct{ picture, zone, want string }{
		{"[Y0001]-[M01]-[D01]", "", "2024-02-29"},
		{"[D1o] [MNn] [Y]", "", "29th February 2024"},
		{"[D]/[M]/[Y,2-2]", "", "29/2/24"},
		{"[Y9,999,*] [YI] [Yw]", "", "2,024 MMXXIV two thousand and twenty-four"},
		{"[FNn,3-3] [F] [FN] [F0]", "", "Thu thursday THURSDAY 4"},
		{"[h]:[m]:[s] [P] [PN]", "", "1:05:09 pm PM"},
		{"[H01]:[m].[f001] [f]", "", "13:05.047 47"},
		{"[d] [W] [w] [X] [xNn] [x]", "", "60 9 5 2024 February 2"},
		{"[Z] [z] [Z0101] [Z0] [Z01:01t]", "", "+00:00 GMT+00:00 +0000 +0 Z"},
		{"[H01]:[m01] [Z] [z0] [Z01:01t]", "+0530", "18:35 +05:30 GMT+5:30 +05:30"},
		{"[H01] [Z] [Z0]", "-0500", "08 -05:00 -5"},
		{"[C] [E]", "", "ISO ISO"},
		{"[[[Y]]] [ M 01 ]", "", "[2024] 02"},
		{"plain", "", "plain"},
		{"", "", ""},
		{"[K1]", "", "undefined"},
		{"[Y]", "Z", "NaN"},
	}
	for _, tt := range tests {
		got, err := FromMillis(moment.UnixMilli(), tt.picture, true, tt.zone, tt.zone != "")
		if err != nil || got != tt.want {
			t.Errorf("%s %s: got %q, %v, want %q", tt.picture, tt.zone, got, err, tt.want)
		}
	}
}

func TestFromMillis_isISOWithoutPicture(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int64]string{
		0: "1970-01-01T00:00:00.000Z", moment.UnixMilli(): "2024-02-29T13:05:09.047Z", -1: "1969-12-31T23:59:59.999Z",
		1 << 62: "0NaN-NaN-NaNTNaN:NaN:NaN.NaNZ",
	} {
		if got, err := FromMillis(ms, "", false, "", false); err != nil || got != want {
			t.Errorf("%d: got %s, %v, want %s", ms, got, err, want)
		}
	}
	if got, err := FromMillis(0, "", false, "+0100", true); err != nil || got != "1970-01-01T01:00:00.000+01:00" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestFromMillis_weeksFollowISO(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2004-12-31": "2004 53 5 12", "2005-01-01": "2004 53 5 12", "2005-01-03": "2005 1 1 1", "2008-12-31": "2009 1 1 1",
		"2018-04-01": "2018 13 5 3", "2024-12-30": "2025 1 1 1",
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := FromMillis(at.UnixMilli(), "[X] [W] [w] [x]", true, "", false); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", day, got, err, want)
		}
	}
}

func TestDatePictures_areChecked(t *testing.T) {
	t.Parallel()
	for picture, want := range map[string]string{
		"[Y": "D3135", "[]": "D3132", "[q]": "D3132", "[YN]": "D3133", "[fn]": "D3133", "[Z00000]": "D3134", "[ZN]": "D3134", "[Y#]": "D3130", "[Y0٠]": "D3131",
	} {
		if _, err := FromMillis(0, picture, true, "", false); code(err) != want {
			t.Errorf("%s: got %v, want %s", picture, err, want)
		}
	}
	if _, err := FromMillis(0, "[Y0001,9999999999]", true, "", false); err == nil {
		t.Error("huge width: accepted")
	}
	if _, err := FromMillis(0, strings.Repeat("x", maxPictureChars+1), true, "", false); err == nil {
		t.Error("huge picture: accepted")
	}
}

func TestToMillis_readsISO(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2024": "2024-01-01T00:00:00.000Z", "2024-02": "2024-02-01T00:00:00.000Z", "2024-02-29": "2024-02-29T00:00:00.000Z",
		"2024-02-29T13:05:09": "2024-02-29T13:05:09.000Z", "2024-02-29T13:05:09.0479Z": "2024-02-29T13:05:09.047Z",
		"2024-02-29T13:05:09.5+01:00": "2024-02-29T12:05:09.500Z", "2024-02-29T13:05:09-0530": "2024-02-29T18:35:09.000Z",
		"2024-02-29T24:00:00Z": "2024-03-01T00:00:00.000Z", "2024-13-01": "none", "2024-02-29T25:00:00Z": "none", "2024-00": "none",
		"yesterday": "D3110", "24-02-29": "D3110", "2024-02-29T13:05": "D3110",
	} {
		if got := toText(ToMillis(s, "", false, moment)); got != want {
			t.Errorf("%s: got %s, want %s", s, got, want)
		}
	}
}

// toText prints an answer of ToMillis.
func toText(ms int64, ok bool, err error) string {
	switch {
	case err != nil:
		return code(err)
	case !ok:
		return "none"
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

func TestToMillis_readsByPicture(t *testing.T) {
	t.Parallel()
	tests := []struct{ s, picture, want string }{
		{"29/2/2024", "[D]/[M]/[Y]", "2024-02-29T00:00:00.000Z"},
		{"20240229", "[Y0001][M01][D01]", "2024-02-29T00:00:00.000Z"},
		{"29th February 2024", "[D1o] [MNn] [Y]", "2024-02-29T00:00:00.000Z"},
		{"29 Feb 2024", "[D] [MNn,3-3] [Y]", "2024-02-29T00:00:00.000Z"},
		{"MMXXIV", "[YI]", "2024-01-01T00:00:00.000Z"},
		{"two thousand and twenty-four", "[Yw]", "2024-01-01T00:00:00.000Z"},
		{"2024-60", "[Y]-[d]", "2024-02-29T00:00:00.000Z"},
		{"13:05", "[H]:[m]", "2024-02-29T13:05:00.000Z"},
		{"1:05 PM", "[h]:[m] [P]", "2024-02-29T13:05:00.000Z"},
		{"12:05 am", "[h]:[m] [P]", "2024-02-29T00:05:00.000Z"},
		{"3/1", "[M]/[D]", "2024-03-01T00:00:00.000Z"},
		{"2024-02-29 13:05 +01:00", "[Y]-[M]-[D] [H]:[m] [Z]", "2024-02-29T12:05:00.000Z"},
		{"2024-02-29 13 GMT-5", "[Y]-[M]-[D] [H] [z0]", "2024-02-29T18:00:00.000Z"},
		{"2024-02-29 13 +0530", "[Y]-[M]-[D] [H] [Z0101]", "2024-02-29T07:30:00.000Z"},
		{"thursday, 29.2.2024", "[F], [D].[M].[Y]", "2024-02-29T00:00:00.000Z"},
		{"24", "[Y01]", "1924-01-01T00:00:00.000Z"},
		{"x", "[Y]", "none"},
		{"x", "x", "none"},
		{"2024 13", "[Y] [H]", "D3136"},
		{"2024 9", "[X] [W]", "D3136"},
		{"2024-60 13:05", "[Y]-[d] [H]:[m]", "D3136"},
		{"ISO", "[C]", "D3133"},
		{"x", "[Y", "D3135"},
		{"x", "[q]", "D3132"},
		{"x", "[Y#]", "D3130"},
		{"99999999999999999999", "[Y]", "none"},
		{"2024", "[Y,5000-5000]", "none"},
	}
	for _, tt := range tests {
		if got := toText(ToMillis(tt.s, tt.picture, true, moment)); got != tt.want {
			t.Errorf("%q by %s: got %s, want %s", tt.s, tt.picture, got, tt.want)
		}
	}
}

func FuzzDate_writtenIsReadable(f *testing.F) {
	for _, p := range []string{"[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]", "[D1o] [MNn] [Y] [h]:[m] [P]", "[FNn,3-3], [d] [W] [w] [X] [x]", "[[[Y,2-2]]]"} {
		f.Add(int64(1709211909047), p, "+0530")
	}
	const exact = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01]"
	f.Fuzz(func(t *testing.T, ms int64, picture, zone string) {
		s, err := FromMillis(ms, picture, true, zone, zone != "")
		if err == nil {
			if _, _, err := ToMillis(s, picture, true, moment); err != nil && code(err) == "" {
				t.Errorf("%s by %s: %v", s, picture, err)
			}
		}
		if ms < time.Date(100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() || ms >= time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() {
			return
		}
		s, err = FromMillis(ms, exact, true, "", false)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok, err := ToMillis(s, exact, true, moment); err != nil || !ok || got != ms {
			t.Errorf("%d is %s, read as %d, %v, %v", ms, s, got, ok, err)
		}
	})
}

func BenchmarkFromMillis_iso(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromMillis(1709211909047, "", false, "", false); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFromMillis_picture(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromMillis(1709211909047, "[FNn], [D1o] [MNn] [Y]", true, "", false); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToMillis_iso(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ToMillis("2024-02-29T13:05:09.047Z", "", false, moment); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToMillis_picture(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ToMillis("29/02/2024", "[D01]/[M01]/[Y0001]", true, moment); err != nil {
			b.Fatal(err)
		}
	}
}
