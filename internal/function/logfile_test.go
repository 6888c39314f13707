package function

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// messages reads what there is to read.
func messages(t *testing.T, l *LogFile) (got []string) {
	t.Helper()
	for {
		lines, err := l.Next()
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			return got
		}
		for _, line := range lines {
			got = append(got, line.Message)
		}
	}
}

func TestLogFile_followsRotation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "logs", "f.log")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	add := func(text string) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	rotate := func() {
		if err := os.Rename(path, path+".1"); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(message string) string { return "2026-08-01T12:00:00.000Z\ts\t" + message + "\n" }
	log, err := OpenLog(dir, "f")
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, messages(t, log)); diff != "" {
			t.Error(diff)
		}
	}
	if log.Exists() {
		t.Error("a log exists before there is one")
	}
	expect()
	add(entry("one") + "2026-08-01T12:00:00.000Z\ts\ttw")
	expect("one") // half a line is none
	add("o\n")
	expect("two")
	add(entry("three"))
	rotate()
	add(entry("four"))
	expect("three", "four")
	rotate()
	expect()
	add(entry("five"))
	expect("five")
	add(entry("lost")) // rotated away twice between two reads
	rotate()
	add(entry("lost too"))
	rotate()
	add(entry("six"))
	expect("six")

	fresh, err := OpenLog(dir, "f")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"lost too", "six"}, messages(t, fresh)); diff != "" {
		t.Error(diff)
	}
	names, err := LogNames(dir)
	if diff := cmp.Diff([]string{"f"}, names); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := OpenLog(dir, "../f"); err == nil {
		t.Error("a path is taken for a name")
	}
}

// TestLogFile_readsWhatTheServiceWrites: every line once, over many rotations.
func TestLogFile_readsWhatTheServiceWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "logs"), 0o755); err != nil {
		t.Fatal(err)
	}
	own := newFunctionLog(filepath.Join(dir, "logs"), "f", 0, systemClock{})
	defer own.close()
	log, err := OpenLog(dir, "f")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for i := range 1000 {
		text := fmt.Sprintf("line %d", i)
		want = append(want, text)
		own.add(time.Now(), "s", []byte(text))
		if i%10 == 9 {
			own.flush()
			got = append(got, messages(t, log)...)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
