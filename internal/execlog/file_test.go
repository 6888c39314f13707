package execlog

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// filesIn returns the files below a directory by their slashed path.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		found[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func line(group, machine, text string) Record {
	return Record{Group: Group{"us-east-1", group}, Machine: machine, Text: []byte(text)}
}

func TestFiles_areStreamsOfGroups(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := OpenFiles(FilesConfig{Dir: filepath.Join(dir, "logs"), Now: func() time.Time { return time.Date(2026, 9, 3, 4, 5, 6, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		lost, err := f.Write(context.Background(), []Record{
			line("/aws/g", "m", "1"), line("/aws/g", "m", "2"), line("/aws/g", "n", "3"), line("../../etc", "..", "4"),
			line("", strings.Repeat("é", 80)+strings.Repeat("\U0001F600", 60), "5"), line("a:b", "...x.", "6"),
		})
		if lost != 0 || err != nil {
			t.Fatal(lost, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	found := filesIn(t, dir)
	for folder, want := range map[string]string{
		"logs/aws/g/states/m/": "1\n2\n1\n2\n", "logs/aws/g/states/n/": "3\n3\n", "logs/__/__/etc/states/__/": "4\n4\n", "logs/a_b/states/...x_/": "6\n6\n",
	} {
		ok := false
		for name, content := range found {
			ok = ok || strings.HasPrefix(name, folder+"2026-09-03-04-05/") && strings.HasSuffix(name, ".jsonl") && content == want
		}
		if !ok {
			t.Errorf("%s is not there: %v", folder, found)
		}
	}
	if len(found) != 5 {
		t.Errorf("%d files", len(found))
	}
}

func TestFiles_areBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := OpenFiles(FilesConfig{Dir: dir, MaxBytes: 100, KeepBytes: 350})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := f.Write(context.Background(), []Record{line("g", "m", fmt.Sprintf("%049d", i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	found := filesIn(t, dir)
	all := ""
	for _, content := range found {
		all += content
	}
	if len(found) != 3 || len(all) != 300 || !strings.Contains(all, "099\n") {
		t.Errorf("%d files, %d bytes", len(found), len(all))
	}
}

func TestFiles_takeMoreMachinesThanHandles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := OpenFiles(FilesConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for i := range maxOpen + 10 {
			if _, err := f.Write(context.Background(), []Record{line("g", fmt.Sprint("m", i), "x")}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if f.open != maxOpen {
		t.Errorf("%d files are open", f.open)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if found := filesIn(t, dir); len(found) != maxOpen+10 {
		t.Errorf("%d files", len(found))
	}
}

// A full or broken disk must not stop the log for ever.
func TestFiles_goOnAfterAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := OpenFiles(FilesConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "g"), nil, 0o600); err != nil { // where a folder should be
		t.Fatal(err)
	}
	if lost, err := f.Write(context.Background(), []Record{line("g", "m", "1"), line("h", "m", "2")}); lost != 1 || err == nil {
		t.Errorf("lost %d, %v", lost, err)
	}
	if err := os.Remove(filepath.Join(dir, "g")); err != nil {
		t.Fatal(err)
	}
	if lost, err := f.Write(context.Background(), []Record{line("g", "m", "1")}); lost != 0 || err != nil {
		t.Errorf("lost %d, %v", lost, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
