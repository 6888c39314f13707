package execlog

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// service is as much of CloudWatch Logs as a sink sees.
type service struct {
	t *testing.T

	mu      sync.Mutex
	groups  map[string]map[string][]int64 // timestamps by group and stream
	calls   int
	busy    int // answers of 500 to give first
	refusal string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	body, _ := io.ReadAll(r.Body)
	var in struct {
		LogGroupName, LogStreamName string
		LogEvents                   []struct {
			Timestamp int64
			Message   string
		}
	}
	if err := json.Unmarshal(body, &in); err != nil {
		s.t.Errorf("%v: %s", err, body)
	}
	if a := r.Header.Get("Authorization"); !strings.Contains(a, "/eu-west-1/logs/aws4_request") || r.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
		s.t.Errorf("headers %v", r.Header)
	}
	refuse := func(status int, code string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"__type":"com.amazonaws.logs#`+code+`","message":"because"}`)
	}
	streams := s.groups[in.LogGroupName]
	_, made := streams[in.LogStreamName]
	switch operation := r.Header.Get("X-Amz-Target"); {
	case s.busy > 0:
		s.busy--
		refuse(http.StatusInternalServerError, "InternalFailure")
	case s.refusal != "":
		refuse(http.StatusBadRequest, s.refusal)
	case streams == nil, operation == "Logs_20140328.PutLogEvents" && !made:
		refuse(http.StatusBadRequest, "ResourceNotFoundException")
	case operation == "Logs_20140328.CreateLogStream":
		streams[in.LogStreamName] = nil
	default:
		for _, e := range in.LogEvents {
			streams[in.LogStreamName] = append(streams[in.LogStreamName], e.Timestamp)
		}
	}
}

func newSink(t *testing.T, s *service) (*CloudWatch, *time.Time) {
	t.Helper()
	s.t = t
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	now := time.Date(2026, 9, 3, 4, 5, 6, 0, time.UTC)
	c := newCloudWatch(&logsClient{
		endpoint: server.URL + "/", region: "eu-west-1", signer: v4.NewSigner(), http: server.Client(),
		credentials: aws.CredentialsProvider(credentials.NewStaticCredentialsProvider("A", "s", "")),
	})
	c.now = func() time.Time { return now }
	c.sleep = func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
	return c, &now
}

func at(group, machine string, ms int64) Record {
	return Record{Group: Group{"", group}, Machine: machine, At: time.UnixMilli(ms), Text: []byte(`{"id":"1"}`)}
}

func TestCloudWatch_makesStreamsAndKeepsTheOrderOfTime(t *testing.T) {
	t.Parallel()
	s := &service{groups: map[string]map[string][]int64{"g": {}}, busy: 2}
	c, _ := newSink(t, s)
	lost, err := c.Write(context.Background(), []Record{at("g", "m", 3), at("g", "n", 2), at("g", "m", 1)})
	if lost != 0 || err != nil {
		t.Fatal(lost, err)
	}
	s.mu.Lock() // the race detector does not see that the answers order it all
	defer s.mu.Unlock()
	if len(s.groups["g"]) != 2 {
		t.Errorf("streams are %v", s.groups["g"])
	}
	for name, times := range s.groups["g"] {
		if !strings.HasPrefix(name, "states/m/2026-09-03-04-05/") && !strings.HasPrefix(name, "states/n/2026-09-03-04-05/") {
			t.Errorf("a stream is %s", name)
		}
		if len(times) == 2 && times[0] != 1 {
			t.Errorf("times are %v", times)
		}
	}
}

func TestCloudWatch_makesTheStreamOfAGroupThatIsNewAgain(t *testing.T) {
	t.Parallel()
	s := &service{groups: map[string]map[string][]int64{"g": {}}}
	c, _ := newSink(t, s)
	for range 2 {
		if lost, err := c.Write(context.Background(), []Record{at("g", "m", 4)}); lost != 0 || err != nil {
			t.Error(lost, err)
		}
		s.mu.Lock()
		if len(s.groups["g"]) != 1 {
			t.Errorf("streams are %v", s.groups["g"])
		}
		s.groups["g"] = map[string][]int64{} // the group was deleted and made again
		s.mu.Unlock()
	}
}

func TestCloudWatch_leavesAMissingGroupAlone(t *testing.T) {
	t.Parallel()
	s := &service{groups: map[string]map[string][]int64{}}
	c, now := newSink(t, s)
	for range 10 {
		if lost, err := c.Write(context.Background(), []Record{at("g", "m", 1)}); lost != 1 || err == nil {
			t.Error(lost, err)
		}
	}
	s.mu.Lock()
	if s.calls != 1 {
		t.Errorf("%d calls", s.calls)
	}
	s.groups["g"] = map[string][]int64{}
	s.mu.Unlock()
	*now = now.Add(refusedFor)
	if lost, err := c.Write(context.Background(), []Record{at("g", "m", 1)}); lost != 0 || err != nil {
		t.Error(lost, err)
	}
}

func TestCloudWatch_givesUp(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*service{
		"refused": {groups: map[string]map[string][]int64{"g": {}}, refusal: "InvalidParameterException"},
		"broken":  {groups: map[string]map[string][]int64{"g": {}}, busy: 100},
	} {
		c, _ := newSink(t, s)
		lost, err := c.Write(context.Background(), []Record{at("g", "m", 1)})
		s.mu.Lock()
		calls := s.calls
		s.mu.Unlock()
		want := map[string]int{"refused": 1, "broken": attempts}[name]
		if lost != 1 || err == nil || calls != want {
			t.Errorf("%s: lost %d, %v, %d calls", name, lost, err, calls)
		}
	}
}

func TestBatchLength(t *testing.T) {
	t.Parallel()
	many := make([]Record, maxBatchRecords+1)
	large := []Record{{Text: make([]byte, maxBatchBytes)}, {Text: make([]byte, maxBatchBytes/2)}, {Text: make([]byte, maxBatchBytes/2-2*recordOverhead)}, {}}
	if got := batchLength(many); got != maxBatchRecords {
		t.Errorf("%d records", got)
	}
	if got := batchLength(large); got != 1 {
		t.Errorf("%d records", got)
	}
	if got := batchLength(large[1:]); got != 2 {
		t.Errorf("%d records", got)
	}
	if got := batchLength([]Record{at("g", "m", 0), at("g", "m", 86_400_000)}); got != 1 {
		t.Errorf("%d records of two days", got)
	}
}

func TestOpenCloudWatch_refusesWhatIsNoURL(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"127.0.0.1:5000", "ftp://h", "http://"} {
		if _, err := OpenCloudWatch(context.Background(), CloudWatchConfig{Endpoint: endpoint}); err == nil {
			t.Errorf("%s was accepted", endpoint)
		}
	}
}
