package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pawl.dev/value"
)

// Severity of a diagnostic.
type Severity uint8

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
)

// String returns the severity's name in the API: "ERROR".
func (s Severity) String() string {
	if s == SeverityWarning {
		return "WARNING"
	}
	return "ERROR"
}

// Codes of diagnostics, as ValidateStateMachineDefinition names them.
const (
	CodeJSON               = "INVALID_JSON_DESCRIPTION"
	CodeSchema             = "SCHEMA_VALIDATION_FAILED"
	CodeMissingTarget      = "MISSING_TRANSITION_TARGET"
	CodeMissingEnd         = "MISSING_END_STATE"
	CodeDuplicateState     = "DUPLICATE_STATE_NAME"
	CodeInvalidState       = "INVALID_STATE_NAME"
	CodeDuplicateLabel     = "DUPLICATE_LABEL_NAME"
	CodeInvalidLabel       = "INVALID_LABEL_NAME"
	CodeTooDeep            = "TOO_DEEPLY_NESTED"
	CodeInvalidJSONata     = "INVALID_JSONATA_EXPRESSION"
	CodeUnsupportedJSONata = "UNSUPPORTED_JSONATA_EXPRESSION"
	CodeReservedVariable   = "RESERVED_VARIABLE_NAME"
	CodeInvalidVariable    = "INVALID_VARIABLE_NAME"
	CodeNoDollar           = "NO_DOLLAR"             // warning
	CodeStaticResult       = "PASS_RESULT_IS_STATIC" // warning
)

// Diagnostic is one finding of Compile, as ValidateStateMachineDefinition
// reports it.
type Diagnostic struct {
	Severity Severity
	Code     string // "SCHEMA_VALIDATION_FAILED"
	Message  string
	Location string // "/States/A/Next"; "" when there is none
}

// Diagnostics are all findings, in AWS's order.
type Diagnostics []Diagnostic

// Failed reports whether one of the findings is an error.
func (ds Diagnostics) Failed() bool {
	for _, d := range ds {
		if d.Severity == SeverityError {
			return true
		}
	}
	return false
}

// Error words the errors as CreateStateMachine does: "CODE: text at location,
// CODE: text at location", "null" for a missing location. Warnings are left out.
func (ds Diagnostics) Error() string {
	var b strings.Builder
	for _, d := range ds {
		if d.Severity != SeverityError {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.Code + ": " + d.Message + " at ")
		if d.Location == "" {
			b.WriteString("null")
		} else {
			b.WriteString(d.Location)
		}
	}
	return b.String()
}

// maxFindings bounds the errors, and the warnings, of one definition.
const maxFindings = 1000

func (c *compiler) report(code, at, message string) {
	if c.errors++; c.errors > maxFindings {
		return
	}
	c.diagnostics = append(c.diagnostics, Diagnostic{Code: code, Message: message, Location: at})
}

func (c *compiler) warn(code, at, message string) {
	if c.warnings++; c.warnings > maxFindings {
		return
	}
	c.diagnostics = append(c.diagnostics, Diagnostic{Severity: SeverityWarning, Code: code, Message: message, Location: at})
}

// jacksonSnippet is how many characters of a source Jackson shows.
const jacksonSnippet = 500

// jacksonLocation words a place in the definition as Jackson prints it.
func jacksonLocation(text string, e *value.SyntaxError) string {
	var b strings.Builder
	b.WriteString(`[Source: (String)"`)
	shown := 0
	rest := text
	for rest != "" && shown < jacksonSnippet {
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		shown++
		if unicode.IsControl(r) && r != '\n' && r != '\r' {
			fmt.Fprintf(&b, `\u%04X`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	if rest != "" {
		fmt.Fprintf(&b, "[truncated %d chars]", utf8.RuneCountInString(rest))
	}
	fmt.Fprintf(&b, "; line: %d, column: %d]", e.Line, e.Column)
	return b.String()
}

func blank(text string) bool { return strings.Trim(text, " \t\r\n") == "" }
