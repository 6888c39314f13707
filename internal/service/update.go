package service

import (
	"context"
	"time"

	"pawl.dev/internal/store"
)

// UpdateStateMachineInput says what to change; nil leaves as it is.
type UpdateStateMachineInput struct {
	StateMachineARN    string
	Definition         *string
	RoleARN            *string
	Logging            *LoggingConfiguration
	Tracing            *bool
	Encryption         *EncryptionConfiguration
	Publish            bool
	VersionDescription string
}

// UpdateStateMachineOutput names the revision that is now current.
type UpdateStateMachineOutput struct {
	UpdateDate             time.Time
	RevisionID             string // "" for the initial revision
	StateMachineVersionARN string // "" unless published
}

// UpdateStateMachine makes a new revision of a state machine unless nothing
// changes. Running executions keep the revision they were started with. Codes:
// InvalidArn, InvalidDefinition, InvalidLoggingConfiguration,
// InvalidEncryptionConfiguration, MissingRequiredParameter,
// StateMachineDeleting, StateMachineDoesNotExist, ServiceQuotaExceededException,
// ValidationException.
func (s *Service) UpdateStateMachine(ctx context.Context, in UpdateStateMachineInput) (*UpdateStateMachineOutput, error) {
	arn, err := s.names.parseMachine(in.StateMachineARN)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if arn.Label != "" {
		return nil, labeledARN()
	}
	if arn.Qualifier != "" || arn.foreign {
		return nil, noStateMachine(in.StateMachineARN)
	}
	var out *UpdateStateMachineOutput
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		m, err := s.liveMachine(w, arn)
		if err != nil {
			return err
		}
		out, err = s.update(w, m, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.targets.drop(arn.Name)
	return out, nil
}

func (in *UpdateStateMachineInput) check() error {
	if in.Definition == nil && in.RoleARN == nil && in.Logging == nil && in.Tracing == nil {
		return refuse(MissingRequiredParameter,
			"Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")
	}
	if in.VersionDescription != "" && !in.Publish {
		return descriptionWithoutPublish()
	}
	return nil
}

func (s *Service) update(w store.CatalogWriter, m *machine, in UpdateStateMachineInput) (*UpdateStateMachineOutput, error) {
	old, err := currentRevision(w, m)
	if err != nil {
		return nil, err
	}
	r, err := s.revise(m, old, in)
	if err != nil {
		return nil, err
	}
	changed := r.Definition != old.Definition || r.Role != old.Role || !r.sameConfiguration(old)
	if changed {
		r.ID, r.Created, r.Version = s.newUUID(), s.now(), 0
		m.Revision = r.ID
		if in.Definition != nil {
			if err := w.Put(store.KindDefinition, r.Definition, []byte(*in.Definition)); err != nil {
				return nil, err
			}
		}
		if err := putMachine(w, m, r); err != nil {
			return nil, err
		}
	}
	out := &UpdateStateMachineOutput{UpdateDate: r.Created, RevisionID: shownRevision(r.ID)}
	if in.Publish {
		v, err := s.publish(w, m, r, in.VersionDescription)
		if err != nil {
			return nil, err
		}
		out.StateMachineVersionARN = s.versionARN(m, v)
		if !changed {
			out.RevisionID = "" // AWS leaves it out: recording versioning, update without change
		}
	}
	return out, nil
}

// revise returns a copy of the revision with the changes.
func (s *Service) revise(m *machine, old *revision, in UpdateStateMachineInput) (*revision, error) {
	r := *old
	if in.RoleARN != nil {
		r.Role = *in.RoleARN
	}
	if in.Tracing != nil {
		r.Tracing = *in.Tracing
	}
	if in.Logging != nil {
		logging, err := checkLogging(in.Logging)
		if err != nil {
			return nil, err
		}
		if err := s.checkLoggedName(m.Name, logging); err != nil {
			return nil, err
		}
		r.Logging = logging
	}
	if in.Encryption != nil {
		encryption, err := s.checkEncryption(in.Encryption)
		if err != nil {
			return nil, err
		}
		if encryption != r.Encryption && in.Definition == nil {
			return nil, refuse(ValidationException, "The definition must be specified when the EncryptionConfiguration is changed")
		}
		r.Encryption = encryption
	}
	if in.Definition != nil {
		variables, err := checkDefinition(*in.Definition, m.Type)
		if err != nil {
			return nil, err
		}
		r.Definition, r.Variables = definitionKey(*in.Definition), variables
	}
	return &r, nil
}

// shownRevision is a revision's id as AWS shows it: not at all before the first
// update.
func shownRevision(id string) string {
	if id == initialRevision {
		return ""
	}
	return id
}
