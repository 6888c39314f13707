package asl

import (
	"strings"
	"time"
)

// parseTimestamp reads an RFC 3339 timestamp as the States language profiles
// it: an upper-case T, a Z or a numeric offset, and up to nine digits of a
// fraction.
func parseTimestamp(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || strings.ContainsAny(s, ",tz") {
		return time.Time{}, false
	}
	if fraction := s[19:]; fraction[0] == '.' {
		digits := 0
		for digits+1 < len(fraction) && fraction[digits+1]-'0' < 10 {
			digits++
		}
		if digits == 0 || digits > 9 {
			return time.Time{}, false
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// parseOffsetDateTime reads what Java's ISO_OFFSET_DATE_TIME reads, which AWS
// uses at run time: as parseTimestamp, but the seconds may be missing.
func parseOffsetDateTime(s string) (time.Time, bool) {
	if t, ok := parseTimestamp(s); ok {
		return t, true
	}
	if strings.ContainsAny(s, "tz") {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-01-02T15:04Z07:00", s)
	return t, err == nil
}
