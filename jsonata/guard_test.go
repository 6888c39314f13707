package jsonata

import (
	"strings"
	"testing"
)

func TestGuard_depthCountsAsAWSDoes(t *testing.T) {
	t.Parallel()
	repeat := strings.Repeat
	tests := []struct {
		name   string
		build  func(n int) string
		accept int // the largest n that AWS accepts
	}{
		{"terms", func(n int) string { return "1" + repeat("+1", n-1) }, 100},
		{"parentheses", func(n int) string { return repeat("(", n) + "1" + repeat(")", n) }, 99},
		{"brackets", func(n int) string { return repeat("[", n) + "1" + repeat("]", n) }, 99},
		{"chain", func(n int) string { return "1" + repeat("~>$string", n) }, 99},
		{"recursion", func(n int) string {
			return "($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(" + string(rune('0'+n/10)) + string(rune('0'+n%10)) + "))"
		}, 31},
	}
	for _, tt := range tests {
		if got := evaluate(t, tt.build(tt.accept), "", nil); strings.HasPrefix(got, "Stack") {
			t.Errorf("%s: %d refused: %s", tt.name, tt.accept, got)
		}
		if got := evaluate(t, tt.build(tt.accept+1), "", nil); got != textOverflow {
			t.Errorf("%s: %d gives %.80s", tt.name, tt.accept+1, got)
		}
	}
}

func TestGuard_depthOfItemsOfAnArrayDoesNotAddUp(t *testing.T) {
	t.Parallel()
	const expression = `$count($map([1..500], function($i){ {'a': [$i, $i + 1], 'b': {'c': $i, 'd': 2}} }))`
	if got := evaluate(t, expression, "", nil); got != "500" {
		t.Errorf("got %s", got)
	}
}

func TestGuard_memory(t *testing.T) {
	t.Parallel()
	tests := []struct {
		expression string
		accepted   bool
	}{
		{`$count([1..873782])`, true},
		{`$count([1..873783])`, false},
		{`$count($range(1, 360145, 1))`, true},
		{`$count($range(1, 360146, 1))`, false},
		{`$length($pad('', 262144, 'x'))`, true},
		{`$length($pad('', 262145, 'x'))`, false},
		{`$length($reduce([1..22], function($s, $i){ $s & $s }, 'x'))`, true},
		{`$length($reduce([1..23], function($s, $i){ $s & $s }, 'x'))`, false},
		{`$length($join($map([1..100], function(){ $pad('', 200000) })))`, false},
		{`$length($replace($pad('', 100000, 'a'), /a/, $pad('', 10000, 'b')))`, false},
		{`$map([1..1000], function(){ [1..100000] })`, false},
	}
	for _, tt := range tests {
		got := evaluate(t, tt.expression, "", nil)
		if accepted := got != textMemory; accepted != tt.accepted {
			t.Errorf("%s: got %.80s", tt.expression, got)
		}
	}
}

func TestGuard_time(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`($f := function(){ $f() }; $f())`,
		`$map([1..100000], function($x){ $map([1..100000], function($y){ 1 }) })`,
		`$sort([1..100000], function($a, $b){ $a < $b })`,
		`$distinct([1..5000].{'a': $})`,
	} {
		asked := 0
		env := &Env{Expired: func() bool { asked++; return asked > 50 }}
		if got := evaluate(t, expression, "", env); got != textTimeout {
			t.Errorf("%s: got %.80s", expression, got)
		}
	}
}

func TestCompile_nestingIsBounded(t *testing.T) {
	t.Parallel()
	repeat := strings.Repeat
	const n = 100_000
	for _, expression := range []string{
		repeat("(", n) + "1" + repeat(")", n),
		repeat("[", n) + "1" + repeat("]", n),
		repeat("-", n) + "1",
		"1" + repeat("+1", n),
		repeat("true?", n) + "1",
		repeat("function(){", n) + "1" + repeat("}", n),
		"a" + repeat(".a", n),
		"a" + repeat("[0]", n),
	} {
		if _, err := Compile(expression); err == nil || err.Error() != textOverflow {
			t.Errorf("%.20s: got %v", expression, err)
		}
	}
}

func FuzzEval_survives(f *testing.F) {
	for _, seed := range []string{
		`shelves.books[pages > 100].{'t': title, 'r': %.room}`,
		`loans@$l.shelves.books@$b[$b.title=$l.title].{'to': $l.to}`,
		`($f := function($n)<n:n>{ $n = 0 ? 0 : $f($n - 1) }; $f(9))`,
		`$ ~> |shelves|{'n': $count(books)}, ['room']|`,
		`$replace('abc', /(b)|c/i, '$1$$')`,
		`$map([1..3], function($v, $i){ [$v, $i] }) ~> $sort(function($a, $b){ $a[0] < $b[0] })`,
		`shelves.books^(>pages, title)#$i.{'i': $i}{$string(i): $}`,
		`$formatNumber(-1e30, '#,##0.0##;(0)') & $fromMillis(0, '[FNn,*-3] [W]')`,
		`$substring(?, 1)("\u00e9x") in **.*[]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		asked := 0
		env := &Env{MaxBytes: 1 << 20, Expired: func() bool { asked++; return asked > 200 }}
		e, err := Compile(expression)
		if err != nil {
			return
		}
		e.References()
		evaluate(t, expression, library1, env)
	})
}
