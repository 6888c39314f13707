package function

// latest is the version that can be changed, and the only one so far.
const latest = "$LATEST"

// Limits and defaults. Source: AWS Lambda quotas.
const (
	defaultTimeout      = 3 // seconds
	maxTimeout          = 900
	defaultMemory       = 128 // MB
	maxMemory           = 32768
	defaultStorage      = 512 // MB
	maxStorage          = 10240
	maxEnvironmentBytes = 4096
)

// Configuration is a function as the Lambda API shows it; the members are
// AWS's FunctionConfiguration in its alphabetical order.
type Configuration struct {
	Architectures              []string
	CodeSha256                 string // base64
	CodeSize                   int64  // bytes of the zip; 0 for declared functions
	DeadLetterConfig           any    `json:",omitempty"`
	Description                string
	Environment                *Environment `json:",omitempty"`
	EphemeralStorage           EphemeralStorage
	FunctionArn                string
	FunctionName               string
	Handler                    string `json:",omitempty"`
	LastModified               string
	LastUpdateStatus           string `json:",omitempty"`
	LastUpdateStatusReason     string `json:",omitempty"`
	LastUpdateStatusReasonCode string `json:",omitempty"`
	Layers                     []any  `json:",omitempty"`
	LoggingConfig              LoggingConfig
	MemorySize                 int // MB
	PackageType                string
	RevisionId                 string
	Role                       string
	Runtime                    string                `json:",omitempty"`
	RuntimeVersionConfig       *RuntimeVersionConfig `json:",omitempty"`
	SnapStart                  SnapStart
	State                      string
	StateReason                string `json:",omitempty"`
	StateReasonCode            string `json:",omitempty"`
	Timeout                    int    // seconds
	TracingConfig              TracingConfig
	Version                    string
}

// Environment holds a function's own variables.
type Environment struct{ Variables map[string]string }

// EphemeralStorage is accepted and shown; the size (MB) is not enforced.
type EphemeralStorage struct{ Size int }

// LoggingConfig is accepted and shown; logs go to the service's own files.
type LoggingConfig struct {
	ApplicationLogLevel string `json:",omitempty"`
	LogFormat           string
	LogGroup            string
	SystemLogLevel      string `json:",omitempty"`
}

// RuntimeVersionConfig names the runtime's build.
type RuntimeVersionConfig struct{ RuntimeVersionArn string }

// SnapStart is accepted and shown only.
type SnapStart struct{ ApplyOn, OptimizationStatus string }

// TracingConfig is accepted and shown only.
type TracingConfig struct{ Mode string }

// Settings are the members that CreateFunction and
// UpdateFunctionConfiguration share; nil or "" leaves a member as it is.
type Settings struct {
	Description      *string
	Environment      *Environment
	EphemeralStorage *EphemeralStorage
	Handler          string
	LoggingConfig    *LoggingConfig
	MemorySize       *int
	Role             string
	Runtime          string
	Timeout          *int
	TracingConfig    *TracingConfig
}

// CreateInput asks for a new function.
type CreateInput struct {
	Settings
	FunctionName  string
	ZipFile       []byte
	PackageType   string // "" or "Zip"
	Architectures []string
	Tags          map[string]string
}

// UpdateCodeInput replaces a function's code.
type UpdateCodeInput struct {
	FunctionName  string
	ZipFile       []byte
	Architectures []string
	RevisionID    string // "" for whatever is there
	DryRun        bool
}

// UpdateConfigurationInput changes a function's settings.
type UpdateConfigurationInput struct {
	Settings
	FunctionName string
	RevisionID   string
}

// Description is a function with what GetFunction adds to its configuration.
type Description struct {
	Configuration Configuration
	Tags          map[string]string
	Declared      string // where it is declared; "" for uploaded functions
}
