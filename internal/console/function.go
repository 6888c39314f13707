package console

import (
	"net/http"
	"time"
)

// Functions are what the console shows of the local functions.
type Functions interface {
	// List returns at most limit functions by name after marker, and the marker
	// of the next page, "" at the end.
	List(marker string, limit int) ([]Function, string, error)
	// Log returns the last lines of a function's log, oldest first.
	Log(name string, last int) ([]LogLine, error)
}

// Function is a local function.
type Function struct {
	Name           string `json:"name"`
	ARN            string `json:"arn"`
	Runtime        string `json:"runtime"`
	Handler        string `json:"handler"`
	State          string `json:"state"`
	StateReason    string `json:"stateReason,omitempty"`
	MemoryMB       int    `json:"memoryMB"`
	TimeoutSeconds int    `json:"timeoutSeconds"`
	Modified       string `json:"modified"`
	Processes      int    `json:"processes"` // now
	Idle           int    `json:"idle"`      // of these
	Waiting        int    `json:"waiting"`   // invocations without a process
}

// LogLine is one line of a function's log.
type LogLine struct {
	Time    time.Time `json:"time"`
	Stream  string    `json:"stream"` // one per process
	Message string    `json:"message"`
}

func (h *handler) functions(r *http.Request) (any, error) {
	if h.options.Functions == nil {
		return listOf([]Function{}, ""), nil
	}
	p, err := page(r, 100, 200)
	if err != nil {
		return nil, err
	}
	functions, next, err := h.options.Functions.List(p.NextToken, p.MaxResults)
	if err != nil {
		return nil, err
	}
	return listOf(functions, next), nil
}

func (h *handler) functionLog(r *http.Request) (any, error) {
	if h.options.Functions == nil {
		return listOf([]LogLine{}, ""), nil
	}
	p, err := page(r, 200, 2000)
	if err != nil {
		return nil, err
	}
	lines, err := h.options.Functions.Log(r.PathValue("name"), p.MaxResults)
	if err != nil {
		return nil, err
	}
	return listOf(lines, ""), nil
}
