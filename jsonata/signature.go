package jsonata

import (
	"strings"

	"pawl.dev/value"
)

// signature is the declared parameter types of a function ("<s-nn?:s>").
// Arguments match it as jsonata-js's regular expression does: greedily, a
// missing value matching every type.
type signature struct{ params []parameter }

type parameter struct {
	types    string // the type letters it accepts, "m" (missing) always among them
	kind     byte   // its own letter, '(' for a choice
	subtype  string // element type of an array
	optional bool
	repeated bool
	context  bool // taken from the context when missing
}

// elementNames are what T0412 calls the element types.
var elementNames = map[string]string{
	"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
}

// mustSignature parses a signature of the library.
func mustSignature(text string) *signature {
	s, err := parseSignature(text)
	if err != nil {
		panic(err.Code + " in signature " + text)
	}
	return s
}

// parseSignature parses a signature, angle brackets included. The position of
// its error is relative to the text.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{}
	for i := 1; i < len(text) && text[i] != ':'; i++ {
		last := len(s.params) - 1
		switch c := text[i]; c {
		case 's', 'n', 'b', 'l', 'o':
			s.params = append(s.params, parameter{types: string(c) + "m", kind: c})
		case 'a', 'x':
			s.params = append(s.params, parameter{types: "asnblfom", kind: c})
		case 'j':
			s.params = append(s.params, parameter{types: "asnblom", kind: c})
		case 'f':
			s.params = append(s.params, parameter{types: "f", kind: c})
		case '-', '?', '+':
			if last < 0 {
				continue
			}
			p := &s.params[last]
			p.context = p.context || c == '-'
			p.repeated = p.repeated || c == '+'
			p.optional = p.optional || c != '+'
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.ContainsRune(choice, '<') {
				return nil, &Error{Code: "S0402", at: i + 1, Value: value.Text(choice)}
			}
			s.params = append(s.params, parameter{types: choice + "m", kind: '('})
			i = end
		case '<':
			if last < 0 || s.params[last].kind != 'a' && s.params[last].kind != 'f' {
				return nil, &Error{Code: "S0401", at: i + 1}
			}
			end := closing(text, i, '<', '>')
			s.params[last].subtype = text[i+1 : end]
			i = end
		}
	}
	return s, nil
}

// closing returns the position of the bracket that closes the one at start.
func closing(text string, start int, open, end byte) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// typeLetter returns the letter that stands for the type of v.
func typeLetter(v value.Value) byte {
	switch v.Kind() {
	case value.String:
		return 's'
	case value.Number:
		return 'n'
	case value.Bool:
		return 'b'
	case value.Null:
		return 'l'
	case value.Array:
		return 'a'
	case value.Object:
		return 'o'
	case value.Extension:
		if asSequence(v) != nil {
			return 'a'
		}
		return 'f'
	case value.Undefined:
	}
	return 'm'
}

func (p *parameter) accepts(letter byte) bool { return strings.IndexByte(p.types, letter) >= 0 }

// match says how many arguments each parameter takes. It is greedy and looks
// ahead only where greed fails. ok is false when the arguments do not match.
func (s *signature) match(letters string, counts []int) bool {
	rest := 0
	for i := range s.params {
		p := &s.params[i]
		counts[i] = 0
		for rest < len(letters) && p.accepts(letters[rest]) {
			counts[i]++
			rest++
			if !p.repeated {
				break
			}
		}
		if counts[i] == 0 && !p.optional {
			return s.search(letters, counts)
		}
	}
	return rest == len(letters) || s.search(letters, counts)
}

// search finds the greediest match by dynamic programming: fits[i][j] says that
// the parameters from i on match the letters from j on.
func (s *signature) search(letters string, counts []int) bool {
	n, m := len(s.params), len(letters)
	fits := make([][]bool, n+1)
	for i := range fits {
		fits[i] = make([]bool, m+1)
	}
	fits[n][m] = true
	for i := n - 1; i >= 0; i-- {
		p := &s.params[i]
		for j := m; j >= 0; j-- {
			fits[i][j] = p.optional && fits[i+1][j]
			if j < m && p.accepts(letters[j]) {
				fits[i][j] = fits[i][j] || fits[i+1][j+1] || p.repeated && fits[i][j+1]
			}
		}
	}
	if !fits[0][0] {
		return false
	}
	j := 0
	for i := range s.params {
		p := &s.params[i]
		counts[i] = 0
		for j < m && p.accepts(letters[j]) && (fits[i+1][j+1] || p.repeated && fits[i][j+1]) {
			counts[i]++
			j++
			if !p.repeated {
				break
			}
		}
	}
	return true
}

// validate checks arguments and completes them: context values for missing ones,
// arrays for single values. The result may be args itself.
func (s *signature) validate(args []value.Value, context value.Value) ([]value.Value, *Error) {
	if s.exact(args) {
		return args, nil
	}
	var lettersRoom [8]byte
	letters := lettersRoom[:0]
	for _, arg := range args {
		letters = append(letters, typeLetter(arg))
	}
	var countsRoom [8]int
	counts := countsRoom[:]
	if len(s.params) > len(counts) {
		counts = make([]int, len(s.params))
	}
	if !s.match(string(letters), counts) {
		return nil, s.mismatch(args, string(letters))
	}
	out := make([]value.Value, 0, max(len(s.params), len(args)))
	next := 0
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 && p.context {
			if !p.accepts(typeLetter(context)) {
				return nil, &Error{Code: "T0411", Value: context, index: next + 1}
			}
			out = append(out, context)
			continue
		}
		for range max(counts[i], 1) {
			arg := argument(args, next)
			if p.kind == 'a' && counts[i] > 0 {
				var err *Error
				if arg, err = p.array(arg, next, string(letters[next:next+counts[i]])); err != nil {
					return nil, err
				}
			}
			out = append(out, arg)
			next++
		}
	}
	return out, nil
}

// exact is the fast way: every parameter has one argument that is right as it
// stands.
func (s *signature) exact(args []value.Value) bool {
	if len(args) != len(s.params) {
		return false
	}
	for i := range args {
		p := &s.params[i]
		letter := typeLetter(args[i])
		if !p.accepts(letter) || p.kind == 'a' && (letter != 'a' || p.subtype != "") {
			return false
		}
	}
	return true
}

func argument(args []value.Value, i int) value.Value {
	if i < len(args) {
		return args[i]
	}
	return value.Value{}
}

// array returns an argument of an array parameter as an array, its elements
// checked. matched are the type letters of all arguments of the parameter.
func (p *parameter) array(arg value.Value, index int, matched string) (value.Value, *Error) {
	if !arg.Defined() {
		return arg, nil
	}
	items, isList := elements(arg)
	ok := true
	if p.subtype != "" {
		if !isList {
			ok = matched == p.subtype
		}
		for _, item := range items {
			ok = ok && (p.subtype == "x" || typeLetter(item) == p.subtype[0])
		}
	}
	if !ok {
		return arg, &Error{Code: "T0412", Value: arg, index: index + 1, kind: elementNames[p.subtype]}
	}
	if !isList {
		return value.NewArray([]value.Value{arg}), nil
	}
	return arg, nil
}

// mismatch says which argument is the first that does not match: parameters are
// taken one after the other until they match no more.
func (s *signature) mismatch(args []value.Value, letters string) *Error {
	good := 0
	for i := range s.params {
		length, ok := s.prefix(i+1, letters)
		if !ok {
			break
		}
		good = length
	}
	return &Error{Code: "T0410", Value: argument(args, good), index: good + 1}
}

// prefix returns how many letters the first n parameters match greedily.
func (s *signature) prefix(n int, letters string) (int, bool) {
	head := signature{params: s.params[:n]}
	counts := make([]int, n)
	for end := len(letters); end >= 0; end-- {
		if head.match(letters[:end], counts) {
			return end, true
		}
	}
	return 0, false
}
