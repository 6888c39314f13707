package asl

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pawl.dev/value"
)

const maxRetryDelay = 31622400 // seconds; upper limit of MaxDelaySeconds

// Retrier is one element of Retry.
type Retrier struct {
	ErrorEquals []string
	MaxAttempts int // 0: never

	interval float64 // seconds
	backoff  float64
	most     float64 // seconds; 0: no limit
	full     bool    // JitterStrategy FULL
}

// Matches reports whether the retrier handles f (wildcards included).
func (r *Retrier) Matches(f *Failure) bool { return matches(r.ErrorEquals, f) }

// Delay returns how long to wait before retry n (from 1) of this retrier:
// IntervalSeconds * BackoffRate^(n-1), at most MaxDelaySeconds, then full
// jitter if asked for. Source: States language, "Retrying after error".
func (r *Retrier) Delay(n int, chance *rand.Rand) time.Duration {
	s := r.interval * math.Pow(r.backoff, float64(n-1))
	if r.most > 0 {
		s = min(s, r.most)
	}
	if r.full && chance != nil {
		s *= chance.Float64()
	}
	// Without MaxDelaySeconds the delay outgrows a Duration; nobody waits
	// longer than for the longest execution.
	return time.Duration(min(s, maxSeconds) * float64(time.Second))
}

// Catcher is one element of Catch.
type Catcher struct {
	ErrorEquals []string
	Next        *State
	ResultPath  *ResultPath // JSONPath; nil: "$"
	Output      *Template   // JSONata; nil: the error output
	Assign      *Template
}

// Matches reports whether the catcher handles f (wildcards included).
func (c *Catcher) Matches(f *Failure) bool { return matches(c.ErrorEquals, f) }

// matches reports whether one of the names stands for f. States.Runtime is
// never handled. States.TaskFailed does not stand for States.DataLimitExceeded;
// States.ALL does when a task answered too much (recorded, against the developer
// guide), but not when variables did. A missed heartbeat (f is then
// States.HeartbeatTimeout) is a States.Timeout as well.
func matches(names []string, f *Failure) bool {
	if f.Error == nil {
		return slices.Contains(names, ErrAll) || slices.Contains(names, ErrTaskFailed)
	}
	name := *f.Error
	if name == ErrRuntime {
		return false
	}
	timeout := name == ErrTimeout || name == ErrHeartbeatTimeout
	for _, n := range names {
		switch {
		case n == name:
			return true
		case n == ErrTimeout && timeout:
			return true
		case n == ErrAll:
			if name != ErrDataLimitExceeded || !f.Evaluation {
				return true
			}
		case name == ErrDataLimitExceeded:
		case n == ErrTaskFailed && !timeout:
			return true
		}
	}
	return false
}

func (c *compiler) retriers(st *State, o object) []*Retrier {
	all := o.objects("Retry")
	retriers := make([]*Retrier, 0, len(all))
	for i, r := range all {
		r.allow("ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment")
		r.require("ErrorEquals")
		x := &Retrier{
			ErrorEquals: r.errorEquals(i == len(all)-1),
			MaxAttempts: int(r.integer("MaxAttempts", 0, maxSeconds, 3)),
			interval:    float64(r.integer("IntervalSeconds", 0, maxSeconds, 1)),
			backoff:     r.decimal("BackoffRate", 1, math.MaxFloat64, 2),
			most:        float64(r.integer("MaxDelaySeconds", 1, maxRetryDelay, 0)),
			full:        r.enum("JitterStrategy", "NONE", "FULL") == "FULL",
		}
		retriers = append(retriers, x)
	}
	return retriers
}

var catcherFields = map[string]languages{
	"ErrorEquals": bothLanguages, "Next": bothLanguages, "Assign": bothLanguages, "Comment": bothLanguages,
	"ResultPath": onlyJSONPath, "Output": onlyJSONata,
}

func (c *compiler) catchers(s *scope, st *State, o object) []*Catcher {
	all := o.objects("Catch")
	catchers := make([]*Catcher, 0, len(all))
	for i, k := range all {
		k.allowFor(st.Language, catcherFields)
		k.require("ErrorEquals", "Next")
		x := &Catcher{ErrorEquals: k.errorEquals(i == len(all)-1)}
		s.next(k, "Next", &x.Next)
		field, may := indexed("Catch", i)+"/", access{errorOutput: true}
		if st.Language == JSONPath {
			x.ResultPath = c.resultPath(k, "ResultPath")
		} else {
			x.Output = c.templateField(st, k, "Output", field, may)
		}
		x.Assign = c.assign(st, k, field, may)
		catchers = append(catchers, x)
	}
	return catchers
}

// errorEquals reads ErrorEquals of a retrier or catcher; last says that it is
// the last one, the only place for States.ALL.
func (o object) errorEquals(last bool) []string {
	if v := o.v.Member("ErrorEquals"); v.Is(value.Array) && v.Len() == 0 {
		o.failAt("ErrorEquals", "Value cannot be empty")
	}
	names := o.strings("ErrorEquals")
	for i, n := range names {
		if n == ErrAll && (!last || len(names) > 1) {
			o.failAt(indexed("ErrorEquals", i), "States.ALL must appear alone and at end of list")
		}
	}
	return names
}
