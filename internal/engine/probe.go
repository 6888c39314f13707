package engine

import (
	"time"

	"pawl.dev/asl"
	"pawl.dev/value"
)

// Probe makes an execution the test of one state (the operation TestState): it
// starts in that state, ends where the state would be left or tried again, and
// notes what the data looked like on the way. It must be in Env with every turn
// of that execution, and in none of another.
type Probe struct {
	State     string
	Variables []Variable // in scope when the state is entered
	// Context is the context object. Map.Item and Task.Token are added where
	// the state may see them, unless it has them.
	Context value.Value
	// Retried is how many retries the retrier that matches has behind it.
	Retried int
	// Children stands for the branches of a Parallel state, and for the
	// iterations of a Map state; they do not run.
	Children *Children

	// What was seen.
	Seen          Seen
	Retrier       *int           // index of the retrier that matched
	Backoff       *time.Duration // until the next attempt; nil when none is left
	Catcher       *int           // index of the catcher that matched
	Failure       *asl.Failure   // that was caught or will be retried
	Left          bool           // the state was left, with Output
	Output        string
	Next          string // "" for a terminal state
	VariablesLeft string // object of the variables in scope at the end; "" for none
}

// Variable is a workflow variable.
type Variable struct{ Name, JSON string }

// Children is what the children of a Parallel or Map state come to.
type Children struct {
	Result  string       // JSON
	Failure *asl.Failure // instead of Result
	Failed  int64        // iterations that failed, for the tolerance
	// Read is the array of the items that the ItemReader yields; "" when they
	// are not known.
	Read string
}

// Seen is the data of a state in the course of its work, as JSON; "" for what
// was not reached.
type Seen struct {
	InputPath, Arguments, Result, ResultSelector, ResultPath string
	Items, ItemSelector, ItemBatcher                         string

	MaxConcurrency      *int64
	ToleratedCount      *int64
	ToleratedPercentage *float64
}

// see notes a document.
func (p *Probe) see(at func(*Seen) *string, doc asl.Document) {
	if p != nil {
		*at(&p.Seen) = doc.JSON()
	}
}

// start is the state in which an execution of program begins.
func (p *Probe) start(program *asl.Program) string {
	if p != nil {
		return p.State
	}
	return program.Root.Start.Name
}

// enterScope gives the root frame the variables of the test.
func (t *turn) enterScope() {
	if p := t.env.Probe; p != nil {
		for _, v := range p.Variables {
			f := t.x.frames[0]
			f.scope = append(f.scope, variable{v.Name, v.JSON})
			t.x.variables += len(v.JSON)
		}
	}
}

// context is the context object of the test as v sees it.
func (p *Probe) context(t *turn, v *view) value.Value {
	var c value.Builder
	for i, name := range p.Context.Keys() {
		c.Set(name, p.Context.At(i))
	}
	if _, given := c.Get("Task"); v.nonce != 0 && !given {
		token := t.env.Token(t.x.Last+1, v.nonce, v.state.Task.Resource)
		c.Set("Task", value.NewObject([]string{"Token"}, []value.Value{value.Text(token)}))
	}
	if v.item.Defined() {
		c.Set("Map", value.NewObject([]string{"Item"}, []value.Value{v.item}))
	}
	return c.Object()
}

// retry notes which retrier takes the failure; false when it has no retry left.
func (p *Probe) retry(i int, r *asl.Retrier, failure *asl.Failure) bool {
	p.Retrier = &i
	if p.Retried >= r.MaxAttempts {
		return false
	}
	delay := r.Delay(p.Retried+1, nil)
	p.Backoff, p.Failure = &delay, failure
	return true
}

// caught notes which catcher takes the failure.
func (p *Probe) caught(i int, failure *asl.Failure) {
	if p != nil {
		index := i // only now on the heap
		p.Catcher, p.Failure = &index, failure
	}
}

// over reports whether the test has come to its end.
func (p *Probe) over() bool { return p != nil && (p.Left || p.Backoff != nil) }

// leave ends the test where the state is left.
func (t *turn) leave(f *frame, output string, next *asl.State) {
	p := t.env.Probe
	p.Left, p.Output = true, output
	if next != nil {
		p.Next = next.Name
	}
	p.VariablesLeft = t.visibleVariables(f)
}

// mocked carries on a Parallel or Map state whose children do not run. items are
// what a Map iterates over; undefined when that is not known.
func (t *turn) mocked(f *frame, s *asl.State, items value.Value) {
	p := t.env.Probe
	failure := p.Children.Failure
	if failure == nil && p.exceeded(items) {
		failure = asl.NewFailure(asl.ErrToleratedFailures, "The specified tolerated failure threshold was exceeded")
	}
	if failure != nil {
		t.fail(f, s, failure, f.last)
		return
	}
	t.finish(f, s, outcome{
		result: asl.TextDocument(p.Children.Result), next: s.Next, output: s.Output, assign: s.Assign, merge: true, worked: true,
	})
}

// exceeded reports whether more iterations failed than the state tolerates. A
// state that says nothing tolerates all (recorded).
func (p *Probe) exceeded(items value.Value) bool {
	failed := p.Children.Failed
	if count := p.Seen.ToleratedCount; count != nil && failed > *count {
		return true
	}
	percentage := p.Seen.ToleratedPercentage
	if percentage == nil || failed == 0 {
		return false
	}
	total := int64(items.Len())
	if !items.Defined() {
		result := asl.TextDocument(p.Children.Result)
		total = int64(result.Value(nil).Len())
	}
	return float64(failed)*100 > *percentage*float64(total)
}
