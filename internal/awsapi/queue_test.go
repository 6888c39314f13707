package awsapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

func TestGo_boundsCallsOfAService(t *testing.T) {
	t.Parallel()
	var running, most atomic.Int32
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), running.Add(1)))
		<-release
		running.Add(-1)
		_, _ = w.Write([]byte(`{}`))
	}))
	defer server.Close()
	f := new(fakeService)
	c := f.client(t, func(conf *Config) {
		conf.Endpoints["sqs"] = server.URL
		conf.Concurrency, conf.MaxWaiting = 2, 3000
	})
	const calls = 3001
	var answered sync.WaitGroup
	var failed, refused atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	for i := range calls + 2 {
		of := t.Context()
		if i == 5 {
			of = ctx // while it waits nobody waits for it any more
		}
		answered.Add(1)
		c.Go(of, &Request{Service: "sqs", Action: "listQueues"}, func(_ *Response, err error) {
			defer answered.Done()
			var full *ClientError
			switch {
			case errors.As(err, &full):
				refused.Add(1)
			case err != nil:
				failed.Add(1)
			}
		})
	}
	cancel()
	close(release)
	answered.Wait()
	if failed.Load() != 1 || refused.Load() != 1 || most.Load() > 2 {
		t.Errorf("%d failed, %d refused, %d ran at a time; want 1, 1, 2", failed.Load(), refused.Load(), most.Load())
	}
	c.Close()
	if q := c.queues.byName["sqs"]; q.running != 0 || len(q.waiting) != 0 {
		t.Errorf("%d run, %d wait", q.running, len(q.waiting))
	}
}
