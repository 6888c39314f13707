package service

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/store"
)

// IncludedData says how much a description shows.
type IncludedData string

// The values of IncludedData; "" is AllData.
const (
	AllData      IncludedData = "ALL_DATA"
	MetadataOnly IncludedData = "METADATA_ONLY"
)

// StateMachine describes a state machine or a version of it.
type StateMachine struct {
	StateMachineARN string
	Name            string
	Deleting        bool
	Type            asl.MachineType
	Definition      string
	RoleARN         string
	CreationDate    time.Time
	UpdateDate      time.Time // of the revision
	RevisionID      string    // "" for the initial revision
	Description     string    // of the version
	Label           string    // when asked for with a labelled ARN
	MapRunARN       string    // when it is a map run's child's
	Logging         LoggingConfiguration
	Tracing         bool
	Encryption      EncryptionConfiguration
	Variables       map[string][]string // variableReferences; nil when there are none
}

// DescribeStateMachine describes a state machine, one of its versions, or the
// processor of its distributed map with the given label. Codes: InvalidArn,
// StateMachineDoesNotExist.
func (s *Service) DescribeStateMachine(ctx context.Context, machineARN string, included IncludedData) (*StateMachine, error) {
	arn, err := s.names.parseMachine(machineARN)
	if err != nil {
		return nil, err
	}
	var out *StateMachine
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		m, err := s.anyMachine(r, arn)
		if err != nil {
			return err
		}
		out, err = s.describe(r, m, arn)
		return err
	})
	if err != nil {
		return nil, err
	}
	if arn.Label != "" {
		if err := out.narrow(arn.Label); err != nil {
			return nil, noStateMachine(machineARN)
		}
	}
	if included == MetadataOnly {
		out.Definition, out.Variables = "{}", nil
	}
	return out, nil
}

func (s *Service) describe(r store.CatalogReader, m *machine, arn ARN) (*StateMachine, error) {
	created, id, description := m.Created, m.Revision, ""
	if arn.Qualifier != "" {
		v, err := s.findVersion(r, arn)
		if err != nil {
			return nil, err
		}
		if v == nil {
			return nil, noStateMachine(arn.text)
		}
		created, id, description = v.Created, v.Revision, v.Description
	}
	rev, err := must[revision](r, store.KindSetting, revisionKey(m.Name, id))
	if err != nil {
		return nil, err
	}
	out, err := s.describeRevision(r, m, rev)
	if err != nil {
		return nil, err
	}
	out.StateMachineARN, out.CreationDate, out.Description = arn.text, created, description
	return out, nil
}

func (s *Service) describeRevision(r store.CatalogReader, m *machine, rev *revision) (*StateMachine, error) {
	definition, err := r.Get(store.KindDefinition, rev.Definition)
	if err != nil {
		return nil, fmt.Errorf("definition of %s: %w", m.Name, err)
	}
	return &StateMachine{
		Name: m.Name, Deleting: m.Deleting, Type: m.Type,
		Definition: string(definition), RoleARN: rev.Role, UpdateDate: rev.Created, RevisionID: shownRevision(rev.ID),
		Logging: rev.Logging, Tracing: rev.Tracing, Encryption: rev.Encryption, Variables: rev.Variables,
	}, nil
}

// findVersion returns the version that the ARN names, nil when there is none.
func (s *Service) findVersion(r store.CatalogReader, arn ARN) (*version, error) {
	number, err := strconv.Atoi(arn.Qualifier)
	if err != nil || strconv.Itoa(number) != arn.Qualifier {
		return nil, nil // an alias, or no number that is ever given
	}
	return get[version](r, store.KindVersion, versionKey(arn.Name, number))
}

// anyMachine returns the state machine whose ARN this is, whether it is being
// deleted or not.
func (s *Service) anyMachine(r store.CatalogReader, arn ARN) (*machine, error) {
	if arn.foreign {
		return nil, noStateMachine(arn.text)
	}
	m, err := get[machine](r, store.KindStateMachine, arn.Name)
	if m == nil && err == nil {
		return nil, noStateMachine(arn.text)
	}
	return m, err
}

// liveMachine returns the state machine whose ARN this is unless it is being
// deleted.
func (s *Service) liveMachine(r store.CatalogReader, arn ARN) (*machine, error) {
	m, err := s.anyMachine(r, arn)
	if err != nil {
		return nil, err
	}
	if m.Deleting {
		return nil, deletingStateMachine(s.names.machine(m.Name))
	}
	return m, nil
}

// StateMachineItem is a state machine in a list.
type StateMachineItem struct {
	StateMachineARN string
	Name            string
	Type            asl.MachineType
	CreationDate    time.Time
}

// ListStateMachines returns a page of state machines by name, those being
// deleted included. Codes: InvalidToken.
func (s *Service) ListStateMachines(ctx context.Context, p Page) (items []StateMachineItem, nextToken string, err error) {
	list := s.listing("ListStateMachines")
	after, err := list.open(p.NextToken)
	if err != nil {
		return nil, "", err
	}
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		documents, err := r.Scan(store.KindStateMachine, "", after, p.limit()+1)
		if err != nil {
			return err
		}
		if len(documents) > p.limit() {
			documents = documents[:p.limit()]
			nextToken = list.seal(documents[len(documents)-1].Key)
		}
		for _, d := range documents {
			m, err := decode[machine](d.Value)
			if err != nil {
				return fmt.Errorf("state machine %s: %w", d.Key, err)
			}
			items = append(items, StateMachineItem{s.names.machine(m.Name), m.Name, m.Type, m.Created})
		}
		return nil
	})
	return items, nextToken, err
}

// DeleteStateMachine starts the deletion of a state machine: its versions and
// aliases go at once, it and its executions when the last of them has ended. An
// unknown ARN is no error. Codes: InvalidArn, ValidationException.
func (s *Service) DeleteStateMachine(ctx context.Context, machineARN string) error {
	arn, err := s.names.parseMachine(machineARN)
	if err != nil {
		return err
	}
	if arn.Label != "" {
		return labeledARN()
	}
	if arn.Qualifier != "" {
		return refuse(ValidationException, "The state machine ARN must not be qualified. Received: '"+machineARN+"'")
	}
	if arn.foreign {
		return nil
	}
	deleted, err := s.markDeleting(ctx, arn.Name)
	if err != nil || !deleted {
		return err
	}
	s.host.MachineDeleted(arn.Name, func() { s.forget(arn.Name) })
	return nil
}

// markDeleting marks a state machine and deletes its versions and aliases. It
// reports whether there was one that was not marked before.
func (s *Service) markDeleting(ctx context.Context, name string) (marked bool, err error) {
	s.starting.Lock()
	defer s.starting.Unlock()
	defer s.targets.drop(name)
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		m, err := get[machine](w, store.KindStateMachine, name)
		if err != nil || m == nil || m.Deleting {
			return err
		}
		m.Deleting, marked = true, true
		if err := w.Put(store.KindStateMachine, m.Name, encode(m)); err != nil {
			return err
		}
		if err := deletePrefix(w, store.KindAlias, m.Name+":"); err != nil {
			return err
		}
		return deletePrefix(w, store.KindVersion, m.Name+":")
	})
	return marked && err == nil, err
}

// forget removes what is left of a state machine whose executions are gone.
// Definitions stay: they are shared by their content.
func (s *Service) forget(name string) {
	err := s.catalog.Update(context.Background(), func(w store.CatalogWriter) error {
		m, err := get[machine](w, store.KindStateMachine, name)
		if err != nil || m == nil || !m.Deleting {
			return err
		}
		if err := deletePrefix(w, store.KindSetting, revisionPrefix(name)); err != nil {
			return err
		}
		if err := w.Delete(store.KindTags, s.names.machine(name)); err != nil {
			return err
		}
		return w.Delete(store.KindStateMachine, name)
	})
	s.targets.drop(name)
	if err != nil {
		s.config.Logger.Error("state machine not removed; it will be at the next start", "stateMachine", name, "error", err)
	}
}

func deletePrefix(w store.CatalogWriter, kind store.Kind, prefix string) error {
	documents, err := w.Scan(kind, prefix, "", 0)
	if err != nil {
		return err
	}
	for _, d := range documents {
		if err := w.Delete(kind, d.Key); err != nil {
			return err
		}
	}
	return nil
}
