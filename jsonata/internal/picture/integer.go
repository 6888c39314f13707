package picture

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// style is how an integer is written.
type style uint8

const (
	styleDecimal  style = iota
	styleLetters        // a, b, …, z, aa
	styleRoman          // i, ii, iii
	styleWords          // one, two, three
	styleSequence       // anything else: not supported
)

// letterCase is the case of letters, numerals, words and names.
type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

// integerFormat is an analysed integer picture.
type integerFormat struct {
	style   style
	letters letterCase
	ordinal bool
	token   string // styleSequence: the picture
	// The rest is for styleDecimal.
	zero       rune // the digit 0 of the family
	mandatory  int  // digits that are always written
	optional   int
	separators []separator // from right to left
	every      int         // regular grouping: this many digits, 0 if irregular
	width      int         // year, month, day: digits to parse, if above 0
}

// separator stands left of position digits.
type separator struct {
	position int
	char     rune
}

// FormatInteger is $formatInteger. Fractions are cut off downwards.
func FormatInteger(f float64, picture string) (string, error) {
	format, err := analyseInteger(picture)
	if err != nil {
		return "", err
	}
	return format.format(math.Floor(f))
}

// zeroDigits are the zeros of the decimal digit families.
var zeroDigits = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040,
	0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

// digitFamily returns the zero of the family that r belongs to.
func digitFamily(r rune) (rune, bool) {
	for _, zero := range zeroDigits {
		if r >= zero && r <= zero+9 {
			return zero, true
		}
	}
	return 0, false
}

func analyseInteger(picture string) (*integerFormat, error) {
	format := &integerFormat{}
	primary := picture
	if i := strings.LastIndexByte(picture, ';'); i >= 0 {
		primary = picture[:i]
		format.ordinal = strings.HasPrefix(picture[i+1:], "o")
	}
	switch primary {
	case "A":
		format.style, format.letters = styleLetters, upperCase
	case "a":
		format.style = styleLetters
	case "I":
		format.style, format.letters = styleRoman, upperCase
	case "i":
		format.style = styleRoman
	case "W":
		format.style, format.letters = styleWords, upperCase
	case "Ww":
		format.style, format.letters = styleWords, titleCase
	case "w":
		format.style = styleWords
	default:
		return format, format.analyseDigits(primary)
	}
	return format, nil
}

func (f *integerFormat) analyseDigits(primary string) error {
	chars, err := runesOf(primary)
	if err != nil {
		return err
	}
	position := 0
	for i := len(chars) - 1; i >= 0; i-- {
		c := chars[i]
		zero, isDigit := digitFamily(c)
		switch {
		case isDigit && f.mandatory > 0 && zero != f.zero:
			return fail("D3131", "")
		case isDigit:
			f.zero = zero
			f.mandatory++
			position++
		case c == '#':
			f.optional++
			position++
		default:
			f.separators = append(f.separators, separator{position, c})
		}
	}
	if f.mandatory == 0 {
		*f = integerFormat{style: styleSequence, token: primary, ordinal: f.ordinal}
		return nil
	}
	f.every = regularGroup(f.separators)
	return nil
}

// regularGroup returns the number of digits between equal, equally spaced
// separators, 0 when they aren't.
func regularGroup(separators []separator) int {
	positions := make([]int, len(separators))
	for i, s := range separators {
		if s.char != separators[0].char {
			return 0
		}
		positions[i] = s.position
	}
	return regularStep(positions)
}

// regularStep returns the step when positions are its first multiples, in any
// order, else 0.
func regularStep(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	step := positions[0]
	present := make(map[int]bool, len(positions))
	for _, p := range positions {
		for a, b := step, p; ; {
			if b == 0 {
				step = a
				break
			}
			a, b = b, a%b
		}
		present[p] = true
	}
	for i := range positions {
		if !present[(i+1)*step] {
			return 0
		}
	}
	return step
}

// format writes an integral f.
func (f *integerFormat) format(n float64) (string, error) {
	abs := math.Abs(n)
	var s string
	var err error
	switch f.style {
	case styleDecimal:
		s, err = f.decimal(abs)
	case styleLetters:
		s, err = letters(abs, f.letters)
	case styleRoman:
		s, err = roman(abs, f.letters)
	case styleWords:
		s, err = words(abs, f.ordinal)
		switch f.letters {
		case upperCase:
			s = strings.ToUpper(s)
		case lowerCase:
			s = strings.ToLower(s)
		case titleCase:
		}
	case styleSequence:
		return "", fail("D3130", f.token)
	}
	if n < 0 {
		s = "-" + s
	}
	return s, err
}

func (f *integerFormat) decimal(n float64) (string, error) {
	s := javaScriptInteger(n)
	if f.mandatory > maxTextBytes {
		return "", errTooLarge
	}
	if pad := f.mandatory - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	digits := []rune(s)
	if f.zero != '0' {
		for i := range digits {
			digits[i] += f.zero - '0'
		}
	}
	if f.every > 0 {
		digits = groupEvery(digits, f.every, f.separators[0].char)
	} else {
		digits = groupAt(digits, f.separators)
	}
	if len(digits) > maxTextBytes/utf8.UTFMax {
		return "", errTooLarge
	}
	s = string(digits)
	if f.ordinal {
		s += ordinalSuffix(digits)
	}
	return s, nil
}

// javaScriptInteger prints an integral number in full.
func javaScriptInteger(n float64) string {
	switch {
	case math.IsNaN(n):
		return "NaN"
	case math.IsInf(n, 0):
		return "Infinity"
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// groupEvery puts char between every n digits, from the right.
func groupEvery(digits []rune, n int, char rune) []rune {
	grouped := make([]rune, 0, len(digits)+len(digits)/n)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%n == 0 {
			grouped = append(grouped, char)
		}
		grouped = append(grouped, d)
	}
	return grouped
}

// groupAt puts irregular separators, the leftmost first. Where there are fewer
// digits than a separator's position, the reference cuts with a negative index,
// which counts from the end: separators then lead the number and digits can be
// lost. Likewise a separator that is there counts as a digit for the next one,
// as it stands to the left of it.
func groupAt(digits []rune, separators []separator) []rune {
	for i := len(separators) - 1; i >= 0; i-- {
		s := separators[i]
		cut := len(digits) - s.position
		head, tail := max(cut, 0), cut
		if cut < 0 {
			tail = max(len(digits)+cut, 0)
		}
		grouped := make([]rune, 0, len(digits)+1)
		grouped = append(append(grouped, digits[:head]...), s.char)
		digits = append(grouped, digits[tail:]...)
	}
	return digits
}

func ordinalSuffix(digits []rune) string {
	if n := len(digits); n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// letters writes n as spreadsheets name columns: a to z, aa, ab. Zero is empty.
func letters(n float64, c letterCase) (string, error) {
	if math.IsInf(n, 0) {
		return "", errTooLarge
	}
	first := 'a'
	if c == upperCase {
		first = 'A'
	}
	var reversed []byte
	for n > 0 {
		reversed = append(reversed, byte(first)+byte(math.Mod(n-1, 26)))
		n = math.Floor((n - 1) / 26)
	}
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return string(reversed), nil
}

var romanNumerals = []struct {
	value int
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
}

func roman(n float64, c letterCase) (string, error) {
	if n/1000 > maxTextBytes {
		return "", errTooLarge
	}
	if math.IsNaN(n) {
		return "", nil
	}
	rest := int(n)
	var b strings.Builder
	for _, numeral := range romanNumerals {
		for rest >= numeral.value {
			b.WriteString(numeral.text)
			rest -= numeral.value
		}
	}
	if c == upperCase {
		return strings.ToUpper(b.String()), nil
	}
	return b.String(), nil
}
