package api

import (
	"context"

	"pawl.dev/internal/service"
	"pawl.dev/internal/teststate"
)

func testState(ctx context.Context, s *service.Service, q *request, w *response) error {
	in := service.TestStateInput{
		Definition: q.text("definition", definitionText.need()),
		RoleARN:    q.text("roleArn", optionalARN),
		Input:      q.optional("input", payload),
		Variables:  q.text("variables", payload),
		StateName:  q.text("stateName", stateName),
		Context:    q.text("context", payload),
		Mock:       readMock(q.structure("mock")),
		Config:     readTestConfig(q.structure("stateConfiguration")),
		Reveal:     q.flag("revealSecrets", false),
	}
	level := q.text("inspectionLevel", inspectionLevels)
	if err := q.check(); err != nil {
		return err
	}
	r, err := s.TestState(ctx, in)
	if err != nil {
		return err
	}
	w.present("cause", r.Cause)
	w.present("error", r.Error)
	if level == "DEBUG" || level == "TRACE" {
		writeInspection(w, &r.Inspection)
	}
	w.some("nextState", r.Next)
	w.some("output", r.Output)
	w.text("status", string(r.Status))
	return nil
}

func readMock(q *request) *teststate.Mock {
	if q == nil {
		return nil
	}
	m := &teststate.Mock{Result: q.optional("result", payload)}
	if e := q.structure("errorOutput"); e != nil {
		m.Error = &teststate.MockError{Error: e.optional("error", errorText), Cause: e.optional("cause", causeText)}
	}
	switch q.text("fieldValidationMode", validationModes) {
	case "PRESENT":
		m.Fields = teststate.Present
	case "NONE":
		m.Fields = teststate.None
	}
	return m
}

func readTestConfig(q *request) teststate.Config {
	if q == nil {
		return teststate.Config{}
	}
	c := teststate.Config{
		ErrorCausedBy:     q.text("errorCausedByState", stateName),
		IterationFailures: q.integer("mapIterationFailureCount", nonNegative),
		ReaderData:        q.optional("mapItemReaderData", payload),
	}
	if n := q.integer("retrierRetryCount", nonNegative); n != nil {
		c.RetrierRetryCount = int(*n)
	}
	return c
}

func writeInspection(w *response, in *teststate.Inspection) {
	w.begin("inspectionData")
	w.some("afterArguments", in.AfterArguments)
	w.some("afterInputPath", in.AfterInputPath)
	w.some("afterItemBatcher", in.AfterItemBatcher)
	w.some("afterItemSelector", in.AfterItemSelector)
	w.some("afterItemsPath", in.AfterItemsPath)
	w.some("afterItemsPointer", in.AfterItemsPointer)
	w.some("afterParameters", in.AfterParameters)
	w.some("afterResultPath", in.AfterResultPath)
	w.some("afterResultSelector", in.AfterResultSelector)
	if in.CatchIndex != nil || in.RetryIndex != nil {
		w.begin("errorDetails")
		writeOptional(w, "catchIndex", in.CatchIndex)
		writeOptional(w, "retryBackoffIntervalSeconds", in.RetryBackoffSeconds)
		writeOptional(w, "retryIndex", in.RetryIndex)
		w.end()
	}
	w.some("input", in.Input)
	writeOptional(w, "maxConcurrency", in.MaxConcurrency)
	w.some("result", in.Result)
	writeOptional(w, "toleratedFailureCount", in.ToleratedFailureCount)
	if p := in.ToleratedFailurePercentage; p != nil {
		w.number("toleratedFailurePercentage", *p)
	}
	w.some("variables", in.Variables)
	w.end()
}

func writeOptional(w *response, name string, n *int64) {
	if n != nil {
		w.integer(name, *n)
	}
}
