package engine

import (
	"time"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// view is what expressions are evaluated over. A turn has one and sets it up anew
// for each use: it is on the hottest path.
type view struct {
	data  asl.Data
	frame *frame
	state *asl.State

	// What only some fields may see of the context object.
	nonce uint64      // not 0: Task.Token
	item  value.Value // Map.Item

	raw       asl.Document // the document that was parsed last
	execution value.Value  // the part of the context object that stays
	context   func() value.Value
}

// data is what the expressions of s see with in as "$". It is good until the
// next call.
func (t *turn) data(f *frame, s *asl.State, in asl.Document) *asl.Data {
	v := &t.view
	if v.context == nil {
		v.context = func() value.Value { return t.contextOf(v) }
	}
	v.frame, v.state, v.nonce, v.item = f, s, 0, value.Value{}
	v.data = asl.Data{Input: in, MakeContext: v.context, Env: &t.aslEnv}
	if t.x.variables > 0 {
		v.data.Variables = (*scope)(t)
	}
	return &v.data
}

// raw is the state's raw input. States that look inside find it parsed, once in
// a turn.
func (t *turn) raw(f *frame, s *asl.State) asl.Document {
	v := &t.view
	if v.raw.JSON() == f.input && f.input != "" {
		return v.raw
	}
	doc := asl.TextDocument(f.input)
	if s.InputPath != nil || s.Arguments != nil || s.Assign != nil || s.ResultPath != nil || s.OutputPath != nil || s.Choice != nil || s.Output != nil {
		doc.Value(t.env.Arena)
		v.raw = doc
	}
	return doc
}

// scope is a turn as the source of the variables that its view's frame sees: its
// own, then those of the frames that hold it.
type scope turn

// Variable implements asl.Variables.
func (s *scope) Variable(name string) (value.Value, bool) {
	return (*turn)(s).variable(s.view.frame, name)
}

func (t *turn) variable(f *frame, name string) (value.Value, bool) {
	for ; ; f = t.x.mustFrame(f.parent) {
		for i := range f.scope {
			if f.scope[i].name == name {
				v, err := value.Parse(f.scope[i].json, t.env.Arena)
				if err != nil {
					panic("engine: stored variable is no JSON: " + err.Error())
				}
				return v, true
			}
		}
		if f.id == 0 {
			return value.Value{}, false
		}
	}
}

// contextOf builds the context object that v shows, in AWS's order of members.
func (t *turn) contextOf(v *view) value.Value {
	if t.env.Probe != nil {
		return t.env.Probe.context(t, v)
	}
	f, s := v.frame, v.state
	var state value.Builder
	state.Grow(3)
	state.Set("Name", value.Text(s.Name))
	state.Set("EnteredTime", value.Text(Timestamp(f.since)))
	if s.Type == asl.TypeTask || s.Type == asl.TypeParallel || s.Type == asl.TypeMap {
		state.Set("RetryCount", value.Int(int64(f.retryCount())))
	}
	var c value.Builder
	c.Grow(4)
	c.Set("Execution", t.executionContext())
	c.Set("StateMachine", value.NewObject([]string{"Id", "Name"},
		[]value.Value{value.Text(t.x.Start.StateMachine), value.Text(t.x.Start.Machine)}))
	c.Set("State", state.Object())
	if v.nonce != 0 {
		token := t.env.Token(t.x.Last+1, v.nonce, s.Task.Resource)
		c.Set("Task", value.NewObject([]string{"Token"}, []value.Value{value.Text(token)}))
	}
	if v.item.Defined() {
		c.Set("Map", value.NewObject([]string{"Item"}, []value.Value{v.item}))
	}
	return c.Object()
}

// executionContext is the Execution member of the context object.
func (t *turn) executionContext() value.Value {
	if t.view.execution.Defined() {
		return t.view.execution
	}
	x := t.x
	input := asl.TextDocument(x.Input)
	var execution value.Builder
	execution.Grow(7)
	execution.Set("Id", value.Text(x.Start.ARN))
	execution.Set("Input", input.Value(t.env.Arena))
	execution.Set("StartTime", value.Text(Timestamp(x.StartTime)))
	execution.Set("Name", value.Text(x.Start.Execution))
	execution.Set("RoleArn", value.Text(x.Role))
	execution.Set("RedriveCount", value.Int(int64(x.RedriveCount)))
	if !x.RedriveTime.IsZero() {
		execution.Set("RedriveTime", value.Text(Timestamp(x.RedriveTime)))
	}
	t.view.execution = execution.Object()
	return t.view.execution
}

func (f *frame) retryCount() int {
	n := 0
	for _, r := range f.retries {
		n += r
	}
	return n
}

// Timestamp prints a time as the context object does: ISO-8601 in UTC with
// milliseconds, or without a fraction when it is zero.
func Timestamp(at time.Time) string {
	if at.Nanosecond() < 1e6 {
		return at.UTC().Format("2006-01-02T15:04:05Z")
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}
