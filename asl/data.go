package asl

import (
	"math/rand/v2"
	"time"

	"pawl.dev/value"
)

// Document is a JSON payload that is passed on as text and parsed at the first
// look inside. Untouched documents keep their text byte for byte, as AWS does.
type Document struct {
	text string
	val  value.Value
}

// TextDocument is the document with the given JSON text, which must be valid.
func TextDocument(text string) Document { return Document{text: text} }

// ValueDocument is the document that holds v.
func ValueDocument(v value.Value) Document { return Document{val: v} }

// JSON returns the document's text, which outlives every arena.
func (d *Document) JSON() string {
	if d.text == "" && d.val.Defined() {
		// Most payloads fit: one buffer instead of one that grows.
		d.text = string(d.val.AppendJSON(make([]byte, 0, 512)))
	}
	return d.text
}

// Value returns the parsed document; it lives as long as the arena a.
func (d *Document) Value(a *value.Arena) value.Value {
	if !d.val.Defined() {
		v, err := value.Parse(d.text, a)
		if err != nil {
			panic("asl: stored payload is no JSON: " + err.Error())
		}
		d.val = v
	}
	return d.val
}

// Env is where evaluation takes its surroundings from.
type Env struct {
	Now     time.Time
	Rand    *rand.Rand
	Arena   *value.Arena // for what is parsed on the way; nil: fresh memory
	Expired func() bool  // JSONata's time guard; nil: none
}

// Variables are the workflow variables in scope, as at state entry.
type Variables interface {
	// Variable returns the value of name, false when it is not assigned.
	Variable(name string) (value.Value, bool)
}

// Data is what the expressions of a state see.
type Data struct {
	// Input is "$" in JSONPath (the effective input, or the result for
	// ResultSelector and Assign) and $states.input in JSONata (the raw input).
	Input Document
	// Result is $states.result; HasResult says that it may be read.
	Result    Document
	HasResult bool
	// ErrorOutput is $states.errorOutput; HasError says that it may be read.
	ErrorOutput Document
	HasError    bool

	// MakeContext builds the context object; it is called at most once, and
	// only when an expression looks at it.
	MakeContext func() value.Value
	Variables   Variables
	Env         *Env

	context value.Value
	jsonata *jsonataData // made for the first expression
}

// arena is where texts are parsed into; nil: fresh memory.
func (d *Data) arena() *value.Arena {
	if d.Env == nil {
		return nil
	}
	return d.Env.Arena
}

// InputValue is "$". Together with ContextValue and VariableValue it makes Data
// a jsonpath.Data.
func (d *Data) InputValue() value.Value { return d.Input.Value(d.arena()) }

// ContextValue is "$$", the context object; {} when there is none.
func (d *Data) ContextValue() value.Value {
	if !d.context.Defined() {
		if d.MakeContext == nil {
			return emptyObject
		}
		d.context = d.MakeContext()
	}
	return d.context
}

// VariableValue is the workflow variable name.
func (d *Data) VariableValue(name string) (value.Value, bool) {
	if d.Variables == nil {
		return value.Value{}, false
	}
	return d.Variables.Variable(name)
}

var emptyObject = value.NewObject(nil, nil)

// Failure is a workflow failure: data for Retry, Catch and the history, never a
// Go error.
type Failure struct {
	Error *string // nil: absent (a Fail state may have none)
	Cause *string // nil: absent
	// InState says that the cause still needs the prefix "An error occurred
	// while executing the state '…' (entered at the event id #…). ", which only
	// the engine can write.
	InState bool
	// Evaluation says that an EvaluationFailed event with Location precedes
	// the failure of the state.
	Evaluation bool
	Location   string // "Output/a", "Assign/x", "Items"; "" when there is none
}

// NewFailure is the failure with the given error name and cause.
func NewFailure(name, cause string) *Failure { return &Failure{Error: &name, Cause: &cause} }

// Is reports whether the failure's error name is name.
func (f *Failure) Is(name string) bool { return f.Error != nil && *f.Error == name }

// Error names of the language.
const (
	ErrAll                  = "States.ALL"
	ErrTaskFailed           = "States.TaskFailed"
	ErrTimeout              = "States.Timeout"
	ErrHeartbeatTimeout     = "States.HeartbeatTimeout"
	ErrRuntime              = "States.Runtime"
	ErrDataLimitExceeded    = "States.DataLimitExceeded"
	ErrQueryEvaluation      = "States.QueryEvaluationError"
	ErrIntrinsic            = "States.IntrinsicFailure"
	ErrToleratedFailures    = "States.ExceedToleratedFailureThreshold"
	ErrItemReaderFailed     = "States.ItemReaderFailed"
	ErrResultWriterFailed   = "States.ResultWriterFailed"
	ErrPermissions          = "States.Permissions"
	MaxPayloadBytes         = 262144   // of a state's input or output
	MaxVariableBytes        = 262144   // of one variable, and of one Assign
	MaxTotalVariableBytes   = 10485760 // of all live variables of an execution
	MaxHistoryEvents        = 25000
	MaxErrorChars           = 256
	MaxCauseChars           = 32768
	MaxInlineMapConcurrency = 40
)
