package arch

import (
	"testing"
	"testing/fstest"
)

// TestRules_seeWhatTheyForbid breaks the rules in a tree of its own.
func TestRules_seeWhatTheyForbid(t *testing.T) {
	t.Parallel()
	packages, err := loadTree(fstest.MapFS{
		"asl/a.go": {Data: []byte(`package asl

import (
	"math/rand/v2"
	clock "time"
)

func f(r *rand.Rand) (int, any) {
	go f(r)
	return rand.IntN(3) + r.IntN(3), clock.Now()
}
`)},
		"asl/a_test.go":         {Data: []byte("package asl\n\nimport \"os\"\n")},
		"asl/testdata/x/x.go":   {Data: []byte("not Go")},
		"cmd/pawl/main.go":      {Data: []byte("package main\n\nimport _ \"pawl.dev/asl\"\n")},
		"cmd/pawl/.hidden/x.go": {Data: []byte("not Go")},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := packages["asl"]
	if len(a.files) != 1 || !a.tests {
		t.Fatalf("asl has %d files, tests %t; want 1, true", len(a.files), a.tests)
	}
	var names []string
	for _, use := range namesUsed(a.files[0]) {
		names = append(names, use.name)
	}
	if len(names) != 2 || names[0] != "rand.IntN" || names[1] != "time.Now" {
		t.Errorf("impure names are %v, want rand.IntN and time.Now", names)
	}
	if at := goStatements(a.files[0]); len(at) != 1 || at[0].Line != 9 {
		t.Errorf("go statements at %v, want one in line 9", at)
	}
	if got := reach(packages, "cmd/pawl"); len(got) != 2 {
		t.Errorf("cmd/pawl reaches %v, want itself and asl", got)
	}
}
