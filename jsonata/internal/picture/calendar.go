package picture

import (
	"math"
	"time"
)

const (
	dayMillis  = 24 * 60 * 60 * 1000
	weekMillis = 7 * dayMillis
	// maxMillis is the last instant of JavaScript's calendar.
	maxMillis = 8.64e15
)

// instant is a point in time by JavaScript's calendar: proleptic Gregorian,
// UTC. A millis of NaN has only NaN components.
type instant struct {
	millis float64
	t      time.Time
}

func newInstant(millis float64) instant {
	if math.IsNaN(millis) || math.Abs(millis) > maxMillis {
		return instant{millis: math.NaN()}
	}
	return instant{millis, time.UnixMilli(int64(millis)).UTC()}
}

// dateUTC is JavaScript's Date.UTC, with months from 0: it takes years 0 to 99
// as 1900 to 1999, and fields out of range carry over.
func dateUTC(year, month, day, hour, minute, second, millisecond float64) float64 {
	for _, f := range []float64{year, month, day, hour, minute, second, millisecond} {
		if math.IsNaN(f) || math.Abs(f) > maxMillis {
			return math.NaN()
		}
	}
	if year = math.Trunc(year); year >= 0 && year <= 99 {
		year += 1900
	}
	if math.Abs(year) > 1e6 || math.Abs(month) > 1e7 || math.Abs(day) > 1e9 {
		return math.NaN()
	}
	days := time.Date(int(year), time.Month(int(month)+1), int(day), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
	millis := float64(days)*dayMillis + hour*3600000 + minute*60000 + second*1000 + millisecond
	if math.Abs(millis) > maxMillis {
		return math.NaN()
	}
	return millis
}

// monthStart is the start of a month (from 0); months out of range carry over.
func monthStart(year, month int) float64 {
	return dateUTC(float64(year), float64(month), 1, 0, 0, 0, 0)
}

// weeksStart is the Monday of the first week of the year or month that begins
// with the given month: the week that holds its first Thursday (ISO 8601).
func weeksStart(year, month int) float64 {
	// Months carry over here and not in dateUTC, whose special years are those
	// of the normalised date.
	year, month = year+floorDiv(month, 12), month-12*floorDiv(month, 12)
	start := monthStart(year, month)
	day := weekday(newInstant(start).t)
	if day > 4 {
		return start + float64(8-day)*dayMillis
	}
	return start - float64(day-1)*dayMillis
}

func floorDiv(a, b int) int { return int(math.Floor(float64(a) / float64(b))) }

// weekday counts from Monday, 1, to Sunday, 7.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// component returns the value of a numeric component of pictures.
func (i instant) component(c rune) float64 {
	if math.IsNaN(i.millis) {
		return math.NaN()
	}
	t := i.t
	switch c {
	case 'Y':
		return float64(t.Year())
	case 'M':
		return float64(t.Month())
	case 'D':
		return float64(t.Day())
	case 'd':
		return (i.midnight()-monthStart(t.Year(), 0))/dayMillis + 1
	case 'F':
		return float64(weekday(t))
	case 'W':
		return i.week(t.Year(), 0, 12, 52)
	case 'w':
		return i.week(t.Year(), int(t.Month())-1, 1, 4)
	case 'X':
		return float64(t.Year() + i.weekPeriod(t.Year(), 0, 12))
	case 'x':
		month := int(t.Month()) - 1
		return float64((month+i.weekPeriod(t.Year(), month, 1)+12)%12 + 1)
	case 'H':
		return float64(t.Hour())
	case 'h':
		return float64((t.Hour()+11)%12 + 1)
	case 'm':
		return float64(t.Minute())
	case 's':
		return float64(t.Second())
	case 'f':
		return float64(t.Nanosecond() / 1e6)
	}
	return math.NaN()
}

func (i instant) midnight() float64 {
	return dateUTC(float64(i.t.Year()), float64(i.t.Month())-1, float64(i.t.Day()), 0, 0, 0, 0)
}

// week returns the week within the year or month that starts with the given
// month, lasts so many months and has at least usual full weeks.
func (i instant) week(year, month, months int, usual float64) float64 {
	today := i.midnight()
	since := func(start float64) float64 { return (today-start)/weekMillis + 1 }
	week := since(weeksStart(year, month))
	if week > usual {
		if today >= weeksStart(year, month+months) {
			week = 1 // already the first week of what follows
		}
	} else if week < 1 {
		week = since(weeksStart(year, month-months)) // the last week of what precedes
	}
	return math.Floor(week)
}

// weekPeriod says whether the week of i belongs to its own year or month (0),
// the one before (-1) or the one after (1).
func (i instant) weekPeriod(year, month, months int) int {
	switch {
	case i.millis < weeksStart(year, month):
		return -1
	case i.millis >= weeksStart(year, month+months):
		return 1
	}
	return 0
}
