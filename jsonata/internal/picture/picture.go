// Package picture formats and parses numbers, dates and times by the pictures
// of JSONata 2.0.6: $formatNumber, $formatInteger, $parseInteger, $fromMillis
// and $toMillis.
//
// It follows the reference implementation also where that departs from XPath's
// pictures, because such results are what AWS's users see; comments name these
// places. Only what would hang or crash the reference is answered sanely.
//
// The package is pure: the time of day comes in as an argument. Work and
// memory are bounded by maxPictureChars and maxTextBytes.
package picture

import (
	"math"
	"strconv"
	"strings"

	"pawl.dev/value"
)

const (
	// maxPictureChars is the longest picture that is looked at.
	maxPictureChars = 10000
	// maxTextBytes is AWS's memory guard for one built string.
	maxTextBytes = 6990256
)

// Error is a failure of JSONata. Code is empty for the memory guard, which has
// none.
type Error struct {
	Code    string // "D3080"
	Message string // jsonata-js's text, with the value filled in
	Value   string // what the message is about, "" when it names nothing
}

func (e *Error) Error() string {
	if e.Code == "" {
		return e.Message
	}
	return e.Code + ": " + e.Message
}

// messages are jsonata-js's texts; {{value}} stands for the quoted value.
var messages = map[string]string{
	"D3080": "The picture string must only contain a maximum of two sub-pictures",
	"D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
	"D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
	"D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
	"D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
	"D3085": "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
	"D3086": "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
	"D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
	"D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
	"D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
	"D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
	"D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
	"D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
	"D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
	"D3110": "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {{value}}",
	"D3130": "Formatting or parsing an integer as a sequence starting with {{value}} is not supported by this implementation",
	"D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
	"D3132": "Unknown component specifier {{value}} in date/time picture string",
	"D3133": "The 'name' modifier can only be applied to months and days in the date/time picture string, not {{value}}",
	"D3134": "The timezone integer format specifier cannot have more than four digits",
	"D3135": "No matching closing bracket ']' in date/time picture string",
	"D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
}

func fail(code, subject string) *Error {
	text := strings.Replace(messages[code], "{{value}}", value.Quoted(subject), 1)
	return &Error{Code: code, Message: text, Value: subject}
}

// errTooLarge is AWS's memory guard.
var errTooLarge = &Error{Message: "Expression evaluation memory limit exceeded: Check for excessive memory usage"}

// runesOf splits a picture into characters, unless it is too long.
func runesOf(picture string) ([]rune, error) {
	if len(picture) > maxPictureChars*4 {
		return nil, errTooLarge
	}
	chars := []rune(picture)
	if len(chars) > maxPictureChars {
		return nil, errTooLarge
	}
	return chars, nil
}

// leadingInt is JavaScript's parseInt without radix: blanks, a sign, then the
// digits up to the first other character; NaN when there are none.
func leadingInt(s string) float64 {
	s = strings.TrimLeft(s, whitespace)
	sign := 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		return sign * leadingHex(s[2:])
	}
	end := 0
	for end < len(s) && s[end]-'0' < 10 {
		end++
	}
	f, err := strconv.ParseFloat(s[:end], 64)
	if err != nil && end == 0 {
		return math.NaN()
	}
	return sign * f // out of range is infinite, as in JavaScript
}

func leadingHex(s string) float64 {
	f, digits := 0.0, 0
	for ; digits < len(s); digits++ {
		n, err := strconv.ParseUint(s[digits:digits+1], 16, 8)
		if err != nil {
			break
		}
		f = f*16 + float64(n)
	}
	if digits == 0 {
		return math.NaN()
	}
	return f
}

// whitespace is what JavaScript's \s matches.
const whitespace = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
