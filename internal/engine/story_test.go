package engine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
	"pawl.dev/value"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the expected output of the stories in testdata")

// TestStories runs every text file of testdata: commands with the output that
// they must give. A story is a list of blocks
//
//	command arguments
//	more of the argument
//	----
//	output
//
// parted by blank lines; lines that start with # in front of a command are
// remarks. The commands are the methods of story. After every turn I1 is checked:
// folding the stored events must give the live state.
func TestStories(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".txt") {
			return err
		}
		found++
		t.Run(strings.TrimSuffix(strings.TrimPrefix(path, "testdata"+string(filepath.Separator)), ".txt"), func(t *testing.T) {
			t.Parallel()
			runStory(t, path)
		})
		return nil
	})
	if err != nil || found == 0 {
		t.Fatalf("walk testdata: %d stories, error %v", found, err)
	}
}

func runStory(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := parseStory(t, string(text))
	st := newStory(t)
	var out bytes.Buffer
	for _, b := range blocks {
		got := st.do(b.command)
		if got != b.want && !*rewrite {
			t.Errorf("%s:%d: %s\n%s", path, b.line, strings.SplitN(b.command, "\n", 2)[0], cmp.Diff(strings.Split(b.want, "\n"), strings.Split(got, "\n")))
		}
		if out.Len() > 0 {
			out.WriteString("\n")
		}
		out.WriteString(b.remarks + b.command + "\n----\n" + got)
	}
	st.checkPrefixes()
	if *rewrite {
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

type block struct {
	line                   int
	remarks, command, want string
}

func parseStory(t *testing.T, text string) []block {
	t.Helper()
	var blocks []block
	b := block{}
	inWant := false
	flush := func() {
		if b.command != "" {
			b.command = strings.TrimSuffix(b.command, "\n")
			blocks = append(blocks, b)
			b = block{}
		}
		inWant = false
	}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch {
		case line == "" && inWant:
			flush()
		case line == "----":
			inWant = true
		case inWant:
			b.want += line + "\n"
		case b.command == "" && (line == "" || strings.HasPrefix(line, "#")):
			b.remarks += line + "\n"
		default:
			if b.command == "" {
				b.line = n
			}
			b.command += line + "\n"
		}
	}
	flush()
	return blocks
}

// story is one execution that a file tells of.
type story struct {
	t     *testing.T
	p     *asl.Program
	kind  asl.MachineType
	x     *Execution
	env   Env
	start time.Time

	turns  [][]byte // as stored
	rests  []string // outstanding work after each turn
	folded *Execution
	nonces map[history.EventID]uint64
	runs   []string // UUIDs of the map runs
	last   Input
}

func newStory(t *testing.T) *story {
	st := &story{t: t, start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	st.env = Env{
		Now: st.start, Rand: rand.New(rand.NewPCG(1, 1)), Arena: new(value.Arena), Region: "eu-central-1",
		Token: func(task history.EventID, _ uint64, resource string) string { return fmt.Sprintf("token(%d)", task) },
	}
	st.reset()
	return st
}

func (st *story) reset() {
	st.x, st.folded = New(), New()
	st.turns, st.rests, st.runs = nil, nil, nil
	st.nonces = map[history.EventID]uint64{}
}

// do runs one command and returns its output.
func (st *story) do(command string) string {
	st.t.Helper()
	name, rest, _ := strings.Cut(command, " ")
	if head, body, ok := strings.Cut(command, "\n"); ok && !strings.Contains(head, " ") {
		name, rest = head, body
	}
	switch name {
	case "definition":
		return st.define(rest, asl.Standard)
	case "express":
		return st.define(rest, asl.Express)
	case "set":
		return st.set(rest)
	case "outstanding":
		return orNothing(st.rest())
	}
	in, at := st.input(name, rest)
	if name != "repeat" {
		st.last = in
	}
	st.env.Now = at
	return st.decide(in)
}

func orNothing(s string) string {
	if s == "" {
		return "nothing\n"
	}
	return s
}

func (st *story) define(text string, kind asl.MachineType) string {
	p, diagnostics := asl.Compile(text, kind)
	if p == nil {
		return fmt.Sprintln(diagnostics)
	}
	st.p, st.kind = p, kind
	st.reset()
	return ""
}

// set changes the surroundings: "budget=3", "deleted", "refuse=Cause", "now=…".
func (st *story) set(what string) string {
	key, val, _ := strings.Cut(what, "=")
	switch key {
	case "budget":
		st.env.Budget, _ = strconv.Atoi(val)
	case "deleted":
		st.env.MachineDeleted = true
	case "refuse":
		st.env.Refuse = func(*history.Event) *asl.Failure {
			f := asl.NewFailure(asl.ErrRuntime, val)
			f.InState = true
			return f
		}
	default:
		st.t.Fatalf("set: unknown %q", key)
	}
	return ""
}

// decide takes one input and returns what came of it.
func (st *story) decide(in Input) string {
	st.t.Helper()
	st.env.Arena.Reset()
	turn := Decide(st.p, st.x, in, &st.env)
	var b strings.Builder
	for i := range turn.Events {
		e := &turn.Events[i]
		if e.Nonce != 0 {
			st.nonces[e.ID] = e.Nonce
		}
		if e.Type == history.MapRunStarted {
			st.runs = append(st.runs, e.MapRun)
		}
		if show := len(turn.Events) < 200 || i < 3 || i >= len(turn.Events)-3; show {
			b.WriteString(st.event(e) + "\n")
		} else if i == 3 {
			b.WriteString("…\n")
		}
	}
	for _, e := range turn.Effects {
		b.WriteString("> " + st.effect(e) + "\n")
	}
	if turn.Yielded {
		b.WriteString("yielded\n")
	}
	if len(turn.Events) == 0 && len(turn.Effects) == 0 {
		b.WriteString("nothing\n")
	}
	if wake := st.x.NextWake(); !wake.IsZero() {
		b.WriteString("wake " + st.when(wake) + "\n")
	}
	if len(turn.Events) > 0 {
		st.turns = append(st.turns, history.AppendTurn(nil, turn.Events))
		st.checkFold()
	}
	st.checkMoves(turn.Yielded)
	return b.String()
}

// checkFold checks I1 after a turn.
func (st *story) checkFold() {
	st.t.Helper()
	st.apply(st.folded, st.turns[len(st.turns)-1])
	if !reflect.DeepEqual(st.x, st.folded) {
		st.t.Fatalf("I1: the fold of the stored events is not the live state\nlive   %s\nfolded %s", dump(st.x), dump(st.folded))
	}
	st.rests = append(st.rests, st.rest())
}

// checkPrefixes checks I1 for every cut at a turn's border, folded anew.
func (st *story) checkPrefixes() {
	st.t.Helper()
	for n := range st.turns {
		if n > 100 && n%97 != 0 {
			continue
		}
		x := New()
		for _, turn := range st.turns[:n+1] {
			st.apply(x, turn)
		}
		if got := (&story{x: x, start: st.start, runs: st.runs}).rest(); got != st.rests[n] {
			st.t.Errorf("I1: after turn %d of %d: %s", n, len(st.turns), cmp.Diff(st.rests[n], got))
		}
	}
}

// checkMoves checks I9: something will move an execution that runs.
func (st *story) checkMoves(yielded bool) {
	st.t.Helper()
	x := st.x
	if x.Status == Running && !yielded && !x.Open() && x.NextWake().IsZero() && !x.heldByToken() {
		st.t.Errorf("I9: nothing will move the execution: %s", dump(x))
	}
}

// heldByToken reports whether somebody outside has a task token.
func (x *Execution) heldByToken() bool {
	for _, f := range x.frames {
		if f.phase == tasking {
			return true
		}
	}
	return false
}

func (st *story) apply(x *Execution, stored []byte) {
	st.t.Helper()
	events, err := history.DecodeTurn(stored)
	if err != nil {
		st.t.Fatal(err)
	}
	for i := range events {
		x.Apply(&events[i])
	}
}

// rest is what the execution waits for.
func (st *story) rest() string {
	var b strings.Builder
	for _, e := range st.x.Outstanding() {
		b.WriteString("> " + st.effect(e) + "\n")
	}
	if wake := st.x.NextWake(); !wake.IsZero() {
		b.WriteString("wake " + st.when(wake) + "\n")
	}
	if st.x.Open() {
		b.WriteString("open\n")
	}
	return b.String()
}

func dump(x *Execution) string {
	b := fmt.Sprintf("%+v", *x)
	for _, f := range x.frames {
		b += fmt.Sprintf("\n   frame %+v", *f)
		if f.hold != nil {
			b += fmt.Sprintf("\n     hold %+v", *f.hold)
		}
		if f.task != nil {
			b += fmt.Sprintf("\n     task %+v", *f.task)
		}
	}
	return b
}

// compact shortens long payloads.
func compact(s string) string {
	if len(s) > 300 {
		return fmt.Sprintf("bytes(%d)", len(s))
	}
	var b bytes.Buffer
	if json.Compact(&b, []byte(s)) != nil {
		return "no JSON: " + s
	}
	return s
}
