package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
)

// logID is the log that ref names. Errors: ErrNotFound.
func (ref ExecutionRef) logID() (store.LogID, error) {
	if ref.Label == "" {
		return store.ExecutionID(ref.Machine, ref.Name), nil
	}
	name, _, _ := strings.Cut(ref.Name, ":")
	run, index, ok := maprun.ParseChildName(name)
	if !ok {
		return "", ErrNotFound
	}
	return store.ChildID(store.RunID(run), index), nil
}

// find returns the summary of the execution that ref names.
func (h *Host) find(ctx context.Context, ref ExecutionRef) (*store.Summary, error) {
	id, err := ref.logID()
	if err != nil {
		return nil, err
	}
	summary, err := h.config.Store.Summary(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("find execution %s: %w", id, err)
	}
	if summary.Machine != ref.Machine || summary.Label != ref.Label || summary.Express != ref.Express {
		return nil, ErrNotFound
	}
	return summary, nil
}

// Describe returns an execution. Errors: ErrNotFound.
func (h *Host) Describe(ctx context.Context, ref ExecutionRef) (*Execution, error) {
	summary, err := h.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	return h.describe(ctx, summary)
}

// describe completes a summary with what is in the first and last turn.
func (h *Host) describe(ctx context.Context, summary *store.Summary) (*Execution, error) {
	first, err := h.turn(ctx, summary.ID, 0)
	if err != nil {
		return nil, err
	}
	last := first
	if summary.Status != store.Running && summary.Turns > 1 {
		if last, err = h.turn(ctx, summary.ID, summary.Turns-1); err != nil {
			return nil, err
		}
	}
	return describeEvents(summary, first, last)
}

// describeTurns is describe with the first and last turn at hand.
func describeTurns(summary *store.Summary, first, last []byte) (*Execution, error) {
	events, err := history.DecodeTurn(first)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", summary.ID, err)
	}
	if summary.Turns < 2 {
		return describeEvents(summary, events, events)
	}
	ending, err := history.DecodeTurn(last)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", summary.ID, err)
	}
	return describeEvents(summary, events, ending)
}

func describeEvents(summary *store.Summary, first, last []history.Event) (*Execution, error) {
	d := &Execution{Summary: *summary}
	if len(first) == 0 || first[0].Start == nil {
		return nil, fmt.Errorf("execution %s has no start", summary.ID)
	}
	d.Input, d.RoleARN = first[0].Payload, first[0].Role
	d.Definition, d.Revision = first[0].Start.Definition, first[0].Start.Revision
	if summary.Status != store.Running && len(last) > 0 {
		d.ended(&last[len(last)-1])
	}
	return d, nil
}

// ended takes the outcome from an execution's last event.
func (d *Execution) ended(e *history.Event) {
	switch e.Type {
	case history.ExecutionSucceeded:
		d.Output = e.Payload
	case history.ExecutionFailed, history.ExecutionAborted:
		d.Error, d.Cause = e.Error, e.Cause
	default: // a time-out shows no error
	}
}

// turn decodes one turn of a log; nil when there is none.
func (h *Host) turn(ctx context.Context, id store.LogID, n uint64) (events []history.Event, err error) {
	var decodeErr error
	err = h.config.Store.Turns(ctx, id, n, func(turn []byte) bool {
		events, decodeErr = history.DecodeTurn(turn)
		return false
	})
	if err == nil {
		err = decodeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read turn %d of %s: %w", n, id, err)
	}
	return events, nil
}

// describe is the execution as it stands in memory.
func (r *resident) describe() *Execution {
	x := r.x
	d := &Execution{Summary: r.summary, Input: x.Input, RoleARN: x.Role, Definition: x.Start.Definition, Revision: x.Start.Revision}
	d.Status, d.Stop = statusOf(x), x.StopTime
	switch x.Status {
	case engine.Succeeded:
		d.Output = x.Output
	case engine.Failed, engine.Aborted:
		d.Error, d.Cause = x.Error, x.Cause
	case engine.TimedOut:
		d.Error = x.Error
	case engine.Pending, engine.Running:
	}
	return d
}

// Events calls yield with the public events of a Standard execution whose ids
// are from first (1 or more) on, in order, or backwards from first (0: from the
// last) when reverse is set, until yield returns false. Errors: ErrNotFound.
func (h *Host) Events(ctx context.Context, ref ExecutionRef, first history.EventID, reverse bool, yield func(*history.Event) bool) error {
	summary, err := h.find(ctx, ref)
	if err != nil {
		return err
	}
	if reverse {
		return h.eventsBackwards(ctx, summary.ID, first, yield)
	}
	var decodeErr error
	err = h.config.Store.Turns(ctx, summary.ID, 0, func(turn []byte) bool {
		var events []history.Event
		if events, decodeErr = history.DecodeTurn(turn); decodeErr != nil {
			return false
		}
		for i := range events {
			if events[i].ID != 0 && events[i].ID >= first && !yield(&events[i]) {
				return false
			}
		}
		return true
	})
	if err == nil {
		err = decodeErr
	}
	return err
}

// eventsBackwards reads turn by turn from the end: a history can be larger than
// what should be held at once.
func (h *Host) eventsBackwards(ctx context.Context, id store.LogID, first history.EventID, yield func(*history.Event) bool) error {
	var firsts []history.EventID // of each turn
	var decodeErr error
	err := h.config.Store.Turns(ctx, id, 0, func(turn []byte) bool {
		var n history.EventID
		n, decodeErr = history.FirstID(turn)
		firsts = append(firsts, n)
		return decodeErr == nil
	})
	if err == nil {
		err = decodeErr
	}
	if err != nil {
		return err
	}
	for n := len(firsts) - 1; n >= 0; n-- {
		if firsts[n] == 0 || first != 0 && firsts[n] > first {
			continue
		}
		events, err := h.turn(ctx, id, uint64(n))
		if err != nil {
			return err
		}
		for i := len(events) - 1; i >= 0; i-- {
			if e := &events[i]; e.ID != 0 && (first == 0 || e.ID <= first) && !yield(e) {
				return nil
			}
		}
	}
	return nil
}

// List returns a page of executions or map runs; see store.Logs.List.
func (h *Host) List(ctx context.Context, q store.Query) ([]*store.Summary, string, error) {
	return h.config.Store.List(ctx, q)
}

// Stop aborts an execution and returns when it stopped. Stopping an execution
// that has ended changes nothing. Errors: ErrNotFound.
func (h *Host) Stop(ctx context.Context, ref ExecutionRef, errorName, cause *string) (time.Time, error) {
	summary, err := h.find(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	if summary.Status != store.Running {
		return summary.Stop, nil
	}
	res, err := h.call(ctx, message{id: summary.ID, input: engine.Stop{Error: errorName, Cause: cause}})
	if err != nil {
		return time.Time{}, err
	}
	return res.summary.Stop, nil
}
