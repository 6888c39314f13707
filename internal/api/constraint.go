package api

import (
	"math"
	"regexp"

	"pawl.dev/asl"
	"pawl.dev/internal/service"
)

// The constraints of AWS's model, API version 2016-11-23.
var (
	resourceARN      = optionalARN.need()
	optionalARN      = constraint{min: 1, max: 256}
	longResourceARN  = optionalLongARN.need()
	optionalLongARN  = constraint{min: 1, max: 2000}
	resourceName     = constraint{min: 1, max: service.MaxNameChars}
	aliasName        = constraint{required: true, min: 1, max: 80, pattern: aliasPattern}
	definitionText   = constraint{min: 1, max: service.MaxDefinitionBytes, bytes: true, sensitive: true}
	validatedText    = constraint{max: service.MaxDefinitionBytes, bytes: true, sensitive: true} // an empty one is a finding
	payload          = constraint{max: service.MaxInputBytes, bytes: true, sensitive: true}
	errorText        = constraint{max: asl.MaxErrorChars, sensitive: true}
	causeText        = constraint{max: asl.MaxCauseChars, sensitive: true}
	descriptionText  = constraint{max: 256, sensitive: true}
	anyText          = constraint{}
	traceHeader      = constraint{max: 256, pattern: asciiPattern}
	clientToken      = constraint{min: 1, max: 64, pattern: visiblePattern}
	taskToken        = constraint{required: true, min: 1, max: 2048}
	pageToken        = constraint{min: 1, max: 1024}
	longPageToken    = constraint{min: 1, max: 3096} // ListExecutions
	tagKey           = constraint{min: 1, max: 128}
	tagValue         = constraint{max: 256}
	kmsKeyID         = constraint{min: 1, max: 2048}
	maxResults       = span{0, 1000}
	weights          = span{0, 100}
	reusePeriod      = span{60, 900}
	percentages      = span{0, 100}
	nonNegative      = span{0, math.MaxInt64}
	maxDiagnostics   = span{0, 100}
	machineTypes     = constraint{enum: []string{"STANDARD", "EXPRESS"}}
	includedData     = constraint{enum: []string{"ALL_DATA", "METADATA_ONLY"}}
	logLevels        = constraint{enum: []string{"ALL", "ERROR", "FATAL", "OFF"}}
	encryptionTypes  = constraint{required: true, enum: []string{service.AWSOwnedKey, service.CustomerManagedKey}}
	redriveFilters   = constraint{enum: []string{"REDRIVEN", "NOT_REDRIVEN"}}
	severities       = constraint{enum: []string{"ERROR", "WARNING"}}
	stateName        = constraint{min: 1, max: 80}
	inspectionLevels = constraint{enum: []string{"INFO", "DEBUG", "TRACE"}}
	validationModes  = constraint{enum: []string{"STRICT", "PRESENT", "NONE"}}
	// The order was recorded.
	statuses = constraint{enum: []string{"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"}}
)

var (
	aliasPattern   = regexp.MustCompile(`^[a-zA-Z0-9_\-.]*[a-zA-Z_\-.][a-zA-Z0-9_\-.]*$`)
	asciiPattern   = regexp.MustCompile(`^[\x00-\x7f]*$`)
	visiblePattern = regexp.MustCompile(`^[!-~]+$`)
)

// patternText is the patterns as AWS writes them: Go has no look-ahead.
var patternText = map[*regexp.Regexp]string{
	aliasPattern:   `^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
	asciiPattern:   `\p{ASCII}*`,
	visiblePattern: `[!-~]+`,
}
