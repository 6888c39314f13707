package service_test

import (
	"strings"
	"testing"

	"pawl.dev/asl"
	"pawl.dev/internal/service"
)

func TestCreateStateMachine_repetitionAnswersTheFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.create("m", published)
	again := b.create("m", published, func(in *service.CreateStateMachineInput) {
		in.RoleARN = "arn:aws:iam::123456789012:role/other"
		in.Tags = []service.Tag{{Key: "k", Value: "v"}}
	})
	same(t, again, first)
	same(t, first.StateMachineARN, prefix+"stateMachine:m")
	same(t, first.StateMachineVersionARN, prefix+"stateMachine:m:1")
	m, err := b.DescribeStateMachine(b.ctx, first.StateMachineARN, "")
	ok(t, err)
	same(t, m.RoleARN, role)
	tags, err := b.ListTagsForResource(b.ctx, first.StateMachineARN)
	ok(t, err)
	same(t, tags, []service.Tag{})
}

func TestCreateStateMachine_refusesDifferentRepetitions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create("m", published)
	exists := "State Machine Already Exists: '" + prefix + "stateMachine:m'"
	tests := map[string]struct {
		change  func(*service.CreateStateMachineInput)
		message string
	}{
		"space in the definition": {func(in *service.CreateStateMachineInput) { in.Definition += " " }, exists},
		"type":                    {func(in *service.CreateStateMachineInput) { in.Type = asl.Express }, exists},
		"tracing":                 {func(in *service.CreateStateMachineInput) { in.Tracing = true }, exists},
		"publication":             {func(in *service.CreateStateMachineInput) { in.Publish = false }, exists},
		"logging": {func(in *service.CreateStateMachineInput) {
			in.Logging = &service.LoggingConfiguration{Level: "OFF", IncludeExecutionData: true}
		}, exists},
		"version description": {
			func(in *service.CreateStateMachineInput) { in.VersionDescription = "x" },
			"State Machine Already Exists: This state machine was already created with a published version using a different description.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := service.CreateStateMachineInput{Name: "m", Definition: passing, RoleARN: role, Publish: true}
			test.change(&in)
			_, err := b.CreateStateMachine(b.ctx, in)
			refused(t, err, service.StateMachineAlreadyExists, test.message)
		})
	}
}

func TestCreateStateMachine_refuses(t *testing.T) {
	t.Parallel()
	group := func(arn string) *service.LoggingConfiguration {
		return &service.LoggingConfiguration{Level: "ALL", Destinations: []service.LogDestination{{LogGroupARN: &arn}}}
	}
	good := "arn:aws:logs:us-east-1:123456789012:log-group:g:*"
	tests := map[string]struct {
		change  func(*service.CreateStateMachineInput)
		code    service.Code
		message string
	}{
		"name":                {func(in *service.CreateStateMachineInput) { in.Name = "a b" }, service.InvalidName, "Invalid Name: 'a b'"},
		"unpublished version": {func(in *service.CreateStateMachineInput) { in.VersionDescription = "d" }, service.ValidationException, "Version description can only be set when publish is true"},
		"no log group": {
			func(in *service.CreateStateMachineInput) {
				in.Logging = &service.LoggingConfiguration{Level: "ERROR"}
			}, service.InvalidLoggingConfiguration,
			"Invalid Logging Configuration: Must specify exactly one Log Destination.",
		},
		"log group without ARN": {
			func(in *service.CreateStateMachineInput) {
				in.Logging = &service.LoggingConfiguration{Level: "ERROR", Destinations: make([]service.LogDestination, 1)}
			}, service.InvalidLoggingConfiguration,
			"Invalid Logging Configuration: Must set valid CloudWatch Log Group ARN.",
		},
		"log group of another service": {
			func(in *service.CreateStateMachineInput) { in.Logging = group("arn:aws:s3:::bucket") }, service.InvalidLoggingConfiguration,
			"Invalid Logging Configuration: Provided ARN is not CloudWatch Logs Log Group ARN.",
		},
		"log group without star": {
			func(in *service.CreateStateMachineInput) { in.Logging = group(strings.TrimSuffix(good, ":*")) }, service.InvalidLoggingConfiguration,
			"Invalid Logging Configuration: Log Group ARN must be provided with '*' qualifier.",
		},
		"logged name": {
			func(in *service.CreateStateMachineInput) { in.Name, in.Logging = "Ärger", group(good) }, service.ValidationException,
			"1 validation error detected: Value '" + prefix + "stateMachine:Ärger' at 'resourceId' failed to satisfy constraint: " +
				`Member must satisfy regular expression pattern: ^[0-9A-Za-z.\\/\\-_:]+$`,
		},
		"customer's key without id": {
			func(in *service.CreateStateMachineInput) {
				in.Encryption = &service.EncryptionConfiguration{Type: service.CustomerManagedKey}
			}, service.InvalidEncryptionConfiguration,
			"Invalid Encryption Configuration: Must set a valid kmsKeyId.",
		},
		"system tag": {
			func(in *service.CreateStateMachineInput) { in.Tags = []service.Tag{{Key: "aws:x"}} }, service.AccessDeniedException,
			"Caller is an end user and not allowed to mutate system tags",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			in := service.CreateStateMachineInput{Name: "m", Definition: passing, RoleARN: role}
			test.change(&in)
			_, err := b.CreateStateMachine(b.ctx, in)
			refused(t, err, test.code, test.message)
		})
	}
}

func TestCreateStateMachine_refusesABadDefinition(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.CreateStateMachine(b.ctx, service.CreateStateMachineInput{Name: "m", Definition: `{"StartAt":"A"}`, RoleARN: role})
	refused(t, err, service.InvalidDefinition,
		"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'")
}

func TestUpdateStateMachine_makesRevisionsOnlyOfChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	definition, otherRole := waiting, role+"2"

	first, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, RoleARN: &otherRole})
	ok(t, err)
	if first.RevisionID == "" {
		t.Fatal("the first update has no revision id")
	}
	again, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, RoleARN: &otherRole})
	ok(t, err)
	same(t, again, first)

	version, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, Definition: &definition, Publish: true})
	ok(t, err)
	same(t, version.StateMachineVersionARN, arn+":1")
	unchanged, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, Definition: &definition, Publish: true})
	ok(t, err)
	same(t, unchanged.StateMachineVersionARN, arn+":1")
	same(t, unchanged.RevisionID, "")

	m, err := b.DescribeStateMachine(b.ctx, arn, "")
	ok(t, err)
	same(t, m.Definition, waiting)
	same(t, m.RoleARN, otherRole)
	same(t, m.RevisionID, version.RevisionID)
}

func TestUpdateStateMachine_refuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	r := role
	_, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, Publish: true})
	refused(t, err, service.MissingRequiredParameter,
		"Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")
	_, err = b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn + ":1", RoleARN: &r})
	refused(t, err, service.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+":1'")
	_, err = b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: "m", RoleARN: &r})
	refused(t, err, service.InvalidArn, "Invalid Arn: 'Invalid ARN prefix: m'")
}

func TestDescribeStateMachine_ofVersions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	b.update(arn, waiting)

	first, err := b.DescribeStateMachine(b.ctx, arn+":1", "")
	ok(t, err)
	same(t, first.Definition, passing)
	same(t, first.RevisionID, "")
	same(t, first.StateMachineARN, arn+":1")
	second, err := b.DescribeStateMachine(b.ctx, arn+":2", service.MetadataOnly)
	ok(t, err)
	same(t, second.Definition, "{}")
	if second.RevisionID == "" {
		t.Error("the second version has no revision id")
	}
	for _, unknown := range []string{arn + ":3", arn + ":01", arn + ":live", arn + "x", strings.Replace(arn, "us-east-1", "eu-west-1", 1)} {
		_, err = b.DescribeStateMachine(b.ctx, unknown, "")
		refused(t, err, service.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+unknown+"'")
	}
}

func TestListStateMachines_pagesByName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, name := range []string{"c", "a", "b", "d"} {
		b.create(name)
	}
	var names []string
	token := ""
	for pages := 0; ; pages++ {
		items, next, err := b.ListStateMachines(b.ctx, service.Page{MaxResults: 2, NextToken: token})
		ok(t, err)
		for _, m := range items {
			names = append(names, m.Name)
		}
		if token = next; next == "" {
			same(t, pages, 1) // an exactly full last page has no token
			break
		}
	}
	same(t, names, []string{"a", "b", "c", "d"})
	_, _, err := b.ListActivities(b.ctx, service.Page{NextToken: "garbage"})
	refused(t, err, service.InvalidToken, "Invalid Token: 'Invalid token'")
}

func TestDeleteStateMachine_waitsForItsExecutions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published, func(in *service.CreateStateMachineInput) { in.Tags = []service.Tag{{Key: "k", Value: "v"}} }).StateMachineARN
	_, err := b.CreateStateMachineAlias(b.ctx, "live", "", []service.Route{{StateMachineVersionARN: arn + ":1", Weight: 100}})
	ok(t, err)
	execution := b.start(arn, "x")
	ok(t, b.DeleteStateMachine(b.ctx, arn))
	ok(t, b.DeleteStateMachine(b.ctx, arn)) // a repetition changes nothing

	m, err := b.DescribeStateMachine(b.ctx, arn, "")
	ok(t, err)
	same(t, m.Deleting, true)
	deleting := "State Machine is being deleted: '" + arn + "'"
	_, err = b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn})
	refused(t, err, service.StateMachineDeleting, deleting)
	_, err = b.CreateStateMachine(b.ctx, service.CreateStateMachineInput{Name: "m", Definition: passing, RoleARN: role})
	refused(t, err, service.StateMachineDeleting, deleting)
	_, err = b.DescribeStateMachineAlias(b.ctx, arn+":live")
	refused(t, err, service.ResourceNotFound, "Resource not found: '"+arn+":live'")
	_, err = b.DescribeStateMachine(b.ctx, arn+":1", "")
	refused(t, err, service.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+":1'")
	snapshot, err := b.DescribeStateMachineForExecution(b.ctx, execution, "")
	ok(t, err)
	same(t, snapshot.Definition, passing)

	same(t, b.host.Drain("m"), true)
	_, err = b.DescribeStateMachine(b.ctx, arn, "")
	refused(t, err, service.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+"'")
	_, err = b.DescribeExecution(b.ctx, execution, "")
	refused(t, err, service.ExecutionDoesNotExist, "Execution Does Not Exist: '"+execution+"'")

	b.create("m")
	tags, err := b.ListTagsForResource(b.ctx, arn)
	ok(t, err)
	same(t, tags, []service.Tag{})
	items, _, err := b.ListStateMachineVersions(b.ctx, arn, service.Page{})
	ok(t, err)
	same(t, len(items), 0)
}

func TestDeleteStateMachine_refusesQualifiedARNs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	err := b.DeleteStateMachine(b.ctx, arn+":1")
	refused(t, err, service.ValidationException, "The state machine ARN must not be qualified. Received: '"+arn+":1'")
	ok(t, b.DeleteStateMachine(b.ctx, prefix+"stateMachine:unknown"))
}

func TestResume_finishesDeletions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	b.create("other")
	ok(t, b.DeleteStateMachine(b.ctx, arn))

	b.host.Drain("nothing") // the process ends before "m" is drained
	restarted := b.open()
	ok(t, restarted.Resume(b.ctx))
	same(t, b.host.Drain("m"), true)
	same(t, b.host.Drain("other"), false)
	_, err := restarted.DescribeStateMachine(b.ctx, arn, "")
	refused(t, err, service.StateMachineDoesNotExist, "State Machine Does Not Exist: '"+arn+"'")
}

func TestValidateStateMachineDefinition_countsOnlyErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	bad := `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"C":{"Type":"Pass","Next":"D"}}}`
	all := b.ValidateStateMachineDefinition(service.ValidateStateMachineDefinitionInput{Definition: bad})
	if all.OK || all.Truncated || len(all.Diagnostics) < 2 {
		t.Fatalf("got %+v", all)
	}
	one := b.ValidateStateMachineDefinition(service.ValidateStateMachineDefinitionInput{Definition: bad, MaxResults: 1})
	same(t, one.Truncated, true)
	same(t, len(one.Diagnostics), 1)
	warned := `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"value":"$.x"},"End":true}}}`
	quiet := b.ValidateStateMachineDefinition(service.ValidateStateMachineDefinitionInput{Definition: warned})
	same(t, quiet.OK && len(quiet.Diagnostics) == 0, true)
	loud := b.ValidateStateMachineDefinition(service.ValidateStateMachineDefinitionInput{Definition: warned, Warnings: true})
	same(t, loud.OK && len(loud.Diagnostics) == 1, true)
}
