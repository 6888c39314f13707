// Package servicetest has a host that runs nothing, for tests of the service and
// of the skins over it: executions stay as a test puts them.
package servicetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// Host keeps executions, map runs and tasks in memory. Its zero value is ready;
// the exported fields are for the test to fill before use.
type Host struct {
	Now    func() time.Time // default time.Now
	Runs   map[string]*host.MapRun
	Tokens map[string]error // what answering a token says; absent: ErrBadToken
	// Activity is handed out once by PollActivity; nil makes it wait.
	Activity *host.ActivityTask
	PollErr  error
	// Forgetful keeps no executions and no requests, for benchmarks.
	Forgetful bool

	mu         sync.Mutex
	started    int
	executions map[host.ExecutionRef]*execution
	deleting   map[string]func()
	redrives   map[redrive]time.Time
	Requests   []host.StartRequest
	Answers    []host.Answer
	Changes    []host.MapRunChange
}

type execution struct {
	host.Execution
	events []history.Event
	ended  []func()
}

func (h *Host) now() time.Time {
	if h.Now == nil {
		return time.Now().UTC().Truncate(time.Millisecond)
	}
	return h.Now().UTC()
}

// Start implements service.Executions.
func (h *Host) Start(_ context.Context, r host.StartRequest) (*store.Summary, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.Forgetful {
		return &store.Summary{Machine: r.Machine, Name: r.Name, Start: h.now()}, nil
	}
	h.Requests = append(h.Requests, r)
	h.started++
	ref := host.ExecutionRef{Machine: r.Machine, Name: r.Name, Express: r.Type == asl.Express}
	if ref.Express {
		ref.Name = fmt.Sprintf("%s:00000000-0000-4000-8000-%012d", r.Name, h.started)
	}
	if old := h.executions[ref]; old != nil {
		if old.Status == store.Running && old.Input == r.Input {
			return &old.Summary, nil
		}
		return nil, host.ErrExists
	}
	x := &execution{Execution: host.Execution{
		Summary: store.Summary{
			ID: store.ExecutionID(r.Machine, ref.Name), Machine: r.Machine, Name: ref.Name, Status: store.Running,
			Start: h.now(), Express: ref.Express, Version: r.Version, Alias: r.Alias, TraceHeader: r.TraceHeader,
		},
		Input: r.Input, RoleARN: r.RoleARN, Definition: r.Definition, Revision: r.Revision,
	}}
	h.put(ref, x)
	return &x.Summary, nil
}

func (h *Host) put(ref host.ExecutionRef, x *execution) {
	if h.executions == nil {
		h.executions = make(map[host.ExecutionRef]*execution)
	}
	h.executions[ref] = x
}

// Put adds an execution, say a child of a map run, with its history.
func (h *Host) Put(x host.Execution, events ...history.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.put(host.ExecutionRef{Machine: x.Machine, Label: x.Label, Name: x.Name, Express: x.Express}, &execution{Execution: x, events: events})
}

// End changes an execution of a state machine by hand.
func (h *Host) End(machine, name string, change func(x *host.Execution)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[host.ExecutionRef{Machine: machine, Name: name}]
	change(&x.Execution)
	for _, f := range x.ended {
		f()
	}
	x.ended = nil
}

// StartSync implements service.Executions: the output is the input.
func (h *Host) StartSync(ctx context.Context, r host.StartRequest) (*host.Execution, error) {
	s, err := h.Start(ctx, r)
	if err != nil {
		return nil, err
	}
	ended := *s
	ended.Status, ended.Stop = store.Succeeded, s.Start.Add(130*time.Millisecond)
	return &host.Execution{Summary: ended, Input: r.Input, Output: r.Input, RoleARN: r.RoleARN}, nil
}

// Stop implements service.Executions.
func (h *Host) Stop(_ context.Context, ref host.ExecutionRef, errorName, cause *string) (time.Time, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[ref]
	if x == nil {
		return time.Time{}, host.ErrNotFound
	}
	if x.Status == store.Running {
		x.Status, x.Execution.Stop, x.Error, x.Cause = store.Aborted, h.now(), errorName, cause
	}
	return x.Execution.Stop, nil
}

// OnEnd implements service.Executions: End calls f.
func (h *Host) OnEnd(_ context.Context, ref host.ExecutionRef, f func()) (leave func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[ref]
	if x == nil {
		return nil, host.ErrNotFound
	}
	if x.Status != store.Running {
		f()
		return func() {}, nil
	}
	x.ended = append(x.ended, f)
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		x.ended = nil
	}, nil
}

// Describe implements service.Executions.
func (h *Host) Describe(_ context.Context, ref host.ExecutionRef) (*host.Execution, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[ref]
	if x == nil {
		return nil, host.ErrNotFound
	}
	described := x.Execution
	return &described, nil
}

// Events implements service.Executions.
func (h *Host) Events(_ context.Context, ref host.ExecutionRef, first history.EventID, reverse bool, yield func(*history.Event) bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.executions[ref]
	if x == nil {
		return host.ErrNotFound
	}
	events := slices.Clone(x.events)
	if reverse {
		slices.Reverse(events)
	}
	for i := range events {
		e := &events[i]
		if (reverse && first != 0 && e.ID > first) || (!reverse && e.ID < first) {
			continue
		}
		if !yield(e) {
			return nil
		}
	}
	return nil
}

// List implements service.Executions; the cursor is the number of rows to skip.
func (h *Host) List(_ context.Context, q store.Query) ([]*store.Summary, string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*store.Summary
	for _, x := range h.executions {
		child := x.MapRun != ""
		run, _ := store.RunOf(x.MapRun) // a test's own UUIDs
		if (q.Machine != "" && (x.Machine != q.Machine || child)) || (q.Run != "" && run != q.Run) || q.Parent != "" ||
			(q.Status != "" && x.Status != q.Status) {
			continue
		}
		all = append(all, &x.Summary)
	}
	for _, r := range h.Runs {
		if q.Parent != "" && r.Parent == q.Parent {
			all = append(all, &r.Summary)
		}
	}
	slices.SortFunc(all, func(a, b *store.Summary) int {
		if c := b.Start.Compare(a.Start); c != 0 {
			return c
		}
		return strings.Compare(b.Name, a.Name)
	})
	skip := 0
	if q.Cursor != "" {
		if _, err := fmt.Sscan(q.Cursor, &skip); err != nil {
			return nil, "", err
		}
	}
	all = all[min(skip, len(all)):]
	if len(all) <= q.Limit {
		return all, "", nil
	}
	return all[:q.Limit], fmt.Sprint(skip + q.Limit), nil
}

// PollActivity implements service.Tasks.
func (h *Host) PollActivity(ctx context.Context, _, _ string) (*host.ActivityTask, error) {
	h.mu.Lock()
	task, err := h.Activity, h.PollErr
	h.Activity = nil
	h.mu.Unlock()
	if task != nil || err != nil {
		return task, err
	}
	<-ctx.Done()
	return nil, nil
}

// ActivityResource is the resource of every task that is over.
const ActivityResource = "arn:aws:states:us-east-1:123456789012:activity:a"

// Complete implements service.Tasks.
func (h *Host) Complete(_ context.Context, token string, a host.Answer) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Answers = append(h.Answers, a)
	return h.answer(token)
}

// Heartbeat implements service.Tasks.
func (h *Host) Heartbeat(_ context.Context, token string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.answer(token)
}

func (h *Host) answer(token string) (string, error) {
	err, known := h.Tokens[token]
	if !known {
		return "", host.ErrBadToken
	}
	return ActivityResource, err
}

// MapRun implements service.MapRuns.
func (h *Host) MapRun(_ context.Context, uuid string) (*host.MapRun, error) {
	if r := h.Runs[uuid]; r != nil {
		return r, nil
	}
	return nil, host.ErrNotFound
}

// UpdateMapRun implements service.MapRuns.
func (h *Host) UpdateMapRun(_ context.Context, uuid string, c host.MapRunChange) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.Runs[uuid]
	switch {
	case r == nil:
		return host.ErrNotFound
	case r.Status != store.Running:
		return host.ErrMapRunOver
	}
	h.Changes = append(h.Changes, c)
	return nil
}

// MachineDeleted implements service.Host.
func (h *Host) MachineDeleted(machine string, done func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deleting == nil {
		h.deleting = make(map[string]func())
	}
	h.deleting[machine] = done
}

// Drain ends and removes the executions of a state machine that is being
// deleted. It reports whether there was such a state machine.
func (h *Host) Drain(machine string) bool {
	h.mu.Lock()
	done := h.deleting[machine]
	for ref := range h.executions {
		if ref.Machine == machine {
			delete(h.executions, ref)
		}
	}
	h.mu.Unlock()
	if done != nil {
		done()
	}
	return done != nil
}
