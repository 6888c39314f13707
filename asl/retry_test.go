package asl

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		names []string
		err   string
		want  bool
	}{
		{[]string{"E"}, "E", true},
		{[]string{"F", "E"}, "E", true},
		{[]string{"e"}, "E", false},
		{[]string{ErrAll}, "E", true},
		{[]string{ErrAll}, ErrTimeout, true},
		{[]string{ErrAll}, ErrQueryEvaluation, true},
		{[]string{ErrAll}, ErrRuntime, false},
		{[]string{ErrRuntime}, ErrRuntime, false},
		{[]string{ErrAll}, ErrDataLimitExceeded, true},
		{[]string{ErrTaskFailed}, ErrDataLimitExceeded, false},
		{[]string{ErrDataLimitExceeded}, ErrDataLimitExceeded, true},
		{[]string{ErrTaskFailed}, "E", true},
		{[]string{ErrTaskFailed}, ErrPermissions, true},
		{[]string{ErrTaskFailed}, ErrTimeout, false},
		{[]string{ErrTaskFailed}, ErrHeartbeatTimeout, false},
		{[]string{ErrTimeout}, ErrHeartbeatTimeout, true},
		{[]string{ErrHeartbeatTimeout}, ErrHeartbeatTimeout, true},
		{[]string{ErrHeartbeatTimeout}, ErrTimeout, false},
	}
	for _, test := range tests {
		f := NewFailure(test.err, "")
		if got := (&Retrier{ErrorEquals: test.names}).Matches(f); got != test.want {
			t.Errorf("%v matches %s: %v", test.names, test.err, got)
		}
		if got := (&Catcher{ErrorEquals: test.names}).Matches(f); got != test.want {
			t.Errorf("catcher %v matches %s: %v", test.names, test.err, got)
		}
	}
	if (&Catcher{ErrorEquals: []string{ErrAll}}).Matches(variableLimit("")) {
		t.Error("States.ALL matches variables that are too big")
	}
	if !(&Catcher{ErrorEquals: []string{ErrAll}}).Matches(&Failure{}) {
		t.Error("States.ALL does not match a failure without name")
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	retrier := func(fields string) *Retrier {
		return stateOf(t, lambda+`,"Retry":[{"ErrorEquals":["X"]`+fields+`}]`).Retry[0]
	}
	tests := map[string]struct {
		fields string
		n      int
		want   time.Duration
	}{
		"default, first": {``, 1, time.Second},
		"default, third": {``, 3, 4 * time.Second},
		"rate":           {`,"IntervalSeconds":3,"BackoffRate":1.5`, 2, 4500 * time.Millisecond},
		"no interval":    {`,"IntervalSeconds":0`, 5, 0},
		"limit":          {`,"IntervalSeconds":10,"MaxDelaySeconds":15`, 2, 15 * time.Second},
		"overflow":       {``, 100000, maxSeconds * time.Second},
	}
	for name, test := range tests {
		if got := retrier(test.fields).Delay(test.n, nil); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if r := retrier(``); r.MaxAttempts != 3 {
		t.Errorf("default MaxAttempts is %d", r.MaxAttempts)
	}
	full := retrier(`,"IntervalSeconds":8,"JitterStrategy":"FULL"`)
	chance := rand.New(rand.NewPCG(1, 2))
	var sum time.Duration
	for range 1000 {
		d := full.Delay(1, chance)
		if d < 0 || d >= 8*time.Second {
			t.Fatalf("jittered delay %v", d)
		}
		sum += d
	}
	if mean := sum / 1000; mean < 3*time.Second || mean > 5*time.Second {
		t.Errorf("mean of jittered delays is %v", mean)
	}
}
