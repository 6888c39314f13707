package objects_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/objects"
)

func openDir(t testing.TB, root string, mounts map[string]string) *objects.Dir {
	t.Helper()
	d, err := objects.OpenDir(root, mounts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestDir_nothingLeadsOutOfABucket(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "b", "in", "x"), "in")
	writeFile(t, filepath.Join(root, "other", "secret"), "out")
	for link, to := range map[string]string{
		"b/out": "../other/secret", "b/outdir": "../other", "b/inner": "in/x", "b/loop": ".", "b/dead": "none",
		"linked": "other",
	} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(root, "away")); err != nil {
		t.Fatal(err)
	}
	d := openDir(t, root, nil)
	if got := list(t, d, "", ""); !cmp.Equal(got, []string{"in/x", "inner"}) {
		t.Errorf("listed %q", got)
	}
	for _, key := range []string{"out", "outdir/secret", "../other/secret", "/in/x", "in//x", "in/../in/x", "in/x/", "in", ".", "", "..", "in/x/y", "x\x00y", "\xff"} {
		if r, _, err := d.Open(t.Context(), "b", key, ""); err == nil {
			r.Close()
			t.Errorf("opened %q", key)
		} else if !errors.Is(err, objects.ErrNoSuchKey) && !errors.Is(err, objects.ErrAccessDenied) {
			t.Errorf("open %q: %v", key, err)
		}
	}
	for _, bucket := range []string{"", ".", "..", "../b", "b/in", ".hidden", "away", "/"} {
		if err := d.List(t.Context(), bucket, "", "", nil); !errors.Is(err, objects.ErrNoSuchBucket) {
			t.Errorf("bucket %q: %v", bucket, err)
		}
	}
}

func TestDir_refusesKeysThatAreNoFileNames(t *testing.T) {
	t.Parallel()
	d := localDir(t)
	put(t, d, "file", "")
	put(t, d, "folder/file", "")
	long := fmt.Sprintf("%0300d", 1)
	for _, key := range []string{"../x", "a//b", "/x", "x/", "", ".", "a/./b", "file/below", "folder", long, ".pawl-tmp", ".pawl-tmp/x"} {
		w, err := d.Create(t.Context(), "b", key)
		if err == nil {
			_, err = w.Commit()
		}
		if !errors.Is(err, objects.ErrInvalidKey) {
			t.Errorf("key %.20q: %v", key, err)
		}
	}
	if got := list(t, d, "", ""); !cmp.Equal(got, []string{"file", "folder/file"}) {
		t.Errorf("listed %q", got)
	}
	if _, _, err := d.Open(t.Context(), "b", "file", "v1"); !errors.Is(err, objects.ErrNoSuchVersion) {
		t.Errorf("version: %v", err)
	}
}

func TestDir_mountedDirectories(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	writeFile(t, filepath.Join(data, "x.csv"), "1")
	d := openDir(t, "", map[string]string{"b": data})
	put(t, d, "out/y", "2")
	if got := list(t, d, "", ""); !cmp.Equal(got, []string{"out/y", "x.csv"}) {
		t.Errorf("listed %q", got)
	}
	if d.Has("c") || !d.Has("b") {
		t.Error("wrong buckets")
	}
}

func TestDir_removesOnlyStaleTemporaryFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	stale, fresh := filepath.Join(root, "b", ".pawl-tmp", "stale"), filepath.Join(root, "b", ".pawl-tmp", "fresh")
	writeFile(t, stale, "")
	writeFile(t, fresh, "")
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(stale, old, old); err != nil {
		t.Fatal(err)
	}
	put(t, openDir(t, root, nil), "k", "")
	if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("stale file: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error(err)
	}
}

func TestMux_choosesTheLocalBucketFirst(t *testing.T) {
	t.Parallel()
	local, remote := localDir(t), fakeS3(t, nil)
	put(t, remote, "k", "remote")
	put(t, local, "k", "local")
	if text, _ := get(t, &objects.Mux{Dir: local, S3: remote}, "k", 0); text != "local" {
		t.Errorf("read %q", text)
	}
	empty := openDir(t, t.TempDir(), nil)
	if text, _ := get(t, &objects.Mux{Dir: empty, S3: remote}, "k", 0); text != "remote" {
		t.Errorf("read %q", text)
	}
	if _, _, err := (&objects.Mux{Dir: empty}).Open(t.Context(), "b", "k", ""); !errors.Is(err, objects.ErrNoSuchBucket) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkDir_list100k(b *testing.B) {
	root := b.TempDir()
	for i := range 100_000 {
		path := filepath.Join(root, "b", fmt.Sprintf("part-%d", i%10))
		if i < 10 {
			if err := os.MkdirAll(path, 0o777); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(path, fmt.Sprintf("file-%06d.json", i)), nil, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	d := openDir(b, root, nil)
	b.ReportAllocs()
	for b.Loop() {
		if n := len(list(b, d, "", "")); n != 100_000 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "files/s")
}
