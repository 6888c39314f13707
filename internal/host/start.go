package host

import (
	"context"
	"strings"

	"pawl.dev/asl"
	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// start is the birth of an execution.
type start struct {
	begin   engine.Begin
	summary store.Summary
	silent  bool
	onEnd   func(result) // called once when the execution has ended
}

// Start starts a Standard or an asynchronous Express execution and returns when
// the start is durable. Repeating the start of a running Standard execution with
// the same name and input answers the first one, as does the repetition of a
// start by the same attempt of a task. Errors: ErrExists, ErrClosed.
func (h *Host) Start(ctx context.Context, r StartRequest) (*store.Summary, error) {
	m := h.startMessage(r)
	res, err := h.call(ctx, m)
	if err != nil {
		return nil, err
	}
	return &res.summary, nil
}

// StartSync runs an Express execution to its end, in memory, and returns it.
// When ctx ends first, the execution runs on unheard.
func (h *Host) StartSync(ctx context.Context, r StartRequest) (*Execution, error) {
	m := h.startMessage(r)
	m.start.silent = true
	done := make(chan result, 1)
	m.start.onEnd = func(r result) { done <- r }
	m.reply = func(r result) {
		if r.err != nil {
			done <- r
		}
	}
	if err := h.shard(m.id).offer(m); err != nil {
		return nil, err
	}
	select {
	case r := <-done:
		return r.execution, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// startMessage is the start of r on its way to its shard.
func (h *Host) startMessage(r StartRequest) message {
	express := r.Type == asl.Express
	name := r.Name
	if express {
		name += ":" + engine.NewUUID(newRand())
	}
	now := h.now()
	return message{
		id: store.ExecutionID(r.Machine, name),
		start: &start{
			begin: engine.Begin{
				Input: r.Input, Role: r.RoleARN, Version: r.Version, Alias: r.Alias,
				Start: &history.Start{
					Definition: r.Definition, Revision: r.Revision, Machine: r.Machine,
					Execution: contextName(name), Express: express, TraceHeader: r.TraceHeader, StartedBy: r.StartedBy, Logging: r.Logging,
					StateMachine: h.stateMachineARN(r.Machine, ""),
					ARN:          h.executionARN(r.Machine, "", name, express),
				},
			},
			summary: store.Summary{
				Machine: r.Machine, Name: name, Status: store.Running, Start: now, Express: express,
				Version: r.Version, Alias: r.Alias, TraceHeader: r.TraceHeader,
			},
		},
	}
}

// contextName is the execution's name in its own context object: an Express
// execution's comes without the UUID of its start.
func contextName(name string) string {
	before, _, _ := strings.Cut(name, ":")
	return before
}

// begin starts a new execution, or answers the repetition of a start.
func (s *shard) begin(b *batch, m message) error {
	if !m.start.summary.Express {
		known, err := s.loadIfAny(m.id)
		if err != nil {
			return err
		}
		if known != nil {
			s.startAgain(b, m, known)
			return nil
		}
	}
	program, err := s.h.programs.of(m.start.begin.Start)
	if err != nil {
		return err
	}
	r := &resident{
		id: m.id, x: engine.New(), program: program, summary: m.start.summary,
		memory: m.start.summary.Express, silent: m.start.silent,
	}
	r.summary.ID = m.id
	r.summary.Start = b.now
	if m.start.onEnd != nil {
		r.onEnd = append(r.onEnd, m.start.onEnd)
	}
	s.keep(r)
	s.decide(b, r, m.start.begin)
	if m.reply != nil {
		r.replies = append(r.replies, reply{m.reply, result{decided: true}})
	}
	return nil
}

func (s *shard) startAgain(b *batch, m message, known *resident) {
	if m.reply == nil {
		return
	}
	if known.x.Status == engine.Running && known.x.Input == m.start.begin.Input {
		known.replies = append(known.replies, reply{m.reply, result{}})
		s.touch(b, known)
		return
	}
	if by := m.start.begin.Start.StartedBy; by != "" && by == known.x.Start.StartedBy {
		b.failed = append(b.failed, reply{m.reply, result{summary: known.summary}})
		return
	}
	b.failed = append(b.failed, reply{m.reply, result{err: ErrExists}})
}
