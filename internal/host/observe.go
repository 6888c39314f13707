package host

import (
	"pawl.dev/internal/history"
)

// Observer is told what executions do whose state machine asks for a log.
type Observer interface {
	// Observe is called by shards, concurrently, for each turn once it is durable
	// (Express executions between start and end: once it is decided), in order for
	// one execution. It must return at once and must not change the turn, which
	// it may keep. A crash between commit and call leaves a turn untold.
	Observe(t ObservedTurn)
}

// ObservedTurn is what an execution did in one turn.
type ObservedTurn struct {
	Start        *history.Start // of the execution; Logging.Level is not ""
	MapRun       string         // UUID of the map run whose child it is, "" for none
	RedriveCount int
	Events       []history.Event // private facts too
}

// observe tells the observer the events of r in the batch that was committed.
func (s *shard) observe(r *resident) {
	if s.h.config.Observer == nil || len(r.events) == 0 || r.x.Start.Logging.Level == "" {
		return
	}
	s.h.config.Observer.Observe(ObservedTurn{
		Start: r.x.Start, MapRun: r.summary.MapRun, RedriveCount: r.x.RedriveCount, Events: r.events,
	})
}
