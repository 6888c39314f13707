// Package bench measures whole Pawl processes from outside: over HTTP, with a
// durable store on disk and real function processes. Figures and the machine they
// were taken on are in docs/benchmarks.md.
//
//	go test -bench . ./bench
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/api"
	"pawl.dev/internal/function"
	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/task"
	"pawl.dev/internal/task/lambda"
)

// process is a Pawl process in the test's own.
type process struct {
	store     *pebblestore.Store
	host      *host.Host
	service   *service.Service
	functions *function.Service
	server    *httptest.Server
	client    *http.Client
}

func start(tb testing.TB, dir string) *process {
	tb.Helper()
	p := &process{}
	var err error
	must := func() {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	p.store, err = pebblestore.Open(dir+"/store", pebblestore.Options{})
	must()
	declared := dir + "/declared"
	if _, err := os.Stat(declared); err != nil {
		declared = ""
	}
	p.functions, err = function.Open(function.Config{Dir: dir + "/functions", Declared: declared, MaxConcurrency: 2 * runtime.NumCPU()})
	must()
	tasks := new(task.Registry)
	tasks.Lambda(lambda.New(p.functions, time.Now))
	p.host, err = host.Open(context.Background(), host.Config{Store: p.store, Tasks: tasks})
	must()
	p.service = service.New(p.store, p.host, service.Config{})
	p.server = httptest.NewServer(api.New(p.service, api.Options{}))
	p.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	return p
}

func (p *process) stop(tb testing.TB) {
	tb.Helper()
	p.client.CloseIdleConnections()
	p.server.Close()
	for _, closer := range []io.Closer{p.host, p.functions, p.store} {
		if err := closer.Close(); err != nil {
			tb.Error(err)
		}
	}
}

// call does one request of the Step Functions API.
func (p *process) call(tb testing.TB, operation string, in, out any) {
	body, err := json.Marshal(in)
	if err != nil {
		tb.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.server.URL, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	resp, err := p.client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		tb.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", operation, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			tb.Fatal(err)
		}
	}
}

func (p *process) create(tb testing.TB, name, definition, kind string) string {
	tb.Helper()
	var out struct{ StateMachineArn string }
	p.call(tb, "CreateStateMachine", map[string]string{
		"name": name, "definition": definition, "type": kind, "roleArn": "arn:aws:iam::123456789012:role/r",
	}, &out)
	return out.StateMachineArn
}

// chain is a machine of n states in a row, each as body says.
func chain(n int, body string) string {
	var b strings.Builder
	b.WriteString(`{"StartAt":"S1","States":{`)
	for i := 1; i <= n; i++ {
		next := fmt.Sprintf(`"Next":"S%d"`, i+1)
		if i == n {
			next = `"End":true`
		}
		if i > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"S%d":{%s,%s}`, i, body, next)
	}
	b.WriteString("}}")
	return b.String()
}

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each runs work b.N times on so many clients and reports operations a second.
func each(b *testing.B, clients int, work func(i int64)) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var slowest []time.Duration
	before, began := cpu(), time.Now()
	b.ResetTimer()
	for range clients {
		wg.Go(func() {
			var took []time.Duration
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				at := time.Now()
				work(i)
				took = append(took, time.Since(at))
			}
			mu.Lock()
			slowest = append(slowest, took...)
			mu.Unlock()
		})
	}
	wg.Wait()
	b.StopTimer()
	elapsed := time.Since(began)
	b.ReportMetric(float64(b.N)/elapsed.Seconds(), "executions/s")
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
	b.ReportMetric(float64(percentile(slowest, 99).Microseconds())/1000, "p99-ms")
}

func percentile(d []time.Duration, p int) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sortDurations(d)
	return d[min(len(d)*p/100, len(d)-1)]
}

func BenchmarkStandard_startToDone_5passStates(b *testing.B) {
	p := start(b, b.TempDir())
	defer p.stop(b)
	arn := p.create(b, "chain", chain(5, `"Type":"Pass"`), "STANDARD")
	each(b, 64, func(i int64) {
		// A chain of Pass states ends in the turn that starts it: when the
		// answer comes, the execution is over, and durable.
		p.call(b, "StartExecution", map[string]string{"stateMachineArn": arn, "name": fmt.Sprintf("e%d", i), "input": `{"n":1}`}, nil)
	})
}

func BenchmarkExpress_sync_5passStates(b *testing.B) {
	p := start(b, b.TempDir())
	defer p.stop(b)
	arn := p.create(b, "chain", chain(5, `"Type":"Pass"`), "EXPRESS")
	each(b, 64, func(int64) {
		p.call(b, "StartSyncExecution", map[string]string{"stateMachineArn": arn, "input": `{"n":1}`}, nil)
	})
}

// Five calls of a warm function: one in Python with Pawl's own bootstrap, one in
// Go that asks the Runtime API with net/http.
func BenchmarkStandard_startToDone_5functionTasks(b *testing.B) {
	b.Run("python", func(b *testing.B) {
		if _, err := exec.LookPath("python3"); err != nil {
			b.Skip("python3 is not installed")
		}
		dir := b.TempDir()
		if err := os.MkdirAll(dir+"/declared/echo", 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(dir+"/declared/echo/handler.py", []byte("def handler(event, context):\n    return event\n"), 0o600); err != nil {
			b.Fatal(err)
		}
		benchmarkTasks(b, start(b, dir))
	})
	b.Run("go", func(b *testing.B) {
		p := start(b, b.TempDir())
		self, err := os.Executable()
		if err != nil {
			b.Fatal(err)
		}
		err = p.functions.Declare(function.Declared{
			Name: "echo", Command: []string{self}, Environment: map[string]string{echoVariable: "1"}, Timeout: time.Minute,
		})
		if err != nil {
			b.Fatal(err)
		}
		benchmarkTasks(b, p)
	})
}

func benchmarkTasks(b *testing.B, p *process) {
	defer p.stop(b)
	arn := p.create(b, "tasks", chain(5, `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:echo"`), "STANDARD")
	each(b, 64, func(i int64) {
		name := fmt.Sprintf("e%d", i)
		p.call(b, "StartExecution", map[string]string{"stateMachineArn": arn, "name": name, "input": `{"n":1}`}, nil)
		x, err := p.host.Wait(context.Background(), host.ExecutionRef{Machine: "tasks", Name: name})
		if err != nil || x.Status != store.Succeeded {
			b.Errorf("%s: %+v %v", name, x, err)
		}
	})
}

func BenchmarkMap_10000expressChildren(b *testing.B) {
	p := start(b, b.TempDir())
	defer p.stop(b)
	items, err := json.Marshal(make([]int, 10_000))
	if err != nil {
		b.Fatal(err)
	}
	arn := p.create(b, "fan", `{"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"OutputPath":null,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`, "STANDARD")
	before, began := cpu(), time.Now()
	b.ResetTimer()
	for i := range b.N {
		name := fmt.Sprintf("e%d", i)
		p.call(b, "StartExecution", map[string]string{"stateMachineArn": arn, "name": name, "input": string(items)}, nil)
		x, err := p.host.Wait(context.Background(), host.ExecutionRef{Machine: "fan", Name: name})
		if err != nil || x.Status != store.Succeeded {
			b.Fatalf("%+v %v", x, err)
		}
	}
	total := float64(b.N) * 10_000
	b.ReportMetric(total/time.Since(began).Seconds(), "items/s")
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/total/1000, "cpu-µs/item")
}

// BenchmarkSleepers starts waiting executions and reports what each keeps in
// memory.
func BenchmarkSleepers(b *testing.B) {
	p := start(b, b.TempDir())
	defer p.stop(b)
	ctx := context.Background()
	definition := `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"End":true}}}`
	p.create(b, "sleep", definition, "STANDARD")
	key := definitionKey(b, p, "sleep")
	before := heap()
	each(b, 256, func(i int64) {
		_, err := p.host.Start(ctx, host.StartRequest{Machine: "sleep", Type: asl.Standard, Definition: key, Name: fmt.Sprintf("e%d", i), Input: `{}`})
		if err != nil {
			b.Error(err)
		}
	})
	b.ReportMetric(float64(int64(heap())-int64(before))/float64(b.N), "heap-B/sleeper")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
