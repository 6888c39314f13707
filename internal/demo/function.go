package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// BucketsVariable is the environment variable that tells the functions where the
// buckets lie.
const BucketsVariable = "PAWL_DEMO_BUCKETS"

// BatchResult is what the stress test of one batch answers.
type BatchResult struct {
	Files  int64 `json:"files"`
	Failed int64 `json:"failed"`
}

// Summary is what the ratio function answers.
type Summary struct {
	Files  int64   `json:"files"`
	Failed int64   `json:"failed"`
	Ratio  float64 `json:"ratio"`
}

// Function returns the handler of a function of the demonstration.
func Function(name string) (func(event []byte) ([]byte, error), error) {
	switch name {
	case StressFunction:
		return stressBatch, nil
	case RatioFunction:
		return failureRatio, nil
	default:
		return nil, fmt.Errorf("the demonstration has no function %q", name)
	}
}

// stressBatch opens and reads every file of a batch.
func stressBatch(event []byte) ([]byte, error) {
	var batch struct{ Items []struct{ Key string } }
	if err := json.Unmarshal(event, &batch); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Join(os.Getenv(BucketsVariable), Bucket))
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // nothing was written
	result := BatchResult{}
	for _, item := range batch.Items {
		body, err := root.ReadFile(item.Key)
		if err != nil {
			return nil, err
		}
		var loan Loan
		if err := json.Unmarshal(body, &loan); err != nil {
			return nil, fmt.Errorf("%s: %w", item.Key, err)
		}
		result.Files++
		if loan.Fails() {
			result.Failed++
		}
	}
	return json.Marshal(result)
}

// failureRatio sums up what the map run has written.
func failureRatio(event []byte) ([]byte, error) {
	var details struct{ Bucket, Key string }
	if err := json.Unmarshal(event, &details); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Join(os.Getenv(BucketsVariable), details.Bucket))
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // nothing was written
	text, err := root.ReadFile(details.Key)
	if err != nil {
		return nil, err
	}
	var manifest struct {
		ResultFiles struct{ SUCCEEDED []struct{ Key string } }
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, err
	}
	var sum Summary
	for _, file := range manifest.ResultFiles.SUCCEEDED {
		if err := sumUp(root, file.Key, &sum); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Key, err)
		}
	}
	if sum.Files > 0 {
		sum.Ratio = float64(sum.Failed) / float64(sum.Files)
	}
	return json.Marshal(sum)
}

// sumUp adds one result file, a JSON value a line.
func sumUp(root *os.Root, key string, sum *Summary) error {
	f, err := root.Open(key)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // nothing was written
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			var r BatchResult
			if err := json.Unmarshal(line, &r); err != nil {
				return err
			}
			sum.Files += r.Files
			sum.Failed += r.Failed
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
