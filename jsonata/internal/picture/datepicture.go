package picture

import (
	"math"
	"strings"
)

// datePart is a literal or a variable marker such as [Y0001] of a date picture.
type datePart struct {
	literal   string
	isLiteral bool

	component    rune // 'Y', 'M', …; 0 when the marker has none
	presentation string
	traditional  bool // the second presentation modifier t: offset 0 is Z
	names        bool // written as a name, in the case below
	letters      letterCase
	width        width
	integer      *integerFormat // numbers and time zones
	// yearDigits cuts years to that many digits, unless it is -1.
	yearDigits int
}

// width is a width modifier; -1 stands for none.
type width struct{ least, most int }

// defaultPresentation is how a component is written when the marker doesn't
// say.
var defaultPresentation = map[rune]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

const integerComponents = "YMDdFWwXxHhms"

// analyseDate cuts a date picture into parts (XPath F&O 9.8.4.1).
func analyseDate(picture string) ([]datePart, error) {
	if _, err := runesOf(picture); err != nil {
		return nil, err
	}
	var parts []datePart
	literal := func(text string) {
		if text != "" {
			parts = append(parts, datePart{isLiteral: true, literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		open := strings.IndexByte(picture, '[')
		if open < 0 {
			literal(picture)
			return parts, nil
		}
		literal(picture[:open])
		picture = picture[open+1:]
		if strings.HasPrefix(picture, "[") {
			parts = append(parts, datePart{isLiteral: true, literal: "["})
			picture = picture[1:]
			continue
		}
		end := strings.IndexByte(picture, ']')
		if end < 0 {
			return nil, fail("D3135", "")
		}
		part, err := analyseMarker(picture[:end])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		picture = picture[end+1:]
	}
}

func analyseMarker(text string) (datePart, error) {
	marker := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(whitespace, r) {
			return -1
		}
		return r
	}, text))
	part := datePart{width: width{-1, -1}, yearDigits: -1}
	if len(marker) == 0 {
		return part, fail("D3132", "")
	}
	part.component = marker[0]
	presentation := string(marker[1:])
	if comma := strings.LastIndexByte(string(marker), ','); comma > 0 {
		part.width = parseWidth(string(marker)[comma+1:])
		presentation = string(marker)[len(string(marker[0])):comma]
	} else if comma == 0 {
		part.width = parseWidth(presentation)
		presentation = ","
	}
	modifier := part.present(presentation)
	if part.presentation == "" {
		return part, fail("D3132", string(part.component))
	}
	switch part.presentation[0] {
	case 'n':
		part.names = true
	case 'N':
		part.names, part.letters = true, upperCase
		if strings.HasPrefix(part.presentation, "Nn") {
			part.letters = titleCase
		}
	}
	return part, part.analyseNumber(modifier)
}

// present takes the presentation modifiers apart and returns the second.
func (p *datePart) present(text string) (second string) {
	p.presentation = text
	if text == "" {
		p.presentation = defaultPresentation[p.component]
	}
	if n := len(text) - 1; n > 0 && strings.IndexByte("atco", text[n]) >= 0 {
		p.presentation, second = text[:n], text[n:]
		p.traditional = second == "t"
	}
	return second
}

func (p *datePart) analyseNumber(modifier string) (err error) {
	switch {
	case p.component == 'Z' || p.component == 'z':
		p.integer, err = analyseInteger(p.presentation)
		return err
	case p.names || !strings.ContainsRune(integerComponents+"f", p.component):
		return nil
	}
	picture := p.presentation
	if modifier != "" {
		picture += ";" + modifier
	}
	if p.integer, err = analyseInteger(picture); err != nil {
		return err
	}
	if p.integer.style == styleDecimal {
		p.integer.mandatory = max(p.integer.mandatory, p.width.least)
	}
	if !strings.ContainsRune("YMD", p.component) {
		return nil
	}
	switch digits := p.integer.mandatory + p.integer.optional; {
	case p.width.most >= 0:
		p.yearDigits = p.width.most
		p.integer.mandatory = p.width.most
	case p.integer.style == styleDecimal && digits >= 2:
		p.yearDigits = digits
	}
	p.integer.width = p.yearDigits
	return nil
}

// parseWidth reads "2", "2-4", "*-4" or "2-*".
func parseWidth(text string) width {
	number := func(s string) int {
		f := leadingInt(s)
		if s == "*" || math.IsNaN(f) || f < 0 {
			return -1
		}
		return int(min(f, math.MaxInt32))
	}
	least, most, found := strings.Cut(text, "-")
	w := width{number(least), -1}
	if found {
		w.most = number(most)
	}
	return w
}

var monthNames = [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// dayNames start with Monday, as ISO 8601's weeks do.
var dayNames = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// cut shortens a name to the width's maximum.
func (p *datePart) cut(name string) string {
	if p.width.most >= 0 && len(name) > p.width.most {
		return name[:p.width.most]
	}
	return name
}
