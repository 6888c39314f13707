package service_test

import (
	"fmt"
	"testing"

	"pawl.dev/internal/service"
)

func TestPublishStateMachineVersion_numbersARevisionOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	first, err := b.PublishStateMachineVersion(b.ctx, arn, "INITIAL", "first")
	ok(t, err)
	again, err := b.PublishStateMachineVersion(b.ctx, arn, "", "second")
	ok(t, err)
	same(t, again, first)
	m, err := b.DescribeStateMachine(b.ctx, first.StateMachineVersionARN, "")
	ok(t, err)
	same(t, m.Description, "first")
	same(t, m.CreationDate, first.CreationDate)

	_, err = b.PublishStateMachineVersion(b.ctx, arn, "X", "")
	refused(t, err, service.ConflictException,
		"Failed to publish the State Machine version for revision X. The current State Machine revision is INITIAL.")
	_, err = b.PublishStateMachineVersion(b.ctx, "x", "", "")
	refused(t, err, service.InvalidArn, "Invalid Arn: 'Invalid ARN prefix: x'")
}

func TestDeleteStateMachineVersion_neverReusesNumbers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	second := b.update(arn, waiting)
	ok(t, b.DeleteStateMachineVersion(b.ctx, second))
	ok(t, b.DeleteStateMachineVersion(b.ctx, second)) // unknown by now
	third, err := b.PublishStateMachineVersion(b.ctx, arn, "", "")
	ok(t, err)
	same(t, third.StateMachineVersionARN, arn+":3")

	var listed []string
	items, token, err := b.ListStateMachineVersions(b.ctx, arn, service.Page{MaxResults: 1})
	ok(t, err)
	for {
		for _, v := range items {
			listed = append(listed, v.StateMachineVersionARN)
		}
		if token == "" {
			break
		}
		items, token, err = b.ListStateMachineVersions(b.ctx, arn, service.Page{MaxResults: 1, NextToken: token})
		ok(t, err)
	}
	same(t, listed, []string{arn + ":3", arn + ":1"})
}

func TestDeleteStateMachineVersion_refusesRoutedOnes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	routes := []service.Route{{StateMachineVersionARN: arn + ":1", Weight: 100}}
	for _, name := range []string{"live", "beta"} {
		_, err := b.CreateStateMachineAlias(b.ctx, name, "", routes)
		ok(t, err)
	}
	err := b.DeleteStateMachineVersion(b.ctx, arn+":1")
	refused(t, err, service.ConflictException,
		"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [beta, live]")
}

func TestCreateStateMachineAlias_isIdempotent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	routes := []service.Route{{StateMachineVersionARN: arn + ":1", Weight: 100}}
	first, err := b.CreateStateMachineAlias(b.ctx, "live", "d", routes)
	ok(t, err)
	again, err := b.CreateStateMachineAlias(b.ctx, "live", "d", routes)
	ok(t, err)
	same(t, again, first)
	_, err = b.CreateStateMachineAlias(b.ctx, "live", "e", routes)
	refused(t, err, service.ConflictException,
		"Failed to create alias because an alias with the same name and a different routing configuration already exists.")
}

func TestCreateStateMachineAlias_refusesBadRoutes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := b.create("m", published).StateMachineVersionARN
	two := b.update(prefix+"stateMachine:m", waiting)
	plain, other := prefix+"stateMachine:m", b.create("n", published).StateMachineVersionARN
	tests := []struct {
		routes  []service.Route
		message string
	}{
		{[]service.Route{{plain, 70}, {two, 30}}, "Routing configuration must contain state machine version ARNs. Received: [" + plain + ", " + two + "]"},
		{[]service.Route{{one, 50}, {one, 50}}, "Routing configuration must contain distinct state machine version ARNs. Received: [" + one + ", " + one + "]"},
		{[]service.Route{{one, 50}, {other, 50}}, "Routing configuration must contain state machine version ARNs for the same state machine. Received: [" + one + ", " + other + "]"},
		{[]service.Route{{one, 70}, {two, 29}}, "Sum of routing configuration weights must equal 100. Received: [70, 29]"},
	}
	for _, test := range tests {
		_, err := b.CreateStateMachineAlias(b.ctx, "live", "", test.routes)
		refused(t, err, service.ValidationException, test.message)
	}
	_, err := b.CreateStateMachineAlias(b.ctx, "live", "", []service.Route{{plain + ":9", 100}})
	refused(t, err, service.ResourceNotFound, "Request references a resource that does not exist.")
}

func TestUpdateStateMachineAlias_changesWhatIsGiven(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	b.update(arn, waiting)
	created, err := b.CreateStateMachineAlias(b.ctx, "live", "old", []service.Route{{arn + ":1", 100}})
	ok(t, err)
	description := "new"
	_, err = b.UpdateStateMachineAlias(b.ctx, created.StateMachineAliasARN, &description, nil)
	ok(t, err)
	updated, err := b.UpdateStateMachineAlias(b.ctx, created.StateMachineAliasARN, nil, []service.Route{{arn + ":2", 100}})
	ok(t, err)
	got, err := b.DescribeStateMachineAlias(b.ctx, created.StateMachineAliasARN)
	ok(t, err)
	same(t, got, &service.Alias{
		StateMachineAliasARN: arn + ":live", Name: "live", Description: "new", Routes: []service.Route{{arn + ":2", 100}},
		CreationDate: created.CreationDate, UpdateDate: updated.UpdateDate,
	})
	_, err = b.UpdateStateMachineAlias(b.ctx, created.StateMachineAliasARN, nil, nil)
	refused(t, err, service.ValidationException, "Either description or routing configuration must be specified")
	_, err = b.UpdateStateMachineAlias(b.ctx, arn+":none", &description, nil)
	refused(t, err, service.ResourceNotFound, "Request references a resource that does not exist.")
}

func TestListStateMachineAliases_pagesInOrderOfCreation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	b.update(arn, waiting)
	for i, name := range []string{"z", "a", "k"} {
		version := fmt.Sprintf("%s:%d", arn, 1+i%2)
		_, err := b.CreateStateMachineAlias(b.ctx, name, "", []service.Route{{version, 100}})
		ok(t, err)
	}
	list := func(arn string) (names []string) {
		token := ""
		for {
			items, next, err := b.ListStateMachineAliases(b.ctx, arn, service.Page{MaxResults: 1, NextToken: token})
			ok(t, err)
			for _, a := range items {
				names = append(names, a.Name)
			}
			if token = next; token == "" {
				return names
			}
		}
	}
	same(t, list(arn), []string{"z", "a", "k"})
	same(t, list(arn+":1"), []string{"z", "k"})
	ok(t, b.DeleteStateMachineAlias(b.ctx, arn+":z"))
	ok(t, b.DeleteStateMachineAlias(b.ctx, arn+":z"))
	same(t, list(arn), []string{"a", "k"})
}
