package api

import (
	"context"
	"fmt"
	"strings"

	"pawl.dev/internal/service"
)

func publishStateMachineVersion(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, revision := q.text("stateMachineArn", resourceARN), q.text("revisionId", anyText)
	description := q.text("description", descriptionText)
	if err := q.check(); err != nil {
		return err
	}
	v, err := s.PublishStateMachineVersion(ctx, arn, revision, description)
	if err != nil {
		return err
	}
	writeVersion(w, v)
	return nil
}

func writeVersion(w *response, v *service.VersionItem) {
	w.date("creationDate", v.CreationDate)
	w.text("stateMachineVersionArn", v.StateMachineVersionARN)
}

func deleteStateMachineVersion(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn := q.text("stateMachineVersionArn", longResourceARN)
	if err := q.check(); err != nil {
		return err
	}
	return s.DeleteStateMachineVersion(ctx, arn)
}

func listStateMachineVersions(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, p := q.text("stateMachineArn", resourceARN), page(q, pageToken)
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListStateMachineVersions(ctx, arn, p)
	if err != nil {
		return err
	}
	w.some("nextToken", next)
	w.list("stateMachineVersions", len(items), func(i int) { writeVersion(w, &items[i]) })
	return nil
}

func createStateMachineAlias(ctx context.Context, s *service.Service, q *request, w *response) error {
	name, description := q.text("name", aliasName), q.text("description", descriptionText)
	routes := routing(q, true)
	if err := q.check(); err != nil {
		return err
	}
	a, err := s.CreateStateMachineAlias(ctx, name, description, routes)
	if err != nil {
		return err
	}
	writeAliasItem(w, a)
	return nil
}

// routing reads routingConfiguration, nil when it is absent.
func routing(q *request, required bool) []service.Route {
	list, given := q.structures("routingConfiguration", required)
	if !given {
		return nil
	}
	routes := make([]service.Route, len(list))
	shown := make([]string, len(list))
	for i, item := range list {
		routes[i] = service.Route{
			StateMachineVersionARN: item.text("stateMachineVersionArn", resourceARN),
			Weight:                 int(item.needInteger("weight", weights)),
		}
		shown[i] = fmt.Sprintf("RoutingConfigurationListItem(stateMachineVersionArn=%s, weight=%d)", routes[i].StateMachineVersionARN, routes[i].Weight)
	}
	value := "'[" + strings.Join(shown, ", ") + "]' "
	switch {
	case len(list) > 2:
		q.violate("routingConfiguration", value, "Member must have length less than or equal to 2")
	case len(list) == 0:
		q.violate("routingConfiguration", value, "Member must have length greater than or equal to 1")
	}
	return routes
}

func writeAliasItem(w *response, a *service.Alias) {
	w.date("creationDate", a.CreationDate)
	w.text("stateMachineAliasArn", a.StateMachineAliasARN)
}

func updateStateMachineAlias(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, description := q.text("stateMachineAliasArn", resourceARN), q.optional("description", descriptionText)
	routes := routing(q, false)
	if err := q.check(); err != nil {
		return err
	}
	a, err := s.UpdateStateMachineAlias(ctx, arn, description, routes)
	if err != nil {
		return err
	}
	w.date("updateDate", a.UpdateDate)
	return nil
}

func describeStateMachineAlias(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn := q.text("stateMachineAliasArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	a, err := s.DescribeStateMachineAlias(ctx, arn)
	if err != nil {
		return err
	}
	w.date("creationDate", a.CreationDate)
	w.some("description", a.Description)
	w.text("name", a.Name)
	w.list("routingConfiguration", len(a.Routes), func(i int) {
		w.text("stateMachineVersionArn", a.Routes[i].StateMachineVersionARN)
		w.integer("weight", int64(a.Routes[i].Weight))
	})
	w.text("stateMachineAliasArn", a.StateMachineAliasARN)
	w.someDate("updateDate", a.UpdateDate)
	return nil
}

func deleteStateMachineAlias(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn := q.text("stateMachineAliasArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	return s.DeleteStateMachineAlias(ctx, arn)
}

func listStateMachineAliases(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, p := q.text("stateMachineArn", resourceARN), page(q, pageToken)
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListStateMachineAliases(ctx, arn, p)
	if err != nil {
		return err
	}
	w.some("nextToken", next)
	w.list("stateMachineAliases", len(items), func(i int) { writeAliasItem(w, items[i]) })
	return nil
}
