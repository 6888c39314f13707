package engine

import (
	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// redrive goes on with an execution that did not succeed. Frames of branches and
// iterations that failed or were aborted go on from their unsuccessful states;
// what succeeded is kept.
func (t *turn) redrive(token string) {
	t.emit(history.Event{
		Type: history.ExecutionRedriven, Previous: t.x.Last, RedriveCount: t.x.RedriveCount + 1,
		Until: t.executionDeadline(t.x.Start.Express), Name: token,
	})
	t.resume()
}

// redo does the work of an unsuccessful state again. Its first event follows the
// state's original entry (recorded for tasks).
func (t *turn) redo(f *frame, s *asl.State) {
	switch {
	case s.Type == asl.TypeFail:
		t.emit(history.Event{
			Type: history.FailStateEntered, Frame: f.id, Previous: t.x.Last,
			Name: s.Name, Payload: f.input, HasPayload: true,
		})
		if t.x.Status == Running {
			t.work(f, s)
		}
	case f.mapRun != "":
		e := history.Event{
			Type: history.MapRunRedriven, Frame: f.id, Previous: t.x.Last,
			MapRun: f.mapRun, Label: s.Map.Label, RedriveCount: f.mapRedrives + 1,
		}
		t.emit(e)
		if t.x.Status == Running {
			t.Effects = append(t.Effects, RedriveMapRun{UUID: f.mapRun, Count: f.mapRedrives})
		}
	default:
		t.work(f, s)
	}
}
