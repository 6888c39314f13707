package itemreader

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"pawl.dev/internal/objects"
)

// maxManifestBytes bounds a manifest, which is read whole.
const maxManifestBytes = 64 << 20

// manifestSet is the objects that a manifest names.
type manifestSet struct {
	refs []objectRef
	file int // that next returns next
	etag string
}

// openManifest opens the data files of an S3 inventory or of an Athena UNLOAD.
func openManifest(ctx context.Context, b objects.Buckets, spec *Spec, at position) (*files, error) {
	s, err := openStream(ctx, b, objectRef{spec.Bucket, spec.Key, spec.VersionID}, 0, at.ManifestETag)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	text, err := io.ReadAll(io.LimitReader(s, maxManifestBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxManifestBytes {
		return nil, failed("The manifest exceeds the maximum size of %d bytes.", maxManifestBytes)
	}
	set := &manifestSet{etag: s.object.ETag, file: at.File}
	data := *spec
	if spec.ManifestType == "ATHENA_DATA" {
		set.refs, err = athenaFiles(text)
	} else {
		set.refs, err = inventoryFiles(text, &data)
	}
	if err != nil {
		return nil, err
	}
	d := &files{ctx: ctx, buckets: b, spec: &data, set: set}
	if at.Inside {
		d.resume = at
	}
	return d, nil
}

// athenaFiles reads a manifest of one URI a line.
func athenaFiles(text []byte) ([]objectRef, error) {
	var refs []objectRef
	for line := range strings.Lines(string(text)) {
		uri := strings.Trim(strings.TrimSpace(line), `"`)
		if uri == "" {
			continue
		}
		bucket, key, ok := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
		if !strings.HasPrefix(uri, "s3://") || !ok {
			return nil, failed("The manifest is malformed: %q is not the URI of an object.", uri)
		}
		refs = append(refs, objectRef{bucket: bucket, key: key})
	}
	return refs, nil
}

// inventoryFiles reads the manifest.json of an S3 inventory, and changes spec
// to read the inventory's CSV files.
func inventoryFiles(text []byte, spec *Spec) ([]objectRef, error) {
	var manifest struct {
		DestinationBucket string `json:"destinationBucket"` // an ARN
		FileFormat        string `json:"fileFormat"`
		FileSchema        string `json:"fileSchema"`
		Files             []struct {
			Key string `json:"key"`
		} `json:"files"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, failed("The manifest is malformed: %v", err)
	}
	if manifest.FileFormat != "CSV" {
		return nil, failed("The inventory's file format %q is not supported. Only CSV is.", manifest.FileFormat)
	}
	bucket := manifest.DestinationBucket[strings.LastIndexByte(manifest.DestinationBucket, ':')+1:]
	if bucket == "" || manifest.FileSchema == "" {
		return nil, failed("The manifest is malformed: it needs destinationBucket and fileSchema.")
	}
	spec.InputType, spec.CSVDelimiter, spec.CSVHeaderLocation = "CSV", "COMMA", "GIVEN"
	spec.CSVHeaders = nil
	for name := range strings.SplitSeq(manifest.FileSchema, ",") {
		spec.CSVHeaders = append(spec.CSVHeaders, strings.TrimSpace(name))
	}
	var refs []objectRef
	for _, f := range manifest.Files {
		refs = append(refs, objectRef{bucket: bucket, key: f.Key})
	}
	return refs, nil
}

func (m *manifestSet) next() (objectRef, error) {
	if m.file >= len(m.refs) {
		return objectRef{}, io.EOF
	}
	m.file++
	return m.refs[m.file-1], nil
}

func (m *manifestSet) place(p *position) { p.File, p.ManifestETag = m.file-1, m.etag }
func (m *manifestSet) stop()             {}
