package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "pawl.dev"

// pkg is one package of the module: its production files, for every platform.
type pkg struct {
	path  string // below the module: "internal/host"
	files []*file
	tests bool // it has test files
}

type file struct {
	name    string // below the module's root
	fset    *token.FileSet
	tree    *ast.File
	imports []imported
}

// imported is one import of a file.
type imported struct {
	path string // "time", "pawl.dev/value"
	name string // the name it has in the file
}

// own is the path below the module of a package of ours.
func (i imported) own() (string, bool) { return strings.CutPrefix(i.path, module+"/") }

// imports of all files, sorted, each once.
func (p *pkg) imports() []imported {
	var all []imported
	for _, f := range p.files {
		for _, i := range f.imports {
			if !slices.ContainsFunc(all, func(x imported) bool { return x.path == i.path }) {
				all = append(all, i)
			}
		}
	}
	slices.SortFunc(all, func(a, b imported) int { return strings.Compare(a.path, b.path) })
	return all
}

// loaded is the tree of this checkout; no test changes it.
var loaded = sync.OnceValues(func() (map[string]*pkg, error) {
	root := filepath.Join("..", "..")
	return loadTree(os.DirFS(root))
})

func tree(t *testing.T) map[string]*pkg {
	t.Helper()
	packages, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	if packages["cmd/pawl"] == nil {
		t.Fatal("cmd/pawl was not found: the tree is read from the wrong place")
	}
	return packages
}

// loadTree parses every production file below root.
func loadTree(root fs.FS) (map[string]*pkg, error) {
	packages := make(map[string]*pkg)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			hidden := name != "." && (base[0] == '.' || base[0] == '_')
			if hidden || base == "testdata" || base == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(base) != ".go" || base[0] == '.' || base[0] == '_' {
			return nil
		}
		dir := path.Dir(name)
		p := packages[dir]
		if p == nil {
			p = &pkg{path: dir}
			packages[dir] = p
		}
		if strings.HasSuffix(base, "_test.go") {
			p.tests = true
			return nil
		}
		f, err := parseFile(root, name)
		if err != nil {
			return err
		}
		p.files = append(p.files, f)
		return nil
	})
	return packages, err
}

func parseFile(root fs.FS, name string) (*file, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	f := &file{name: name, fset: token.NewFileSet()}
	if f.tree, err = parser.ParseFile(f.fset, name, source, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	for _, spec := range f.tree.Imports {
		i := imported{}
		if i.path, err = strconv.Unquote(spec.Path.Value); err != nil {
			return nil, err
		}
		i.name = localName(i.path)
		if spec.Name != nil {
			i.name = spec.Name.Name
		}
		f.imports = append(f.imports, i)
	}
	return f, nil
}

// localName guesses the name of an imported package: the last element of its
// path that is no major version.
func localName(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// selectors calls yield with every name that f takes from the package it imports
// as local: Now for time.Now.
func (f *file) selectors(local string, yield func(name string, at token.Position)) {
	ast.Inspect(f.tree, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == local {
			yield(s.Sel.Name, f.fset.Position(s.Pos()))
		}
		return true
	})
}
