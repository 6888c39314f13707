package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/store"
)

// CreateStateMachineInput describes a state machine to create.
type CreateStateMachineInput struct {
	Name               string
	Definition         string
	RoleARN            string
	Type               asl.MachineType
	Logging            *LoggingConfiguration // nil: level OFF
	Tracing            bool
	Encryption         *EncryptionConfiguration // nil: AWS_OWNED_KEY
	Tags               []Tag
	Publish            bool
	VersionDescription string
}

// CreateStateMachineOutput names the state machine created, now or before.
type CreateStateMachineOutput struct {
	StateMachineARN        string
	StateMachineVersionARN string // "" unless published
	CreationDate           time.Time
}

// CreateStateMachine creates a state machine. A repetition with equal definition
// text, type, configurations and publication answers as the first time; role and
// tags are then not looked at. Codes: InvalidName, InvalidDefinition,
// InvalidLoggingConfiguration, InvalidEncryptionConfiguration,
// StateMachineAlreadyExists, StateMachineDeleting, TooManyTags,
// ValidationException.
func (s *Service) CreateStateMachine(ctx context.Context, in CreateStateMachineInput) (*CreateStateMachineOutput, error) {
	m, r, err := s.plan(in)
	if err != nil {
		return nil, err
	}
	tags, err := s.checkTags(s.names.machine(in.Name), nil, in.Tags)
	if err != nil {
		return nil, err
	}
	var out *CreateStateMachineOutput
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		old, err := get[machine](w, store.KindStateMachine, in.Name)
		if err != nil {
			return err
		}
		if old != nil {
			out, err = s.repeatCreate(w, old, m, r)
			return err
		}
		out, err = s.insert(w, m, r, in, tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.targets.drop(in.Name)
	return out, nil
}

// plan checks the input and returns the documents to write.
func (s *Service) plan(in CreateStateMachineInput) (*machine, *revision, error) {
	if err := checkName(in.Name); err != nil {
		return nil, nil, err
	}
	if in.VersionDescription != "" && !in.Publish {
		return nil, nil, descriptionWithoutPublish()
	}
	logging, err := checkLogging(in.Logging)
	if err != nil {
		return nil, nil, err
	}
	if err := s.checkLoggedName(in.Name, logging); err != nil {
		return nil, nil, err
	}
	encryption, err := s.checkEncryption(in.Encryption)
	if err != nil {
		return nil, nil, err
	}
	variables, err := checkDefinition(in.Definition, in.Type)
	if err != nil {
		return nil, nil, err
	}
	now := s.now()
	m := &machine{
		Form: documentForm, Name: in.Name, Type: in.Type, Created: now, Revision: initialRevision,
		Published: in.Publish, Description: in.VersionDescription,
	}
	r := &revision{
		Form: documentForm, ID: initialRevision, Created: now, Definition: definitionKey(in.Definition), Role: in.RoleARN,
		Logging: logging, Tracing: in.Tracing, Encryption: encryption, Variables: variables,
	}
	return m, r, nil
}

func descriptionWithoutPublish() error {
	return refuse(ValidationException, "Version description can only be set when publish is true")
}

// checkLoggedName refuses names that a log stream cannot have.
func (s *Service) checkLoggedName(name string, c LoggingConfiguration) error {
	if c.Level == "OFF" || !strings.ContainsFunc(name, func(r rune) bool { return r > 0x7f }) {
		return nil
	}
	return refuse(ValidationException, "1 validation error detected: Value '"+s.names.machine(name)+
		`' at 'resourceId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9A-Za-z.\\/\\-_:]+$`)
}

// checkDefinition compiles the text and returns its variable references.
func checkDefinition(text string, kind asl.MachineType) (map[string][]string, error) {
	if err := checkLength("definition", text, MaxDefinitionBytes); err != nil {
		return nil, err
	}
	program, diagnostics := asl.Compile(text, kind)
	if diagnostics.Failed() {
		return nil, refuse(InvalidDefinition, "Invalid State Machine Definition: '"+diagnostics.Error()+"'")
	}
	return program.VariableReferences, nil
}

// definitionKey is the key of a definition's document.
func definitionKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// insert writes a new state machine.
func (s *Service) insert(w store.CatalogWriter, m *machine, r *revision, in CreateStateMachineInput, tags *tagSet) (*CreateStateMachineOutput, error) {
	out := &CreateStateMachineOutput{StateMachineARN: s.names.machine(m.Name), CreationDate: m.Created}
	if err := w.Put(store.KindDefinition, r.Definition, []byte(in.Definition)); err != nil {
		return nil, err
	}
	if len(tags.Tags) > 0 {
		if err := w.Put(store.KindTags, out.StateMachineARN, encode(tags)); err != nil {
			return nil, err
		}
	}
	if in.Publish {
		v, err := s.publish(w, m, r, in.VersionDescription)
		if err != nil {
			return nil, err
		}
		out.StateMachineVersionARN = s.versionARN(m, v)
		return out, nil // publish wrote machine and revision
	}
	return out, putMachine(w, m, r)
}

func putMachine(w store.CatalogWriter, m *machine, r *revision) error {
	if err := w.Put(store.KindSetting, revisionKey(m.Name, r.ID), encode(r)); err != nil {
		return err
	}
	return w.Put(store.KindStateMachine, m.Name, encode(m))
}

// repeatCreate answers the creation of a state machine that exists.
func (s *Service) repeatCreate(r store.CatalogReader, old, m *machine, wanted *revision) (*CreateStateMachineOutput, error) {
	arn := s.names.machine(old.Name)
	if old.Deleting {
		return nil, deletingStateMachine(arn)
	}
	current, err := currentRevision(r, old)
	if err != nil {
		return nil, err
	}
	if old.Type != m.Type || old.Published != m.Published || current.Definition != wanted.Definition ||
		!current.sameConfiguration(wanted) {
		return nil, refuse(StateMachineAlreadyExists, "State Machine Already Exists: '"+arn+"'")
	}
	if old.Description != m.Description {
		return nil, refuse(StateMachineAlreadyExists,
			"State Machine Already Exists: This state machine was already created with a published version using a different description.")
	}
	out := &CreateStateMachineOutput{StateMachineARN: arn, CreationDate: old.Created}
	if old.Published {
		out.StateMachineVersionARN = s.names.qualified(old.Name, fmt.Sprint(max(current.Version, 1)))
	}
	return out, nil
}

func (r *revision) sameConfiguration(other *revision) bool {
	return r.Logging.equal(other.Logging) && r.Tracing == other.Tracing && r.Encryption == other.Encryption
}

func currentRevision(r store.CatalogReader, m *machine) (*revision, error) {
	return must[revision](r, store.KindSetting, revisionKey(m.Name, m.Revision))
}
