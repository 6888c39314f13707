package pebblestore_test

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"

	"pawl.dev/internal/store"
	"pawl.dev/internal/store/pebblestore"
	"pawl.dev/internal/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	for name, noSync := range map[string]bool{"synced": false, "unsynced": true} {
		b.Run(name, func(b *testing.B) {
			storetest.Bench(b, func(b *testing.B) store.Store {
				return openDir(b, b.TempDir(), pebblestore.Options{NoSync: noSync})
			})
		})
	}
}

func openDir(tb testing.TB, dir string, options pebblestore.Options) *pebblestore.Store {
	tb.Helper()
	s, err := pebblestore.Open(dir, options)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func closeStore(tb testing.TB, s store.Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Error(err)
	}
}

// BenchmarkOpen opens a store, empty or with a million ended executions, and
// reports the bytes each takes on the disk.
func BenchmarkOpen(b *testing.B) {
	for name, stored := range map[string]int{"empty": 0, "stored=1M": storetest.Stored} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			s := openDir(b, dir, pebblestore.Options{NoSync: true})
			storetest.FillExecutions(b, s, stored)
			closeStore(b, s)
			for b.Loop() {
				s := openDir(b, dir, pebblestore.Options{})
				b.StopTimer()
				closeStore(b, s)
				b.StartTimer()
			}
			if stored > 0 {
				b.ReportMetric(float64(dirBytes(b, dir))/float64(stored), "disk-B/execution")
			}
		})
	}
}

// BenchmarkSleepers reports what a million sleepers cost, on the disk and in
// memory, and how soon after Open the first is known.
func BenchmarkSleepers(b *testing.B) {
	dir := b.TempDir()
	s := openDir(b, dir, pebblestore.Options{NoSync: true})
	storetest.FillSleepers(b, s, storetest.Stored)
	closeStore(b, s)
	var heap uint64
	for b.Loop() {
		s := openDir(b, dir, pebblestore.Options{})
		if next, err := s.NextWake(b.Context(), 1); err != nil || next.IsZero() {
			b.Fatal(next, err)
		}
		b.StopTimer()
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		heap = stats.HeapAlloc
		closeStore(b, s)
		b.StartTimer()
	}
	b.ReportMetric(float64(dirBytes(b, dir))/storetest.Stored, "disk-B/sleeper")
	b.ReportMetric(float64(heap)/storetest.Stored, "heap-B/sleeper")
}

// BenchmarkAcquire is one Acquire, which syncs.
func BenchmarkAcquire(b *testing.B) {
	s := openDir(b, b.TempDir(), pebblestore.Options{})
	for b.Loop() {
		if _, err := s.Acquire(b.Context(), 1); err != nil {
			b.Fatal(err)
		}
	}
	closeStore(b, s)
}

func dirBytes(tb testing.TB, dir string) (total int64) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return total
}
