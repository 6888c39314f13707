package history

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func text(s string) *string { return &s }

// everyField is a turn in which every field of Event is set somewhere.
func everyField() []Event {
	at := time.UnixMilli(1_790_199_887_084).UTC()
	return []Event{
		{ID: 7, Type: ExecutionStarted, Time: at, Payload: `{"a":1}`, HasPayload: true, Role: "r", Version: "3", Alias: "live",
			Start: &Start{Definition: "d", Revision: "v", Machine: "m", Label: "l", Execution: "e", StateMachine: "sm", ARN: "arn", MapState: "M", Express: true, TraceHeader: "t"}},
		{ID: 8, Type: TaskStateEntered, Time: at.Add(time.Millisecond), Name: "T", Payload: `{"a":1}`, HasPayload: true, Frame: 2, Parent: 1, Index: 4},
		{Type: RetryScheduled, Time: at.Add(-time.Second), Previous: 8, Until: at.Add(time.Hour), Count: 2, Frame: 2},
		{ID: 9, Previous: 8, Type: TaskScheduled, Time: at, Payload: `[]`, HasPayload: true, Resource: "invoke", ResourceType: "lambda", Region: "eu", Timeout: 5, Heartbeat: 3, Nonce: 1 << 63},
		{ID: 10, Previous: 9, Type: TaskFailed, Time: at, Error: text("E"), Cause: text(""), Location: "Output", Worker: "w", MapRun: "u", Label: "l", Length: 3, RedriveCount: 1},
		{ID: 11, Previous: 10, Type: TaskStateExited, Time: at, Name: "T", Payload: ``, HasPayload: true, Next: "N", Final: true, Assigned: []Assigned{{"x", "1"}, {"y", `"s"`}}},
	}
}

func TestCodec_roundTrips(t *testing.T) {
	t.Parallel()
	want := everyField()
	got, err := DecodeTurn(AppendTurn(nil, want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What an execution logs came after the first form.
func TestCodec_keepsLogging(t *testing.T) {
	t.Parallel()
	for _, logging := range []Logging{{}, {Level: "ALL", Group: "g", Data: true}, {Level: "FATAL", Group: "g"}} {
		want := []Event{{ID: 1, Type: ExecutionStarted, Time: time.UnixMilli(5).UTC(), Start: &Start{Express: !logging.Data, Logging: logging}}}
		got, err := DecodeTurn(AppendTurn(nil, want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCodec_readsEveryReleasedForm(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "turn-v1.hex")
	if os.Getenv("PAWL_WRITE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(hex.EncodeToString(AppendTurn(nil, everyField()))+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	turn, err := hex.DecodeString(strings.TrimSpace(string(stored)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeTurn(turn)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everyField(), got); diff != "" {
		t.Error(diff)
	}
}

func TestCodec_keepsWhoStarted(t *testing.T) {
	t.Parallel()
	want := []Event{{ID: 1, Type: ExecutionStarted, Time: time.UnixMilli(1).UTC(), Start: &Start{Machine: "m", StartedBy: "attempt"}}}
	got, err := DecodeTurn(AppendTurn(nil, want))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestCodec_storesARepeatedPayloadOnce(t *testing.T) {
	t.Parallel()
	payload := `"` + strings.Repeat("x", 1000) + `"`
	events := []Event{
		{ID: 1, Type: TaskSucceeded, Payload: payload, HasPayload: true},
		{ID: 2, Type: TaskStateExited, Payload: payload, HasPayload: true},
		{ID: 3, Type: PassStateEntered, Payload: payload, HasPayload: true},
	}
	if n := len(AppendTurn(nil, events)); n > 1100 {
		t.Errorf("stored %d bytes", n)
	}
}

func FuzzDecodeTurn_neverPanics(f *testing.F) {
	f.Add(AppendTurn(nil, everyField()))
	f.Fuzz(func(t *testing.T, turn []byte) {
		events, err := DecodeTurn(turn)
		if err != nil {
			return
		}
		if _, err := DecodeTurn(AppendTurn(nil, events)); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkCodec(b *testing.B) {
	events := everyField()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendTurn(buf[:0], events)
		if _, err := DecodeTurn(buf); err != nil {
			b.Fatal(err)
		}
	}
}
