package engine

import (
	"strconv"
	"strings"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// input builds the input that a command stands for, and says when it comes.
func (st *story) input(name, rest string) (Input, time.Time) {
	now := st.env.Now
	switch name {
	case "start":
		return Begin{Input: payload(rest), Role: "arn:aws:iam::111122223333:role/r", Start: &history.Start{
			Machine: "m", Execution: "e", Express: st.kind == asl.Express,
			StateMachine: "arn:aws:states:eu-central-1:111122223333:stateMachine:m",
			ARN:          "arn:aws:states:eu-central-1:111122223333:execution:m:e",
		}}, now
	case "wake":
		if rest == "" {
			return Wake{}, st.x.NextWake()
		}
		d, err := time.ParseDuration(strings.TrimPrefix(rest, "+"))
		if err != nil {
			st.t.Fatal(err)
		}
		return Wake{}, now.Add(d)
	case "continue":
		return Continue{}, now
	case "redrive":
		return Redrive{}, now
	case "repeat":
		return st.last, now
	case "stop":
		f := failure(rest)
		return Stop{Error: f.Error, Cause: f.Cause}, now
	case "maprun":
		return st.mapRunInput(rest), now
	}
	return st.answer(name, rest), now
}

// answer builds the inputs that name a task: "done task=3 {}".
func (st *story) answer(name, rest string) Input {
	number, rest, _ := strings.Cut(strings.TrimPrefix(rest, "task="), " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		st.t.Fatalf("%s: no task in %q", name, rest)
	}
	id := history.EventID(n)
	nonce := st.nonces[id]
	if nonce == 0 {
		nonce = 42 // a forged token
	}
	switch name {
	case "done":
		return TaskDone{Task: id, Nonce: nonce, Output: payload(rest)}
	case "submitted":
		return Submitted{Task: id, Nonce: nonce, Output: payload(rest)}
	case "taken":
		return Taken{Task: id, Nonce: nonce, Worker: rest}
	case "beat":
		return Beat{Task: id, Nonce: nonce}
	case "fail":
		return TaskBroke{Task: id, Nonce: nonce, Failure: failure(rest)}
	}
	st.t.Fatalf("unknown command %q", name)
	return nil
}

// mapRunInput builds "done 1 [...]", "fail 1 error=E", "aborted 1"; "done 1.2 …"
// is the answer of run 1 after its second redrive.
func (st *story) mapRunInput(rest string) Input {
	how, rest, _ := strings.Cut(rest, " ")
	number, rest, _ := strings.Cut(rest, " ")
	number, redrives, _ := strings.Cut(number, ".")
	n, _ := strconv.Atoi(number)
	in := MapRunDone{UUID: "unknown"}
	in.Redrives, _ = strconv.Atoi(redrives)
	if n > 0 && n <= len(st.runs) {
		in.UUID = st.runs[n-1]
	}
	switch how {
	case "done":
		in.Output = payload(rest)
	case "fail":
		in.Failure = failure(rest)
	case "aborted":
		in.Aborted = true
	}
	return in
}

// payload reads a JSON text; bytes(n) stands for a string of n bytes.
func payload(s string) string {
	before, rest, ok := strings.Cut(s, "bytes(")
	if !ok {
		return s
	}
	number, after, _ := strings.Cut(rest, ")")
	n, _ := strconv.Atoi(number)
	return before + `"` + strings.Repeat("x", n-2) + `"` + after
}

// failure reads "error=E cause=the rest".
func failure(s string) *asl.Failure {
	f := &asl.Failure{}
	if before, cause, ok := strings.Cut(s, "cause="); ok {
		f.Cause = &cause
		s = strings.TrimSpace(before)
	}
	if name, ok := strings.CutPrefix(s, "error="); ok {
		f.Error = &name
	}
	return f
}
