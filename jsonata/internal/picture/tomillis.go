package picture

import (
	"math"
	"regexp"
	"strings"
	"time"
)

// ToMillis is $toMillis: it reads s by the picture, or as ISO 8601 without one,
// and returns milliseconds since 1970 UTC. What the picture leaves out to the
// left of what it has is taken from now, to the right it is zero. It is not ok
// when s doesn't match the picture or is no date. Errors are *Error.
func ToMillis(s string, picture string, hasPicture bool, now time.Time) (ms int64, ok bool, err error) {
	var millis float64
	if hasPicture {
		millis, err = parseDate(s, picture, newInstant(float64(now.UnixMilli())))
	} else {
		millis, err = parseISO(s)
	}
	if err != nil || math.IsNaN(millis) || math.Abs(millis) > maxMillis {
		return 0, false, err
	}
	return int64(millis), true, nil
}

var (
	isoShape = regexp.MustCompile(`^[0-9]{4}(-[01][0-9])*(-[0-3][0-9])*(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9])*(\.[0-9]+)?([+-][0-2][0-9]:?[0-5][0-9]|Z)?$`)
	isoDate  = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?)?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?$`)
)

// parseISO reads what the reference's check lets through. Times without zone
// are UTC.
func parseISO(s string) (float64, error) {
	if !isoShape.MatchString(s) {
		return 0, fail("D3110", s)
	}
	m := isoDate.FindStringSubmatch(s)
	if m == nil {
		return math.NaN(), nil
	}
	number := func(i int, byDefault float64) float64 {
		if m[i] == "" {
			return byDefault
		}
		return leadingInt(m[i])
	}
	year, month, day := number(1, 0), number(2, 1), number(3, 1)
	hour, minute, second := number(4, 0), number(5, 0), number(6, 0)
	fraction := leadingInt((m[7] + "000")[:3])
	midnight := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || hour == 24 && minute+second+fraction > 0 {
		return math.NaN(), nil
	}
	millis := float64(midnight.UnixMilli()) + hour*3600000 + minute*60000 + second*1000 + fraction
	if zone := number(9, 0)*60 + number(10, 0); m[8] == "-" {
		millis += zone * 60000
	} else {
		millis -= zone * 60000
	}
	return millis, nil
}

// dateReader reads one part of a date picture.
type dateReader struct {
	part    *datePart
	pattern string
	parse   func(string) (float64, bool) // nil for literals
}

// parseDate reads s by a picture; NaN when it doesn't match.
func parseDate(s, picture string, now instant) (float64, error) {
	parts, err := analyseDate(picture)
	if err != nil {
		return 0, err
	}
	readers := make([]dateReader, len(parts))
	var pattern strings.Builder
	pattern.WriteString("(?i)^")
	possible := true
	for i := range parts {
		if err := readers[i].prepare(&parts[i]); err != nil {
			return 0, err
		}
		possible = possible && readers[i].pattern != impossible
		pattern.WriteString("(" + readers[i].pattern + ")")
	}
	if !possible || pattern.Len() > maxPatternBytes {
		return math.NaN(), nil
	}
	re, err := regexp.Compile(pattern.String() + "$")
	if err != nil {
		return math.NaN(), nil // too large a picture, which nothing matches
	}
	match := re.FindStringSubmatch(s)
	if match == nil {
		return math.NaN(), nil
	}
	f := fields{}
	for i, r := range readers {
		if r.parse == nil {
			continue
		}
		if n, ok := r.parse(match[i+1]); ok {
			f[r.part.component] = n
		} else {
			delete(f, r.part.component)
		}
	}
	if !hasMarker(parts) {
		return math.NaN(), nil
	}
	return f.millis(now)
}

const (
	impossible      = "" // the pattern of what matches nothing
	maxPatternBytes = 1 << 16
)

func hasMarker(parts []datePart) bool {
	for i := range parts {
		if !parts[i].isLiteral {
			return true
		}
	}
	return false
}

func (r *dateReader) prepare(p *datePart) error {
	r.part = p
	switch {
	case p.isLiteral:
		r.pattern = regexp.QuoteMeta(p.literal)
		return nil
	case p.component == 'Z' || p.component == 'z':
		r.prepareZone()
		return nil
	case p.integer != nil:
		pattern, ok, err := p.integer.pattern()
		if !ok {
			return err
		}
		r.pattern = pattern
		r.parse = func(s string) (float64, bool) { return p.integer.parse(s), true }
		return nil
	}
	r.pattern = "[a-zA-Z]+"
	values := map[string]float64{}
	switch p.component {
	case 'M', 'x':
		for i, name := range monthNames {
			values[p.lookupName(name)] = float64(i + 1)
		}
	case 'F':
		for i, name := range dayNames {
			values[p.lookupName(name)] = float64(i + 1)
		}
	case 'P':
		values = map[string]float64{"am": 0, "AM": 0, "pm": 1, "PM": 1}
	default:
		return fail("D3133", string(p.component))
	}
	r.parse = func(s string) (float64, bool) {
		n, ok := values[s]
		return n, ok
	}
	return nil
}

// lookupName is the name in the one spelling that is read: a width of 0 counts
// as none.
func (p *datePart) lookupName(name string) string {
	if p.width.most == 0 {
		return name
	}
	return p.cut(name)
}

// prepareZone reads an offset in minutes. The sign is that of the hours alone,
// as in the reference, so -05:30 is four hours and thirty minutes.
func (r *dateReader) prepareZone() {
	p := r.part
	prefix, sep := "", ""
	if p.component == 'z' {
		prefix = "GMT"
	}
	r.pattern = prefix + "[-+][0-9]+"
	if p.integer.every > 0 {
		sep = string(p.integer.separators[0].char)
		r.pattern += regexp.QuoteMeta(sep) + "[0-9]+"
	}
	r.parse = func(s string) (float64, bool) {
		s = s[len(prefix):]
		hours, minutes, found := s, "", false
		if sep != "" {
			hours, minutes, found = strings.Cut(s, sep)
		} else if len(s) > 3 {
			hours, minutes, found = s[:3], s[3:], true
		}
		zone := leadingInt(hours) * 60
		if found {
			zone += leadingInt(minutes)
		}
		return zone, true
	}
}

// fields are the components that a text gave.
type fields map[rune]float64

// Sets of components, one of which a date and a time consist of, and all
// letters in the order of their bits.
const (
	dateOrder = "YXMxWwdD"
	timeOrder = "PHhmsf"
)

// only reports whether of the components in order none but those in set were
// given, and at least one. A component that is zero counts as not given.
func (f fields) only(order, set string) bool {
	any := false
	for _, c := range order {
		if n := f[c]; n == 0 || math.IsNaN(n) {
			continue
		}
		if !strings.ContainsRune(set, c) {
			return false
		}
		any = true
	}
	return any
}

// millis puts the components together.
func (f fields) millis(now instant) (float64, error) {
	dayOfYear := !f.only(dateOrder, "YMD") && f.only(dateOrder, "Yd")
	weekOfMonth := f.only(dateOrder, "XxwF")
	weekOfYear := !weekOfMonth && f.only(dateOrder, "XW")
	halfDays := !f.only(timeOrder, "Hmsf") && f.only(timeOrder, "Phmsf")

	order := "YMD"
	switch {
	case dayOfYear:
		order = "YD" // sic: a time can't follow
	case weekOfMonth:
		order = "XxwF"
	case weekOfYear:
		order = "XWF"
	}
	if halfDays {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := f.complete(order, now); err != nil {
		return 0, err
	}
	if weekOfMonth || weekOfYear {
		return 0, fail("D3136", "") // not supported by the reference either
	}

	month, day, hour := max(f['M']-1, 0), f['D'], f['H']
	if dayOfYear {
		start := newInstant(dateUTC(f['Y'], 0, 1, 0, 0, 0, 0) + (f['d']-1)*dayMillis)
		month, day = start.component('M')-1, start.component('D')
	}
	if halfDays {
		hour = math.Mod(f['h'], 12)
		if f['h'] > 12 {
			hour = f['h']
		}
		if f['P'] == 1 {
			hour += 12
		}
	}
	zone := f['Z']
	if zone == 0 || math.IsNaN(zone) {
		zone = f['z']
	}
	if math.IsNaN(zone) {
		zone = 0
	}
	return dateUTC(f['Y'], month, day, hour, f['m'], f['s'], f['f']) - zone*60000, nil
}

// complete fills in what is missing: from now before the first given
// component, with the least value after the last. A gap is an error.
func (f fields) complete(order string, now instant) error {
	started, ended := false, false
	for _, c := range order {
		_, given := f[c]
		switch {
		case given && ended:
			return fail("D3136", "")
		case given:
			started = true
		case !started && c == 'P':
			f[c] = 0
		case !started:
			f[c] = now.component(c)
		default:
			ended = true
			f[c] = 0
			if c == 'M' || c == 'D' {
				f[c] = 1
			}
		}
	}
	return nil
}
