package engine

import (
	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

// parallel starts the branches of a Parallel state, all with the same input.
func (t *turn) parallel(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail == nil {
		eff, fail = t.arguments(f, s, eff, 0)
	}
	if fail == nil {
		fail = t.checkSize(eff.JSON(), s.Name)
	}
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	if t.env.Probe != nil {
		t.mocked(f, s, value.Value{})
		return
	}
	t.emit(history.Event{
		Type: history.ParallelStateStarted, Frame: f.id, Previous: f.last,
		Length: len(s.Parallel.Branches), Payload: eff.JSON(), HasPayload: true,
	})
	t.startChildren(f)
}

// mapState starts the iterations of an inline Map state, or the map run of a
// distributed one.
func (t *turn) mapState(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	if s.Map.Child != nil {
		t.startMapRun(f, s, eff)
		return
	}
	d := t.data(f, s, eff)
	limit := int64(0)
	if s.Map.MaxConcurrency != nil {
		if limit, fail = s.Map.MaxConcurrency.Int(d); fail != nil {
			t.fail(f, s, fail, f.last)
			return
		}
	}
	doc, fail := t.itemsDocument(s, eff, d)
	var items value.Value
	if fail == nil {
		items, fail = s.Map.DecodeItems(s, doc, d)
	}
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	if t.env.Probe != nil {
		t.testMap(f, s, limit, doc, items)
		return
	}
	if limit <= 0 || limit > asl.MaxInlineMapConcurrency {
		limit = asl.MaxInlineMapConcurrency
	}
	t.emit(history.Event{
		Type: history.MapStateStarted, Frame: f.id, Previous: f.last,
		Length: items.Len(), Count: int(limit), Payload: items.JSON(), HasPayload: true,
	})
	if t.x.Status != Running {
		return
	}
	if items.Len() == 0 {
		t.childrenDone(f, s)
		return
	}
	t.startChildren(f)
}

// itemsDocument evaluates what a Map state iterates over.
func (t *turn) itemsDocument(s *asl.State, eff asl.Document, d *asl.Data) (asl.Document, *asl.Failure) {
	switch {
	case s.Map.Items != nil:
		return s.Map.Items.Eval(d)
	case s.Map.ItemsPath != nil:
		return s.Map.ItemsPath.Eval(eff, d)
	default:
		return eff, nil
	}
}

// canStart reports whether another child may start now.
func (h *hold) canStart() bool {
	return h.started < len(h.results) && (h.limit == 0 || h.started-h.done < h.limit)
}

// startChildren starts branches or iterations as far as concurrency and the
// turn's budget allow.
func (t *turn) startChildren(f *frame) {
	for t.x.Status == Running && t.x.frame(f.id) == f && f.hold != nil && f.hold.canStart() {
		if t.spent() {
			t.Yielded = true
			return
		}
		s := t.p.State(f.state)
		if s.Type == asl.TypeParallel {
			branch := s.Parallel.Branches[f.hold.started]
			t.enterChild(t.x.nextFrame, f, f.hold.started, branch.Start, f.hold.input)
			continue
		}
		t.startIteration(f, s, f.hold.origin)
	}
}

// startIteration starts the next iteration of an inline Map; it follows prev.
func (t *turn) startIteration(f *frame, s *asl.State, prev history.EventID) {
	index := f.hold.started
	input, fail := t.iterationInput(f, s, index)
	if fail != nil {
		t.fail(f, s, fail, prev)
		return
	}
	id := t.x.nextFrame
	t.emit(history.Event{
		Type: history.MapIterationStarted, Frame: id, Parent: f.id, Index: index, Previous: prev,
		Name: s.Name, Next: s.Map.Processor.Start.Name, Payload: input.JSON(), HasPayload: true,
	})
	if child := t.x.frame(id); child != nil && t.x.Status == Running {
		t.queue = append(t.queue, child)
	}
}

// iterationInput is item index after ItemSelector.
func (t *turn) iterationInput(f *frame, s *asl.State, index int) (asl.Document, *asl.Failure) {
	doc := asl.TextDocument(f.hold.items[index])
	selector := s.Map.ItemSelector
	if selector == nil {
		return doc, nil
	}
	item := doc.Value(t.env.Arena)
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		return eff, fail
	}
	d := t.data(f, s, eff)
	t.view.item = value.NewObject([]string{"Index", "Value"}, []value.Value{value.Int(int64(index)), item})
	return selector.Eval(d)
}

// childDone goes on when child index of f has ended well.
func (t *turn) childDone(f *frame, index int) {
	s := t.p.State(f.state)
	last := f.last // the child's final event
	if s.Type == asl.TypeMap {
		t.emit(history.Event{Type: history.MapIterationSucceeded, Frame: f.id, Index: index, Previous: last, Name: s.Name})
	}
	if t.x.Status != Running {
		return
	}
	if f.hold.done == len(f.hold.results) {
		t.childrenDone(f, s)
		return
	}
	if s.Type == asl.TypeMap && f.hold.canStart() {
		t.startIteration(f, s, last)
	}
}

// childrenDone leaves a Parallel or inline Map state whose children are all
// done.
func (t *turn) childrenDone(f *frame, s *asl.State) {
	prev := f.last
	result := joinArray(f.hold.results)
	succeeded := history.ParallelStateSucceeded
	if s.Type == asl.TypeMap {
		succeeded = history.MapStateSucceeded
	}
	id := t.emit(history.Event{Type: succeeded, Frame: f.id, Previous: prev})
	if t.x.Status == Running {
		t.finish(f, s, outcome{
			result: asl.TextDocument(result), next: s.Next, output: s.Output, assign: s.Assign,
			merge: true, worked: true, prev: prev, blame: id,
		})
	}
}

// elements cuts a compact JSON array of n elements into their texts.
func elements(array string, n int) []string {
	all := make([]string, 0, n)
	depth, start := 0, 1
	for i := 0; i < len(array); i++ {
		switch array[i] {
		case '"':
			for i++; array[i] != '"'; i++ {
				if array[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case ',':
			if depth == 1 {
				all = append(all, array[start:i])
				start = i + 1
			}
		}
	}
	if n > 0 {
		all = append(all, array[start:len(array)-1])
	}
	return all
}

func joinArray(items []string) string {
	size := 2 + len(items)
	for _, item := range items {
		size += len(item)
	}
	b := make([]byte, 0, size)
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return string(append(b, ']'))
}

// childFailed ends the siblings of a failed child and fails the state that holds
// them. k, the last event of the failed child, is what all the rest follows.
func (t *turn) childFailed(f *frame, child *frame, childState *asl.State, failure *asl.Failure, k history.EventID) {
	s := t.p.State(f.state)
	if s.Type == asl.TypeMap {
		t.emit(history.Event{Type: history.MapIterationFailed, Frame: f.id, Index: child.index, Previous: k, Name: s.Name})
	}
	if childState.Type == asl.TypeTask {
		t.emit(history.Event{Type: history.TaskStateAborted, Frame: f.id, Previous: k})
	}
	for _, open := range t.x.below(f.id) {
		if open == child || t.x.within(open, child.id) {
			continue
		}
		if s.Type == asl.TypeMap && open.parent == f.id {
			t.emit(history.Event{Type: history.MapIterationAborted, Frame: f.id, Index: open.index, Previous: k, Name: s.Name})
		}
		t.aborted(f, open, k)
	}
	if t.x.Status != Running {
		return
	}
	failed := *failure
	failed.Evaluation = false // recorded where it happened
	t.fail(f, s, &failed, k)
}

// aborted records that the state which open is in was cut short.
func (t *turn) aborted(holder, open *frame, k history.EventID) {
	s := t.p.State(open.state)
	if s == nil { // between two states
		return
	}
	var kind history.Type
	switch s.Type {
	case asl.TypeTask:
		kind = history.TaskStateAborted
	case asl.TypeWait:
		kind = history.WaitStateAborted
	case asl.TypeParallel:
		kind = history.ParallelStateAborted
	case asl.TypeMap:
		kind = history.MapStateAborted
	default:
		return
	}
	t.emit(history.Event{Type: kind, Frame: holder.id, Previous: k})
}
