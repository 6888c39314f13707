package execlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// CloudWatch is a Sink of CloudWatch Logs, AWS's or a compatible server's. A log
// group must be there, as with AWS; streams are made. One process writes one
// stream per state machine and log group.
type CloudWatch struct {
	client  *logsClient
	streams map[streamKey]*stream
	now     func() time.Time
	sleep   func(ctx context.Context, d time.Duration) error
}

type streamKey struct {
	group   Group
	machine string
}

// stream is a log stream that records go to.
type stream struct {
	name    string
	made    bool
	refused time.Time // when its group was missing; until a while after, nothing is tried
}

// CloudWatchConfig says where CloudWatch Logs is.
type CloudWatchConfig struct {
	// Endpoint is the URL of the service; it is asked for groups of all regions.
	Endpoint string
	// Region is for groups whose ARN names none.
	Region string
}

// OpenCloudWatch returns a sink of CloudWatch Logs with the credentials of the
// usual AWS configuration.
func OpenCloudWatch(ctx context.Context, c CloudWatchConfig) (*CloudWatch, error) {
	client, err := newLogsClient(ctx, c)
	if err != nil {
		return nil, err
	}
	return newCloudWatch(client), nil
}

func newCloudWatch(client *logsClient) *CloudWatch {
	return &CloudWatch{client: client, streams: make(map[streamKey]*stream), now: time.Now, sleep: sleep}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Limits of PutLogEvents.
const (
	maxBatchRecords = 10_000
	maxBatchBytes   = 1_048_576
	recordOverhead  = 26 // bytes counted for each record
	maxBatchSpan    = 24 * time.Hour
)

// Write implements Sink. Throttling and failures of the server are tried again
// for a few seconds; then records are lost.
func (c *CloudWatch) Write(ctx context.Context, records []Record) (lost int, err error) {
	byStream := make(map[streamKey][]Record)
	var order []streamKey
	for i := range records {
		key := streamKey{records[i].Group, records[i].Machine}
		if byStream[key] == nil {
			order = append(order, key)
		}
		byStream[key] = append(byStream[key], records[i])
	}
	for _, key := range order {
		all := byStream[key]
		// The service demands the order of time; executions are observed in
		// the order of commits.
		slices.SortStableFunc(all, func(a, b Record) int { return a.At.Compare(b.At) })
		for len(all) > 0 {
			n := batchLength(all)
			if e := c.put(ctx, key, all[:n]); e != nil {
				lost, err = lost+n, e
			}
			all = all[n:]
		}
	}
	return lost, err
}

// batchLength is how many of the records fit into one request.
func batchLength(records []Record) int {
	bytes := 0
	for i := range records {
		bytes += len(records[i].Text) + recordOverhead
		if i > 0 && (i == maxBatchRecords || bytes > maxBatchBytes || records[i].At.Sub(records[0].At) >= maxBatchSpan) {
			return i
		}
	}
	return len(records)
}

// refusedFor is how long a missing log group is not asked for again.
const refusedFor = 10 * time.Second

var errNoGroup = errors.New("the log group does not exist")

// put sends records of one stream, making it first.
func (c *CloudWatch) put(ctx context.Context, key streamKey, records []Record) error {
	s := c.streams[key]
	if s == nil {
		s = &stream{name: "states/" + key.machine + "/" + streamName(c.now())}
		c.streams[key] = s
	}
	if !s.refused.IsZero() && c.now().Sub(s.refused) < refusedFor {
		return fmt.Errorf("write to log group %s: %w", key.group.Name, errNoGroup)
	}
	s.refused = time.Time{}
	for range 2 { // a group can be deleted and made again with its streams gone
		if !s.made {
			if err := c.makeStream(ctx, key, s); err != nil {
				return err
			}
		}
		err := c.try(ctx, func() error { return c.client.putLogEvents(ctx, key.group, s.name, records) })
		if err == nil {
			return nil
		}
		var refused *logsError
		if !errors.As(err, &refused) || refused.code != "ResourceNotFoundException" {
			return fmt.Errorf("write to log group %s: %w", key.group.Name, err)
		}
		s.made = false
	}
	return fmt.Errorf("write to log group %s: its stream disappears", key.group.Name)
}

func (c *CloudWatch) makeStream(ctx context.Context, key streamKey, s *stream) error {
	err := c.try(ctx, func() error { return c.client.createLogStream(ctx, key.group, s.name) })
	var refused *logsError
	if errors.As(err, &refused) {
		switch refused.code {
		case "ResourceAlreadyExistsException":
			err = nil
		case "ResourceNotFoundException":
			s.refused = c.now()
			err = errNoGroup
		}
	}
	if err != nil {
		return fmt.Errorf("make a stream in log group %s: %w", key.group.Name, err)
	}
	s.made = true
	return nil
}

// attempts is how often a request is tried, the first time included; the pauses
// between add up to 3 seconds.
const attempts = 5

func (c *CloudWatch) try(ctx context.Context, send func() error) error {
	pause := 200 * time.Millisecond
	for n := 1; ; n++ {
		err := send()
		var refused *logsError
		if err == nil || n == attempts || ctx.Err() != nil || errors.As(err, &refused) && !refused.passing() {
			return err
		}
		if err := c.sleep(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

// Close implements Sink.
func (c *CloudWatch) Close() error {
	c.client.http.CloseIdleConnections()
	return nil
}
