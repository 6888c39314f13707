package awsapi

import (
	"context"
	"sync"
)

// queues bound how many calls of each service run. A call that has to wait costs
// its parameters and no goroutine.
type queues struct {
	limit, maxWaiting int

	mu      sync.Mutex
	byName  map[string]*queue
	workers sync.WaitGroup
}

// queue is the calls of one service, guarded by queues.mu.
type queue struct {
	running int
	waiting []*pending // in order
	skip    int        // of waiting, taken already
}

type pending struct {
	ctx  context.Context //nolint:containedctx // the call's, until it runs
	run  func(context.Context) (*Response, error)
	done func(*Response, error)
}

func (q *queues) init(limit, maxWaiting int) {
	q.limit, q.maxWaiting, q.byName = limit, maxWaiting, make(map[string]*queue)
}

// wait returns when no call runs.
func (q *queues) wait() { q.workers.Wait() }

// add runs p now or later; false when too many wait.
func (q *queues) add(name string, p *pending) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	of := q.byName[name]
	if of == nil {
		of = new(queue)
		q.byName[name] = of
	}
	if of.running < q.limit {
		of.running++
		q.workers.Add(1)
		go q.work(of, p)
		return true
	}
	if len(of.waiting)-of.skip >= q.maxWaiting {
		return false
	}
	of.waiting = append(of.waiting, p)
	return true
}

// work runs p and then whatever waits.
func (q *queues) work(of *queue, p *pending) {
	defer q.workers.Done()
	for ; p != nil; p = q.next(of) {
		if err := p.ctx.Err(); err != nil {
			p.done(nil, err)
			continue
		}
		p.done(p.run(p.ctx))
	}
}

// next takes the first that waits; nil ends the worker.
func (q *queues) next(of *queue) *pending {
	q.mu.Lock()
	defer q.mu.Unlock()
	if of.skip == len(of.waiting) {
		of.running--
		of.waiting, of.skip = nil, 0
		return nil
	}
	p := of.waiting[of.skip]
	of.waiting[of.skip] = nil
	if of.skip++; of.skip > 1024 && of.skip*2 > len(of.waiting) {
		of.waiting = append(of.waiting[:0], of.waiting[of.skip:]...)
		of.skip = 0
	}
	return p
}

// Go makes a call and returns at once; the answer goes to done, in a goroutine of
// the client's. Errors are those of Call; when too many calls wait it is a
// *ClientError, as in the SDK for Java when its connections are all in use.
func (c *Client) Go(ctx context.Context, r *Request, done func(*Response, error)) {
	p := &pending{ctx: ctx, done: done, run: func(ctx context.Context) (*Response, error) { return c.Call(ctx, r) }}
	if c.queues.add(r.Service, p) {
		return
	}
	name := r.Service
	if s, err := c.config.Models.service(r.Service); err == nil && s != nil {
		name = s.name
	}
	done(nil, &ClientError{Service: name, Message: "Unable to execute HTTP request: Timeout waiting for connection from pool"})
}
