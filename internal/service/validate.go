package service

import "pawl.dev/asl"

// ValidateStateMachineDefinitionInput asks for the findings about a definition.
type ValidateStateMachineDefinitionInput struct {
	Definition string
	Type       asl.MachineType
	Warnings   bool // findings of severity WARNING too
	MaxResults int  // 1 to 100; 0 is 100
}

// Validation is the findings about a definition.
type Validation struct {
	OK          bool
	Diagnostics asl.Diagnostics
	Truncated   bool // there were more than MaxResults
}

// ValidateStateMachineDefinition validates a definition without creating
// anything. Warnings do not make it fail.
func (s *Service) ValidateStateMachineDefinition(in ValidateStateMachineDefinitionInput) *Validation {
	_, found := asl.Compile(in.Definition, in.Type)
	out := &Validation{OK: !found.Failed()}
	limit := in.MaxResults
	if limit == 0 {
		limit = 100
	}
	for _, d := range found {
		if d.Severity == asl.SeverityWarning && !in.Warnings {
			continue
		}
		if len(out.Diagnostics) == limit {
			out.Truncated = true
			break
		}
		out.Diagnostics = append(out.Diagnostics, d)
	}
	return out
}
