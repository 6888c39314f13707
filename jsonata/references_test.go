package jsonata

import (
	"strings"
	"testing"
)

func TestReferences_listWhatComesFromOutside(t *testing.T) {
	t.Parallel()
	tests := []struct{ expression, want string }{
		{"$states.input.a.b", "$states.input.a.b"},
		{"$states.input.list[0].b", "$states.input.list"},
		{"$x + $y.z", "$x, $y.z"},
		{"phone", "phone"},
		{"phone.number", "phone"},
		{"$states.input.phone[type='x'].number^(rank){kind: $sum(n)}", "$states.input.phone"},
		{"$$", "$$"},
		{"$$.a", "$$.a"},
		{"$", ""},
		{"($a := 1; $a + $b)", "$b"},
		{"($a; $a := 1)", "$a"},
		{"(($a := 1); $a)", "$a"},
		{"($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f($k))", "$k"},
		{"function($x){ b }", "b"},
		{"function($x){ $x.b }", ""},
		{"$map($items, function($i){ $i.a & $suffix })", "$items, $suffix"},
		{"{'k': v, 'w': $w}", "v, $w"},
		{"$l.a@$e.b#$i.{'e': $e, 'i': $i, 'o': $o}", "$l.a, $o"},
		{"$v ~> |a|{'b': c}, 'd'|", "$v"},
		{"$substring(?, $n)", "$n"},
		{"$states.\"errorOutput\"", "$states.errorOutput"},
		{"true and or", "or"},
	}
	for _, tt := range tests {
		e, err := Compile(tt.expression)
		if err != nil {
			t.Errorf("%s: %v", tt.expression, err)
			continue
		}
		var got []string
		for _, r := range e.References() {
			got = append(got, strings.Join(r.Path, "."))
		}
		if list := strings.Join(got, ", "); list != tt.want {
			t.Errorf("%s: got %q, want %q", tt.expression, list, tt.want)
		}
	}
}

func TestReferences_positionCountsUTF16(t *testing.T) {
	t.Parallel()
	e, err := Compile("'😀' & $x")
	if err != nil {
		t.Fatal(err)
	}
	if refs := e.References(); len(refs) != 1 || refs[0].Position != 9 {
		t.Errorf("got %+v, want position 9", refs)
	}
}
