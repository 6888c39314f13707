package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"pawl.dev/asl"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/resultwriter"
	"pawl.dev/internal/store"
	"pawl.dev/value"
)

// collect gathers the results of a run whose children have all ended, outside
// the shard: they are read from the store and streamed. Doing it again after a
// crash gives the same files.
func (run *mapRun) collect() {
	run.writing = true
	run.stopReading()
	s := run.s
	stop, taken, cursor := run.state.Stop, run.state.Taken, run.state.Cursor
	allTaken := run.state.AllTaken
	var redrive maprun.Redrive
	if run.state.Redrive != nil {
		redrive = *run.state.Redrive
	}
	s.h.wg.Go(func() {
		in, err := run.results(s.h.ctx, stop, allTaken, cursor, taken, redrive)
		if s.h.ctx.Err() != nil {
			return // the next start collects again
		}
		if err != nil {
			in.failure = &maprun.Reason{Error: asl.ErrResultWriterFailed, Cause: err.Error()}
			var fail *resultwriter.Failure
			if errors.As(err, &fail) {
				in.failure = &maprun.Reason{Error: fail.Name, Cause: fail.Cause}
			}
		}
		_ = s.offer(message{id: store.MapRunID(run.id), run: in})
	})
}

func (run *mapRun) results(ctx context.Context, stop *maprun.Stop, allTaken bool, cursor string, taken int64, redrive maprun.Redrive) (runFinished, error) {
	writer := run.def.Writer
	if writer == nil || writer.Arguments == nil {
		if stop != nil {
			return runFinished{}, nil
		}
		return run.resultArray(ctx)
	}
	var args struct{ Bucket, Prefix string }
	if err := json.Unmarshal([]byte(run.spec.WriterArguments), &args); err != nil {
		return runFinished{}, fmt.Errorf("the ResultWriter parameters are not valid: %w", err)
	}
	h := run.s.h
	if h.config.Buckets == nil {
		return runFinished{}, errors.New("no object storage is configured")
	}
	arn := h.mapRunARN(&run.summary)
	w, err := resultwriter.New(ctx, h.config.Buckets, resultwriter.Spec{
		Bucket: args.Bucket, Prefix: args.Prefix, MapRunARN: arn,
		Transformation: writer.Transformation, OutputType: writer.OutputType, Redrive: redrive.Count,
	})
	if err != nil {
		return runFinished{}, err
	}
	defer w.Abort()
	err = run.eachChild(ctx, func(d *Execution) error {
		if redrive.At.After(d.Stop) && d.Status == store.Succeeded {
			return nil // the files of a former run have it
		}
		return w.Write(h.resultRecord(d))
	})
	if err != nil {
		return runFinished{}, err
	}
	var in runFinished
	if stop != nil && !allTaken && !readerBroke(stop) {
		err = run.prepareItems(ctx, cursor, taken, func(p *prepared) bool {
			in.pending += p.items
			return w.Write(&resultwriter.Record{Status: "PENDING", Input: p.input}) == nil
		})
		if err != nil {
			return in, err
		}
	}
	details, written, err := w.Close()
	if err != nil {
		return in, err
	}
	in.written = written
	in.output = `{"MapRunArn":` + quote(arn) + `,"ResultWriterDetails":{"Bucket":` + quote(details.Bucket) + `,"Key":` + quote(details.Key) + `}}`
	return in, nil
}

func readerBroke(stop *maprun.Stop) bool {
	return stop.Failure != nil && stop.Failure.Error != asl.ErrToleratedFailures
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("host: text does not encode: " + err.Error())
	}
	return string(b)
}

// resultArray is the array of the outputs of all children that succeeded, in
// item order, as WriterConfig transforms it.
func (run *mapRun) resultArray(ctx context.Context) (runFinished, error) {
	var in runFinished
	flatten, none := false, false
	if w := run.def.Writer; w != nil {
		flatten, none = w.Transformation == "FLATTEN", w.Transformation == "NONE"
	}
	buf := []byte{'['}
	tooLarge := errors.New("too large")
	err := run.eachChild(ctx, func(d *Execution) error {
		if d.Status != store.Succeeded {
			return nil
		}
		element := d.Output
		switch {
		case none:
			element = string(resultwriter.Encode(run.s.h.resultRecord(d)))
		case flatten:
			element = spread(element)
		}
		if element == "" {
			return nil
		}
		if len(buf) > 1 {
			buf = append(buf, ',')
		}
		if buf = append(buf, element...); len(buf) >= asl.MaxPayloadBytes {
			return tooLarge
		}
		return nil
	})
	if errors.Is(err, tooLarge) {
		in.failure = &maprun.Reason{Error: asl.ErrDataLimitExceeded, Cause: "The state/task '" + run.spec.State +
			"' returned a result with a size exceeding the maximum number of bytes service limit."}
		return in, nil
	}
	in.output = string(append(buf, ']'))
	return in, err
}

// spread is the inside of an array, anything else as it is.
func spread(element string) string {
	doc := asl.TextDocument(element)
	v := doc.Value(nil)
	if v.Is(value.Array) {
		text := v.JSON()
		return text[1 : len(text)-1]
	}
	return element
}

// eachChild calls yield for every child of the run, in index order.
func (run *mapRun) eachChild(ctx context.Context, yield func(*Execution) error) error {
	var failed error
	err := run.s.h.config.Store.ChildTurns(ctx, run.id, 0, func(child *store.Summary, first, last []byte) bool {
		var d *Execution
		if d, failed = describeTurns(child, first, last); failed == nil {
			failed = yield(d)
		}
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	return err
}

// resultRecord is a child as result files show it.
func (h *Host) resultRecord(d *Execution) *resultwriter.Record {
	name := contextName(d.Name)
	rec := &resultwriter.Record{
		ExecutionARN:    h.executionARN(d.Machine, d.Label, d.Name, d.Express),
		Name:            name,
		StateMachineARN: h.stateMachineARN(d.Machine, d.Label),
		Status:          string(d.Status), Input: d.Input, Output: d.Output,
		StartDate: d.Start, StopDate: d.Stop, RedriveCount: d.RedriveCount,
	}
	if d.Status != store.Succeeded {
		rec.Output, rec.Error, rec.Cause = "", d.Error, d.Cause
	}
	return rec
}
