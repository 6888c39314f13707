package picture

import (
	"math"
	"strings"
)

var (
	cardinals = [20]string{
		"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
		"Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
	}
	ordinals = [20]string{
		"Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
		"Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth",
	}
	// decades are 20 to 90. Hundred is among them only so that it is read.
	decades    = [9]string{"Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"}
	magnitudes = [4]string{"Thousand", "Million", "Billion", "Trillion"}
)

// words writes n in English words in title case.
func words(n float64, ordinal bool) (string, error) {
	if math.IsInf(n, 0) || math.IsNaN(n) {
		return "", errTooLarge
	}
	w := wordWriter{ordinal: ordinal}
	w.write(n, first, ordinal)
	if w.full {
		return "", errTooLarge
	}
	return w.b.String(), nil
}

// joint is what comes before a group of words.
type joint uint8

const (
	first    joint = iota // nothing
	followed              // " and " before small groups, ", " before large ones
)

type wordWriter struct {
	b       strings.Builder
	ordinal bool
	full    bool
}

func (w *wordWriter) write(n float64, j joint, ordinal bool) {
	if w.b.Len() > maxTextBytes {
		w.full = true
		return
	}
	if j == followed {
		if n < 100 {
			w.b.WriteString(" and ")
		} else {
			w.b.WriteString(", ")
		}
	}
	switch {
	case n < 100:
		w.small(int(n), ordinal)
	case n < 1000:
		w.b.WriteString(cardinals[int(n)/100] + " Hundred")
		w.rest(math.Mod(n, 100), ordinal)
	default:
		// Numbers beyond trillions are so many trillions. The rest is inexact
		// beyond 2^53, as in the reference.
		i := 0
		for i < len(magnitudes)-1 && n >= math.Pow(1000, float64(i+2)) {
			i++
		}
		unit := math.Pow(1000, float64(i+1))
		count := math.Floor(n / unit)
		w.write(count, first, false)
		w.b.WriteString(" " + magnitudes[i])
		w.rest(n-count*unit, ordinal)
	}
}

func (w *wordWriter) rest(n float64, ordinal bool) {
	switch {
	case n > 0:
		w.write(n, followed, ordinal)
	case ordinal:
		w.b.WriteString("th")
	}
}

// small writes a number below 100.
func (w *wordWriter) small(n int, ordinal bool) {
	names := &cardinals
	if ordinal {
		names = &ordinals
	}
	if n < 20 {
		w.b.WriteString(names[n])
		return
	}
	decade, unit := decades[n/10-2], n%10
	switch {
	case unit > 0:
		w.b.WriteString(decade + "-" + names[unit])
	case ordinal:
		w.b.WriteString(strings.TrimSuffix(decade, "y") + "ieth")
	default:
		w.b.WriteString(decade)
	}
}

// wordValues are the numbers of the words, in lower case, and wordOrder the
// words in the order in which a pattern tries them.
var wordValues, wordOrder = readableWords()

func readableWords() (map[string]float64, []string) {
	values := map[string]float64{}
	var order []string
	add := func(word string, n float64) {
		word = strings.ToLower(word)
		if _, ok := values[word]; !ok {
			order = append(order, word)
		}
		values[word] = n
	}
	for i, word := range cardinals {
		add(word, float64(i))
	}
	for i, word := range ordinals {
		add(word, float64(i))
	}
	for i, word := range decades {
		add(word, float64(i+2)*10)
		add(word[:len(word)-1]+"ieth", float64(i+2)*10)
	}
	add("hundredth", 100)
	for i, word := range magnitudes {
		add(word, math.Pow(1000, float64(i+1)))
		add(word+"th", math.Pow(1000, float64(i+1)))
	}
	return values, order
}

// wordsToNumber reads words in lower case; NaN when one is unknown.
func wordsToNumber(text string) float64 {
	groups := []float64{0}
	for _, word := range splitWords(text) {
		n, ok := wordValues[word]
		if !ok {
			return math.NaN()
		}
		last := &groups[len(groups)-1]
		switch {
		case n >= 100:
			*last *= n
		case *last >= 1000:
			groups = append(groups, n)
		default:
			*last += n
		}
	}
	sum := 0.0
	for _, n := range groups {
		sum += n
	}
	return sum
}

// splitWords cuts at a comma and a blank, at "and" between blanks, and at a
// single blank, hyphen or backslash.
func splitWords(text string) []string {
	var found []string
	chars := []rune(text)
	blank := func(i int) bool { return i < len(chars) && strings.ContainsRune(whitespace, chars[i]) }
	start := 0
	for i := 0; i < len(chars); {
		var n int
		switch {
		case chars[i] == ',' && blank(i+1):
			n = 2
		case blank(i) && i+4 < len(chars) && string(chars[i+1:i+4]) == "and" && blank(i+4):
			n = 5
		case blank(i) || chars[i] == '-' || chars[i] == '\\':
			n = 1
		default:
			i++
			continue
		}
		found = append(found, string(chars[start:i]))
		i += n
		start = i
	}
	return append(found, string(chars[start:]))
}
