package jsonpath

import (
	"strconv"
	"strings"
)

// stepKind says what a step selects.
type stepKind uint8

const (
	stepName    stepKind = iota // .name, ['name']
	stepNames                   // ['a','b']
	stepIndex                   // [0], [-1]
	stepIndexes                 // [0,2]
	stepSlice                   // [1:3], [-2:]
	stepAny                     // .*, [*]
	stepScan                    // ..
	stepFilter                  // [?(…)]
	stepCall                    // .length()
)

// step is one link of a path.
type step struct {
	kind    stepKind
	name    string   // stepName
	names   []string // stepNames
	index   int      // stepIndex
	indexes []int    // stepIndexes
	slice   slice
	filter  expr
	call    *call
	text    string // the step as Jayway prints it in messages
	// upstreamDefinite says that everything before the step selects at most
	// one value; only then is a mismatch an error.
	upstreamDefinite bool
}

// slice is [from:to]. Jayway reads a step ([a:b:c]) and ignores it.
type slice struct {
	from, to       int
	hasFrom, hasTo bool
}

// bounds returns the indexes to visit in an array of n elements, some of which
// may be negative: [-3:2] counts from the end up to the front again, and
// [0:-1] is empty, both as in Jayway.
func (s slice) bounds(n int) (from, to int) {
	switch {
	case s.hasFrom && s.hasTo:
		return max(s.from, -n), min(s.to, n)
	case s.hasFrom:
		if from = s.from; from < 0 {
			from += n
		}
		return max(from, 0), n
	}
	if to = s.to; to < 0 {
		to += n
	}
	return 0, min(to, n)
}

// newPath links parsed steps to a path. The text is left to the caller.
func newPath(steps []step) *Path {
	steps = hoistCall(steps)
	p := &Path{steps: steps, definite: true, plain: true}
	for i := range steps {
		s := &steps[i]
		s.upstreamDefinite = p.definite
		switch s.kind {
		case stepName, stepIndex:
		case stepCall:
			p.plain = false
		case stepNames:
			// Names at the end are merged to one object; before the end they
			// are alternatives.
			p.plain = false
			p.definite = p.definite && i == len(steps)-1
		case stepIndexes, stepSlice, stepAny, stepScan, stepFilter:
			p.plain, p.definite = false, false
		}
	}
	return p
}

// hoistCall turns $..price.sum() into $.sum($..price): Jayway applies a
// function at the end of a scan of the root to all that was found at once.
func hoistCall(steps []step) []step {
	if len(steps) < 2 || steps[0].kind != stepScan || steps[len(steps)-1].kind != stepCall {
		return steps
	}
	i := 0
	for steps[i].kind != stepCall {
		i++
	}
	hoisted := steps[i]
	hoisted.call = &call{name: hoisted.call.name, args: []argument{newPathArgument(hoisted.call.name, steps[:i:i])}}
	return append([]step{hoisted}, steps[i+1:]...)
}

func nameStep(name string) step {
	return step{kind: stepName, name: name, text: "['" + name + "']"}
}

func namesStep(names []string) step {
	return step{kind: stepNames, names: names, text: "['" + strings.Join(names, "','") + "']"}
}

func indexStep(indexes []int) step {
	if len(indexes) == 1 {
		return step{kind: stepIndex, index: indexes[0], text: "[" + strconv.Itoa(indexes[0]) + "]"}
	}
	texts := make([]string, len(indexes))
	for i, n := range indexes {
		texts[i] = strconv.Itoa(n)
	}
	return step{kind: stepIndexes, indexes: indexes, text: "[" + strings.Join(texts, ",") + "]"}
}

func sliceStep(s slice) step {
	text := "["
	if s.hasFrom {
		text += strconv.Itoa(s.from)
	}
	text += ":"
	if s.hasTo {
		text += strconv.Itoa(s.to)
	}
	return step{kind: stepSlice, slice: s, text: text + "]"}
}

// textOf prints steps as Jayway does: $['a'][0].
func textOf(root string, steps []step) string {
	var b strings.Builder
	b.WriteString(root)
	for i := range steps {
		b.WriteString(steps[i].text)
	}
	return b.String()
}
