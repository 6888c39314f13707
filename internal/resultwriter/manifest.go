package resultwriter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pawl.dev/internal/objects"
)

// manifest is manifest.json, its members in AWS's order.
type manifest struct {
	DestinationBucket string
	MapRunArn         string
	ResultFiles       struct {
		FAILED, PENDING, SUCCEEDED []resultFile
	}
}

// writeManifest writes the manifest. A redrive's keeps the succeeded files of
// the runs before it; what had failed or was pending then is its own business
// now.
func (w *Writer) writeManifest(key string) error {
	m := manifest{DestinationBucket: w.spec.Bucket, MapRunArn: w.spec.MapRunARN}
	before := []resultFile{}
	if w.spec.Redrive > 0 {
		var err error
		if before, err = w.succeededBefore(key); err != nil {
			return err
		}
	}
	m.ResultFiles.FAILED = append([]resultFile{}, w.groups[groupFailed].done...)
	m.ResultFiles.PENDING = append([]resultFile{}, w.groups[groupPending].done...)
	m.ResultFiles.SUCCEEDED = append(before, w.groups[groupSucceeded].done...)
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(&m); err != nil {
		return fmt.Errorf("result manifest: %w", err)
	}
	file, err := w.buckets.Create(w.ctx, w.spec.Bucket, key)
	if err != nil {
		return err
	}
	defer file.Abort()
	if _, err := io.WriteString(file, strings.TrimSuffix(text.String(), "\n")); err != nil {
		return err
	}
	_, err = file.Commit()
	return err
}

// succeededBefore returns the succeeded files of earlier runs, from the
// manifest that is there; none if there is none. That manifest may be this
// redrive's own, from before a crash.
func (w *Writer) succeededBefore(key string) ([]resultFile, error) {
	body, _, err := w.buckets.Open(w.ctx, w.spec.Bucket, key, "")
	if errors.Is(err, objects.ErrNoSuchKey) {
		return []resultFile{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var m manifest
	if err := json.NewDecoder(body).Decode(&m); err != nil {
		return nil, fmt.Errorf("result manifest %s: %w", key, err)
	}
	before := []resultFile{}
	for _, f := range m.ResultFiles.SUCCEEDED {
		if w.redriveOf(f.Key) < w.spec.Redrive {
			before = append(before, f)
		}
	}
	return before, nil
}

// redriveOf tells which redrive wrote a file, 0 for the first run.
func (w *Writer) redriveOf(key string) int {
	name, ok := strings.CutPrefix(strings.TrimPrefix(key, w.folder), "Redrive-")
	if !ok {
		return 0
	}
	number, _, _ := strings.Cut(name, "/")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return n
}
