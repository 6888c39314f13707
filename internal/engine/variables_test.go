package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// run carries an execution without tasks to its end.
func run(t *testing.T, definition, input string) *Execution {
	t.Helper()
	p, diagnostics := asl.Compile(definition, asl.Standard)
	if p == nil {
		t.Fatal(diagnostics)
	}
	x := New()
	env := &Env{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Rand: rand.New(rand.NewPCG(1, 1))}
	turn := Decide(p, x, Begin{Input: input, Start: &history.Start{}}, env)
	for turn.Yielded {
		turn = Decide(p, x, Continue{}, env)
	}
	return x
}

// A variable may have 256 KiB and all live ones 10 MiB: 40 fit, 41 don't.
func TestVariables_totalIsLimited(t *testing.T) {
	t.Parallel()
	largest := `"` + strings.Repeat("x", asl.MaxVariableBytes-2) + `"`
	assign := func(n int, name func(i int) string) string {
		var b strings.Builder
		b.WriteString(`{"StartAt":"S0","States":{`)
		for i := range n {
			fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Assign":{"%s.$":"$"},"Next":"S%d"},`, i, name(i), i+1)
		}
		fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Result":1,"End":true}}}`, n)
		return b.String()
	}
	distinct := func(i int) string { return fmt.Sprintf("v%d", i) }
	same := func(int) string { return "v" }
	inBranch := `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"Parameters":{"big.$":"$big"},"ItemsPath":"$","ItemProcessor":{
		"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"v.$":"$.big"},"Next":"B"},"B":{"Type":"Pass","Result":1,"End":true}}},"End":true}}}`
	inBranch = strings.Replace(inBranch, `{"StartAt":"M","States":{`, `{"StartAt":"V","States":{"V":{"Type":"Pass","Assign":{"big.$":"$.big"},"OutputPath":"$.items","Next":"M"},`, 1)
	items := "[" + strings.Repeat("1,", 59) + "1]"
	smaller := `"` + strings.Repeat("x", asl.MaxVariableBytes-1000) + `"`

	tests := []struct {
		name, definition, input string
		want                    Status
		cause                   string
	}{
		{"forty", assign(40, distinct), largest, Succeeded, ""},
		{"one more", assign(41, distinct), largest, Failed,
			"Execution total variable size limit exceeded. State 'S40' assigned variables that exceed the total execution limit by 262144 bytes."},
		{"a new value takes the place of the old", assign(60, same), largest, Succeeded, ""},
		{"also at the limit", assign(45, func(i int) string { return fmt.Sprintf("v%d", i%40) }), largest, Succeeded, ""},
		{"those of an iteration end with it", inBranch, `{"big":` + smaller + `,"items":` + items + `}`, Succeeded, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := run(t, tt.definition, tt.input)
			cause := ""
			if x.Cause != nil {
				cause = *x.Cause
			}
			if x.Status != tt.want || cause != tt.cause {
				t.Errorf("status %d, cause %.300q; want %d, %q", x.Status, cause, tt.want, tt.cause)
			}
		})
	}
}
