package jsonpath

import "pawl.dev/value"

// maxVisits bounds the nodes that one evaluation looks at, filters included:
// paths such as $..*..*..* multiply. AWS's documents of 256 KiB stay far below.
const maxVisits = 1 << 22

// follow walks a plain path, false when it leads nowhere.
func (p *Path) follow(v value.Value) (value.Value, bool) {
	for i := range p.steps {
		s := &p.steps[i]
		var ok bool
		if s.kind == stepName {
			v, ok = v.Get(s.name)
		} else {
			v, ok = element(v, s.index)
		}
		if !ok {
			return v, false
		}
	}
	return v, true
}

// notFound says why a plain path leads nowhere in v.
func (p *Path) notFound(v value.Value) *NotFoundError {
	for i := range p.steps {
		s := &p.steps[i]
		var next value.Value
		var ok bool
		if s.kind == stepName {
			next, ok = v.Get(s.name)
		} else {
			next, ok = element(v, s.index)
		}
		if !ok {
			return p.mismatch(i, v)
		}
		v = next
	}
	panic("jsonpath: path found what it did not find")
}

// mismatch words the failure of step i, a name or index of any number, on v.
func (p *Path) mismatch(i int, v value.Value) *NotFoundError {
	s := &p.steps[i]
	last := i == len(p.steps)-1
	switch s.kind {
	case stepIndex, stepIndexes, stepSlice:
		switch v.Kind() {
		case value.Array:
			return &NotFoundError{Message: "No results for path: " + textOf("$", p.steps), IndexOutOfRange: last}
		case value.Null:
			return &NotFoundError{Message: "The path " + textOf("$", p.steps[:i]) + " is null"}
		default:
			return &NotFoundError{NotArray: true, Message: "Filter: " + textOf("", p.steps[i:]) +
				" can only be applied to arrays. Current context is: " + string(AppendJava(nil, v))}
		}
	default:
		if v.Kind() != value.Object {
			return &NotFoundError{Message: "Expected to find an object with property " + s.text + " in path " +
				textOf("$", p.steps[:i]) + " but found '" + javaClass(v) +
				"'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."}
		}
		if last {
			return p.noResults()
		}
		return &NotFoundError{Message: "Missing property in path " + textOf("$", p.steps[:i+1])}
	}
}

func (p *Path) noResults() *NotFoundError {
	return &NotFoundError{Message: "No results for path: " + textOf("$", p.steps)}
}

// element returns element i of an array, counted from the end when negative.
func element(v value.Value, i int) (value.Value, bool) {
	if v.Kind() != value.Array {
		return value.Value{}, false
	}
	n := v.Len()
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return value.Value{}, false
	}
	return v.At(i), true
}

// eval evaluates the path from cur as Jayway does, that is, with an error also
// for indefinite paths whose definite beginning is missing. visits is what is
// left of the evaluation's budget.
func (p *Path) eval(cur, root value.Value, visits *int) (value.Value, error) {
	w := walk{path: p, root: root, visits: visits}
	return w.run(cur)
}

// walk is one evaluation of one path.
type walk struct {
	path   *Path
	root   value.Value
	visits *int
	found  []value.Value
	err    *NotFoundError
	// strict makes missing members errors everywhere (Jayway's
	// REQUIRE_PROPERTIES), as in the existence test of a filter.
	strict bool
}

func (w *walk) run(cur value.Value) (value.Value, error) {
	w.step(cur, 0)
	if w.err != nil {
		return value.Value{}, w.err
	}
	if !w.path.definite {
		return value.NewArray(w.found), nil
	}
	if len(w.found) == 0 {
		e := w.path.noResults()
		last := len(w.path.steps) - 1
		e.IndexOutOfRange = last >= 0 && w.path.steps[last].kind == stepIndex
		return value.Value{}, e
	}
	return w.found[len(w.found)-1], nil
}

func (w *walk) fail(e *NotFoundError) {
	if w.err == nil {
		w.err = e
	}
}

// step applies step i, and the following ones, to v.
func (w *walk) step(v value.Value, i int) {
	if w.err != nil {
		return
	}
	if !w.spend() {
		return
	}
	if i == len(w.path.steps) {
		w.found = append(w.found, v)
		return
	}
	s := &w.path.steps[i]
	switch s.kind {
	case stepName, stepNames:
		w.names(v, i)
	case stepIndex, stepIndexes, stepSlice:
		w.indexes(v, i)
	case stepAny:
		for _, item := range v.Items() {
			w.step(item, i+1)
		}
	case stepFilter:
		w.filter(v, i)
	case stepScan:
		w.scan(v, i+1)
	case stepCall:
		if result, ok := w.call(s.call, v); ok {
			w.step(result, i+1)
		}
	}
}

func (w *walk) names(v value.Value, i int) {
	s := &w.path.steps[i]
	if v.Kind() != value.Object {
		if s.upstreamDefinite {
			w.fail(w.path.mismatch(i, v))
		}
		return
	}
	if s.kind == stepName {
		w.name(v, s.name, i)
		return
	}
	if i < len(w.path.steps)-1 {
		for _, name := range s.names {
			w.name(v, name, i)
		}
		return
	}
	var merged value.Builder
	for _, name := range s.names {
		if member, ok := v.Get(name); ok {
			merged.Set(name, member)
		} else if w.strict {
			w.fail(w.path.mismatch(i, v))
		}
	}
	w.step(merged.Object(), i+1)
}

func (w *walk) name(v value.Value, name string, i int) {
	member, ok := v.Get(name)
	if ok {
		w.step(member, i+1)
		return
	}
	s := &w.path.steps[i]
	leaf := i == len(w.path.steps)-1
	if w.strict || !leaf && s.kind == stepName && s.upstreamDefinite {
		w.fail(w.path.mismatch(i, v))
	}
}

func (w *walk) indexes(v value.Value, i int) {
	s := &w.path.steps[i]
	if v.Kind() != value.Array {
		if s.upstreamDefinite {
			w.fail(w.path.mismatch(i, v))
		}
		return
	}
	if s.kind == stepSlice {
		from, to := s.slice.bounds(v.Len())
		for k := from; k < to; k++ {
			w.index(v, k, i)
		}
		return
	}
	if s.kind == stepIndex {
		w.index(v, s.index, i)
		return
	}
	for _, k := range s.indexes {
		w.index(v, k, i)
	}
}

func (w *walk) index(v value.Value, k, i int) {
	if item, ok := element(v, k); ok {
		w.step(item, i+1)
	}
}

// filter tests the elements of an array, but an object as a whole.
func (w *walk) filter(v value.Value, i int) {
	test := w.path.steps[i].filter
	switch v.Kind() {
	case value.Array:
		for _, item := range v.Items() {
			if w.spend() && test.test(w, item) {
				w.step(item, i+1)
			}
		}
	case value.Object:
		if test.test(w, v) {
			w.step(v, i+1)
		}
	default:
		if s := &w.path.steps[i]; s.upstreamDefinite {
			w.fail(&NotFoundError{NotArray: true, Message: "Filter: " + textOf("", w.path.steps[i:]) +
				" can not be applied to primitives. Current context is: " + string(AppendJava(nil, v))})
		}
	}
}

// spend takes one node from the budget and fails when it is used up.
func (w *walk) spend() bool {
	if *w.visits--; *w.visits > 0 {
		return true
	}
	w.fail(&NotFoundError{Message: "The path matches too many nodes: " + w.path.text})
	return false
}

// scan applies step i to v and all that is in it, parents first. As in Jayway,
// an array that the step accepts hands each of its elements to the step after
// it ($..[0].x is $..[*].x), unless the step is the last.
func (w *walk) scan(v value.Value, i int) {
	if w.err != nil || i == len(w.path.steps) { // $..sum() scans for nothing
		return
	}
	leaf := i == len(w.path.steps)-1
	switch v.Kind() {
	case value.Object:
		if w.accepts(v, i) {
			w.step(v, i)
		}
	case value.Array:
		if !w.accepts(v, i) {
			break
		}
		if leaf {
			w.step(v, i)
			break
		}
		for _, item := range v.Items() {
			w.step(item, i+1)
		}
	default:
		return
	}
	if !w.spend() {
		return
	}
	for _, item := range v.Items() {
		w.scan(item, i)
	}
}

// accepts reports whether a scan stops at the container v for step i.
func (w *walk) accepts(v value.Value, i int) bool {
	s := &w.path.steps[i]
	switch s.kind {
	case stepName:
		_, ok := v.Get(s.name)
		return ok
	case stepNames:
		if v.Kind() != value.Object {
			return false
		}
		if i < len(w.path.steps)-1 {
			return true
		}
		for _, name := range s.names {
			if _, ok := v.Get(name); !ok {
				return false
			}
		}
		return true
	case stepIndex, stepIndexes, stepSlice:
		return v.Kind() == value.Array
	case stepAny:
		return true
	case stepFilter:
		return s.filter.test(w, v)
	case stepScan, stepCall:
	}
	return false
}
