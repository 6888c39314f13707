package service

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pawl.dev/internal/store"
)

// maxAliases is how many aliases a state machine has at most.
const maxAliases = 100

// Route sends a share of an alias's executions to a version.
type Route struct {
	StateMachineVersionARN string
	Weight                 int // percent
}

// Alias describes an alias of a state machine.
type Alias struct {
	StateMachineAliasARN string
	Name                 string
	Description          string
	Routes               []Route
	CreationDate         time.Time
	UpdateDate           time.Time // zero before the first update
}

func (s *Service) alias(machine string, a *alias) *Alias {
	routes := make([]Route, len(a.Routes))
	for i, r := range a.Routes {
		routes[i] = Route{s.names.qualified(machine, strconv.Itoa(r.Version)), r.Weight}
	}
	return &Alias{s.names.qualified(machine, a.Name), a.Name, a.Description, routes, a.Created, a.Updated}
}

func (a *alias) routesTo(number int) bool {
	return slices.ContainsFunc(a.Routes, func(r route) bool { return r.Version == number })
}

// CreateStateMachineAlias creates an alias for one or two versions of one state
// machine. A repetition answers as the first time. Codes: ConflictException,
// InvalidArn, ResourceNotFound, ServiceQuotaExceededException,
// StateMachineDeleting, ValidationException.
func (s *Service) CreateStateMachineAlias(ctx context.Context, name, description string, routes []Route) (*Alias, error) {
	arn, stored, err := s.checkRoutes(routes)
	if err != nil {
		return nil, err
	}
	a := &alias{Form: documentForm, Name: name, Description: description, Routes: stored, Created: s.now()}
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		if err := s.checkRouted(w, arn, stored); err != nil {
			return err
		}
		old, err := get[alias](w, store.KindAlias, aliasKey(arn.Name, name))
		if err != nil {
			return err
		}
		if old != nil {
			if old.Description != description || !slices.Equal(old.Routes, stored) {
				return refuse(ConflictException,
					"Failed to create alias because an alias with the same name and a different routing configuration already exists.")
			}
			a = old
			return nil
		}
		existing, err := w.Scan(store.KindAlias, arn.Name+":", "", maxAliases)
		if err != nil {
			return err
		}
		if len(existing) >= maxAliases {
			return refuse(ServiceQuotaExceededException, fmt.Sprintf(
				"The maximum number of aliases (%d) of state machine '%s' is reached.", maxAliases, s.names.machine(arn.Name)))
		}
		return w.Put(store.KindAlias, aliasKey(arn.Name, name), encode(a))
	})
	if err != nil {
		return nil, err
	}
	s.targets.drop(arn.Name)
	return s.alias(arn.Name, a), nil
}

// checkRoutes checks what can be said of a routing without the catalogue and
// returns the ARN of its first version.
func (s *Service) checkRoutes(routes []Route) (ARN, []route, error) {
	given, weights := make([]string, len(routes)), make([]string, len(routes))
	for i, r := range routes {
		given[i], weights[i] = r.StateMachineVersionARN, strconv.Itoa(r.Weight)
	}
	received := " Received: [" + strings.Join(given, ", ") + "]"
	machines, stored, total := make([]ARN, len(routes)), make([]route, len(routes)), 0
	for i, r := range routes {
		arn, err := s.names.parseMachine(r.StateMachineVersionARN)
		if err != nil {
			return arn, nil, err
		}
		number, _ := strconv.Atoi(arn.Qualifier) // checked to be digits next
		if !arn.version() || arn.Label != "" {
			return arn, nil, badRouting("Routing configuration must contain state machine version ARNs." + received)
		}
		machines[i], stored[i], total = arn, route{number, r.Weight}, total+r.Weight
	}
	switch {
	case len(routes) == 2 && given[0] == given[1]:
		return ARN{}, nil, badRouting("Routing configuration must contain distinct state machine version ARNs." + received)
	case len(routes) == 2 && (machines[0].Name != machines[1].Name || machines[0].foreign != machines[1].foreign):
		return ARN{}, nil, badRouting("Routing configuration must contain state machine version ARNs for the same state machine." + received)
	case total != 100:
		return ARN{}, nil, badRouting("Sum of routing configuration weights must equal 100. Received: [" + strings.Join(weights, ", ") + "]")
	}
	return machines[0], stored, nil
}

func badRouting(why string) error {
	return &Error{Code: ValidationException, Message: why, Reason: ReasonRouting}
}

// checkRouted refuses routes to versions that do not exist.
func (s *Service) checkRouted(r store.CatalogReader, arn ARN, routes []route) error {
	m, err := get[machine](r, store.KindStateMachine, arn.Name)
	if err != nil {
		return err
	}
	if m == nil || arn.foreign {
		return noReferencedResource(arn.text)
	}
	if m.Deleting {
		return deletingStateMachine(s.names.machine(m.Name))
	}
	for _, route := range routes {
		v, err := get[version](r, store.KindVersion, versionKey(m.Name, route.Version))
		if err != nil {
			return err
		}
		if v == nil {
			return noReferencedResource(s.names.qualified(m.Name, strconv.Itoa(route.Version)))
		}
	}
	return nil
}

// parseAlias reads the ARN of an alias.
func (s *Service) parseAlias(text string) (ARN, error) {
	arn, err := s.names.parseMachine(text)
	if err == nil && (!arn.alias() || arn.Label != "") {
		err = refuse(ValidationException, "The ARN must be one of a state machine alias. Received: '"+text+"'")
	}
	return arn, err
}

// UpdateStateMachineAlias changes the description or the routes of an alias; nil
// leaves as it is. Codes: InvalidArn, ResourceNotFound, ValidationException.
func (s *Service) UpdateStateMachineAlias(ctx context.Context, aliasARN string, description *string, routes []Route) (*Alias, error) {
	arn, err := s.parseAlias(aliasARN)
	if err != nil {
		return nil, err
	}
	if description == nil && routes == nil {
		return nil, refuse(ValidationException, "Either description or routing configuration must be specified")
	}
	var stored []route
	if routes != nil {
		var target ARN
		if target, stored, err = s.checkRoutes(routes); err != nil {
			return nil, err
		}
		if target.Name != arn.Name {
			return nil, badRouting("Routing configuration must contain state machine version ARNs for the same state machine. Received: [" +
				aliasARN + ", " + target.text + "]")
		}
	}
	var a *alias
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) (err error) {
		if a, err = s.findAlias(w, arn, noReferencedResource(aliasARN)); err != nil {
			return err
		}
		if description != nil {
			a.Description = *description
		}
		if stored != nil {
			if err := s.checkRouted(w, arn, stored); err != nil {
				return err
			}
			a.Routes = stored
		}
		a.Updated = s.now()
		return w.Put(store.KindAlias, aliasKey(arn.Name, a.Name), encode(a))
	})
	if err != nil {
		return nil, err
	}
	s.targets.drop(arn.Name)
	return s.alias(arn.Name, a), nil
}

// findAlias returns the alias that the ARN names; none is the refusal given.
func (s *Service) findAlias(r store.CatalogReader, arn ARN, none *Error) (*alias, error) {
	if arn.foreign {
		return nil, none
	}
	a, err := get[alias](r, store.KindAlias, aliasKey(arn.Name, arn.Qualifier))
	if a == nil && err == nil {
		return nil, none
	}
	return a, err
}

// DescribeStateMachineAlias describes an alias. Codes: InvalidArn,
// ResourceNotFound, ValidationException.
func (s *Service) DescribeStateMachineAlias(ctx context.Context, aliasARN string) (*Alias, error) {
	arn, err := s.parseAlias(aliasARN)
	if err != nil {
		return nil, err
	}
	var a *alias
	err = s.catalog.View(ctx, func(r store.CatalogReader) (err error) {
		a, err = s.findAlias(r, arn, noResource(aliasARN))
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.alias(arn.Name, a), nil
}

// DeleteStateMachineAlias deletes an alias; its versions stay. An unknown alias
// is no error. Codes: InvalidArn, ValidationException.
func (s *Service) DeleteStateMachineAlias(ctx context.Context, aliasARN string) error {
	arn, err := s.parseAlias(aliasARN)
	if err != nil || arn.foreign {
		return err
	}
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		return w.Delete(store.KindAlias, aliasKey(arn.Name, arn.Qualifier))
	})
	s.targets.drop(arn.Name)
	return err
}

// ListStateMachineAliases returns a page of aliases, oldest first: of the state
// machine, or those that route to the version. Codes: InvalidArn, InvalidToken,
// StateMachineDoesNotExist, ValidationException.
func (s *Service) ListStateMachineAliases(ctx context.Context, machineARN string, p Page) (items []*Alias, nextToken string, err error) {
	arn, err := s.names.parseMachine(machineARN)
	if err != nil {
		return nil, "", err
	}
	if arn.Label != "" {
		return nil, "", labeledARN()
	}
	list := s.listing("ListStateMachineAliases", machineARN)
	cursor, err := list.open(p.NextToken)
	if err != nil {
		return nil, "", err
	}
	all, err := s.aliases(ctx, arn)
	if err != nil {
		return nil, "", err
	}
	from := 0
	for cursor != "" && from < len(all) && all[from].cursor() <= cursor {
		from++
	}
	all = all[from:]
	if len(all) > p.limit() {
		all = all[:p.limit()]
		nextToken = list.seal(all[len(all)-1].cursor())
	}
	for _, a := range all {
		items = append(items, s.alias(arn.Name, a))
	}
	return items, nextToken, nil
}

// cursor sorts like the aliases of a list.
func (a *alias) cursor() string { return fmt.Sprintf("%020d:%s", a.Created.UnixMilli(), a.Name) }

// aliases returns the aliases of a state machine or of a version, oldest first.
func (s *Service) aliases(ctx context.Context, arn ARN) (all []*alias, err error) {
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		if _, err := s.anyMachine(r, arn); err != nil {
			return err
		}
		if all, err = scan[alias](r, store.KindAlias, arn.Name+":"); err != nil {
			return err
		}
		if arn.Qualifier == "" {
			return nil
		}
		v, err := s.findVersion(r, arn)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(a *alias) bool { return v == nil || !a.routesTo(v.Number) })
		return nil
	})
	slices.SortFunc(all, func(a, b *alias) int { return cmp.Compare(a.cursor(), b.cursor()) })
	return all, err
}
