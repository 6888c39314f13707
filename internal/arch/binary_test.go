package arch

import (
	"slices"
	"strings"
	"testing"
)

// testOnly are imports that belong to tests: they must not reach the binary.
var testOnly = []struct{ path, why string }{
	{"testing", "it registers flags and asks to be run by go test"},
	{"testing/", "it is for tests"},
	{"github.com/google/go-cmp", "it compares for tests, and panics on what it cannot compare"},
	{"pgregory.net/rapid", "it draws random programs for tests"},
	{"go.uber.org/goleak", "it looks for leaked goroutines in tests"},
	{"github.com/johannesboyne/gofakes3", "it is an S3 server for tests"},
	{"github.com/rogpeppe/go-internal", "it runs script tests"},
	{"github.com/aws/aws-sdk-go-v2/service/sfn", "tests call us with it; we do not call Step Functions"},
	{"github.com/aws/aws-sdk-go-v2/service/lambda", "tests call us with it; we do not call Lambda"},
	{module + "/internal/store/storetest", "it is the suite of the stores"},
	{module + "/internal/service/servicetest", "it is a fake"},
	{module + "/internal/sim", "it has tests only"},
	{module + "/internal/arch", "it has tests only"},
}

func TestBinary_holdsNoTestDependency(t *testing.T) {
	t.Parallel()
	packages := tree(t)
	reached := reach(packages, "cmd/pawl")
	if len(reached) < 10 {
		t.Fatalf("cmd/pawl reaches only %v", reached)
	}
	for _, name := range reached {
		for _, i := range packages[name].imports() {
			for _, rule := range testOnly {
				if i.path == strings.TrimSuffix(rule.path, "/") || strings.HasPrefix(i.path, strings.TrimSuffix(rule.path, "/")+"/") {
					t.Errorf("%s is part of the binary and must not import %s: %s", name, i.path, rule.why)
				}
			}
			if i.path == "C" {
				t.Errorf("%s must not use cgo: the binary is static", name)
			}
		}
	}
}

// reach returns the packages of this module that from is made of, sorted.
func reach(packages map[string]*pkg, from string) []string {
	var found []string
	var visit func(string)
	visit = func(name string) {
		p := packages[name]
		if p == nil || slices.Contains(found, name) {
			return
		}
		found = append(found, name)
		for _, i := range p.imports() {
			if to, ok := i.own(); ok {
				visit(to)
			}
		}
	}
	visit(from)
	slices.Sort(found)
	return found
}
