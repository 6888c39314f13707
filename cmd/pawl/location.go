package main

import (
	"encoding/json"
	"strconv"
	"strings"
)

// place is where a part of a definition stands in its file, with the parts
// inside it.
type place struct {
	line     int
	members  map[string]*place
	elements []*place
}

// placesOfJSON finds the lines of all parts of a JSON text, as far as it is
// valid. A member stands where its key is.
func placesOfJSON(text string) *place {
	w := &placeWalk{text: text, in: json.NewDecoder(strings.NewReader(text)), line: 1}
	return w.value()
}

type placeWalk struct {
	text string
	in   *json.Decoder
	at   int // offset that line belongs to
	line int
}

// token returns the next token and its line; nil when there is none.
func (w *placeWalk) token() (json.Token, int) {
	t, err := w.in.Token()
	if err != nil {
		return nil, 0
	}
	end := int(w.in.InputOffset())
	w.line += strings.Count(w.text[w.at:end], "\n")
	w.at = end
	return t, w.line
}

// maxPlaceDepth is beyond what Compile reads.
const maxPlaceDepth = 1000

func (w *placeWalk) value() *place { return w.nested(0) }

func (w *placeWalk) nested(depth int) *place {
	t, line := w.token()
	p := &place{line: line}
	if depth > maxPlaceDepth {
		return p
	}
	switch t {
	case json.Delim('{'):
		p.members = map[string]*place{}
		for w.in.More() {
			key, at := w.token()
			name, ok := key.(string)
			if !ok {
				return p // broken here
			}
			member := w.nested(depth + 1)
			member.line = at
			p.members[name] = member
		}
		w.token()
	case json.Delim('['):
		for w.in.More() {
			before := w.at
			p.elements = append(p.elements, w.nested(depth+1))
			if w.at == before {
				return p // broken here
			}
		}
		w.token()
	}
	return p
}

// find returns the innermost known place on the way to location, which is
// written "/States/A/Output/a[0]". Keys are not escaped there and may hold any
// character, so that all readings are tried, longest keys last.
func (p *place) find(location string) *place {
	found, _ := p.walk(location, 0)
	return found
}

// walk returns the deepest place that rest leads to, and how deep that is.
func (p *place) walk(rest string, depth int) (*place, int) {
	best, deepest := p, depth
	try := func(next *place, rest string) {
		if found, d := next.walk(rest, depth+1); d > deepest {
			best, deepest = found, d
		}
	}
	if i, after, ok := cutIndex(rest); ok && i < len(p.elements) {
		try(p.elements[i], after)
	}
	keys, ok := strings.CutPrefix(rest, "/")
	if !ok || p.members == nil {
		return best, deepest
	}
	for end := 0; end <= len(keys); end++ {
		if end < len(keys) && keys[end] != '/' && keys[end] != '[' {
			continue
		}
		if next := p.members[keys[:end]]; next != nil {
			try(next, keys[end:])
		}
	}
	return best, deepest
}

// cutIndex reads "[3]" or "/3" from the front.
func cutIndex(s string) (index int, rest string, ok bool) {
	if s == "" || s[0] != '[' && s[0] != '/' {
		return 0, s, false
	}
	digits := s[1:]
	end := 0
	for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
		end++
	}
	rest = digits[end:]
	if s[0] == '[' {
		if rest, ok = strings.CutPrefix(rest, "]"); !ok {
			return 0, s, false
		}
	}
	index, err := strconv.Atoi(digits[:end])
	return index, rest, err == nil
}
