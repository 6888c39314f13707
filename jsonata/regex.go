package jsonata

import (
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"pawl.dev/value"
)

// matchTimeout bounds one match of the backtracking engine. AWS gives a whole
// expression one second.
const matchTimeout = time.Second

// regex is a compiled regular expression. RE2 runs in linear time, so it is
// preferred; patterns it refuses (look-around, back references) go to a
// backtracking engine with a time limit.
type regex struct {
	source string
	linear *regexp.Regexp
	back   *regexp2.Regexp
}

// compileRegex compiles a pattern with the flags "i" and "m".
func compileRegex(source, flags string) (*regex, *Error) {
	prefix := ""
	if flags != "" {
		prefix = "(?" + flags + ")"
	}
	r := &regex{source: source}
	var err error
	if r.linear, err = regexp.Compile(prefix + source); err == nil {
		return r, nil
	}
	options := regexp2.None
	for _, flag := range flags {
		if flag == 'i' {
			options |= regexp2.IgnoreCase
		} else {
			options |= regexp2.Multiline
		}
	}
	if r.back, err = regexp2.Compile(source, options|regexp2.ECMAScript); err != nil {
		r.back, err = regexp2.Compile(source, options)
	}
	if err != nil {
		return nil, failText("", "Invalid regular expression: /"+source+"/: "+err.Error())
	}
	r.back.MatchTimeout = matchTimeout
	return r, nil
}

// matcher is a regular expression as a function: of a string, giving the first
// match as an object with a function "next".
type matcher struct {
	regex *regex
	at    int
}

// match is one match; start and end are byte offsets, index counts UTF-16 units.
type match struct {
	text       string
	start, end int
	index      int
	groups     []value.Value // Undefined for a group that took no part
}

// matches walks through the matches of a matcher function in a string.
type matches interface {
	// next returns the next match, nil when there is none.
	next() (*match, *Error)
}

// matches starts the walk. fn is a regular expression or a function that
// behaves like one.
func (st *state) matches(fn value.Value, s string) matches {
	inner := fn
	if c, ok := inner.Extension().(*closure); ok {
		inner = c.fn
	}
	m, ok := inner.Extension().(*matcher)
	switch {
	case !ok:
		return &customMatches{st: st, fn: fn, text: s}
	case m.regex.linear != nil:
		return &linearMatches{walk: walk{st: st, matcher: m, text: s}}
	}
	return &backMatches{walk: walk{st: st, matcher: m, text: s}}
}

// walk is what both engines keep.
type walk struct {
	st      *state
	matcher *matcher
	text    string
	started bool
	matched bool
	last    match

	runes, bytes int // a character position whose byte offset is known
}

// proceed reports whether to look for another match.
func (w *walk) proceed() (bool, *Error) {
	if err := w.st.work(1); err != nil {
		return false, err
	}
	if !w.started {
		w.started = true
		return true, nil
	}
	if w.last.end >= len(w.text) {
		return false, nil
	}
	if w.last.text == "" {
		return false, w.emptyMatch()
	}
	return true, nil
}

// emptyMatch is the error of a pattern that would match nothing for ever.
func (w *walk) emptyMatch() *Error {
	return failValue("D1004", value.Text(w.matcher.regex.source)).placed(w.matcher.at)
}

// found completes the match between two byte offsets.
func (w *walk) found(start, end int, groups []value.Value) (*match, *Error) {
	again := w.matched
	w.matched = true
	index := w.last.index + utf16Length(w.text[w.last.start:start])
	w.last = match{text: w.text[start:end], start: start, end: end, index: index, groups: groups}
	if again && start == end {
		return nil, w.emptyMatch()
	}
	return &w.last, nil
}

// linearMatches asks RE2, which can only list matches from the start: it lists
// more and more of them.
type linearMatches struct {
	walk
	all   [][]int
	i     int
	limit int
}

func (w *linearMatches) next() (*match, *Error) {
	if ok, err := w.proceed(); err != nil || !ok {
		return nil, err
	}
	const firstBatch, growth, bytesPerMatch = 64, 8, 16
	re := w.matcher.regex.linear
	switch {
	case w.limit == 0:
		w.limit = 1
		if loc := re.FindStringSubmatchIndex(w.text); loc != nil {
			w.all = [][]int{loc}
		}
	case w.i == len(w.all) && w.i == w.limit:
		w.limit = max(firstBatch, w.limit*growth)
		w.all = re.FindAllStringSubmatchIndex(w.text, w.limit)
		if err := w.st.charge(len(w.all) * bytesPerMatch); err != nil {
			return nil, err
		}
	}
	if w.i >= len(w.all) {
		return nil, nil
	}
	loc := w.all[w.i]
	w.i++
	var groups []value.Value
	for g := 2; g < len(loc); g += 2 {
		var v value.Value
		if loc[g] >= 0 {
			v = value.Text(w.text[loc[g]:loc[g+1]])
		}
		groups = append(groups, v)
	}
	return w.found(loc[0], loc[1], groups)
}

// backMatches asks the backtracking engine, which counts in characters.
type backMatches struct {
	walk
	current *regexp2.Match
}

func (w *backMatches) next() (*match, *Error) {
	if ok, err := w.proceed(); err != nil || !ok {
		return nil, err
	}
	re := w.matcher.regex.back
	var err error
	if w.current == nil {
		w.current, err = re.FindStringMatch(w.text)
	} else {
		w.current, err = re.FindNextMatch(w.current)
	}
	if err != nil {
		return nil, &Error{Message: textTimeout}
	}
	if w.current == nil {
		return nil, nil
	}
	var groups []value.Value
	for _, g := range w.current.Groups()[1:] {
		var v value.Value
		if len(g.Captures) > 0 {
			v = value.Text(g.String())
		}
		groups = append(groups, v)
	}
	start := w.byteOffset(w.current.Index)
	return w.found(start, w.byteOffset(w.current.Index+w.current.Length), groups)
}

// byteOffset returns the offset of a character at or behind the last one asked
// for.
func (w *walk) byteOffset(runes int) int {
	for w.runes < runes && w.bytes < len(w.text) {
		_, size := utf8.DecodeRuneInString(w.text[w.bytes:])
		w.bytes += size
		w.runes++
	}
	return w.bytes
}

// customMatches asks a function of the expression.
type customMatches struct {
	st      *state
	fn      value.Value
	text    string
	started bool
}

func (c *customMatches) next() (*match, *Error) {
	var v value.Value
	var err *Error
	switch {
	case !c.started:
		c.started = true
		v, err = c.st.invoke(c.fn, value.Text(c.text))
	case isFunction(c.fn):
		v, err = c.st.invoke(c.fn)
	}
	if err != nil || !isTruthy(v) {
		return nil, err
	}
	start, end, groups, next := v.Member("start"), v.Member("end"), v.Member("groups"), v.Member("next")
	items, hasGroups := elements(groups)
	if !start.Is(value.Number) && !hasGroups && !isFunction(next) {
		return nil, fail("T1010")
	}
	c.fn = next
	m := &match{text: v.Member("match").Str(), index: integerOf(start), groups: items}
	m.start = utf16Offset(c.text, m.index)
	m.end = max(m.start, utf16Offset(c.text, integerOf(end)))
	return m, nil
}

// utf16Offset returns the byte offset of UTF-16 unit n.
func utf16Offset(s string, n int) int {
	for i, r := range s {
		if n <= 0 {
			return i
		}
		n--
		if r > 0xFFFF {
			n--
		}
	}
	return len(s)
}

// matchValue calls a regular expression as a function.
func (st *state) matchValue(m *matcher, args []value.Value) (value.Value, *Error) {
	s := argument(args, 0)
	if !s.Is(value.String) {
		return value.Value{}, nil
	}
	return st.matchObject(st.matches(value.NewExtension(m), s.Str()))
}

// matchObject returns the next match as the object that a matcher gives.
func (st *state) matchObject(all matches) (value.Value, *Error) {
	m, err := all.next()
	if err != nil || m == nil {
		return value.Value{}, err
	}
	next := &builtin{name: "next", signature: &signature{}, call: func(st *state, _ []value.Value) (value.Value, *Error) {
		return st.matchObject(all)
	}}
	o := m.object()
	return value.NewObject(append(slices.Clone(o.Keys()), "next"), append(slices.Clone(o.Items()), value.NewExtension(next))), nil
}

// object returns the match as a replacement function sees it.
func (m *match) object() value.Value {
	return value.NewObject([]string{"match", "start", "end", "groups"}, []value.Value{
		value.Text(m.text),
		value.Int(int64(m.index)),
		value.Int(int64(m.index + utf16Length(m.text))),
		value.NewArray(m.groups),
	})
}
