package picture

import (
	"math"
	"strconv"
	"strings"
)

// isoParts is the picture that stands in for none.
var isoParts = mustAnalyse("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]")

func mustAnalyse(picture string) []datePart {
	parts, err := analyseDate(picture)
	if err != nil {
		panic("picture: " + picture + ": " + err.Error())
	}
	return parts
}

// offset is a time zone as the reference reads it: +hhmm as a number, whose
// hundreds, rounded down, are hours. So -0530 is six hours and thirty minutes.
type offset struct{ hours, minutes float64 }

func parseOffset(timezone string) offset {
	n := leadingInt(timezone)
	return offset{math.Floor(n / 100), math.Mod(n, 100)}
}

// FromMillis is $fromMillis: it writes ms, in milliseconds since 1970 UTC, by
// the picture (without one, as ISO 8601) in a time zone such as "+0100"
// (without one, in UTC). Errors are *Error.
func FromMillis(ms int64, picture string, hasPicture bool, timezone string, hasTimezone bool) (string, error) {
	parts := isoParts
	if hasPicture {
		var err error
		if parts, err = analyseDate(picture); err != nil {
			return "", err
		}
	}
	var zone offset
	if hasTimezone {
		zone = parseOffset(timezone)
	}
	at := newInstant(float64(ms) + (60*zone.hours+zone.minutes)*60000)
	if year := at.t.Year(); !hasPicture && !hasTimezone && !math.IsNaN(at.millis) && year >= 0 && year <= 9999 {
		return at.t.Format("2006-01-02T15:04:05.000Z"), nil // isoParts, ten times as fast
	}
	var b strings.Builder
	for i := range parts {
		text, err := parts[i].format(at, zone)
		if err != nil {
			return "", err
		}
		if b.Len()+len(text) > maxTextBytes {
			return "", errTooLarge
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (p *datePart) format(at instant, zone offset) (string, error) {
	if p.isLiteral {
		return p.literal, nil
	}
	switch p.component {
	case 'Z', 'z':
		return p.formatZone(zone)
	case 'P':
		return p.formatHalfDay(at), nil
	case 'C', 'E':
		return "ISO", nil
	case 'f':
		if p.names {
			return "", fail("D3133", "f")
		}
		return p.integer.format(at.component('f'))
	}
	if !strings.ContainsRune(integerComponents, p.component) {
		return "undefined", nil // as the reference has it for [K1]
	}
	n := at.component(p.component)
	if p.names {
		return p.formatName(n)
	}
	if p.component == 'Y' && p.yearDigits >= 0 {
		n = math.Mod(n, math.Pow(10, float64(p.yearDigits)))
	}
	return p.integer.format(n)
}

func (p *datePart) formatName(n float64) (string, error) {
	var names []string
	switch p.component {
	case 'M', 'x':
		names = monthNames[:]
	case 'F':
		names = dayNames[:]
	default:
		return "", fail("D3133", string(p.component))
	}
	if math.IsNaN(n) {
		return "NaN", nil
	}
	name := names[int(n)-1]
	switch p.letters {
	case lowerCase:
		name = strings.ToLower(name)
	case upperCase:
		name = strings.ToUpper(name)
	case titleCase:
	}
	return p.cut(name), nil
}

func (p *datePart) formatHalfDay(at instant) string {
	text := "am"
	if at.component('H') >= 12 {
		text = "pm"
	}
	if p.names && p.letters == upperCase {
		return strings.ToUpper(text)
	}
	return text
}

// formatZone writes the offset from UTC (XPath F&O 9.8.4.6).
func (p *datePart) formatZone(zone offset) (string, error) {
	number := zone.hours*100 + zone.minutes
	digits := p.integer.mandatory
	if p.integer.style != styleDecimal || p.integer.every == 0 && digits > 4 {
		return "", fail("D3134", strconv.Itoa(digits))
	}
	minutes := ""
	written := number
	if p.integer.every == 0 && digits <= 2 {
		written = zone.hours
		if zone.minutes != 0 {
			var err error
			if minutes, err = FormatInteger(zone.minutes, "00"); err != nil {
				return "", err
			}
			minutes = ":" + minutes
		}
	}
	text, err := p.integer.format(written)
	if err != nil {
		return "", err
	}
	text += minutes
	if number >= 0 {
		text = "+" + text
	}
	if p.component == 'z' {
		text = "GMT" + text
	}
	if number == 0 && p.traditional {
		text = "Z"
	}
	return text, nil
}
