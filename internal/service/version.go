package service

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pawl.dev/internal/store"
)

// maxVersions is how many versions a state machine has at most.
const maxVersions = 1000

// VersionItem is a version of a state machine.
type VersionItem struct {
	StateMachineVersionARN string
	CreationDate           time.Time
}

func (s *Service) versionARN(m *machine, v *version) string {
	return s.names.qualified(m.Name, strconv.Itoa(v.Number))
}

// PublishStateMachineVersion gives the current revision a number. A revision that
// has one keeps it, and its first description. revisionID, when not "", must be
// the current one. Codes: ConflictException, InvalidArn,
// ServiceQuotaExceededException, StateMachineDeleting, StateMachineDoesNotExist,
// ValidationException.
func (s *Service) PublishStateMachineVersion(ctx context.Context, machineARN, revisionID, description string) (*VersionItem, error) {
	arn, err := s.plainMachine(machineARN)
	if err != nil {
		return nil, err
	}
	var out *VersionItem
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		m, err := s.liveMachine(w, arn)
		if err != nil {
			return err
		}
		if revisionID != "" && revisionID != m.Revision {
			return refuse(ConflictException, fmt.Sprintf(
				"Failed to publish the State Machine version for revision %s. The current State Machine revision is %s.", revisionID, m.Revision))
		}
		r, err := currentRevision(w, m)
		if err != nil {
			return err
		}
		v, err := s.publish(w, m, r, description)
		if err != nil {
			return err
		}
		out = &VersionItem{s.versionARN(m, v), v.Created}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.targets.drop(arn.Name)
	return out, nil
}

// plainMachine parses the ARN of a state machine that must not be qualified.
func (s *Service) plainMachine(text string) (ARN, error) {
	arn, err := s.names.parseMachine(text)
	switch {
	case err != nil:
		return arn, err
	case arn.Label != "":
		return arn, labeledARN()
	case arn.Qualifier != "":
		return arn, noStateMachine(text)
	}
	return arn, nil
}

// publish writes a version for the revision unless it has one, and in any case
// the machine and the revision.
func (s *Service) publish(w store.CatalogWriter, m *machine, r *revision, description string) (*version, error) {
	if r.Version != 0 {
		return must[version](w, store.KindVersion, versionKey(m.Name, r.Version))
	}
	existing, err := w.Scan(store.KindVersion, m.Name+":", "", maxVersions)
	if err != nil {
		return nil, err
	}
	if len(existing) >= maxVersions {
		return nil, refuse(ServiceQuotaExceededException, fmt.Sprintf(
			"The maximum number of versions (%d) of state machine '%s' is reached.", maxVersions, s.names.machine(m.Name)))
	}
	m.LastVersion++
	v := &version{Form: documentForm, Number: m.LastVersion, Revision: r.ID, Created: s.now(), Description: description}
	r.Version = v.Number
	if err := w.Put(store.KindVersion, versionKey(m.Name, v.Number), encode(v)); err != nil {
		return nil, err
	}
	return v, putMachine(w, m, r)
}

// DeleteStateMachineVersion deletes a version that no alias refers to. Running
// executions go on; its number is never given again. An unknown version is no
// error. Codes: ConflictException, InvalidArn, ValidationException.
func (s *Service) DeleteStateMachineVersion(ctx context.Context, versionARN string) error {
	arn, err := s.names.parseMachine(versionARN)
	if err != nil {
		return err
	}
	if !arn.version() {
		return refuse(ValidationException, "The ARN must be one of a state machine version. Received: '"+versionARN+"'")
	}
	if arn.foreign {
		return nil
	}
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		v, err := s.findVersion(w, arn)
		if err != nil || v == nil {
			return err
		}
		if err := checkUnrouted(w, arn.Name, v.Number); err != nil {
			return err
		}
		key := revisionKey(arn.Name, v.Revision)
		r, err := must[revision](w, store.KindSetting, key)
		if err != nil {
			return err
		}
		r.Version = 0
		if err := w.Put(store.KindSetting, key, encode(r)); err != nil {
			return err
		}
		return w.Delete(store.KindVersion, versionKey(arn.Name, v.Number))
	})
	s.targets.drop(arn.Name)
	return err
}

// checkUnrouted refuses when an alias routes to the version.
func checkUnrouted(r store.CatalogReader, machine string, number int) error {
	aliases, err := scan[alias](r, store.KindAlias, machine+":")
	if err != nil {
		return err
	}
	var names []string
	for _, a := range aliases {
		if a.routesTo(number) {
			names = append(names, a.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return refuse(ConflictException,
		"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: ["+strings.Join(names, ", ")+"]")
}

// ListStateMachineVersions returns a page of versions, newest first. Codes:
// InvalidArn, InvalidToken, StateMachineDoesNotExist, ValidationException.
func (s *Service) ListStateMachineVersions(ctx context.Context, machineARN string, p Page) (items []VersionItem, nextToken string, err error) {
	arn, err := s.plainMachine(machineARN)
	if err != nil {
		return nil, "", err
	}
	list := s.listing("ListStateMachineVersions", machineARN)
	cursor, err := list.open(p.NextToken)
	if err != nil {
		return nil, "", err
	}
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		m, err := s.anyMachine(r, arn)
		if err != nil {
			return err
		}
		all, err := scan[version](r, store.KindVersion, m.Name+":")
		if err != nil {
			return err
		}
		slices.Reverse(all)
		before, _ := strconv.Atoi(cursor) // "" is the first page
		for _, v := range all {
			if before != 0 && v.Number >= before {
				continue
			}
			if len(items) == p.limit() {
				nextToken = list.seal(strconv.Itoa(v.Number + 1))
				break
			}
			items = append(items, VersionItem{s.versionARN(m, v), v.Created})
		}
		return nil
	})
	return items, nextToken, err
}
