package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestElements(t *testing.T) {
	t.Parallel()
	tests := []struct {
		array string
		want  []string
	}{
		{`[]`, []string{}},
		{`[1]`, []string{"1"}},
		{`[1,"a,b","]\"[",{"x":[1,2],"y":{}},[[],[3]],null]`,
			[]string{"1", `"a,b"`, `"]\"["`, `{"x":[1,2],"y":{}}`, `[[],[3]]`, "null"}},
		{`["\\","\\\"",2]`, []string{`"\\"`, `"\\\""`, "2"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, elements(tt.array, len(tt.want))); diff != "" {
			t.Errorf("%s: %s", tt.array, diff)
		}
	}
}
