package objects_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"pawl.dev/internal/objects"
)

// cutter breaks off every answer to GET after a number of bytes.
type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	if c.left < len(p) {
		_, _ = c.ResponseWriter.Write(p[:c.left])
		panic(http.ErrAbortHandler)
	}
	c.left -= len(p)
	return c.ResponseWriter.Write(p)
}

func TestS3_takesUpBrokenStreams(t *testing.T) {
	t.Parallel()
	var gets atomic.Int32
	s := fakeS3(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				gets.Add(1)
				w = &cutter{w, 40_000}
			}
			next.ServeHTTP(w, r)
		})
	})
	text := strings.Repeat("0123456789", 15_000)
	put(t, s, "k", text)
	if got, _ := get(t, s, "k", 0); got != text {
		t.Errorf("%d bytes came back", len(got))
	}
	if n := gets.Load(); n < 4 {
		t.Errorf("%d requests: nothing was cut", n)
	}
}

func TestS3_doesNotMixTwoObjects(t *testing.T) {
	t.Parallel()
	var cut atomic.Bool
	s := fakeS3(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && r.Header.Get("If-Match") == "" {
				w = &cutter{w, 50_000}
				cut.Store(true)
			} else if r.Method == http.MethodGet {
				w.WriteHeader(http.StatusPreconditionFailed) // the fake ignores If-Match
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	put(t, s, "k", strings.Repeat("0", 200_000))
	r, _, err := s.Open(t.Context(), "b", "k", "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	var refused *objects.Error
	if !cut.Load() || !errors.As(err, &refused) || refused.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("got %v", err)
	}
}

func TestS3_accessDeniedIsARefusalAndServerErrorsAreNot(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{http.StatusForbidden: true, http.StatusNotImplemented: false} {
		s := fakeS3(t, func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
			})
		})
		_, _, err := s.Open(t.Context(), "b", "k", "")
		var refused *objects.Error
		if errors.As(err, &refused) != want {
			t.Errorf("status %d: %v", status, err)
		}
	}
}
