// Package asl is the Amazon States Language: it parses, validates and compiles
// definitions (Compile), and evaluates the data flow of single states (Data,
// Template, Path, Choice, …).
//
// It decides nothing about executions: that is the engine's. Everything that a
// state needs at run time is compiled once; nothing is parsed at run time. A
// Program is immutable and shared by any number of goroutines.
//
// The package is pure: time and chance come in through Env. It imports value,
// jsonpath, jsonata and asl/intrinsic.
package asl

import "time"

// Language is the query language of a state.
type Language uint8

// The query languages. JSONPath is the default.
const (
	JSONPath Language = iota
	JSONata
)

// Type is the type of a state.
type Type uint8

// The state types, in the order in which AWS lists them.
const (
	TypeTask Type = iota + 1
	TypeWait
	TypePass
	TypeSucceed
	TypeFail
	TypeChoice
	TypeParallel
	TypeMap
)

// String returns the type's name in definitions and event types: "Task".
func (t Type) String() string {
	return [...]string{"", "Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}[t]
}

// Program is a compiled definition.
type Program struct {
	// Definition is the text it was compiled from, byte for byte.
	Definition string
	Comment    string
	Language   Language
	Root       *Machine
	// Timeout is the whole execution's TimeoutSeconds, 0 when there is none.
	Timeout time.Duration
	// VariableReferences maps a state's name to the sorted names of the
	// variables it reads (DescribeStateMachine's variableReferences); nil when
	// there are none.
	VariableReferences map[string][]string

	states map[string]*State
}

// State returns the state called name wherever it is nested, nil when there is
// none. Names are unique in the whole definition.
func (p *Program) State(name string) *State { return p.states[name] }

// Machine is one States object: the root, a branch of a Parallel state or the
// processor of a Map state.
type Machine struct {
	Start  *State
	States []*State // in document order
	Holder *State   // the Parallel or Map state that holds it, nil for the root
	Branch int      // index among the holder's branches
}

// State is one state. Fields that its type or language does not have are zero.
// Where the JSONPath default of a field is "$", nil stands for it.
type State struct {
	Name     string
	Type     Type
	Language Language
	Comment  string
	Machine  *Machine // that the state belongs to
	Next     *State   // nil for terminal states and for Choice

	InputPath      *Path       // JSONPath; nil: "$"
	OutputPath     *Path       // JSONPath; nil: "$"
	Arguments      *Template   // Parameters (JSONPath) or Arguments (JSONata); nil: the input
	ResultSelector *Template   // JSONPath
	ResultPath     *ResultPath // JSONPath; nil: "$"
	Output         *Template   // JSONata
	Assign         *Template   // an object template; for Choice: that of Default
	Retry          []*Retrier
	Catch          []*Catcher

	Pass     *Pass // set for TypePass when there is a Result
	Task     *Task
	Wait     *Wait
	Choice   *Choice
	Fail     *Fail
	Parallel *Parallel
	Map      *Map
}

// Pass is a Pass state's Result (JSONPath), raw JSON text.
type Pass struct{ Result string }

// ResourceKind tells the forms of Task.Resource apart.
type ResourceKind uint8

// The resource kinds.
const (
	LambdaFunction ResourceKind = iota + 1 // arn:aws:lambda:…:function:… directly
	Activity                               // arn:aws:states:…:activity:…
	Service                                // arn:aws:states:::service:action[.pattern]
)

// Pattern is a service integration pattern.
type Pattern uint8

// The patterns.
const (
	RequestResponse Pattern = iota
	Sync                    // .sync
	Sync2                   // .sync:2
	Callback                // .waitForTaskToken
)

// Task is what a Task state runs.
type Task struct {
	Resource string // the ARN as written
	Kind     ResourceKind
	// ResourceType and Action are what history events call resourceType and
	// resource: "lambda" and "invoke.waitForTaskToken", "aws-sdk:dynamodb" and
	// "putItem". Service only.
	ResourceType string
	Action       string
	Pattern      Pattern
	Timeout      *Number   // TimeoutSeconds(Path); nil: none
	Heartbeat    *Number   // HeartbeatSeconds(Path); nil: none
	Credentials  *Template // an object with RoleArn; nil: none
}

// Fail is what a Fail state ends with. All parts may be absent.
type Fail struct {
	Error *TextField
	Cause *TextField
}

// Parallel is the branches of a Parallel state.
type Parallel struct{ Branches []*Machine }

// Map is what a Map state iterates over and how.
type Map struct {
	// Processor is the machine that runs for each item. For a distributed map
	// it is the root of Child.
	Processor *Machine
	// Child is the distributed map's processor as a program of its own, whose
	// Definition is the processor's text; nil for an inline map.
	Child *Program
	// ExpressChildren is ProcessorConfig.ExecutionType EXPRESS.
	ExpressChildren bool
	// Label is the distributed map's Label as written or as generated.
	Label string

	ItemsPath    *Path     // JSONPath; nil: "$"
	Items        *Template // JSONata
	ItemSelector *Template // or Parameters; nil: the item itself

	MaxConcurrency             *Number // nil or 0: no limit
	ToleratedFailureCount      *Number // nil: not given
	ToleratedFailurePercentage *Number // nil: not given

	Reader  *ItemReader
	Batcher *ItemBatcher
	Writer  *ResultWriter

	processorField string // "ItemProcessor" or "Iterator"
}

// ItemReader says where a distributed map reads its items from.
type ItemReader struct {
	Resource  string // "arn:aws:states:::s3:getObject" or "…:s3:listObjectsV2"
	Arguments *Template
	MaxItems  *Number // nil: all

	InputType         string // CSV, JSON, JSONL, PARQUET, MANIFEST or ""
	Transformation    string // NONE, LOAD_AND_FLATTEN or ""
	ManifestType      string // ATHENA_DATA, S3_INVENTORY or ""
	CSVDelimiter      string // COMMA, PIPE, SEMICOLON, SPACE, TAB or ""
	CSVHeaderLocation string // FIRST_ROW, GIVEN or ""
	CSVHeaders        []string
	ItemsPointer      string
}

// ItemBatcher says how items are put together.
type ItemBatcher struct {
	MaxItemsPerBatch      *Number // nil: no limit
	MaxInputBytesPerBatch *Number // nil: 262,144
	BatchInput            *Template
}

// ResultWriter says where and how a distributed map writes its results.
type ResultWriter struct {
	Arguments      *Template // Bucket and Prefix; nil: results stay in the state's output
	Transformation string    // NONE, COMPACT, FLATTEN or ""
	OutputType     string    // JSON, JSONL or ""
}
