package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pawl.dev/internal/history"
	"pawl.dev/internal/service"
)

const (
	maxStreams    = 256              // open at once
	batchEvents   = 500              // in a message
	heartbeat     = 15 * time.Second // of silence
	writeDeadline = 30 * time.Second // for a client that does not read
	slowest       = 20               // times Options.Poll between two looks
)

// stream sends the history of an execution from the start, or from behind the
// event that a client has (Last-Event-ID, or the parameter after), and then new
// events as they happen, as server-sent events:
//
//	events  {"events": [...]}; its id is that of the last of them
//	end     the execution, when it has ended; the stream ends with it
//	failed  a problem; the stream ends with it
//
// The history is looked at at intervals that grow while nothing happens. A
// client that does not read is dropped; it comes back and goes on.
func (h *handler) stream(w http.ResponseWriter, r *http.Request) {
	if h.streams.Add(1) > maxStreams {
		h.streams.Add(-1)
		writeError(w, http.StatusServiceUnavailable, problem{Code: "TooManyStreams", Message: "Too many pages watch executions."})
		return
	}
	defer h.streams.Add(-1)
	s := &stream{h: h, w: w, r: r, out: http.NewResponseController(w), arn: r.FormValue("arn")}
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.FormValue("after")
	}
	if after != "" {
		id, err := strconv.ParseUint(after, 10, 32)
		if err != nil {
			h.fail(w, r, invalid("after must be the number of an event."))
			return
		}
		s.last = history.EventID(id)
	}
	// What can be refused is refused before the stream begins.
	x, err := h.service.DescribeExecution(r.Context(), s.arn, service.AllData)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	_ = s.comment("stream") // a client that has gone shows at the first event
	if err := s.run(x); err != nil && r.Context().Err() == nil {
		status, p := present(err)
		if status == http.StatusInternalServerError {
			h.options.Logger.Error("console stream failed", "execution", s.arn, "error", err)
		}
		_ = s.send("failed", p) // the stream is over either way
	}
}

type stream struct {
	h    *handler
	w    http.ResponseWriter
	r    *http.Request
	out  *http.ResponseController
	arn  string
	last history.EventID // sent
}

func (s *stream) run(x *service.Execution) error {
	if s.last == 0 {
		if err := s.sendAll(); err != nil {
			return err
		}
	}
	pause, silent := s.h.options.Poll, time.Duration(0)
	for {
		// The status is read before the events: when it says that the
		// execution has ended, the events read after it are all.
		news, err := s.news()
		if err != nil {
			return err
		}
		if err := s.sendEvents(news); err != nil {
			return err
		}
		if x.Status != "RUNNING" {
			return s.send("end", detailOf(x))
		}
		if pause *= 2; len(news) > 0 {
			pause, silent = s.h.options.Poll, 0
		}
		pause = min(pause, slowest*s.h.options.Poll)
		if !s.wait(pause) {
			return nil
		}
		if silent += pause; silent >= heartbeat {
			silent = 0
			if err := s.comment("ping"); err != nil {
				return err
			}
		}
		if x, err = s.h.service.DescribeExecution(s.r.Context(), s.arn, service.AllData); err != nil {
			return err
		}
	}
}

// wait returns false when the stream is to end.
func (s *stream) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.r.Context().Done():
	case <-s.h.options.Done:
	}
	return false
}

// sendAll sends the history there is, page by page.
func (s *stream) sendAll() error {
	in := service.GetExecutionHistoryInput{ExecutionARN: s.arn, Page: service.Page{MaxResults: batchEvents}}
	for {
		rows, next, err := s.h.eventPage(s.r, in)
		if err != nil {
			return err
		}
		if err := s.sendEvents(rows); err != nil || next == "" {
			return err
		}
		in.NextToken = next
	}
}

// news returns the events behind the last that was sent, oldest first. It reads
// backwards: the end of a long history is near from there.
func (s *stream) news() ([]eventRow, error) {
	in := service.GetExecutionHistoryInput{ExecutionARN: s.arn, Reverse: true, Page: service.Page{MaxResults: 32}}
	var news []eventRow
	for {
		rows, next, err := s.h.eventPage(s.r, in)
		if err != nil {
			return nil, err
		}
		known := slices.IndexFunc(rows, func(e eventRow) bool { return e.ID <= s.last })
		if known >= 0 {
			rows, next = rows[:known], ""
		}
		news = append(news, rows...)
		if next == "" {
			slices.Reverse(news)
			return news, nil
		}
		in.NextToken, in.MaxResults = next, batchEvents
	}
}

func (s *stream) sendEvents(rows []eventRow) error {
	for batch := range slices.Chunk(rows, batchEvents) {
		s.last = batch[len(batch)-1].ID
		if err := s.send("events", map[string]any{"events": batch}); err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) send(kind string, data any) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", s.last, kind, encoded))
}

// comment says nothing to the page: it shows that the connection lives.
func (s *stream) comment(text string) error { return s.write(": " + text + "\n\n") }

func (s *stream) write(text string) error {
	_ = s.out.SetWriteDeadline(time.Now().Add(writeDeadline)) // not every connection has deadlines
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}
