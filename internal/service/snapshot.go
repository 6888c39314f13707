package service

import (
	"context"
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/store"
	"pawl.dev/value"
)

// DescribeStateMachineForExecution describes the state machine as it was when
// the execution started. For a child of a map run the definition is the
// processor alone. Codes: ExecutionDoesNotExist, InvalidArn.
func (s *Service) DescribeStateMachineForExecution(ctx context.Context, executionARN string, included IncludedData) (*StateMachine, error) {
	x, err := s.execution(ctx, executionARN)
	if err != nil {
		return nil, err
	}
	var out *StateMachine
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		m, err := must[machine](r, store.KindStateMachine, x.Machine)
		if err != nil {
			return err
		}
		rev, err := must[revision](r, store.KindSetting, revisionKey(x.Machine, x.Revision))
		if err != nil {
			return err
		}
		out, err = s.describeRevision(r, m, rev)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("snapshot of %s: %w", executionARN, err)
	}
	out.StateMachineARN = s.names.machineOf(&x.Summary)
	if x.MapRun != "" {
		out.MapRunARN = s.names.mapRun(x.Machine, x.Label, x.MapRun)
		if err := out.narrow(x.Label); err != nil {
			return nil, fmt.Errorf("snapshot of %s: %w", executionARN, err)
		}
	}
	if included == MetadataOnly {
		out.Definition, out.Variables = "{}", nil
	}
	return out, nil
}

// narrow makes the description one of the processor of the distributed map with
// the label.
func (m *StateMachine) narrow(label string) error {
	program, diagnostics := asl.Compile(m.Definition, m.Type)
	if program == nil {
		return fmt.Errorf("compile definition: %w", diagnostics)
	}
	child := processor(program.Root, label)
	if child == nil {
		return fmt.Errorf("no distributed map is labelled %q", label)
	}
	definition, err := withoutConfig(child.Definition)
	if err != nil {
		return err
	}
	m.Definition, m.Variables, m.Label = definition, child.VariableReferences, label
	return nil
}

// withoutConfig returns a processor's text as AWS shows it: as a state machine,
// without the ProcessorConfig.
func withoutConfig(processor string) (string, error) {
	v, err := value.Parse(processor, nil)
	if err != nil {
		return "", fmt.Errorf("parse processor: %w", err)
	}
	var shown value.Builder
	for i, key := range v.Keys() {
		if key != "ProcessorConfig" {
			shown.Set(key, v.At(i))
		}
	}
	return shown.Object().JSON(), nil
}

// processor returns the processor of the distributed map with the label, nil
// when there is none. Distributed maps may be nested.
func processor(m *asl.Machine, label string) *asl.Program {
	for _, state := range m.States {
		var inner []*asl.Machine
		switch {
		case state.Parallel != nil:
			inner = state.Parallel.Branches
		case state.Map != nil:
			if state.Map.Child != nil && state.Map.Label == label {
				return state.Map.Child
			}
			inner = []*asl.Machine{state.Map.Processor}
		}
		for _, nested := range inner {
			if p := processor(nested, label); p != nil {
				return p
			}
		}
	}
	return nil
}
