package objects_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"pawl.dev/internal/objects"
)

// fakeS3 starts an S3 server with the bucket "b". wrap, if given, sits between
// the client and it.
func fakeS3(t testing.TB, wrap func(http.Handler) http.Handler) *objects.S3 {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("b"); err != nil {
		t.Fatal(err)
	}
	handler := gofakes3.New(backend).Server()
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s, err := objects.OpenS3(t.Context(), objects.S3Config{
		Endpoint: server.URL, Region: "us-east-1", PartBytes: 5 << 20,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func localDir(t testing.TB) *objects.Dir {
	t.Helper()
	d, err := objects.OpenDir(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.CreateBucket("b"); err != nil {
		t.Fatal(err)
	}
	return d
}

// eachBackend runs the test against every implementation with an empty bucket
// "b".
func eachBackend(t *testing.T, test func(t *testing.T, b objects.Buckets)) {
	t.Run("dir", func(t *testing.T) { t.Parallel(); test(t, localDir(t)) })
	t.Run("s3", func(t *testing.T) { t.Parallel(); test(t, fakeS3(t, nil)) })
	t.Run("mux", func(t *testing.T) {
		t.Parallel()
		test(t, &objects.Mux{Dir: localDir(t), S3: fakeS3(t, nil)})
	})
}

func put(t testing.TB, b objects.Buckets, key, text string) objects.Object {
	t.Helper()
	w, err := b.Create(t.Context(), "b", key)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	o, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func get(t testing.TB, b objects.Buckets, key string, offset int64) (string, objects.Object) {
	t.Helper()
	r, o, err := b.OpenRange(t.Context(), "b", key, "", offset, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), o
}

func list(t testing.TB, b objects.Buckets, prefix, after string) []string {
	t.Helper()
	keys := []string{}
	err := b.List(t.Context(), "b", prefix, after, func(o objects.Object) bool {
		keys = append(keys, o.Key)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestObjects_roundTrip(t *testing.T) {
	t.Parallel()
	eachBackend(t, func(t *testing.T, b objects.Buckets) {
		put(t, b, "x/y/z.txt", "old")
		wrote := put(t, b, "x/y/z.txt", "hello")
		text, read := get(t, b, "x/y/z.txt", 0)
		if text != "hello" {
			t.Errorf("read %q", text)
		}
		if wrote.ETag != read.ETag || read.ETag[0] != '"' || read.Size != 5 || wrote.Size != 5 || read.StorageClass != "STANDARD" {
			t.Errorf("wrote %+v, read %+v", wrote, read)
		}
		if text, o := get(t, b, "x/y/z.txt", 2); text != "llo" || o.Size != 5 || o.ETag != read.ETag {
			t.Errorf("from 2: %q, %+v", text, o)
		}
		r, o, err := b.OpenRange(t.Context(), "b", "x/y/z.txt", "", 1, 3)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if text, err := io.ReadAll(r); err != nil || string(text) != "ell" || o.Size != 5 || o.ETag != read.ETag {
			t.Errorf("range: %q, %+v, %v", text, o, err)
		}
		var listed []objects.Object
		_ = b.List(t.Context(), "b", "x/", "", func(o objects.Object) bool { listed = append(listed, o); return true })
		if len(listed) != 1 || listed[0].ETag != read.ETag || listed[0].Size != 5 || !listed[0].LastModified.Equal(read.LastModified) {
			t.Errorf("listed %+v, read %+v", listed, read)
		}
	})
}

func TestObjects_listInOrderOfKeys(t *testing.T) {
	t.Parallel()
	keys := []string{"a.txt", "a/b", "a/b0", "a/c/d", "a/c.d", "a/c0", "a/ä", "a0", "b", "a/b-c", "a-b", "ab/c/d", "ab/c.d", "Z", "é", "z/😀", "z/\uffee"}
	sorted := slices.Sorted(slices.Values(keys))
	eachBackend(t, func(t *testing.T, b objects.Buckets) {
		for _, k := range keys {
			put(t, b, k, k)
		}
		probes := append([]string{"", "a/", "a/b/", "a", "ab/c", "none/", "zz", "a/b/c/d", "a/b/cc", "~", "ab/c/", "ab"}, keys...)
		for _, prefix := range probes {
			for _, after := range probes {
				want := []string{}
				for _, k := range sorted {
					if strings.HasPrefix(k, prefix) && k > after {
						want = append(want, k)
					}
				}
				if got := list(t, b, prefix, after); !cmp.Equal(got, want) {
					t.Fatalf("prefix %q after %q: got %q, want %q", prefix, after, got, want)
				}
			}
		}
		n := 0
		_ = b.List(t.Context(), "b", "", "", func(objects.Object) bool { n++; return n < 3 })
		if n != 3 {
			t.Errorf("went on to %d objects", n)
		}
	})
}

func TestS3_listsAllPages(t *testing.T) {
	t.Parallel()
	s := fakeS3(t, nil)
	for i := range 2100 {
		put(t, s, fmt.Sprintf("n/%04d", i), "")
	}
	got := list(t, s, "", "")
	if len(got) != 2100 || !slices.IsSorted(got) {
		t.Errorf("%d keys, sorted: %v", len(got), slices.IsSorted(got))
	}
}

func TestObjects_refusals(t *testing.T) {
	t.Parallel()
	eachBackend(t, func(t *testing.T, b objects.Buckets) {
		_, _, err := b.Open(t.Context(), "b", "none", "")
		var refused *objects.Error
		if !errors.Is(err, objects.ErrNoSuchKey) || !errors.As(err, &refused) {
			t.Fatalf("missing key: %v", err)
		}
		if want := "The specified key does not exist. (Service: S3, Status Code: 404"; !strings.HasPrefix(refused.Cause(), want) {
			t.Errorf("cause %q", refused.Cause())
		}
		if _, _, err := b.Open(t.Context(), "nobucket", "k", ""); !errors.Is(err, objects.ErrNoSuchBucket) {
			t.Errorf("open in missing bucket: %v", err)
		}
		if err := b.List(t.Context(), "nobucket", "", "", nil); !errors.Is(err, objects.ErrNoSuchBucket) {
			t.Errorf("list missing bucket: %v", err)
		}
		w, err := b.Create(t.Context(), "nobucket", "k")
		if err == nil {
			_, err = w.Commit()
		}
		if !errors.Is(err, objects.ErrNoSuchBucket) {
			t.Errorf("create in missing bucket: %v", err)
		}
	})
}

func TestObjects_nothingIsVisibleBeforeCommit(t *testing.T) {
	t.Parallel()
	eachBackend(t, func(t *testing.T, b objects.Buckets) {
		big := bytes.Repeat([]byte("0123456789abcdef"), 11<<20/16)
		for _, commit := range []bool{false, true} {
			w, err := b.Create(t.Context(), "b", "big")
			if err != nil {
				t.Fatal(err)
			}
			for rest := big; len(rest) > 0; {
				n, err := w.Write(rest[:min(100_000, len(rest))])
				if err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if got := list(t, b, "", ""); len(got) != 0 {
				t.Errorf("listed %q", got)
			}
			if !commit {
				w.Abort()
				continue
			}
			if o, err := w.Commit(); err != nil || o.Size != int64(len(big)) {
				t.Fatal(o, err)
			}
			w.Abort()
		}
		if text, _ := get(t, b, "big", 0); text != string(big) {
			t.Errorf("%d bytes came back", len(text))
		}
	})
}

func TestReaderAt_readsAnywhere(t *testing.T) {
	t.Parallel()
	eachBackend(t, func(t *testing.T, b objects.Buckets) {
		text := strings.Repeat("0123456789", 100_000)
		put(t, b, "k", text)
		r, err := objects.OpenReaderAt(t.Context(), b, "b", "k", "")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, at := range []int64{999_990, 0, 10, 500_000, 400_001, 400_100, 999_995} {
			p := make([]byte, 10)
			n, err := r.ReadAt(p, at)
			if want := text[at:min(at+10, 1_000_000)]; string(p[:n]) != want || (err == nil) != (n == 10) {
				t.Errorf("at %d: %q, %v", at, p[:n], err)
			}
		}
		if _, err := r.ReadAt(make([]byte, 1), 1_000_000); err != io.EOF {
			t.Errorf("behind the end: %v", err)
		}
	})
}
