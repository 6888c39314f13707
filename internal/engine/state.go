package engine

import (
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

var (
	enteredTypes = [...]history.Type{
		asl.TypePass: history.PassStateEntered, asl.TypeTask: history.TaskStateEntered, asl.TypeChoice: history.ChoiceStateEntered,
		asl.TypeWait: history.WaitStateEntered, asl.TypeSucceed: history.SucceedStateEntered, asl.TypeFail: history.FailStateEntered,
		asl.TypeParallel: history.ParallelStateEntered, asl.TypeMap: history.MapStateEntered,
	}
	exitedTypes = [...]history.Type{
		asl.TypePass: history.PassStateExited, asl.TypeTask: history.TaskStateExited, asl.TypeChoice: history.ChoiceStateExited,
		asl.TypeWait: history.WaitStateExited, asl.TypeSucceed: history.SucceedStateExited,
		asl.TypeParallel: history.ParallelStateExited, asl.TypeMap: history.MapStateExited,
	}
)

// enter enters the state that f is ready for and works on it.
func (t *turn) enter(f *frame) {
	s := t.p.State(f.next)
	if s == nil {
		panic(fmt.Sprintf("engine: state %q is not in the definition", f.next))
	}
	// The first state of the execution follows 0, not ExecutionStarted.
	t.emit(history.Event{
		Type: enteredTypes[s.Type], Frame: f.id, Previous: f.last,
		Name: s.Name, Payload: f.input, HasPayload: true,
	})
	if t.x.Status == Running {
		t.work(f, s)
	}
}

// enterChild enters the first state of a new branch.
func (t *turn) enterChild(id history.FrameID, holder *frame, index int, s *asl.State, input string) {
	t.emit(history.Event{
		Type: enteredTypes[s.Type], Frame: id, Parent: holder.id, Index: index, Previous: holder.hold.origin,
		Name: s.Name, Payload: input, HasPayload: true,
	})
	if f := t.x.frame(id); f != nil && t.x.Status == Running {
		t.work(f, s)
	}
}

// work does what the state is for, from its effective input on; retries come
// back here.
func (t *turn) work(f *frame, s *asl.State) {
	switch s.Type {
	case asl.TypePass:
		t.pass(f, s)
	case asl.TypeTask:
		t.schedule(f, s)
	case asl.TypeWait:
		t.wait(f, s)
	case asl.TypeChoice:
		t.choose(f, s)
	case asl.TypeSucceed:
		t.succeed(f, s)
	case asl.TypeFail:
		t.failState(f, s)
	case asl.TypeParallel:
		t.parallel(f, s)
	case asl.TypeMap:
		t.mapState(f, s)
	default:
		panic("engine: unknown state type")
	}
}

// effectiveInput is the raw input after InputPath.
func (t *turn) effectiveInput(f *frame, s *asl.State) (asl.Document, *asl.Failure) {
	raw := t.raw(f, s)
	if s.InputPath == nil {
		t.env.Probe.see(func(s *Seen) *string { return &s.InputPath }, raw)
		return raw, nil
	}
	eff, fail := s.InputPath.Eval(raw, t.data(f, s, raw))
	if fail == nil {
		t.env.Probe.see(func(s *Seen) *string { return &s.InputPath }, eff)
	}
	return eff, fail
}

// arguments is the effective input after Parameters or Arguments.
func (t *turn) arguments(f *frame, s *asl.State, eff asl.Document, nonce uint64) (asl.Document, *asl.Failure) {
	if s.Arguments != nil {
		d := t.data(f, s, eff)
		t.view.nonce = nonce
		var fail *asl.Failure
		if eff, fail = s.Arguments.Eval(d); fail != nil {
			return eff, fail
		}
	}
	t.env.Probe.see(func(s *Seen) *string { return &s.Arguments }, eff)
	return eff, nil
}

func (t *turn) pass(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail == nil {
		switch {
		case s.Pass != nil:
			eff = asl.TextDocument(s.Pass.Result)
		case s.Language == asl.JSONPath:
			eff, fail = t.arguments(f, s, eff, 0)
		}
	}
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.finish(f, s, outcome{result: eff, next: s.Next, output: s.Output, assign: s.Assign, merge: true})
}

func (t *turn) succeed(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.finish(f, s, outcome{result: eff, output: s.Output})
}

func (t *turn) failState(f *frame, s *asl.State) {
	d := t.data(f, s, asl.TextDocument(f.input))
	failure := &asl.Failure{}
	for _, field := range []struct {
		from *asl.TextField
		to   **string
		max  int
	}{{s.Fail.Error, &failure.Error, asl.MaxErrorChars}, {s.Fail.Cause, &failure.Cause, asl.MaxCauseChars}} {
		if field.from == nil {
			continue
		}
		text, fail := field.from.Eval(d)
		if fail != nil {
			t.fail(f, s, fail, f.last)
			return
		}
		text = truncate(text, field.max)
		*field.to = &text
	}
	t.fail(f, s, failure, f.last)
}

func (t *turn) choose(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	rule, fail := s.Choice.Match(t.data(f, s, eff))
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	o := outcome{result: eff, next: s.Choice.Default, output: s.Output, assign: s.Assign}
	if rule != nil {
		o.next, o.assign, o.output = rule.Next, rule.Assign, rule.Output
		if o.output == nil {
			o.output = s.Output
		}
	}
	if o.next == nil {
		// The specification names States.NoChoiceMatched; AWS answers this.
		noMatch := asl.NewFailure(asl.ErrRuntime, "Failed to transition out of the state. The state does not point to a next state.")
		noMatch.InState = true
		t.fail(f, s, noMatch, f.last)
		return
	}
	t.finish(f, s, o)
}

func (t *turn) wait(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	until, fail := s.Wait.Until(t.data(f, s, eff), f.since)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	if until.After(t.env.Now) {
		t.emit(history.Event{Type: history.WaitStarted, Frame: f.id, Until: until})
		return
	}
	t.waited(f, s)
}

// waited leaves a Wait state.
func (t *turn) waited(f *frame, s *asl.State) {
	eff, fail := t.effectiveInput(f, s)
	if fail != nil {
		t.fail(f, s, fail, f.last)
		return
	}
	t.finish(f, s, outcome{result: eff, next: s.Next, output: s.Output, assign: s.Assign})
}

// outcome is how a state ends well.
type outcome struct {
	result asl.Document // effective input, or the result of the work
	next   *asl.State
	output *asl.Template // JSONata
	assign *asl.Template
	merge  bool            // the result goes through ResultPath (Pass, Task, Parallel, Map)
	worked bool            // the result is that of Task, Parallel or Map: ResultSelector and $states.result apply
	prev   history.EventID // what the exit event follows; 0: the frame's last event
	blame  history.EventID // what a failure here follows; 0: the frame's last event
}

// finish carries a result through the rest of the data flow and leaves the
// state. Order: asl.md's ResultSelector, Assign, ResultPath, OutputPath; or
// Assign and Output from the same snapshot in JSONata.
func (t *turn) finish(f *frame, s *asl.State, o outcome) {
	raw := t.raw(f, s)
	blame := o.blame
	if blame == 0 {
		blame = f.last
	}
	t.env.Probe.see(func(s *Seen) *string { return &s.Result }, o.result)
	var assigned []history.Assigned
	var output asl.Document
	var fail *asl.Failure
	if s.Language == asl.JSONata {
		assigned, output, fail = t.flowJSONata(f, s, raw, o)
	} else {
		assigned, output, fail = t.flowJSONPath(f, s, raw, o)
	}
	if fail == nil {
		fail = t.checkSize(output.JSON(), s.Name)
	}
	if fail != nil {
		t.fail(f, s, fail, blame)
		return
	}
	t.exit(f, s, o.prev, output.JSON(), assigned, o.next)
}

func (t *turn) flowJSONPath(f *frame, s *asl.State, raw asl.Document, o outcome) ([]history.Assigned, asl.Document, *asl.Failure) {
	var assigned []history.Assigned
	var fail *asl.Failure
	if o.assign != nil {
		if assigned, fail = t.assign(f, s, o.assign, t.data(f, s, o.result)); fail != nil {
			return nil, raw, fail
		}
	}
	result := o.result
	if o.worked && s.ResultSelector != nil {
		if result, fail = s.ResultSelector.Eval(t.data(f, s, result)); fail != nil {
			return nil, raw, fail
		}
	}
	t.env.Probe.see(func(s *Seen) *string { return &s.ResultSelector }, result)
	if o.merge && s.ResultPath != nil {
		if result, fail = s.ResultPath.Merge(raw, result, t.data(f, s, raw)); fail != nil {
			return nil, raw, fail
		}
	}
	t.env.Probe.see(func(s *Seen) *string { return &s.ResultPath }, result)
	if s.OutputPath != nil {
		result, fail = s.OutputPath.Eval(result, t.data(f, s, result))
	}
	return assigned, result, fail
}

func (t *turn) flowJSONata(f *frame, s *asl.State, raw asl.Document, o outcome) ([]history.Assigned, asl.Document, *asl.Failure) {
	d := t.data(f, s, raw)
	if o.worked {
		d.Result, d.HasResult = o.result, true
	}
	assigned, fail := t.assign(f, s, o.assign, d)
	if fail != nil {
		return nil, raw, fail
	}
	if o.output == nil {
		return assigned, o.result, nil
	}
	output, fail := o.output.Eval(d)
	return assigned, output, fail
}

// assign evaluates an Assign field and checks the execution's total.
func (t *turn) assign(f *frame, s *asl.State, from *asl.Template, d *asl.Data) ([]history.Assigned, *asl.Failure) {
	if from == nil {
		return nil, nil
	}
	values, fail := from.Assign(d)
	if fail != nil {
		return nil, fail
	}
	total := t.x.variables
	assigned := make([]history.Assigned, len(values))
	for i, v := range values {
		assigned[i] = history.Assigned{Name: v.Name, JSON: v.JSON}
		total += len(v.JSON)
		for _, old := range f.scope {
			if old.name == v.Name {
				total -= len(old.json)
			}
		}
	}
	if over := total - asl.MaxTotalVariableBytes; over > 0 {
		fail := asl.NewFailure(asl.ErrDataLimitExceeded, fmt.Sprintf(
			"Execution total variable size limit exceeded. State '%s' assigned variables that exceed the total execution limit by %d bytes.", s.Name, over))
		fail.Evaluation, fail.Location = true, "Assign"
		return nil, fail
	}
	return assigned, nil
}

// exit leaves the state and goes on where it points to.
func (t *turn) exit(f *frame, s *asl.State, prev history.EventID, output string, assigned []history.Assigned, next *asl.State) {
	if prev == 0 {
		prev = f.last
	}
	e := history.Event{
		Type: exitedTypes[s.Type], Frame: f.id, Previous: prev, Name: s.Name,
		Payload: output, HasPayload: true, Assigned: assigned, Final: next == nil,
	}
	if next != nil {
		e.Next = next.Name
	}
	t.emit(e)
	switch {
	case t.x.Status != Running:
	case t.env.Probe != nil:
		t.leave(f, output, next)
	case next != nil:
		t.queue = append(t.queue, f)
	case f.id == 0:
		t.emit(history.Event{Type: history.ExecutionSucceeded, Previous: f.last, Payload: output, HasPayload: true})
	default:
		t.childDone(t.x.mustFrame(f.parent), f.index)
	}
}

// checkSize refuses payloads over the limit; who names the state or task.
func (t *turn) checkSize(payload, who string) *asl.Failure {
	if len(payload) <= asl.MaxPayloadBytes {
		return nil
	}
	return asl.NewFailure(asl.ErrDataLimitExceeded,
		"The state/task '"+who+"' returned a result with a size exceeding the maximum number of bytes service limit.")
}

// truncate cuts text to at most n characters.
func truncate(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
