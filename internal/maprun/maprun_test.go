package maprun

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChildName_roundTrips(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, run := range []string{"000000000000", "ffffffffffff", "40663f359f21"} {
		for _, index := range []uint64{0, 1, 2, 499_999, 1<<40 - 1} {
			name := ChildName(run, index)
			if len(name) != 36 || name[14] != '3' || seen[name] {
				t.Errorf("%s/%d: bad name %s", run, index, name)
			}
			seen[name] = true
			gotRun, gotIndex, ok := ParseChildName(name)
			if !ok || gotRun != run || gotIndex != index {
				t.Errorf("%s/%d: parsed %s/%d %v", run, index, gotRun, gotIndex, ok)
			}
		}
	}
	for _, bad := range []string{"", "db835b4b-3053-3cbe-b086-40b530212a29", "db835b4b-3053-4cbe-b086-40b530212a29", "zz835b4b-3053-3cbe-b086-40b530212a29"} {
		if _, _, ok := ParseChildName(bad); ok {
			t.Errorf("%q is no child's name", bad)
		}
	}
}

func count(n int64) *int64       { return &n }
func percent(n float64) *float64 { return &n }

func TestExceeded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		limits Limits
		failed int64
		all    bool
		want   bool
	}{
		{"no failure", Limits{}, 0, true, false},
		{"first failure without limits", Limits{}, 1, false, true},
		{"within count", Limits{ToleratedCount: count(2)}, 2, true, false},
		{"beyond count", Limits{ToleratedCount: count(2)}, 3, false, true},
		{"percentage waits for the total", Limits{ToleratedPercentage: percent(10)}, 50, false, false},
		{"within percentage", Limits{ToleratedPercentage: percent(10)}, 10, true, false},
		{"beyond percentage", Limits{ToleratedPercentage: percent(10)}, 11, true, true},
		{"either", Limits{ToleratedCount: count(1), ToleratedPercentage: percent(90)}, 2, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := New()
			s.Limits, s.Taken, s.AllTaken = tt.limits, 100, tt.all
			s.Items.Failed = tt.failed
			if got := s.Exceeded(); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestState_countsEachChildOnce(t *testing.T) {
	t.Parallel()
	s := New()
	facts := []Fact{
		{Created: &Created{UUID: "u", Limits: Limits{Concurrency: 3}, Spec: []byte(`{}`)}},
		{Started: &Started{Items: []int64{10, 10}, Cursor: "c"}},
	}
	decoded, err := DecodeTurn(AppendTurn(nil, facts))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(facts, decoded); diff != "" {
		t.Fatal(diff)
	}
	for i := range decoded {
		s.Apply(&decoded[i])
	}
	if s.Room() != 1 || s.Taken != 20 || s.Cursor != "c" {
		t.Fatalf("after the start: %+v", s)
	}
	for range 2 {
		s.ChildEnded(0, Succeeded)
	}
	s.ChildEnded(1, Failed)
	if s.Items.Succeeded != 10 || s.Items.Failed != 10 || s.Children.Running != 0 || s.Quiet() {
		t.Fatalf("after the ends: %+v", s)
	}
	s.Apply(&Fact{AllTaken: true})
	if !s.Quiet() {
		t.Error("nothing runs and nothing is left, but the run is not quiet")
	}
}
