package function

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkWarm measures warm round trips of a function that returns its
// event: alone (p50) and with eight callers (invocations/s).
func BenchmarkWarm(b *testing.B) {
	kinds := []struct {
		name  string
		setUp func(testing.TB, *Service) string
	}{
		{"go", declareEcho}, {"python", createPythonEcho}, {"node", createNodeEcho},
	}
	for _, k := range kinds {
		b.Run(k.name+"/alone", func(b *testing.B) { benchmarkWarm(b, k.setUp, 1) })
		b.Run(k.name+"/callers=8", func(b *testing.B) { benchmarkWarm(b, k.setUp, 8) })
	}
}

func benchmarkWarm(b *testing.B, setUp func(testing.TB, *Service) string, callers int) {
	s := openService(b, Config{MaxConcurrency: 2})
	name := setUp(b, s)
	req := Request{Function: name, Payload: []byte(`{"key": "value", "n": 17}`)}
	warm := func() {
		if _, err := s.Invoke(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
	for range 200 {
		warm()
	}
	b.ReportAllocs()
	var mu sync.Mutex
	var took []time.Duration
	var left sync.WaitGroup
	todo := make(chan struct{}, callers)
	for range callers {
		left.Go(func() {
			var own []time.Duration
			for range todo {
				began := time.Now()
				r, err := s.Invoke(b.Context(), req)
				if err != nil || r.FunctionError != "" {
					b.Errorf("got %s, %v", r.Payload, err)
				}
				own = append(own, time.Since(began))
			}
			mu.Lock()
			took = append(took, own...)
			mu.Unlock()
		})
	}
	for b.Loop() {
		todo <- struct{}{}
	}
	close(todo)
	left.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invocations/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
