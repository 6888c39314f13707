package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pawl.dev/asl"
	jsonvalue "pawl.dev/value"
)

// definitionFile is a definition as it was read.
type definitionFile struct {
	path  string // as the user named it; "-" is standard input
	text  string // JSON
	lines *place // where its parts stand; nil when unknown
	// broken is what is wrong with a file that has no JSON to compile.
	broken *finding
}

// finding is a diagnostic of a file, with its line.
type finding struct {
	Line     int    `json:"line,omitempty"` // from 1; 0: unknown
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Location string `json:"location,omitempty"`
}

// maxFileBytes bounds what is read of a file: YAML with comments may be longer
// than the definition in it.
const maxFileBytes = 4 * asl.MaxDefinitionBytes

// readDefinition reads a definition from a file, or from stdin when path is "-".
// Files called .yaml or .yml become JSON.
func readDefinition(path string, stdin io.Reader) (*definitionFile, error) {
	text, err := readText(path, stdin, maxFileBytes)
	if err != nil {
		return nil, fmt.Errorf("read definition: %w", err)
	}
	d := &definitionFile{path: path, text: text}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		if d.text, d.lines, err = fromYAML(text); err != nil {
			d.broken = &finding{Line: yamlLine(err), Severity: asl.SeverityError.String(), Code: "INVALID_YAML_DESCRIPTION", Message: err.Error()}
		}
	default:
		d.lines = placesOfJSON(text)
	}
	return d, nil
}

// readText reads a file, or stdin when path is "-", of at most limit bytes.
func readText(path string, stdin io.Reader, limit int64) (text string, err error) {
	in := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer func() { _ = file.Close() }() // nothing was written
		in = file
	}
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return "", err
	}
	if int64(len(b)) > limit {
		return "", fmt.Errorf("%s has more than %d bytes", path, limit)
	}
	return string(b), nil
}

// compile compiles the definition. The Program is nil when there are errors.
func (d *definitionFile) compile(kind asl.MachineType) (*asl.Program, []finding) {
	if d.broken != nil {
		return nil, []finding{*d.broken}
	}
	program, diagnostics := asl.Compile(d.text, kind)
	if diagnostics.Failed() {
		program = nil
	}
	findings := make([]finding, 0, len(diagnostics))
	for _, x := range diagnostics {
		findings = append(findings, finding{
			Line: d.line(x), Severity: x.Severity.String(), Code: x.Code, Message: x.Message, Location: x.Location,
		})
	}
	return program, findings
}

// line is where the diagnostic points to, 0 when that is unknown.
func (d *definitionFile) line(x asl.Diagnostic) int {
	var syntax *jsonvalue.SyntaxError
	switch {
	case x.Code == asl.CodeJSON && errors.As(jsonvalue.Valid(d.text), &syntax):
		return syntax.Line
	case d.lines == nil || x.Location == "":
		return 0
	}
	return d.lines.find(x.Location).line
}

// print writes a finding as compilers do: FILE:LINE: ERROR CODE: text at PLACE.
func (f finding) print(out io.Writer, path string) {
	if path == "-" {
		path = "stdin"
	}
	if f.Line > 0 {
		path = fmt.Sprintf("%s:%d", path, f.Line)
	}
	message, _, _ := strings.Cut(f.Message, "\n at [Source:") // AWS shows the file there
	text := fmt.Sprintf("%s: %s %s: %s", path, f.Severity, f.Code, message)
	if f.Location != "" && strings.HasPrefix(f.Location, "/") {
		text += " at " + f.Location
	}
	_, _ = fmt.Fprintln(out, text) // a closed terminal
}

// machineName makes the name of a state machine of its file's name.
func (d *definitionFile) machineName() string {
	name := filepath.Base(d.path)
	if d.path == "-" {
		name = "stdin"
	}
	for _, suffix := range []string{".json", ".yaml", ".yml", ".asl"} {
		if n := len(name) - len(suffix); n > 0 && strings.EqualFold(name[n:], suffix) {
			name = name[:n]
		}
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	return name[:min(len(name), 80)]
}
