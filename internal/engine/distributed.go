package engine

import (
	"encoding/json"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

// MapRunSpec is everything a map run needs of its execution, evaluated once when
// the Map state starts. It is stored with MapRunStarted.
type MapRunSpec struct {
	State     string `json:"state"`
	Input     string `json:"input"`               // effective input of the Map state
	Context   string `json:"context"`             // context object of the Map state
	Variables string `json:"variables,omitempty"` // object of the variables in scope
	Items     string `json:"items,omitempty"`     // array or object; "" when there is a reader

	ReaderArguments string `json:"reader,omitempty"` // evaluated ItemReader.Parameters
	MaxItems        int64  `json:"maxItems,omitempty"`
	WriterArguments string `json:"writer,omitempty"` // evaluated ResultWriter.Parameters

	MaxConcurrency      int64    `json:"maxConcurrency,omitempty"`
	ToleratedCount      *int64   `json:"toleratedCount,omitempty"`
	ToleratedPercentage *float64 `json:"toleratedPercentage,omitempty"`

	MaxItemsPerBatch int64  `json:"maxItemsPerBatch,omitempty"`
	MaxBatchBytes    int64  `json:"maxBatchBytes,omitempty"`
	BatchInput       string `json:"batchInput,omitempty"`
}

// startMapRun starts the map run of a distributed Map state.
func (t *turn) startMapRun(f *frame, s *asl.State, eff asl.Document) {
	spec := &MapRunSpec{State: s.Name, Input: eff.JSON()}
	length, fail := t.mapRunLimits(f, s, eff, spec)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.emit(history.Event{Type: history.MapStateStarted, Frame: f.id, Previous: f.last, Length: length})
	if t.x.Status != Running {
		return
	}
	if fail = t.mapRunTolerance(f, s, eff, spec); fail == nil {
		fail = t.mapRunSources(f, s, eff, spec)
	}
	if fail != nil && !fail.Is(asl.ErrItemReaderFailed) {
		t.fail(f, s, fail, f.last)
		return
	}
	if t.env.Probe != nil && fail == nil {
		t.testMapRun(f, s, eff, spec)
		return
	}
	spec.Context = t.data(f, s, eff).ContextValue().JSON()
	spec.Variables = t.visibleVariables(f)
	body, err := json.Marshal(spec)
	if err != nil {
		panic("engine: map run spec does not encode: " + err.Error())
	}
	uuid := NewUUID(t.env.Rand)
	t.emit(history.Event{Type: history.MapRunStarted, Frame: f.id, Previous: f.last, MapRun: uuid, Label: s.Map.Label, Payload: string(body), HasPayload: true})
	switch {
	case t.x.Status != Running:
	case fail != nil: // the reader can't work: a run that fails as it starts
		t.mapRunFailed(f, s, fail)
	default:
		t.Effects = append(t.Effects, StartMapRun{UUID: uuid, Spec: spec})
	}
}

// mapRunLimits evaluates what must be right before MapStateStarted and returns
// the number of items known by then, 0 with a reader.
func (t *turn) mapRunLimits(f *frame, s *asl.State, eff asl.Document, spec *MapRunSpec) (int, *asl.Failure) {
	d := t.data(f, s, eff)
	var fail *asl.Failure
	if n := s.Map.MaxConcurrency; n != nil {
		if spec.MaxConcurrency, fail = n.Int(d); fail != nil {
			return 0, fail
		}
	}
	if s.Map.Reader != nil {
		return 0, nil
	}
	doc, fail := t.itemsDocument(s, eff, d)
	if fail != nil {
		return 0, fail
	}
	items, fail := s.Map.DecodeItems(s, doc, d)
	if fail != nil {
		return 0, fail
	}
	spec.Items = doc.JSON()
	return items.Len(), nil
}

// mapRunTolerance evaluates how many children may fail.
func (t *turn) mapRunTolerance(f *frame, s *asl.State, eff asl.Document, spec *MapRunSpec) *asl.Failure {
	d := t.data(f, s, eff)
	if n := s.Map.ToleratedFailureCount; n != nil {
		count, fail := n.Int(d)
		if fail != nil {
			return fail
		}
		spec.ToleratedCount = &count
	}
	if n := s.Map.ToleratedFailurePercentage; n != nil {
		percentage, fail := n.Float(d)
		if fail != nil {
			return fail
		}
		spec.ToleratedPercentage = &percentage
	}
	return nil
}

// mapRunSources evaluates the reader, batcher and writer of a distributed Map.
func (t *turn) mapRunSources(f *frame, s *asl.State, eff asl.Document, spec *MapRunSpec) *asl.Failure {
	d := t.data(f, s, eff)
	var fail *asl.Failure
	if r := s.Map.Reader; r != nil {
		if spec.ReaderArguments, fail = evalText(r.Arguments, d); fail != nil {
			return fail
		}
		if spec.MaxItems, fail = evalInt(r.MaxItems, d); fail != nil {
			return fail
		}
	}
	if b := s.Map.Batcher; b != nil {
		if spec.MaxItemsPerBatch, fail = evalInt(b.MaxItemsPerBatch, d); fail != nil {
			return fail
		}
		if spec.MaxBatchBytes, fail = evalInt(b.MaxInputBytesPerBatch, d); fail != nil {
			return fail
		}
		if spec.BatchInput, fail = evalText(b.BatchInput, d); fail != nil {
			return fail
		}
	}
	if w := s.Map.Writer; w != nil {
		spec.WriterArguments, fail = evalText(w.Arguments, d)
	}
	return fail
}

func evalText(t *asl.Template, d *asl.Data) (string, *asl.Failure) {
	if t == nil {
		return "", nil
	}
	doc, fail := t.Eval(d)
	if fail != nil {
		return "", fail
	}
	return doc.JSON(), nil
}

func evalInt(n *asl.Number, d *asl.Data) (int64, *asl.Failure) {
	if n == nil {
		return 0, nil
	}
	return n.Int(d)
}

// visibleVariables is the object of the variables that f sees, "" when there are
// none.
func (t *turn) visibleVariables(f *frame) string {
	var b value.Builder
	for {
		for _, v := range f.scope {
			if _, shadowed := b.Get(v.name); !shadowed {
				parsed, _ := t.variable(f, v.name)
				b.Set(v.name, parsed)
			}
		}
		if f.id == 0 {
			break
		}
		f = t.x.mustFrame(f.parent)
	}
	if b.Len() == 0 {
		return ""
	}
	return b.Object().JSON()
}

// mapRunDone goes on when the map run of a distributed Map state has ended.
func (t *turn) mapRunDone(in MapRunDone) {
	f := t.x.mapping(in.UUID)
	if f == nil || f.mapRedrives != in.Redrives || t.deleted(f) {
		return
	}
	s := t.p.State(f.state)
	switch {
	case in.Aborted:
		t.emit(history.Event{Type: history.MapRunAborted, Frame: f.id, Previous: f.last})
		t.fail(f, s, asl.NewFailure(asl.ErrTaskFailed, "The map run was aborted"), f.last)
	case in.Failure != nil:
		t.mapRunFailed(f, s, in.Failure)
	default:
		id := t.emit(history.Event{Type: history.MapRunSucceeded, Frame: f.id, Previous: f.last})
		if t.x.Status != Running {
			return
		}
		t.emit(history.Event{Type: history.MapStateSucceeded, Frame: f.id, Previous: id})
		if t.x.Status != Running {
			return
		}
		t.finish(f, s, outcome{
			result: asl.TextDocument(in.Output), next: s.Next, output: s.Output, assign: s.Assign,
			merge: true, worked: true, prev: id,
		})
	}
}

func (t *turn) mapRunFailed(f *frame, s *asl.State, failure *asl.Failure) {
	t.emit(history.Event{Type: history.MapRunFailed, Frame: f.id, Previous: f.last, Error: failure.Error, Cause: failure.Cause})
	t.fail(f, s, failure, f.last)
}

// mapping returns the frame that waits for a map run, nil when none does (I6).
func (x *Execution) mapping(uuid string) *frame {
	for _, f := range x.frames {
		if f.phase == mapping && f.mapRun == uuid {
			return f
		}
	}
	return nil
}

// SpecOf decodes the spec stored with MapRunStarted.
func SpecOf(e *history.Event) (*MapRunSpec, error) {
	spec := new(MapRunSpec)
	return spec, json.Unmarshal([]byte(e.Payload), spec)
}
