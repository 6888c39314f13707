package jsonata

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pawl.dev/value"
)

const library1 = `{"shelves":[
	{"room":"north","books":[{"title":"Iron","pages":120,"tags":["old","red"]},{"title":"Ash","pages":80}]},
	{"room":"south","books":[{"title":"Oak","pages":300,"tags":["new"]}]},
	{"room":"attic"}],
	"loans":[{"title":"Oak","to":"Mia"},{"title":"Ash","to":"Ben"}],
	"nothing":null,"empty":[],"matrix":[[1,2],[3,[4]]],"odd name":{"$k":7}}`

// evaluate returns the result as JSON, "undefined", or "CODE: message".
func evaluate(t testing.TB, expression, input string, env *Env) string {
	t.Helper()
	e, err := Compile(expression)
	if err != nil {
		return err.Error()
	}
	var in value.Value
	if input != "" {
		if in, err = value.Parse(input, nil); err != nil {
			t.Fatal(err)
		}
	}
	v, err := e.Eval(in, func(name string) (value.Value, bool) { return in, name == "in" }, env)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: error is a %T", expression, err)
		}
		return err.Error()
	}
	return v.String()
}

type evalCase struct{ expression, want string }

func runCases(t *testing.T, input string, tests []evalCase) {
	t.Helper()
	for _, tt := range tests {
		if got := evaluate(t, tt.expression, input, nil); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.expression, got, tt.want)
		}
	}
}

func TestEval_paths(t *testing.T) {
	t.Parallel()
	runCases(t, library1, []evalCase{
		{`shelves.room`, `["north","south","attic"]`},
		{`shelves[1].room`, `"south"`},
		{`shelves[-1].room`, `"attic"`},
		{`shelves[9]`, `undefined`},
		{`shelves.books.title`, `["Iron","Ash","Oak"]`},
		{`shelves.books[0].title`, `["Iron","Oak"]`},
		{`(shelves.books)[0].title`, `"Iron"`},
		{`shelves.books[pages > 100].title`, `["Iron","Oak"]`},
		{`shelves.books[tags]`, `[{"title":"Iron","pages":120,"tags":["old","red"]},{"title":"Oak","pages":300,"tags":["new"]}]`},
		{`shelves.books.tags`, `["old","red","new"]`},
		{`shelves.books[title='Ash'].pages`, `80`},
		{`shelves.books[title='Ash'].pages[]`, `[80]`},
		{`shelves[room='south'].books`, `[{"title":"Oak","pages":300,"tags":["new"]}]`},
		{`shelves[[0,2]].room`, `["north","attic"]`},
		{`nothing`, `null`},
		{`nothing.deeper`, `undefined`},
		{`empty`, `[]`},
		{`matrix`, `[[1,2],[3,[4]]]`},
		{`matrix.$`, `[1,2,3,[4]]`},
		{"`odd name`.'$k'", `7`},
		{`"odd name".*`, `7`},
		{`$count(**)`, `32`},
		{`loans.{title: to}`, `[{"Oak":"Mia"},{"Ash":"Ben"}]`},
		{`loans{to: title}`, `{"Mia":"Oak","Ben":"Ash"}`},
		{`shelves.books{$substring(title,0,1): $sum(pages)}`, `{"I":120,"A":80,"O":300}`},
		{`$.loans[0].to`, `"Mia"`},
		{`$$.loans.to`, `["Mia","Ben"]`},
		{`$in.loans[1].to`, `"Ben"`},
		{`[loans.to, 1]`, `["Mia","Ben",1]`},
		{`loans.[to]`, `[["Mia"],["Ben"]]`},
		{`shelves^(>room).room`, `["south","north","attic"]`},
		{`shelves.books^(pages).title`, `["Ash","Iron","Oak"]`},
	})
}

func TestEval_bindingsAlongPaths(t *testing.T) {
	t.Parallel()
	runCases(t, library1, []evalCase{
		{`shelves.books.(%.room & '/' & title)`, `["north/Iron","north/Ash","south/Oak"]`},
		{`shelves.books.tags.{'t': $, 'b': %.title, 'r': %.%.room}`,
			`[{"t":"old","b":"Iron","r":"north"},{"t":"red","b":"Iron","r":"north"},{"t":"new","b":"Oak","r":"south"}]`},
		{`shelves.books[%.room='south'].title`, `"Oak"`},
		{`loans@$l.shelves.books@$b[$b.title=$l.title].{'to': $l.to, 'pages': $b.pages}`,
			`[{"to":"Mia","pages":300},{"to":"Ben","pages":80}]`},
		{`shelves#$i.{'i': $i, 'room': room}`, `[{"i":0,"room":"north"},{"i":1,"room":"south"},{"i":2,"room":"attic"}]`},
		{`shelves.books#$i[$i=0].title`, `["Iron","Oak"]`},
		{`%`, `S0217: The object representing the 'parent' cannot be derived from this expression`},
		{`$ ~> |shelves.books|{'long': pages > 100}, ['tags','pages']| ~> function($x){$x.shelves.books}`,
			`[{"title":"Iron","long":true},{"title":"Ash","long":false},{"title":"Oak","long":true}]`},
		{`{'x':1} ~> |$|{'me': $}|`, `{"x":1,"me":{"x":1}}`},
		{`{'x':1} ~> |$|5|`, `T2011: The insert/update clause of the transform expression must evaluate to an object: 5`},
	})
}

func TestEval_operators(t *testing.T) {
	t.Parallel()
	runCases(t, "", []evalCase{
		{`1 + 2 * 3 - 4 / 2`, `5`},
		{`7 % 3`, `1`},
		{`-7 % 3`, `-1`},
		{`1 / 3`, `0.3333333333333333`},
		{`9007199254740993 + 2`, `9007199254740995`},
		{`9223372036854775807 + 1`, `9.223372036854776E18`},
		{`9223372036854775808`, `9.223372036854776E18`},
		{`3037000500 * 3037000500`, `9.22337203700025E18`},
		{`-9223372036854775807 - 1`, `-9223372036854775808`},
		{`1.0`, `1`},
		{`1e21 & ''`, `"1e+21"`},
		{`[1/0, -1/0, 0/0]`, `["Infinity","-Infinity","NaN"]`},
		{`1/0 + 1`, `D1001: Number out of range: null`},
		{`'a' & 1 & true & null & [1,'x'] & {'k':1.50}`, `"a1truenull[1,\"x\"]{\"k\":1.5}"`},
		{`1 < 2 and 'a' < 'b' or missing`, `true`},
		{`1 = 1.0 and [1,{'a':2}] = [1,{'a':2}]`, `true`},
		{`missing = missing`, `false`},
		{`missing + 1`, `undefined`},
		{`2 in [1,2]`, `true`},
		{`[1] in [[1]]`, `false`},
		{`[1..3]`, `[1,2,3]`},
		{`[3..1]`, `[]`},
		{`missing ? 1 : 2`, `2`},
		{`1 + 'x'`, `T2002: The right side of the "+" operator must evaluate to a number`},
		{`'x' - 1`, `T2001: The left side of the "-" operator must evaluate to a number`},
		{`1 < 'a'`, `T2009: The values 1 and "a" either side of the operator "<" must be of the same data type`},
		{`null < 1`, `T2010: The expressions either side of operator "<" must evaluate to numeric or string values`},
		{`-'a'`, `D1002: Cannot negate a non-numeric value: "a"`},
		{`[1.5..2]`, `T2003: The left side of the range operator (..) must evaluate to an integer`},
		{`[0..10000000]`, `D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 10000001.`},
		{`{1: 2}`, `T1003: Key in object structure must evaluate to a string; got: 1`},
		{`{'a': 1, 'a': 2}`, `D1009: Multiple key definitions evaluate to same key: "a"`},
		{`{'z': 1, 'gone': missing, 'a': 2}`, `{"z":1,"a":2}`},
	})
}

func TestEval_functionsOfTheExpression(t *testing.T) {
	t.Parallel()
	runCases(t, "", []evalCase{
		{`($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))`, `3628800`},
		{`($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(20000, 0))`, `200010000`},
		{`($add := function($a){ function($b){ $a + $b } }; $add(2)(40))`, `42`},
		{`($half := $substring(?, 0, 3); $half('abcdef'))`, `"abc"`},
		{`($mul := λ($a, $b){ $a * $b }; $map([1,2,3], $mul(?, 10)))`, `[10,20,30]`},
		{`'  Mixed ' ~> $trim ~> $uppercase`, `"MIXED"`},
		{`($shout := $trim ~> $uppercase; $shout(' hey '))`, `"HEY"`},
		{`[3,1,2] ~> $sort() ~> $reverse()`, `[3,2,1]`},
		{`(function($s)<s:n>{ $length($s) })('four')`, `4`},
		{`(function($s)<s:n>{ $length($s) })(4)`, `T0410: Argument 1 of function undefined does not match function signature`},
		{`($x := 1; ($x := 2; $x) + $x)`, `3`},
		{`$nosuch(1)`, `T1006: Attempted to invoke a non-function`},
		{`sum([1])`, `T1005: Attempted to invoke a non-function. Did you mean $sum?`},
		{`1 ~> 2`, `T2006: The right side of the function application operator ~> must be a function`},
		{`$eval('1')`, `T1006: Attempted to invoke a non-function`},
		{`$type(function(){1})`, `"function"`},
	})
}

func TestEval_libraryFunctions(t *testing.T) {
	t.Parallel()
	runCases(t, "", []evalCase{
		{`$sum([1, 2.5, 3])`, `6.5`},
		{`[$max([3,9,2]), $min([3,9,2]), $average([1,2]), $count([1,2])]`, `[9,2,1.5,2]`},
		{`$sum('a')`, `T0412: Argument 1 of function "sum" must be an array of "numbers"`},
		{`$each(1, function($v){$v})`, `T0410: Argument 1 of function "each" does not match function signature`},
		{`$map([1,2], function($v, $i, $a){ $v * $i + $count($a) })`, `[2,4]`},
		{`$filter([1..6], function($v){ $v % 3 = 0 })`, `[3,6]`},
		{`$reduce([1..5], function($a, $b){ $a + $b }, 100)`, `115`},
		{`$single([1,2,3], function($v){ $v = 9 })`, `D3139: The $single() function expected exactly 1 matching result.  Instead it matched 0.`},
		{`$sift({'a':1,'b':2}, function($v){ $v > 1 })`, `{"b":2}`},
		{`$each({'a':1,'b':2}, function($v, $k){ $k & $v })`, `["a1","b2"]`},
		{`$sort(['b','C','a'])`, `["C","a","b"]`},
		{`$sort([1,'a'])`, `D3070: The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function`},
		{`$sort([{'n':2},{'n':1}], function($a, $b){ $a.n > $b.n }).n`, `[1,2]`},
		{`$zip([1,2],['a','b','c'])`, `[[1,"a"],[2,"b"]]`},
		{`$distinct([1,'1',1.0,{'a':1},{'a':1},null,null])`, `[1,"1",{"a":1},null]`},
		{`$merge([{'z':1,'a':2},{'z':3}])`, `{"z":3,"a":2}`},
		{`$keys([{'b':1},{'a':1,'b':2}])`, `["b","a"]`},
		{`$spread({'a':1,'b':2})`, `[{"a":1},{"b":2}]`},
		{`$append(1, [2,3])`, `[1,2,3]`},
		{`$lookup({'a':5}, 'a')`, `5`},
		{`$string({'a':[1,true]})`, `"{\"a\":[1,true]}"`},
		{`$string(123456789012345678)`, `"123456789012346000"`},
		{`[$string(0.000001), $string(1e-7), $string(1/3)]`, `["0.000001","1e-7","0.333333333333333"]`},
		{`$string([1], true)`, "\"[\\n  1\\n]\""},
		{`$substring('grün😀x', -2, 1)`, `"😀"`},
		{`[$substringBefore('a-b-c','-'), $substringAfter('a-b-c','-')]`, `["a","b-c"]`},
		{`[$length('😀a'), $uppercase('straße'), $trim("  a \n b ")]`, `[2,"STRASSE","a b"]`},
		{`[$pad('ab',5,'xyz'), $pad('ab',-4)]`, `["abxyz","  ab"]`},
		{`$split('a, b,c', /\s*,\s*/)`, `["a","b","c"]`},
		{`$split('a,b,c', ',', 2)`, `["a","b"]`},
		{`$split('a', ',', -1)`, `D3020: Third argument of split function must evaluate to a positive number`},
		{`$join(['a','b'], '+')`, `"a+b"`},
		{`$replace('2026-11', /(\d+)-(\d+)/, '$2/$1 $$ $0')`, `"11/2026 $ 2026-11"`},
		{`$replace('aaa', 'a', 'b', 2)`, `"bba"`},
		{`$replace('ab', /[a-z]/, function($m){ $uppercase($m.match) & '.' })`, `"A.B."`},
		{`$replace('abc', /(?=b)/, '-')`, `D1004: Regular expression matches zero length string`},
		{`$match('éa1b2', /([a-z])(\d)/)`, `[{"match":"a1","index":1,"groups":["a","1"]},{"match":"b2","index":3,"groups":["b","2"]}]`},
		{`$match('aa bb', /(\w)\1/).match`, `["aa","bb"]`},
		{`$contains('Hello', /hELLO/i)`, `true`},
		{`[$number('0x1F'), $number('-1.5e2'), $number(true)]`, `[31,-150,1]`},
		{`$number('1x')`, `D3030: Unable to cast value to a number: "1x"`},
		{`[$round(2.5), $round(3.5), $round(-0.4), $round(1.005,2), $round(1234.5,-2)]`, `[2,4,0,1,1200]`},
		{`$sqrt(-1)`, `D3060: The sqrt function cannot be applied to a negative number: -1`},
		{`$power(2, 62)`, `4611686018427387904`},
		{`$power(10, 400)`, `D3061: The power function has resulted in a value that cannot be represented as a JSON number: base=10, exponent=400`},
		{`[$formatBase(255, 16), $formatBase(-5, 2)]`, `["ff","-101"]`},
		{`[$encodeUrl('a b/é?'), $encodeUrlComponent('a b/é?'), $decodeUrlComponent('%C3%A9'), $decodeUrl('%2F%20')]`,
			`["a%20b/%C3%A9?","a%20b%2F%C3%A9%3F","é","%2F "]`},
		{`$decodeUrl('%ff')`, `D3140: Malformed URL passed to $decodeUrl(): "%ff"`},
		{`[$base64encode('hi'), $base64decode('aGk=')]`, `["aGk=","hi"]`},
		{`$error('no')`, `D3137: no`},
		{`$assert(1 = 2, 'wrong')`, `D3141: wrong`},
		{`[$boolean([0]), $boolean([0,1]), $not(''), $exists(null)]`, `[false,true,true,true]`},
		{`$formatNumber(1234.5, '#,##0.00')`, `"1,234.50"`},
		{`$fromMillis(0, '[Y0001]-[M01]')`, `"1970-01"`},
	})
}

func TestEval_functionsThatAWSAdds(t *testing.T) {
	t.Parallel()
	runCases(t, "", []evalCase{
		{`$partition([1..5], 2)`, `[[1,2],[3,4],[5]]`},
		{`$partition([[1],'a'], 1)`, `[[[1]],["a"]]`},
		{`$partition([1], 0)`, `undefined`},
		{`$partition([1], -1)`, `D3137: Second argument must be zero or greater`},
		{`$range(5, -1, -3)`, `[5,2,-1]`},
		{`$range(1, 2, 5)`, `1`},
		{`$range(1, 2, 0)`, `undefined`},
		{`$range(1)`, `T0410: Argument 2 of function "range" does not match function signature`},
		{`$hash('', 'MD5')`, `"d41d8cd98f00b204e9800998ecf8427e"`},
		{`$random(42)`, `0.7275636800328681`},
		{`$random() < 1 and $length($uuid()) = 36`, `true`},
		{`$uuid(1)`, `T0410: Argument 1 of function "uuid" does not match function signature`},
		{`$parse('{"z":[1,{"a":"x:y"}],"b":2}')`, `{"z":[1,{"a":"x:y"}],"b":2}`},
		{`$parse('{"a":1,"a":2}')`, `D3137: Invalid JSON: duplicate key`},
		{`$parse('1e999')`, `D3137: Invalid JSON: number out of range`},
	})
}

func TestCompile_refusesWithPosition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		expression, want string
		position         int
	}{
		{``, `S0207: Unexpected end of expression`, 0},
		{`[1,2`, `S0203: Expected "]" before end of expression`, 4},
		{`[1;2]`, `S0202: Expected "]", got ";"`, 3},
		{`'open`, `S0101: String literal must be terminated by a matching quote`, 5},
		{`1 }`, `S0201: Syntax error: "}"`, 3},
		{`}`, `S0211: The symbol "}" cannot be used as a unary operator`, 1},
		{`a ?: b`, `S0211: The symbol ":" cannot be used as a unary operator`, 4},
		{`/abc`, `S0302: No terminating / in regular expression`, 4},
		{`"\q"`, `S0103: Unsupported escape sequence: \"q"`, 2},
		{`'😀' + )`, `S0211: The symbol ")" cannot be used as a unary operator`, 8},
		{`a.1`, `S0213: The literal value 1 cannot be used as a step within a path expression`, 3},
		{`[1]{'a': b}[0]`, `S0209: A predicate cannot follow a grouping expression in a step`, 12},
		{`1 := 2`, `S0212: The left side of := must be a variable name (start with $)`, 1},
		{`1e999`, `S0102: Number out of range: "1e999"`, 0},
		{`/* open`, `S0106: Comment has no closing tag`, 0},
		{"`open", "S0105: Quoted property name must be terminated with a backquote (`)", 5},
	}
	for _, tt := range tests {
		_, err := Compile(tt.expression)
		var e *Error
		if !errors.As(err, &e) || e.Error() != tt.want || e.Position != tt.position {
			t.Errorf("%q: got %+v, want %s at %d", tt.expression, err, tt.want, tt.position)
		}
	}
}

func TestEval_errorNamesPlaceAndToken(t *testing.T) {
	t.Parallel()
	e, err := Compile(`{'a': 1 + $uppercase(5)}`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(value.Value{}, nil, nil)
	var failure *Error
	if !errors.As(err, &failure) || failure.Code != "T0410" || failure.Position != 21 || failure.Token != "uppercase" {
		t.Errorf("got %+v", failure)
	}
}

func TestEval_sharedByGoroutines(t *testing.T) {
	t.Parallel()
	e, err := Compile(`($f := function($x){ $replace($x, /(\w)\1/, '$1') }; $map(['aab','cdd'], $f))`)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				v, err := e.Eval(value.Value{}, nil, nil)
				if err != nil || v.JSON() != `["ab","cd"]` {
					t.Errorf("got %v, %v", v, err)
				}
			}
		})
	}
	group.Wait()
}

func TestEval_clock(t *testing.T) {
	t.Parallel()
	env := &Env{Now: time.UnixMilli(1700000000123)}
	for expression, want := range map[string]string{
		`$now()`:            `"2023-11-14T22:13:20.123Z"`,
		`$millis()`:         `1700000000123`,
		`$now('[Y]')`:       `"2023"`,
		`$toMillis($now())`: `1700000000123`,
	} {
		if got := evaluate(t, expression, "", env); got != want {
			t.Errorf("%s: got %s, want %s", expression, got, want)
		}
	}
}

func TestEval_resultIsNormalised(t *testing.T) {
	t.Parallel()
	const input = `{"a":[1.0,2.50,-0,1e2,12345678901234567890],"s":[]}`
	if got, want := evaluate(t, `$in`, input, nil), `{"a":[1,2.5,0,100,1.2345678901234567E19],"s":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e, err := Compile(`$sum`)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Eval(value.Value{}, nil, nil); err != nil || !v.Is(value.Extension) {
		t.Errorf("a function: got %v, %v", v.Kind(), err)
	}
}

func TestEval_deepDataIsRefusedNotFollowed(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`$reduce([1..5000], function($a){ [[$a]] })`,
		`$string($reduce([1..5000], function($a, $b){ [[$a]] }))`,
		`($d := $reduce([1..5000], function($a, $b){ [[$a]] }); $d = $reduce([1..5000], function($a, $b){ [[$a]] }))`,
	} {
		got := evaluate(t, expression, "", nil)
		if !strings.HasPrefix(got, "Stack overflow") && !strings.HasPrefix(got, "D3050") {
			t.Errorf("%s: got %.60s", expression, got)
		}
	}
}
