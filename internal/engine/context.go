package engine

import (
	"time"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// data is what the expressions of s see with in as "$".
func (t *turn) data(f *frame, s *asl.State, in asl.Document) *asl.Data {
	return &asl.Data{
		Input:       in,
		MakeContext: func() value.Value { return t.context(f, s, contextExtra{}) },
		Variables:   scope{t, f},
		Env:         &t.aslEnv,
	}
}

// scope is the variables that a frame sees: its own, then those of the frames
// that hold it.
type scope struct {
	t *turn
	f *frame
}

func (s scope) Variable(name string) (value.Value, bool) {
	for f := s.f; ; f = s.t.x.mustFrame(f.parent) {
		for i := range f.scope {
			if f.scope[i].name == name {
				v, err := value.Parse(f.scope[i].json, s.t.env.Arena)
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

// contextExtra is what only some fields may see of the context object.
type contextExtra struct {
	token string
	item  value.Value // Map.Item
}

// context builds the context object, in AWS's order of members.
func (t *turn) context(f *frame, s *asl.State, extra contextExtra) value.Value {
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
	machine := value.NewObject([]string{"Id", "Name"},
		[]value.Value{value.Text(x.Start.StateMachine), value.Text(x.Start.Machine)})

	var state value.Builder
	state.Set("Name", value.Text(s.Name))
	state.Set("EnteredTime", value.Text(Timestamp(f.since)))
	if s.Type == asl.TypeTask || s.Type == asl.TypeParallel || s.Type == asl.TypeMap {
		state.Set("RetryCount", value.Int(int64(f.retryCount())))
	}

	var c value.Builder
	c.Grow(5)
	c.Set("Execution", execution.Object())
	c.Set("StateMachine", machine)
	c.Set("State", state.Object())
	if extra.token != "" {
		c.Set("Task", value.NewObject([]string{"Token"}, []value.Value{value.Text(extra.token)}))
	}
	if extra.item.Defined() {
		c.Set("Map", value.NewObject([]string{"Item"}, []value.Value{extra.item}))
	}
	return c.Object()
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
