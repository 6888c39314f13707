package picture

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// FormatNumber is $formatNumber. Options override the defaults below by the
// names that XPath's decimal formats have; nil means none. Errors are *Error.
func FormatNumber(f float64, picture string, options map[string]string) (string, error) {
	chars, err := runesOf(picture)
	if err != nil {
		return "", err
	}
	s := newSymbols(options)
	subPictures := split(chars, s.pattern)
	if len(subPictures) > 2 {
		return "", fail("D3080", "")
	}
	plans := make([]*numberPlan, len(subPictures))
	for i, sub := range subPictures {
		parts, err := s.parts(sub)
		if err != nil {
			return "", err
		}
		plans[i] = s.plan(parts)
	}
	plan := plans[0]
	if !(f >= 0) { // NaN too
		if len(plans) == 2 {
			plan = plans[1]
		} else {
			plan.prefix = slices.Concat(s.minus, plan.prefix)
		}
	}
	text := plan.format(s, f)
	if len(text) > maxTextBytes {
		return "", errTooLarge
	}
	return string(text), nil
}

// symbols are the characters with a meaning in number pictures. Each is one
// character by intention, but options may hold any text.
type symbols struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, pattern, zero []rune
	infinity, nan                                                               []rune
	firstDigit                                                                  rune
}

func newSymbols(options map[string]string) *symbols {
	of := func(name, byDefault string) []rune {
		if text, ok := options[name]; ok {
			return []rune(text)
		}
		return []rune(byDefault)
	}
	s := &symbols{
		decimal:  of("decimal-separator", "."),
		grouping: of("grouping-separator", ","),
		exponent: of("exponent-separator", "e"),
		infinity: of("infinity", "Infinity"),
		minus:    of("minus-sign", "-"),
		nan:      of("NaN", "NaN"),
		percent:  of("percent", "%"),
		perMille: of("per-mille", "\u2030"),
		zero:     of("zero-digit", "0"),
		digit:    of("digit", "#"),
		pattern:  of("pattern-separator", ";"),
	}
	if len(s.zero) > 0 {
		s.firstDigit = s.zero[0]
	}
	return s
}

func (s *symbols) isDigit(c rune) bool { return c >= s.firstDigit && c < s.firstDigit+10 }

func is(c rune, symbol []rune) bool { return len(symbol) == 1 && symbol[0] == c }

// isActive reports whether c is an active character of pictures.
func (s *symbols) isActive(c rune) bool {
	return s.isDigit(c) || is(c, s.decimal) || is(c, s.exponent) || is(c, s.grouping) || is(c, s.digit) || is(c, s.pattern)
}

// bounds reports whether c can begin or end the active part of a sub-picture.
func (s *symbols) bounds(c rune) bool { return s.isActive(c) && !is(c, s.exponent) }

// digits counts the digits in part, optional ones too if asked for.
func (s *symbols) digits(part []rune, optional bool) int {
	n := 0
	for _, c := range part {
		if s.isDigit(c) || optional && is(c, s.digit) {
			n++
		}
	}
	return n
}

// format writes f by the plan (steps by their numbers in XPath F&O 4.7.5).
func (p *numberPlan) format(s *symbols, f float64) []rune {
	switch {
	case math.IsNaN(f):
		return s.nan
	case math.IsInf(f, 0):
		return slices.Concat(p.prefix, s.infinity, p.suffix)
	}
	number := math.Abs(f) * p.scale // 3
	exponent := 0
	if p.minExponent > 0 { // 5
		number, exponent = normalise(number, p.scaling)
	}
	number = roundTo(number, p.maxFraction)                                      // 6
	text := p.digits(s, number)                                                  // 7 to 9
	text = p.group(s, text)                                                      // 10, 11
	if point := index(text, s.decimal, 0); !p.hasPoint || point == len(text)-1 { // 12
		text = text[:len(text)-1]
	}
	if p.minExponent > 0 { // 13
		text = slices.Concat(text, s.exponent)
		if exponent < 0 {
			text = append(text, s.minus...)
		}
		digits := s.fromASCII(strconv.Itoa(max(exponent, -exponent)))
		for range p.minExponent - len(digits) {
			text = append(text, s.zero...)
		}
		text = append(text, digits...)
	}
	return slices.Concat(p.prefix, text, p.suffix) // 14
}

// normalise finds number = mantissa * 10^exponent with a mantissa of the given
// number of integer digits. The reference doesn't come to an end for zero and
// for negative numbers.
func normalise(number float64, integerDigits int) (mantissa float64, exponent int) {
	if number == 0 {
		return 0, 0
	}
	most, least := math.Pow(10, float64(integerDigits)), math.Pow(10, float64(integerDigits-1))
	for number < least && !math.IsInf(least, 0) {
		number *= 10
		exponent--
	}
	for number > most && most > 0 {
		number /= 10
		exponent++
	}
	return number, exponent
}

// roundTo rounds half to even at the given decimal. It shifts the shortest
// decimal spelling of f, so that 1.005 is a tie.
func roundTo(f float64, decimals int) float64 {
	shifted := shift(f, decimals)
	if math.IsInf(shifted, 0) {
		return f
	}
	return shift(math.RoundToEven(shifted), -decimals)
}

// shift returns f * 10^n by its shortest decimal spelling.
func shift(f float64, n int) float64 {
	if n == 0 {
		return f
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	e, err := strconv.Atoi(exponent)
	if err != nil {
		return f // infinite or no number
	}
	shifted, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+n), 64) // out of range is infinite
	return shifted
}

// digits writes number with the decimal separator and the digits that the
// picture asks for.
func (p *numberPlan) digits(s *symbols, number float64) []rune {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(number, 'f', p.maxFraction, 64), ".")
	text := slices.Concat(s.fromASCII(whole), s.decimal, s.fromASCII(fraction))
	for len(text) > 0 && is(text[0], s.zero) {
		text = text[1:]
	}
	for len(text) > 0 && is(text[len(text)-1], s.zero) {
		text = text[:len(text)-1]
	}
	point := index(text, s.decimal, 0)
	left, right := p.minInteger-point, p.minFraction-(len(text)-point-1)
	var padded []rune
	for range left {
		padded = append(padded, s.zero...)
	}
	padded = append(padded, text...)
	for range right {
		padded = append(padded, s.zero...)
	}
	return padded
}

// fromASCII writes digits in the picture's family.
func (s *symbols) fromASCII(digits string) []rune {
	text := []rune(digits)
	if is('0', s.zero) {
		return text
	}
	for i := range text {
		text[i] += s.firstDigit - '0'
	}
	return text
}

func (p *numberPlan) group(s *symbols, text []rune) []rune {
	point := index(text, s.decimal, 0)
	if p.regularGroup > 0 {
		for n := (point - 1) / p.regularGroup; n > 0; n-- {
			// From the left, so that the positions to the right stay.
			text = insert(text, point-n*p.regularGroup, s.grouping)
			point += len(s.grouping)
		}
	} else {
		for _, pos := range p.integerGroups {
			text = insert(text, point-pos, s.grouping)
			point++
		}
	}
	point = index(text, s.decimal, 0)
	for _, pos := range p.fractionGroups {
		text = insert(text, pos+point+1, s.grouping)
	}
	return text
}

// insert puts s into text before position at, which counts from the end when
// it is negative, as JavaScript's slice does.
func insert(text []rune, at int, s []rune) []rune {
	if at < 0 {
		at = max(len(text)+at, 0)
	}
	at = min(at, len(text))
	return slices.Insert(slices.Clone(text), at, s...)
}

// index returns where s is in text from the given position on, or -1.
func index(text, s []rune, from int) int {
	for i := min(from, len(text)); i+len(s) <= len(text); i++ {
		if slices.Equal(text[i:i+len(s)], s) {
			return i
		}
	}
	return -1
}

func lastIndex(text, s []rune) int {
	for i := len(text) - len(s); i >= 0; i-- {
		if slices.Equal(text[i:i+len(s)], s) {
			return i
		}
	}
	return -1
}

func split(text, separator []rune) [][]rune {
	var pieces [][]rune
	if len(separator) == 0 {
		for i := range text {
			pieces = append(pieces, text[i:i+1])
		}
		return pieces
	}
	for {
		i := index(text, separator, 0)
		if i < 0 {
			return append(pieces, text)
		}
		pieces = append(pieces, text[:i])
		text = text[i+len(separator):]
	}
}
