package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed all:dist
var built embed.FS

// dist holds the built pages.
var dist = mustSub(built, "dist")

func mustSub(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err) // the directory is named in the source
	}
	return sub
}

// pages serves the built pages. A path that is no file is a view of the one
// page, which reads the path itself.
type pages struct {
	fsys  fs.FS
	mu    sync.Mutex
	files map[string]*file // by name; filled when first asked for
}

type file struct {
	kind  string // Content-Type
	etag  string
	plain []byte
	small []byte // gzip; nil when that is no gain
}

func newPages(fsys fs.FS) *pages { return &pages{fsys: fsys, files: make(map[string]*file)} }

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, Base)
	hashed := strings.HasPrefix(name, "assets/")
	if !hashed && name != "favicon.svg" && name != "licenses.txt" {
		name = "index.html"
	}
	f, err := p.load(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("ETag", f.etag)
	header.Set("Vary", "Accept-Encoding")
	if hashed { // the name changes with the content
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		header.Set("Cache-Control", "no-cache")
	}
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = f.small
	}
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// load returns a file, compressed once.
func (p *pages) load(name string) (*file, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.files[name]; f != nil {
		return f, nil
	}
	plain, err := fs.ReadFile(p.fsys, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(plain)
	f := &file{kind: kindOf(name), etag: `"` + hex.EncodeToString(sum[:8]) + `"`, plain: plain}
	if small := compress(plain); len(small) < len(plain)*9/10 {
		f.small = small
	}
	p.files[name] = f
	return f, nil
}

// kindOf names the few kinds there are, so that no table of the system's is asked.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func compress(plain []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level exists
	}
	_, _ = w.Write(plain) // a buffer takes everything
	_ = w.Close()         // the same
	return out.Bytes()
}
