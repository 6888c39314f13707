package asl_test

import (
	"fmt"

	"pawl.dev/asl"
)

func ExampleCompile() {
	_, findings := asl.Compile(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`, asl.Standard)
	fmt.Println(findings.Error())

	program, _ := asl.Compile(`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"sum.$":"States.MathAdd($.x, 1)"},"End":true}}}`, asl.Standard)
	output, _ := program.State("A").Arguments.Eval(&asl.Data{Input: asl.TextDocument(`{"x":41}`)})
	fmt.Println(output.JSON())
	// Output:
	// MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next
	// {"sum":42}
}
