package function

import (
	"errors"
	"io/fs"
	"strconv"
	"time"
)

// ending is how an instance ended: its process exited, or never started.
type ending struct {
	exit string // "" for status 0, else "exit status 1", "signal: killed"
	err  error
}

// bury takes a gone instance out of its pool and answers the invocations that
// went with it.
func (in *instance) bury(end ending) {
	p := in.p
	p.mu.Lock()
	was := in.phase
	in.phase = dead
	delete(p.all, in)
	if in.timer != nil {
		in.timer.Stop()
	}
	if was == idle {
		p.unidleLocked(in)
	}
	var turn *pool
	var doomed []*Invocation
	switch was {
	case starting:
		p.starting--
		turn = p.s.starter.release()
		doomed = in.doomedLocked()
	case idle, busy, finishing:
		p.ready--
	default: // dead: counted when it died
	}
	lost := in.current
	in.current = nil
	var rep report
	if lost != nil {
		lost.settled = true
		rep = in.reportLocked(p.s.clock.Now().Sub(lost.started))
	}
	p.growLocked(false)
	p.mu.Unlock()
	if turn != nil {
		turn.grow()
	}
	if lost != nil {
		in.answerLost(lost, end, rep)
	}
	for _, inv := range doomed {
		in.answerDoomed(inv, end)
	}
	if p.drained() {
		p.s.poolDrained(p)
	}
}

// doomedLocked takes the invocations that a failed start answers. None when we
// stopped the process for our own reasons, nor at the first slow init, which
// is tried again.
func (in *instance) doomedLocked() []*Invocation {
	switch in.cause {
	case causeRetired, causeIdle:
		return nil
	case causeInitTimeout:
		if !in.p.slowInit {
			in.p.slowInit = true
			return nil
		}
	default: // no process will do better
	}
	return in.p.failWaitingLocked()
}

// answerLost answers the invocation that the process was busy with.
func (in *instance) answerLost(inv *Invocation, end ending, rep report) {
	if in.cause == causeClosed {
		inv.done(Response{}, errorClosed())
		return
	}
	text := exitText(end.exit)
	if in.cause == causeMemory {
		in.output.line("RequestId: " + inv.id + " Error: the process used more than its " +
			strconv.Itoa(in.p.run.memory) + " MB of memory and was killed")
	}
	in.output.line("RequestId: " + inv.id + " Error: " + text + " Runtime.ExitError")
	tail := in.output.end(inv, rep)
	inv.respond(outcome{payload: failure("Runtime.ExitError", "RequestId: "+inv.id+" Error: "+text), failed: true}, tail)
}

// answerDoomed answers an invocation that no process came up for.
func (in *instance) answerDoomed(inv *Invocation, end ending) {
	var own *Error
	if errors.As(end.err, &own) {
		inv.done(Response{}, own)
		return
	}
	if in.cause == causeClosed {
		inv.done(Response{}, errorClosed())
		return
	}
	var payload []byte
	switch prefix := "RequestId: " + inv.id + " Error: "; {
	case in.initError != nil:
		payload = in.initError
	case in.cause == causeInitTimeout:
		payload = failure("Sandbox.Timedout", prefix+"Task timed out after "+seconds(in.p.run.timeout)+" seconds")
	case end.err != nil:
		payload = failure("Runtime.InvalidEntrypoint", prefix+startText(end.err))
	default:
		payload = failure("Runtime.ExitError", prefix+exitText(end.exit))
	}
	if in.output != nil {
		in.output.line("INIT_REPORT Phase: init Status: error " + string(payload))
	}
	inv.respond(outcome{payload: payload, failed: true}, nil)
}

func exitText(exit string) string {
	if exit == "" {
		return "Runtime exited without providing a reason"
	}
	return "Runtime exited with error: " + exit
}

// startText keeps AWS's wording, "fork/exec /var/task/bootstrap: permission
// denied".
func startText(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Error()
	}
	return err.Error()
}

// seconds formats a duration as AWS's texts do: 3.00.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) }

// errNoBootstrap is AWS's text for code without an entry point.
var errNoBootstrap = errors.New("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]") //nolint:staticcheck // capitalised as AWS has it
