package resultwriter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/objects"
	"pawl.dev/internal/resultwriter"
)

const mapRun = "arn:aws:states:us-east-1:123456789012:mapRun:Sorter/Mails:11111111-2222-4333-8444-555555555555"

const folder = "11111111-2222-4333-8444-555555555555/"

func bucket(t testing.TB) *objects.Dir {
	t.Helper()
	d, err := objects.OpenDir("", map[string]string{"b": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// contents is all objects of the bucket "b" by key.
func contents(t testing.TB, b objects.Buckets) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := b.List(t.Context(), "b", "", "", func(o objects.Object) bool {
		r, _, err := b.Open(t.Context(), "b", o.Key, "")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[o.Key] = string(text)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t testing.TB, b objects.Buckets, spec resultwriter.Spec, records ...resultwriter.Record) (resultwriter.Details, int64) {
	t.Helper()
	spec.Bucket, spec.MapRunARN = "b", mapRun
	w, err := resultwriter.New(t.Context(), b, spec)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for i := range records {
		if err := w.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	details, n, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return details, n
}

func text(s string) *string { return &s }

func record(name, status, output string) resultwriter.Record {
	r := resultwriter.Record{
		ExecutionARN:    "arn:aws:states:us-east-1:123456789012:execution:Sorter/Mails:" + name,
		StateMachineARN: "arn:aws:states:us-east-1:123456789012:stateMachine:Sorter/Mails",
		Name:            name, Status: status, Input: `{"n":"` + name + `"}`, Output: output,
		StartDate: time.Date(2026, 11, 20, 10, 0, 0, 90e6, time.UTC), StopDate: time.Date(2026, 11, 20, 10, 0, 1, 0, time.UTC),
	}
	if status != "SUCCEEDED" {
		r.Error, r.Cause = text("Boom"), text("it \"broke\"")
	}
	return r
}

func three() []resultwriter.Record {
	return []resultwriter.Record{record("x", "SUCCEEDED", `[1, {"a":2}]`), record("y", "TIMED_OUT", ""), {Status: "PENDING", Input: `3`}}
}

func TestWriter_recordsAsAWSWritesThem(t *testing.T) {
	t.Parallel()
	b := bucket(t)
	details, n := write(t, b, resultwriter.Spec{Prefix: "out/"}, three()...)
	if n != 3 || details != (resultwriter.Details{Bucket: "b", Key: "out/" + folder + "manifest.json"}) {
		t.Errorf("%d written, %+v", n, details)
	}
	succeeded := `[{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:Sorter/Mails:x","Input":"{\"n\":\"x\"}","InputDetails":{"Included":true},"Name":"x","Output":"[1, {\"a\":2}]","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":"2026-11-20T10:00:00.090Z","StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:Sorter/Mails","Status":"SUCCEEDED","StopDate":"2026-11-20T10:00:01.000Z"}]`
	failed := `[{"Cause":"it \"broke\"","Error":"Boom","ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:Sorter/Mails:y","Input":"{\"n\":\"y\"}","InputDetails":{"Included":true},"Name":"y","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN","StartDate":"2026-11-20T10:00:00.090Z","StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:Sorter/Mails","Status":"TIMED_OUT","StopDate":"2026-11-20T10:00:01.000Z"}]`
	pending := `[{"Input":"3","InputDetails":{"Included":true},"Status":"PENDING"}]`
	want := map[string]string{
		"out/" + folder + "SUCCEEDED_0.json": succeeded,
		"out/" + folder + "FAILED_0.json":    failed,
		"out/" + folder + "PENDING_0.json":   pending,
		"out/" + folder + "manifest.json": fmt.Sprintf(`{"DestinationBucket":"b","MapRunArn":"%s","ResultFiles":{"FAILED":[{"Key":"out/%sFAILED_0.json","Size":%d}],"PENDING":[{"Key":"out/%[2]sPENDING_0.json","Size":%[4]d}],"SUCCEEDED":[{"Key":"out/%[2]sSUCCEEDED_0.json","Size":%[5]d}]}}`,
			mapRun, folder, len(failed), len(pending), len(succeeded)),
	}
	if diff := cmp.Diff(want, contents(t, b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriter_noRecords(t *testing.T) {
	t.Parallel()
	b := bucket(t)
	write(t, b, resultwriter.Spec{})
	want := map[string]string{folder + "manifest.json": `{"DestinationBucket":"b","MapRunArn":"` + mapRun + `","ResultFiles":{"FAILED":[],"PENDING":[],"SUCCEEDED":[]}}`}
	if diff := cmp.Diff(want, contents(t, b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriter_transformations(t *testing.T) {
	t.Parallel()
	records := []resultwriter.Record{record("x", "SUCCEEDED", "[1, {\"a\":\n2}]"), record("y", "SUCCEEDED", `"s"`), record("z", "SUCCEEDED", `[]`)}
	tests := []struct{ transformation, output, file, want string }{
		{"COMPACT", "JSON", "SUCCEEDED_0.json", "[[1, {\"a\":\n2}],\"s\",[]]"},
		{"FLATTEN", "", "SUCCEEDED_0.json", `[1,{"a":2},"s"]`},
		{"COMPACT", "JSONL", "SUCCEEDED_0.jsonl", "[1,{\"a\":2}]\n\"s\"\n[]\n"},
		{"FLATTEN", "JSONL", "SUCCEEDED_0.jsonl", "1\n{\"a\":2}\n\"s\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.transformation+tt.output, func(t *testing.T) {
			t.Parallel()
			b := bucket(t)
			_, n := write(t, b, resultwriter.Spec{Transformation: tt.transformation, OutputType: tt.output}, append(records, record("f", "FAILED", ""))...)
			got := contents(t, b)
			if diff := cmp.Diff(tt.want, got[folder+tt.file]); diff != "" || n != 4 {
				t.Errorf("%d (-want +got):\n%s", n, diff)
			}
			failed := got[folder+strings.Replace(tt.file, "SUCCEEDED", "FAILED", 1)]
			if !strings.Contains(failed, `"Error":"Boom"`) {
				t.Errorf("failed records: %s", failed)
			}
		})
	}
}

func TestWriter_splitsFiles(t *testing.T) {
	t.Parallel()
	for _, output := range []string{"JSON", "JSONL"} {
		b := bucket(t)
		records := []resultwriter.Record{}
		for i := range 10 {
			records = append(records, record("x", "SUCCEEDED", fmt.Sprintf(`"%020d"`, i)))
		}
		records = append(records, record("x", "SUCCEEDED", `"`+strings.Repeat("y", 200)+`"`), record("x", "SUCCEEDED", `0`))
		spec := resultwriter.Spec{Transformation: "COMPACT", OutputType: output, MaxFileBytes: 100}
		write(t, b, spec, records...)
		got := contents(t, b)
		if len(got) != 6 { // of 4, 4 and 2 records, the large one, the last one, the manifest
			t.Errorf("%s: %d files: %q", output, len(got), got)
		}
		elements := 0
		for key, text := range got {
			if strings.Contains(key, "manifest") {
				continue
			}
			if len(text) > 100 && !strings.Contains(text, "yy") {
				t.Errorf("%s has %d bytes", key, len(text))
			}
			if output == "JSONL" {
				elements += strings.Count(text, "\n")
				continue
			}
			var list []any
			if err := json.Unmarshal([]byte(text), &list); err != nil {
				t.Errorf("%s: %v", key, err)
			}
			elements += len(list)
		}
		if elements != 12 {
			t.Errorf("%s: %d elements", output, elements)
		}
	}
}

func TestWriter_redriveKeepsWhatSucceededBefore(t *testing.T) {
	t.Parallel()
	b := bucket(t)
	write(t, b, resultwriter.Spec{}, three()...)
	redrive := resultwriter.Spec{Redrive: 1}
	write(t, b, redrive, record("y", "SUCCEEDED", "1"), record("z", "FAILED", ""))
	first := contents(t, b)
	write(t, b, redrive, record("y", "SUCCEEDED", "1"), record("z", "FAILED", ""))
	if diff := cmp.Diff(first, contents(t, b)); diff != "" {
		t.Errorf("written again (-want +got):\n%s", diff)
	}
	write(t, b, resultwriter.Spec{Redrive: 2}, record("z", "SUCCEEDED", "2"))
	var manifest struct {
		ResultFiles map[string][]struct{ Key string }
	}
	if err := json.Unmarshal([]byte(contents(t, b)[folder+"manifest.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(manifest.ResultFiles)
	want := fmt.Sprintf("map[FAILED:[] PENDING:[] SUCCEEDED:[{%sSUCCEEDED_0.json} {%[1]sRedrive-1/SUCCEEDED_0.json} {%[1]sRedrive-2/SUCCEEDED_0.json}]]", folder)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWriter_repeatsAfterACrash(t *testing.T) {
	t.Parallel()
	b := bucket(t)
	spec := resultwriter.Spec{MaxFileBytes: 600}
	records := append(three(), three()...)
	half, err := resultwriter.New(t.Context(), b, resultwriter.Spec{Bucket: "b", MapRunARN: mapRun, MaxFileBytes: 600})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records[:5] {
		if err := half.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	half.Abort()
	if _, _, err := half.Close(); err == nil {
		t.Error("closed an aborted writer")
	}
	if _, ok := contents(t, b)[folder+"manifest.json"]; ok {
		t.Error("an aborted writer wrote a manifest")
	}
	write(t, b, spec, records...)
	first := contents(t, b)
	write(t, b, spec, records...)
	if diff := cmp.Diff(first, contents(t, b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriter_failures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		bucket, prefix, cause string
	}{
		{"none", "", "The specified bucket does not exist (Service: S3, Status Code: 404)"},
		{"b", "../up", "The specified key cannot be the name of a file. (Service: S3, Status Code: 400)"},
	}
	for _, tt := range tests {
		w, err := resultwriter.New(t.Context(), bucket(t), resultwriter.Spec{Bucket: tt.bucket, Prefix: tt.prefix, MapRunARN: mapRun})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = w.Close()
		var f *resultwriter.Failure
		if !errors.As(err, &f) || f.Name != "States.ResultWriterFailed" || f.Cause != tt.cause {
			t.Errorf("%s/%s: %v", tt.bucket, tt.prefix, err)
		}
	}
	if _, err := resultwriter.New(t.Context(), bucket(t), resultwriter.Spec{Transformation: "X"}); err == nil {
		t.Error("took transformation X")
	}
}

func TestWriter_memoryIsFlat(t *testing.T) {
	b := bucket(t)
	w, err := resultwriter.New(t.Context(), b, resultwriter.Spec{Bucket: "b", MapRunARN: mapRun})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	r := record("x", "SUCCEEDED", `{"a":1}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100_000 {
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d bytes", grown)
	}
}

func BenchmarkWriter(b *testing.B) {
	for _, transformation := range []string{"NONE", "FLATTEN"} {
		b.Run(transformation, func(b *testing.B) {
			// The disk is not what is measured.
			d, err := objects.OpenDir("", map[string]string{"b": tempInMemory(b)})
			if err != nil {
				b.Fatal(err)
			}
			w, err := resultwriter.New(b.Context(), d, resultwriter.Spec{Bucket: "b", MapRunARN: mapRun, Transformation: transformation})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Abort()
			r := record("db835b4b-3053-3cbe-b086-40b530212a29", "SUCCEEDED", `{"id":1234567,"name":"Ada Lovelace","city":"London"}`)
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write(&r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func tempInMemory(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "pawl")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
