package itemreader

import (
	"encoding/json"
	"fmt"
	"strconv"

	"pawl.dev/value"
)

// position is what a cursor says. Its stored form is JSON; version 1 is every
// form so far.
type position struct {
	Version int   `json:"v"`
	Items   int64 `json:"n"` // given so far, in the whole dataset

	// Offset is the byte behind the last item, in the object (decompressed) or
	// the text that is being read. In Parquet it is the number of rows read.
	Offset int64 `json:"o,omitempty"`
	// Inside says that Offset is inside the JSON container or behind the CSV
	// header row, not at the start of the object.
	Inside bool `json:"i,omitempty"`
	// Kind is the JSON container: "[" or "{".
	Kind string `json:"c,omitempty"`
	// ETag is that of the object being read.
	ETag string `json:"e,omitempty"`
	// Key is the last key of a listing, or the object being read of a dataset
	// of many.
	Key string `json:"k,omitempty"`
	// File is the number of the object in a manifest.
	File int `json:"f,omitempty"`
	// ManifestETag is that of the manifest.
	ManifestETag string `json:"m,omitempty"`
}

func (p *position) cursor() string {
	b := append(make([]byte, 0, 128), `{"v":1,"n":`...)
	b = strconv.AppendInt(b, p.Items, 10)
	if p.Offset != 0 {
		b = strconv.AppendInt(append(b, `,"o":`...), p.Offset, 10)
	}
	if p.Inside {
		b = append(b, `,"i":true`...)
	}
	if p.File != 0 {
		b = strconv.AppendInt(append(b, `,"f":`...), int64(p.File), 10)
	}
	for _, m := range [...]struct{ name, text string }{{"c", p.Kind}, {"e", p.ETag}, {"k", p.Key}, {"m", p.ManifestETag}} {
		if m.text != "" {
			b = append(b, ',', '"', m.name[0], '"', ':')
			b = value.AppendQuoted(b, m.text)
		}
	}
	return string(append(b, '}'))
}

// parseCursor reads a cursor; "" is the start.
func parseCursor(cursor string) (position, error) {
	p := position{Version: 1}
	if cursor == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(cursor), &p); err != nil {
		return p, fmt.Errorf("item cursor %q: %w", cursor, err)
	}
	if p.Version != 1 || p.Offset < 0 || p.Items < 0 || p.File < 0 {
		return p, fmt.Errorf("item cursor %q: not of this version", cursor)
	}
	return p, nil
}
