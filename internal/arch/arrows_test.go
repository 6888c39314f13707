package arch

import (
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// rule says what packages may import of this module.
type rule struct {
	packages string // a path, or a pattern of path.Match
	imports  string // separated by spaces, patterns too; "" is nothing
	why      string
}

// arrows are the rings, from the language outwards. Everything that is not
// allowed here is forbidden; the first rule that matches a package counts.
var arrows = []rule{
	// The language: useful alone.
	{"value", "", "everything stands on the value: it stands on nothing"},
	{"jsonpath", "value", "a query language knows only the values it reads"},
	{"jsonata", "value jsonata/internal/*", "a query language knows only the values it reads"},
	{"jsonata/internal/*", "value", "parts of jsonata are no wider than jsonata"},
	{"asl/intrinsic", "value jsonpath", "intrinsic functions are called by asl and know nothing of states"},
	{"asl", "value jsonpath jsonata asl/intrinsic", "the language knows definitions, not executions"},

	// The core: decides.
	{"internal/history", "", "facts must be readable without whoever decides"},
	{"internal/engine", "asl internal/history value", "deciding needs the language and the facts, nothing that acts (I2)"},
	{"internal/maprun", "asl internal/history value", "deciding needs the language and the facts, nothing that acts (I2)"},
	{"internal/teststate", "internal/engine internal/history asl value", "testing a state is deciding over it, nothing that acts (I2)"},

	// The shell: acts. Adapters know the interface they implement, not each other.
	{"internal/store", "", "a turn is bytes to the store"},
	{"internal/store/storetest", "internal/store", "one suite for every store: it knows none of them"},
	{"internal/store/*", "internal/store", "stores are exchanged for each other, so none knows another"},
	{"internal/objects", "", "buckets know nothing of maps"},
	{"internal/itemreader", "internal/objects value", "items are read for whoever asks"},
	{"internal/resultwriter", "internal/objects value", "results are written for whoever asks"},
	{"internal/function", "", "functions run without any state machine"},
	{"internal/awsapi", "internal/awsapi/* value", "a client of AWS's services knows no state machine"},
	{"internal/awsapi/*", "internal/awsapi internal/awsapi/*", "models and their generator are the client's own"},
	{"internal/auth", "", "signatures are checked without knowing what is asked for"},
	{"internal/task", "asl", "the interface of integrations knows none of them"},
	{"internal/task/*", "internal/task internal/function internal/awsapi internal/objects asl value", "an integration is removed by deleting its folder: none knows another, nor the host"},
	{
		"internal/host",
		"internal/engine internal/maprun internal/teststate internal/history internal/store internal/task internal/objects internal/itemreader internal/resultwriter asl value",
		"the host knows interfaces: no adapter, no skin",
	},
	{"internal/execlog", "internal/host internal/history value", "the log is told facts by the host and decides nothing"},

	// The skins: translate.
	{"internal/auth", "", "who a client is and what a policy says is the same for every skin"},
	{"internal/service/servicetest", "internal/service internal/engine internal/host internal/store internal/history internal/teststate asl value", "a fake of the host for tests"},
	{"internal/service", "internal/host internal/store internal/history internal/engine internal/maprun internal/teststate asl value", "the operations know no wire protocol and no adapter"},
	{"internal/api", "internal/auth internal/service internal/host internal/store internal/history internal/teststate asl value", "a skin asks the service and runs nothing; of the host it may name types only, see namesOnly"},
	{"internal/api/lambda", "internal/auth internal/function", "a skin over functions"},
	{"internal/console", "internal/service internal/store internal/history asl value", "a skin asks the service and runs nothing"},

	// Wiring.
	{"internal/demo", "", "the demonstration's data and functions are a user's: they get no back door"},
	{"cmd/*", "* */* */*/*", "wiring sees everything"},
	{"bench", "* */* */*/*", "measures the whole from outside"},
	{"internal/sim", "", "tests only"},
	{"internal/arch", "", "tests only"},
}

// namesOnly are arrows that carry a few names and nothing else.
var namesOnly = []struct{ from, to, names, why string }{
	{"internal/api", "internal/host", "MapRunCounts MapRunChange", "the service answers with these types; whoever calls the host does so through the service"},
	{"internal/service", "internal/engine", "FormatUUID", "identifiers are spelt in one place; deciding is the host's to ask for"},
	{"internal/service", "internal/maprun", "ChildName", "children are named in one place; deciding is the host's to ask for"},
}

func ruleFor(p string) *rule {
	for i := range arrows {
		if matches(arrows[i].packages, p) {
			return &arrows[i]
		}
	}
	return nil
}

// matches reports whether one of the patterns, separated by spaces, fits.
func matches(patterns, p string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		ok, err := path.Match(pattern, p)
		return ok && err == nil
	})
}

func TestArrows(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		r := ruleFor(p.path)
		if r == nil {
			if len(p.files) == 0 {
				continue // tests only
			}
			t.Errorf("%s has no rule: say in arrows_test.go what it may import, and why", p.path)
			continue
		}
		for _, i := range p.imports() {
			if to, ok := i.own(); ok && !matches(r.imports, to) {
				t.Errorf("%s must not import %s: %s", p.path, to, r.why)
			}
		}
	}
}

func TestArrows_carryFewNames(t *testing.T) {
	t.Parallel()
	packages := tree(t)
	for _, n := range namesOnly {
		p := packages[n.from]
		if p == nil {
			continue
		}
		allowed := strings.Fields(n.names)
		for _, f := range p.files {
			for _, i := range f.imports {
				if to, ok := i.own(); !ok || to != n.to {
					continue
				}
				f.selectors(i.name, func(name string, at token.Position) {
					if !slices.Contains(allowed, name) {
						t.Errorf("%s: %s must not use %s of %s: %s", at, n.from, name, n.to, n.why)
					}
				})
			}
		}
	}
}

// TestArrows_forbid asks the table for the arrows that would hurt most.
func TestArrows_forbid(t *testing.T) {
	t.Parallel()
	for _, r := range []struct{ from, to string }{
		{"value", "jsonpath"}, {"asl", "internal/engine"}, {"internal/engine", "internal/host"},
		{"internal/engine", "internal/store"}, {"internal/host", "internal/service"},
		{"internal/store/pebblestore", "internal/store/storetest"}, {"internal/task/lambda", "internal/task/http"},
		{"internal/service", "internal/api"}, {"internal/host", "internal/task/lambda"},
	} {
		if rule := ruleFor(r.from); rule == nil || matches(rule.imports, r.to) {
			t.Errorf("the table lets %s import %s", r.from, r.to)
		}
	}
}
