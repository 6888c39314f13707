package api

import (
	"context"
	"maps"
	"slices"

	"pawl.dev/asl"
	"pawl.dev/internal/service"
)

func createStateMachine(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := service.CreateStateMachineInput{
		Name:               q.text("name", resourceName.need()),
		Definition:         q.text("definition", definitionText.need()),
		RoleARN:            q.text("roleArn", resourceARN),
		Type:               machineType(q),
		Logging:            logging(q),
		Encryption:         encryption(q),
		Tags:               tags(q, false),
		Publish:            q.flag("publish", false),
		VersionDescription: q.text("versionDescription", descriptionText),
	}
	if enabled := tracing(q); enabled != nil {
		in.Tracing = *enabled
	}
	if err := q.check(); err != nil {
		return err
	}
	out, err := s.CreateStateMachine(ctx, in)
	if err != nil {
		return err
	}
	w.date("creationDate", out.CreationDate)
	w.text("stateMachineArn", out.StateMachineARN)
	w.some("stateMachineVersionArn", out.StateMachineVersionARN)
	return nil
}

func updateStateMachine(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := service.UpdateStateMachineInput{
		StateMachineARN:    q.text("stateMachineArn", resourceARN),
		Definition:         q.optional("definition", definitionText),
		RoleARN:            q.optional("roleArn", optionalARN),
		Logging:            logging(q),
		Tracing:            tracing(q),
		Encryption:         encryption(q),
		Publish:            q.flag("publish", false),
		VersionDescription: q.text("versionDescription", descriptionText),
	}
	if err := q.check(); err != nil {
		return err
	}
	out, err := s.UpdateStateMachine(ctx, in)
	if err != nil {
		return err
	}
	w.some("revisionId", out.RevisionID)
	w.some("stateMachineVersionArn", out.StateMachineVersionARN)
	w.date("updateDate", out.UpdateDate)
	return nil
}

func describeStateMachine(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, included := q.text("stateMachineArn", resourceARN), data(q)
	if err := q.check(); err != nil {
		return err
	}
	m, err := s.DescribeStateMachine(ctx, arn, included)
	if err != nil {
		return err
	}
	w.date("creationDate", m.CreationDate)
	w.text("definition", m.Definition)
	w.some("description", m.Description)
	writeEncryption(w, m.Encryption)
	w.some("label", m.Label)
	writeLogging(w, m.Logging)
	w.text("name", m.Name)
	w.some("revisionId", m.RevisionID)
	w.text("roleArn", m.RoleARN)
	w.text("stateMachineArn", m.StateMachineARN)
	status := "ACTIVE"
	if m.Deleting {
		status = "DELETING"
	}
	w.text("status", status)
	writeTracing(w, m.Tracing)
	w.text("type", machineTypeName(m.Type))
	writeVariables(w, m.Variables)
	return nil
}

func describeStateMachineForExecution(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, included := q.text("executionArn", resourceARN), data(q)
	if err := q.check(); err != nil {
		return err
	}
	m, err := s.DescribeStateMachineForExecution(ctx, arn, included)
	if err != nil {
		return err
	}
	w.text("definition", m.Definition)
	writeEncryption(w, m.Encryption)
	w.some("label", m.Label)
	writeLogging(w, m.Logging)
	w.some("mapRunArn", m.MapRunARN)
	w.text("name", m.Name)
	w.some("revisionId", m.RevisionID)
	w.text("roleArn", m.RoleARN)
	w.text("stateMachineArn", m.StateMachineARN)
	writeTracing(w, m.Tracing)
	w.date("updateDate", m.UpdateDate)
	writeVariables(w, m.Variables)
	return nil
}

func listStateMachines(ctx context.Context, s *service.Service, q *request, w *response) error {
	p := page(q, pageToken)
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListStateMachines(ctx, p)
	if err != nil {
		return err
	}
	w.some("nextToken", next)
	w.list("stateMachines", len(items), func(i int) {
		m := &items[i]
		w.date("creationDate", m.CreationDate)
		w.text("name", m.Name)
		w.text("stateMachineArn", m.StateMachineARN)
		w.text("type", machineTypeName(m.Type))
	})
	return nil
}

func deleteStateMachine(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn := q.text("stateMachineArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	return s.DeleteStateMachine(ctx, arn)
}

func validateStateMachineDefinition(_ context.Context, s *service.Service, q *request, w *response) error {
	in := service.ValidateStateMachineDefinitionInput{
		Definition: q.text("definition", validatedText.need()),
		Type:       machineType(q),
		Warnings:   q.text("severity", severities) == "WARNING",
	}
	if n := q.integer("maxResults", maxDiagnostics); n != nil {
		in.MaxResults = int(*n)
	}
	if err := q.check(); err != nil {
		return err
	}
	out := s.ValidateStateMachineDefinition(in)
	w.list("diagnostics", len(out.Diagnostics), func(i int) {
		d := &out.Diagnostics[i]
		w.text("code", d.Code)
		w.some("location", d.Location)
		w.text("message", d.Message)
		severity := "ERROR"
		if d.Severity == asl.SeverityWarning {
			severity = "WARNING"
		}
		w.text("severity", severity)
	})
	result := "FAIL"
	if out.OK {
		result = "OK"
	}
	w.text("result", result)
	w.flag("truncated", out.Truncated)
	return nil
}

func machineType(q *request) asl.MachineType {
	if q.text("type", machineTypes) == "EXPRESS" {
		return asl.Express
	}
	return asl.Standard
}

func machineTypeName(t asl.MachineType) string {
	if t == asl.Express {
		return "EXPRESS"
	}
	return "STANDARD"
}

func data(q *request) service.IncludedData {
	return service.IncludedData(q.text("includedData", includedData))
}

// page reads the members that every list has.
func page(q *request, token constraint) service.Page {
	p := service.Page{NextToken: q.text("nextToken", token)}
	if n := q.integer("maxResults", maxResults); n != nil {
		p.MaxResults = int(*n)
	}
	return p
}

func tracing(q *request) *bool {
	t := q.structure("tracingConfiguration")
	if t == nil {
		return nil
	}
	enabled := t.flag("enabled", false)
	return &enabled
}

func writeTracing(w *response, enabled bool) {
	w.begin("tracingConfiguration")
	w.flag("enabled", enabled)
	w.end()
}

func logging(q *request) *service.LoggingConfiguration {
	l := q.structure("loggingConfiguration")
	if l == nil {
		return nil
	}
	c := &service.LoggingConfiguration{
		Level:                l.text("level", logLevels),
		IncludeExecutionData: l.flag("includeExecutionData", false),
	}
	destinations, given := l.structures("destinations", false)
	if given {
		c.Destinations = make([]service.LogDestination, len(destinations))
	}
	for i, d := range destinations {
		if group := d.structure("cloudWatchLogsLogGroup"); group != nil {
			c.Destinations[i].LogGroupARN = group.optional("logGroupArn", optionalARN)
		}
	}
	return c
}

func writeLogging(w *response, c service.LoggingConfiguration) {
	w.begin("loggingConfiguration")
	if c.Destinations != nil {
		w.list("destinations", len(c.Destinations), func(i int) {
			w.begin("cloudWatchLogsLogGroup")
			w.present("logGroupArn", c.Destinations[i].LogGroupARN)
			w.end()
		})
	}
	w.flag("includeExecutionData", c.IncludeExecutionData)
	w.text("level", c.Level)
	w.end()
}

func encryption(q *request) *service.EncryptionConfiguration {
	e := q.structure("encryptionConfiguration")
	if e == nil {
		return nil
	}
	c := &service.EncryptionConfiguration{Type: e.text("type", encryptionTypes), KMSKeyID: e.text("kmsKeyId", kmsKeyID)}
	if n := e.integer("kmsDataKeyReusePeriodSeconds", reusePeriod); n != nil {
		c.ReusePeriod = int(*n)
	}
	return c
}

func writeEncryption(w *response, c service.EncryptionConfiguration) {
	w.begin("encryptionConfiguration")
	if c.ReusePeriod != 0 {
		w.integer("kmsDataKeyReusePeriodSeconds", int64(c.ReusePeriod))
	}
	w.some("kmsKeyId", c.KMSKeyID)
	w.text("type", c.Type)
	w.end()
}

func writeVariables(w *response, references map[string][]string) {
	if len(references) == 0 {
		return
	}
	w.begin("variableReferences")
	for _, state := range slices.Sorted(maps.Keys(references)) {
		w.quotedName(state)
		w.texts(references[state])
	}
	w.end()
}
