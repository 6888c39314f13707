package service

import (
	"context"

	"pawl.dev/asl"
	"pawl.dev/internal/store"
)

// RedriveFilter selects executions by whether they were redriven; "" all.
type RedriveFilter string

// The redrive filters.
const (
	Redriven    RedriveFilter = "REDRIVEN"
	NotRedriven RedriveFilter = "NOT_REDRIVEN"
)

// ListExecutionsInput asks for executions, newest start first. Exactly one of
// the ARNs is given.
type ListExecutionsInput struct {
	Page
	StateMachineARN string // plain, or of a version or an alias they were started by
	MapRunARN       string
	Status          store.Status // "" all
	Redrive         RedriveFilter
}

// ListExecutions returns a page of executions. A page may be shorter than asked
// for though more follow. Codes: InvalidArn, InvalidToken, ResourceNotFound,
// StateMachineDoesNotExist, StateMachineTypeNotSupported, ValidationException.
func (s *Service) ListExecutions(ctx context.Context, in ListExecutionsInput) (items []ExecutionItem, nextToken string, err error) {
	if (in.StateMachineARN == "") == (in.MapRunARN == "") {
		return nil, "", &Error{
			Code: ValidationException, Reason: ReasonMissingParameter,
			Message: "Must provide exactly one of stateMachineArn and mapRunArn.",
		}
	}
	list := s.listing("ListExecutions", in.StateMachineARN, in.MapRunARN, string(in.Status), string(in.Redrive))
	query, keep, err := s.executionQuery(ctx, in)
	if err != nil {
		return nil, "", err
	}
	if query.Cursor, err = list.open(in.NextToken); err != nil {
		return nil, "", err
	}
	found, cursor, err := s.collect(ctx, query, in.limit(), keep)
	if err != nil {
		return nil, "", hostError(err)
	}
	items = make([]ExecutionItem, len(found))
	for i, x := range found {
		items[i] = s.item(x)
	}
	if cursor != "" {
		nextToken = list.seal(cursor)
	}
	return items, nextToken, nil
}

// executionQuery returns the query for the store and what it cannot ask.
func (s *Service) executionQuery(ctx context.Context, in ListExecutionsInput) (store.Query, func(*store.Summary) bool, error) {
	query := store.Query{Status: in.Status}
	if in.MapRunARN != "" {
		if in.Redrive != "" {
			return query, nil, refuse(ValidationException, "The redriveFilter is not supported for Map Runs.")
		}
		run, err := s.mapRun(ctx, in.MapRunARN)
		if err != nil {
			return query, nil, err
		}
		query.Run, err = store.RunOf(run.Name)
		return query, nil, err
	}
	arn, err := s.names.parseMachine(in.StateMachineARN)
	if err != nil {
		return query, nil, err
	}
	if arn.Label != "" {
		return query, nil, labeledARN()
	}
	if err := s.checkListed(ctx, arn); err != nil {
		return query, nil, err
	}
	query.Machine = arn.Name
	return query, filter(arn, in.Redrive), nil
}

// checkListed refuses state machines whose executions are not kept.
func (s *Service) checkListed(ctx context.Context, arn ARN) error {
	return s.catalog.View(ctx, func(r store.CatalogReader) error {
		m, err := s.anyMachine(r, arn)
		if err != nil {
			return err
		}
		if m.Type == asl.Express {
			return wrongMachineType()
		}
		return nil
	})
}

// filter returns which executions of the state machine are wanted, nil: all.
func filter(arn ARN, redrive RedriveFilter) func(*store.Summary) bool {
	if arn.Qualifier == "" && redrive == "" {
		return nil
	}
	return func(x *store.Summary) bool {
		switch {
		case arn.version() && x.Version != arn.Qualifier, arn.alias() && x.Alias != arn.Qualifier:
			return false
		case redrive == Redriven:
			return x.RedriveCount > 0
		case redrive == NotRedriven:
			return x.RedriveCount == 0
		}
		return true
	}
}

// collect reads pages until limit summaries were kept. It stops early after
// maxPages, so that a filter that keeps little does not hold up a request; the
// cursor leads on.
func (s *Service) collect(ctx context.Context, q store.Query, limit int, keep func(*store.Summary) bool) (kept []*store.Summary, cursor string, err error) {
	const maxPages = 20
	for range maxPages {
		q.Limit = limit - len(kept)
		page, next, err := s.host.List(ctx, q)
		if err != nil {
			return nil, "", err
		}
		for _, x := range page {
			if keep == nil || keep(x) {
				kept = append(kept, x)
			}
		}
		q.Cursor = next
		if next == "" || len(kept) == limit || keep == nil {
			break
		}
	}
	return kept, q.Cursor, nil
}
