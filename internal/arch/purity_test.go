package arch

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// pure are the packages of the language and the core (I2): the same input gives
// the same answer, on every machine, this year and next.
var pure = []string{
	"value", "jsonpath", "jsonata", "jsonata/internal/*", "asl", "asl/intrinsic",
	"internal/history", "internal/engine", "internal/maprun", "internal/teststate",
}

// impureImports are packages that a pure one must not import, with the reason.
var impureImports = []struct{ packages, why string }{
	{"os os/* io/fs io/ioutil path/filepath syscall embed plugin", "files and processes belong to the shell; what is in them comes in as an argument"},
	{"net net/*", "the network belongs to the shell"},
	{"sync sync/*", "a decision is made by one goroutine; whoever shares a value guards it"},
	{"context", "nothing here blocks, so nothing here is cancelled; limits come in through Env"},
	{"log log/*", "what matters is in the events and results; the shell logs"},
	{"crypto/rand", "chance comes in through Env, so that a seed repeats it"},
	{"math/rand", "its generator differs from release to release; chance comes in through Env as a math/rand/v2 source"},
	{"runtime runtime/* testing testing/* expvar flag", "a decision must not depend on the process it is made in"},
}

// impureNames are functions of packages that pure ones may import otherwise.
var impureNames = []struct{ from, names, why string }{
	{
		"time", "Now Since Until Sleep After AfterFunc NewTimer NewTicker Tick Local LoadLocation",
		"time comes in through Env, in UTC; waiting is the shell's",
	},
	{
		"math/rand/v2",
		"ExpFloat64 Float32 Float64 Int Int32 Int32N Int64 Int64N IntN N NormFloat64 Perm Shuffle Uint Uint32 Uint32N Uint64 Uint64N UintN",
		"the package's own generator is seeded by chance; use the source in Env",
	},
}

// foreign are the modules of others that pure packages may import.
var foreign = []struct{ from, to, why string }{
	{"jsonata", "github.com/dlclark/regexp2", "JavaScript's regular expressions have look-behind and back-references, which Go's cannot have"},
}

func isPure(p string) bool { return matches(strings.Join(pure, " "), p) }

func TestPurity_imports(t *testing.T) {
	t.Parallel()
	forEachPure(t, func(p *pkg) {
		for _, i := range p.imports() {
			for _, rule := range impureImports {
				if matches(rule.packages, i.path) {
					t.Errorf("%s is pure and must not import %s: %s", p.path, i.path, rule.why)
				}
			}
			if to, ok := i.own(); ok && !isPure(to) {
				t.Errorf("%s is pure and must not import %s, which is not", p.path, to)
			}
			if strings.Contains(i.path, ".") && !strings.HasPrefix(i.path, module+"/") && !allowedForeign(p.path, i.path) {
				t.Errorf("%s is pure and must not import %s: what others change must not change a decision; see foreign in purity_test.go", p.path, i.path)
			}
		}
	})
}

func allowedForeign(from, to string) bool {
	for _, f := range foreign {
		if f.from == from && f.to == to {
			return true
		}
	}
	return false
}

func TestPurity_names(t *testing.T) {
	t.Parallel()
	forEachPure(t, func(p *pkg) {
		for _, f := range p.files {
			for _, name := range namesUsed(f) {
				t.Errorf("%s: %s is pure and must not use %s: %s", name.at, p.path, name.name, name.why)
			}
		}
	})
}

func TestPurity_goroutines(t *testing.T) {
	t.Parallel()
	forEachPure(t, func(p *pkg) {
		for _, f := range p.files {
			for _, at := range goStatements(f) {
				t.Errorf("%s: %s is pure and must not start a goroutine: the order in which two run is chance", at, p.path)
			}
		}
	})
}

func forEachPure(t *testing.T, check func(*pkg)) {
	t.Helper()
	seen := 0
	for _, p := range tree(t) {
		if isPure(p.path) {
			seen++
			check(p)
		}
	}
	if seen < len(pure) {
		t.Errorf("%d pure packages were found, fewer than the %d that are named", seen, len(pure))
	}
}

type impureUse struct {
	name, why string
	at        token.Position
}

func namesUsed(f *file) []impureUse {
	var found []impureUse
	for _, i := range f.imports {
		for _, rule := range impureNames {
			if rule.from != i.path {
				continue
			}
			forbidden := strings.Fields(rule.names)
			f.selectors(i.name, func(name string, at token.Position) {
				if slices.Contains(forbidden, name) {
					found = append(found, impureUse{path.Base(localName(i.path)) + "." + name, rule.why, at})
				}
			})
		}
	}
	return found
}

func goStatements(f *file) []token.Position {
	var found []token.Position
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			found = append(found, f.fset.Position(g.Pos()))
		}
		return true
	})
	return found
}
