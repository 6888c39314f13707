package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// Bucket is the local bucket of the demonstration.
const Bucket = "loans"

// filesPerFolder keeps directories small.
const filesPerFolder = 1000

// Prefix is the prefix of the n applications in the bucket.
func Prefix(n int) string { return "applications-" + strconv.Itoa(n) + "/" }

func fileName(n, i int) string {
	return filepath.Join(Prefix(n), fmt.Sprintf("%04d", i/filesPerFolder), fmt.Sprintf("loan-%07d.json", i))
}

// Layout writes n loan applications below dir/loans, unless they lie there from
// an earlier run. progress is told how many are there, now and then.
func Layout(ctx context.Context, dir string, n int, progress func(done int)) (made bool, err error) {
	root := filepath.Join(dir, Bucket)
	marker := filepath.Join(root, fmt.Sprintf(".applications-%d-complete", n))
	if _, err := os.Stat(marker); err == nil {
		return false, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	folders := (n + filesPerFolder - 1) / filesPerFolder
	var done atomic.Int64
	err = inParallel(ctx, folders, func(folder int) error {
		first := folder * filesPerFolder
		last := min(first+filesPerFolder, n)
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, fileName(n, first))), 0o750); err != nil {
			return err
		}
		for i := first; i < last; i++ {
			loan := application(i)
			body, err := json.Marshal(&loan)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(root, fileName(n, i)), append(body, '\n'), 0o600); err != nil {
				return err
			}
		}
		progress(int(done.Add(int64(last - first))))
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("lay out loan applications: %w", err)
	}
	return true, os.WriteFile(marker, nil, 0o600)
}

// Count reads the n applications once more, without any function, and counts
// those that fail.
func Count(ctx context.Context, dir string, n int) (failed int64, err error) {
	var count atomic.Int64
	root := filepath.Join(dir, Bucket)
	folders := (n + filesPerFolder - 1) / filesPerFolder
	err = inParallel(ctx, folders, func(folder int) error {
		for i := folder * filesPerFolder; i < min((folder+1)*filesPerFolder, n); i++ {
			body, err := os.ReadFile(filepath.Join(root, fileName(n, i)))
			if err != nil {
				return err
			}
			var loan Loan
			if err := json.Unmarshal(body, &loan); err != nil {
				return err
			}
			if loan.Fails() {
				count.Add(1)
			}
		}
		return nil
	})
	return count.Load(), err
}

// inParallel calls work for 0 to n-1 on all processors until one call fails.
func inParallel(ctx context.Context, n int, work func(int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
