package host

import (
	"context"
	"time"

	"pawl.dev/internal/engine"
	"pawl.dev/internal/history"
)

// Redrive lets a Standard execution that failed, timed out or was stopped go on
// from where it was, and returns when it was redriven. Repeating a redrive with
// its token answers as the first time. How long ago it ended and how long its
// history may be is the caller's to check. Errors: ErrNotFound, ErrNotRedrivable.
func (h *Host) Redrive(ctx context.Context, ref ExecutionRef, token string) (time.Time, error) {
	at, again, err := h.Redriven(ctx, ref, token)
	if err != nil || again {
		return at, err
	}
	summary, err := h.find(ctx, ref)
	if err != nil {
		return at, err
	}
	if summary.Express || summary.MapRun != "" {
		return at, ErrNotRedrivable
	}
	res, err := h.call(ctx, message{id: summary.ID, input: engine.Redrive{Token: token}})
	if err != nil {
		return at, err
	}
	if res.decided {
		return res.summary.RedriveDate, nil
	}
	// Another redrive was faster, maybe the same one.
	if at, again, err = h.Redriven(ctx, ref, token); err == nil && !again {
		err = ErrNotRedrivable
	}
	return at, err
}

// A redrive is known by its token among the last ten, for 15 minutes.
// Source: RedriveExecution, parameter clientToken.
const (
	knownRedrives    = 10
	knownRedriveTime = 15 * time.Minute
)

// Redriven returns when the execution was redriven with the token; false when it
// was not, or not lately. Errors: ErrNotFound.
func (h *Host) Redriven(ctx context.Context, ref ExecutionRef, token string) (time.Time, bool, error) {
	summary, err := h.find(ctx, ref)
	if err != nil {
		return time.Time{}, false, err
	}
	oldest := h.now().Add(-knownRedriveTime)
	if token == "" || summary.RedriveCount == 0 || summary.RedriveDate.Before(oldest) {
		return time.Time{}, false, nil
	}
	var found time.Time
	seen := 0
	err = h.eventsBackwards(ctx, summary.ID, 0, func(e *history.Event) bool {
		if e.Type == history.ExecutionRedriven {
			if seen++; e.Name == token {
				found = e.Time
			}
		}
		return found.IsZero() && seen < knownRedrives && seen < summary.RedriveCount && !e.Time.Before(oldest)
	})
	return found, !found.IsZero(), err
}
