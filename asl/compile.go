package asl

// Severity of a diagnostic.
type Severity uint8

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
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
// CODE: text at location". Warnings are left out.
func (ds Diagnostics) Error() string { return "" }

// MachineType is the type of a state machine.
type MachineType uint8

// The state machine types.
const (
	Standard MachineType = iota
	Express
)

// Compile parses, validates and compiles a definition. The Program is nil when
// the diagnostics have an error.
func Compile(definition string, kind MachineType) (*Program, Diagnostics) { return nil, nil }
