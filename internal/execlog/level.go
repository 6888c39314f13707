package execlog

import (
	"strings"

	"pawl.dev/internal/history"
)

// logged reports whether events of the type are logged at a level.
// Source: Step Functions developer guide, "Log levels for execution events".
func logged(level string, t history.Type) bool {
	switch level {
	case "ALL":
		return t.Public()
	case "ERROR":
		return t.Public() && (fatal(t) || failed(t))
	case "FATAL":
		return fatal(t)
	}
	return false
}

func fatal(t history.Type) bool {
	return t == history.ExecutionAborted || t == history.ExecutionFailed || t == history.ExecutionTimedOut
}

// failed is by name: AWS's names say it.
func failed(t history.Type) bool {
	if t == history.FailStateEntered {
		return true
	}
	name := t.String()
	return strings.HasSuffix(name, "Failed") || strings.HasSuffix(name, "TimedOut") || strings.HasSuffix(name, "Aborted")
}
