package picture

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// ParseInteger is $parseInteger. The text is read leniently: what is no number
// by the picture gives NaN. It is always ok; errors are *Error.
func ParseInteger(s, picture string) (f float64, ok bool, err error) {
	format, err := analyseInteger(picture)
	if err != nil {
		return 0, false, err
	}
	if format.style == styleSequence {
		return 0, false, fail("D3130", format.token)
	}
	return format.parse(s), true, nil
}

func (f *integerFormat) parse(s string) float64 {
	switch f.style {
	case styleLetters:
		return lettersToNumber(s, f.letters)
	case styleRoman:
		if f.letters != upperCase {
			s = strings.ToUpper(s)
		}
		return romanToNumber(s)
	case styleWords:
		return wordsToNumber(strings.ToLower(s))
	case styleDecimal, styleSequence:
	}
	return f.parseDigits(s)
}

func (f *integerFormat) parseDigits(s string) float64 {
	if f.ordinal {
		units := utf16.Encode([]rune(s)) // the suffix is two characters of any kind
		s = string(utf16.Decode(units[:max(len(units)-2, 0)]))
	}
	if f.every > 0 {
		s = strings.ReplaceAll(s, ",", "") // whatever the picture's separator is
	} else {
		for _, sep := range f.separators {
			s = strings.ReplaceAll(s, string(sep.char), "")
		}
	}
	if f.zero != '0' {
		s = strings.Map(func(r rune) rune {
			if r -= f.zero - '0'; r < 0 {
				return 'x'
			}
			return r
		}, s)
	}
	return leadingInt(s)
}

func lettersToNumber(s string, c letterCase) float64 {
	first := uint16('a')
	if c == upperCase {
		first = 'A'
	}
	units := utf16.Encode([]rune(s))
	sum := 0.0
	for i := range units {
		sum += (float64(units[len(units)-1-i]) - float64(first) + 1) * math.Pow(26, float64(i))
	}
	return sum
}

var romanDigits = map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}

func romanToNumber(s string) float64 {
	sum, most := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		n, ok := romanDigits[s[i]]
		switch {
		case !ok:
			return math.NaN()
		case n < most:
			sum -= n
		default:
			most = n
			sum += n
		}
	}
	return sum
}

// pattern returns a regular expression for integers of the format; false when
// nothing matches it.
func (f *integerFormat) pattern() (string, bool, error) {
	switch f.style {
	case styleLetters:
		return "[A-Za-z]+", true, nil
	case styleRoman:
		return "[MDCLXVImdclxvi]+", true, nil
	case styleWords:
		return "(?:" + strings.Join(wordOrder, "|") + "|and|[-, ])+", true, nil
	case styleSequence:
		return "", false, fail("D3130", f.token)
	case styleDecimal:
	}
	s := "[0-9]+"
	if f.width > 0 {
		least := f.width - f.optional
		if least < 0 || f.width > maxRepeat {
			return "", false, nil
		}
		s = "[0-9]{" + strconv.Itoa(least) + "," + strconv.Itoa(f.width) + "}"
	}
	if f.ordinal {
		s += "(?:th|st|nd|rd)"
	}
	return s, true, nil
}

// maxRepeat is the largest count that package regexp accepts.
const maxRepeat = 1000
