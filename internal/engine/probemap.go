package engine

import (
	"pawl.dev/asl"
	"pawl.dev/value"
)

// testMap goes on with an inline Map state under test, whose items are known.
func (t *turn) testMap(f *frame, s *asl.State, limit int64, doc asl.Document, items value.Value) {
	seen := &t.env.Probe.Seen
	seen.Items, seen.MaxConcurrency = doc.JSON(), &limit
	if _, fail := t.seeSelected(f, s, items); fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.mocked(f, s, items)
}

// testMapRun goes on with a distributed Map state under test, whose fields have
// been evaluated. Its items are those of its input, or what the test says that
// the reader yields.
func (t *turn) testMapRun(f *frame, s *asl.State, eff asl.Document, spec *MapRunSpec) {
	seen := &t.env.Probe.Seen
	seen.Items, seen.MaxConcurrency = spec.Items, &spec.MaxConcurrency
	seen.ToleratedCount, seen.ToleratedPercentage = spec.ToleratedCount, spec.ToleratedPercentage
	items, fail := t.testedItems(f, s, eff, spec)
	if fail == nil && items.Defined() {
		items, fail = t.seeSelected(f, s, items)
		if fail == nil && s.Map.Batcher != nil {
			items = batched(items, spec, t.env.Arena)
			seen.ItemBatcher = items.JSON()
		}
	}
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.mocked(f, s, items)
}

// testedItems are the items of a distributed Map; undefined when a reader would
// have to be asked.
func (t *turn) testedItems(f *frame, s *asl.State, eff asl.Document, spec *MapRunSpec) (value.Value, *asl.Failure) {
	text := spec.Items
	if s.Map.Reader != nil {
		text = t.env.Probe.Children.Read
	}
	if text == "" {
		return value.Value{}, nil
	}
	items, fail := s.Map.DecodeItems(s, asl.TextDocument(text), t.data(f, s, eff))
	if n := spec.MaxItems; fail == nil && n > 0 && n < int64(items.Len()) {
		items = value.NewArray(items.Items()[:n])
	}
	return items, fail
}

// seeSelected returns the items after ItemSelector and notes them.
func (t *turn) seeSelected(f *frame, s *asl.State, items value.Value) (value.Value, *asl.Failure) {
	if s.Map.ItemSelector == nil {
		return items, nil
	}
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		return items, fail
	}
	selected := make([]value.Value, items.Len())
	for i, item := range items.Items() {
		d := t.data(f, s, eff)
		t.view.item = value.NewObject([]string{"Index", "Value"}, []value.Value{value.Int(int64(i)), item})
		doc, fail := s.Map.ItemSelector.Eval(d)
		if fail != nil {
			return items, fail
		}
		selected[i] = doc.Value(t.env.Arena)
	}
	items = value.NewArray(selected)
	t.env.Probe.Seen.ItemSelector = items.JSON()
	return items, nil
}

// batched puts items together as ItemBatcher says.
func batched(items value.Value, spec *MapRunSpec, arena *value.Arena) value.Value {
	limit := int64(asl.MaxPayloadBytes)
	if spec.MaxBatchBytes > 0 {
		limit = min(limit, spec.MaxBatchBytes)
	}
	input := value.Value{}
	if spec.BatchInput != "" {
		doc := asl.TextDocument(spec.BatchInput)
		input = doc.Value(arena)
	}
	var batches, open []value.Value
	batch := func(items []value.Value) value.Value {
		var b value.Builder
		if input.Defined() {
			b.Set("BatchInput", input)
		}
		b.Set("Items", value.NewArray(items))
		return b.Object()
	}
	bytes := int64(0) // of the items in the open batch, with their commas
	empty := int64(len(batch(nil).JSON()))
	for _, item := range items.Items() {
		size := int64(len(item.JSON())) + 1
		full := spec.MaxItemsPerBatch > 0 && int64(len(open)) == spec.MaxItemsPerBatch
		if len(open) > 0 && (full || empty+bytes+size-1 > limit) {
			batches, open, bytes = append(batches, batch(open)), nil, 0
		}
		open = append(open, item)
		bytes += size
	}
	if len(open) > 0 {
		batches = append(batches, batch(open))
	}
	return value.NewArray(batches)
}
