package arch

import (
	"path"
	"strings"
	"testing"
)

// forbiddenNames say nothing about what is inside.
const forbiddenNames = "util utils common helper helpers misc shared base types models lib"

func TestPackages_haveOneDocComment(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		if len(p.files) == 0 {
			continue
		}
		var docs []string
		for _, f := range p.files {
			if f.tree.Doc == nil {
				continue
			}
			docs = append(docs, f.name)
			want := "Package " + f.tree.Name.Name + " "
			if f.tree.Name.Name == "main" {
				want = "Command " + path.Base(p.path) + " "
			}
			if !strings.HasPrefix(f.tree.Doc.Text(), want) {
				t.Errorf("%s: the package comment must start with %q, so that go doc reads well", f.name, want)
			}
		}
		switch len(docs) {
		case 0:
			t.Errorf("%s has no package comment: say what it is for and what it must not do", p.path)
		case 1:
		default:
			t.Errorf("%s has %d package comments (%s): go doc runs them together", p.path, len(docs), strings.Join(docs, ", "))
		}
	}
}

func TestPackages_areNamedForWhatTheyDo(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		if matches(forbiddenNames, path.Base(p.path)) {
			t.Errorf("%s: the name says nothing of what is inside; put things where they are used", p.path)
		}
	}
}
