package jsonpath

import (
	"errors"
	"strings"
	"testing"

	"pawl.dev/value"
)

const library = `{
	"name":"city","open":true,"stars":4.5,"none":null,"limit":30,
	"my key":1,"it's":2,
	"shelves":[
		{"topic":"go","books":[{"id":1,"pages":20,"tags":["new"]},{"id":2,"pages":40}]},
		{"topic":"sql","books":[{"id":3,"pages":60,"tags":[]}],"note":"dusty"}
	],
	"staff":{"ada":{"age":36},"bob":{"age":41}},
	"counts":[5,1,4]
}`

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEval_selects(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path     string
		definite bool
		want     string
	}{
		{`$.name`, true, `"city"`},
		{`$.name `, true, `"city"`},
		{`$['my key']`, true, `1`},
		{`$["it's"]`, true, `2`},
		{`$['it\'s']`, true, `2`},
		{`$['\u006eame']`, true, `"city"`},
		{`$.shelves[0].books[-1].id`, true, `2`},
		{`$.shelves.[1].topic`, true, `"sql"`},
		{`$.counts[ 2 ]`, true, `4`},
		{`$.none`, true, `null`},
		{`$['name','open','no']`, true, `{"name":"city","open":true}`},
		{`$.staff['bob','ada'].age`, false, `[41,36]`},
		{`$.counts[0,-1,9]`, false, `[5,4]`},
		{`$.counts[1:]`, false, `[1,4]`},
		{`$.counts[:-1]`, false, `[5,1]`},
		{`$.counts[0:-1]`, false, `[]`},
		{`$.counts[-9:2:7]`, false, `[5,1,4,5,1]`},
		{`$.counts[-2:]`, false, `[1,4]`},
		{`$.counts[*]`, false, `[5,1,4]`},
		{`$.staff.*.age`, false, `[36,41]`},
		{`$..id`, false, `[1,2,3]`},
		{`$.shelves..tags[*]`, false, `["new"]`},
		{`$..books[0].id`, false, `[1,3]`},
		{`$..[0].id`, false, `[1,2,3]`},
		{`$..[?(@.pages > 30)].id`, false, `[2,3]`},
		{`$.staff..*`, false, `[{"age":36},{"age":41},36,41]`},
		{`$..['id','pages']`, false, `[{"id":1,"pages":20},{"id":2,"pages":40},{"id":3,"pages":60}]`},
		{`$.shelves[*].note`, false, `["dusty"]`},
		{`$.gone.books[*]`, false, `[]`},
		{`$.name[1:]`, false, `[]`},
		{`$.name[?(@.x)]`, false, `[]`},
		{`$..nothing`, false, `[]`},
	}
	root := parse(t, library)
	for _, tt := range tests {
		p, err := Compile(tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		got, err := p.Eval(root)
		if err != nil || got.JSON() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.path, got, err, tt.want)
		}
		if p.Definite() != tt.definite {
			t.Errorf("%s: definite is %v", tt.path, p.Definite())
		}
		if p.String() != tt.path {
			t.Errorf("%s: printed as %s", tt.path, p)
		}
	}
}

func TestEval_filters(t *testing.T) {
	t.Parallel()
	const doc = `{"limit":2,"all":[
		{"n":1,"s":"abc","l":[1,2]},
		{"n":2,"s":"2","l":[],"o":{"x":1}},
		{"n":3,"s":"Zed","l":["a"],"z":null}]}`
	tests := []struct{ filter, want string }{
		{`@.n == 2`, `[2]`},
		{`@.n==2||@.n==3`, `[2,3]`},
		{`@.n>=2&&@.n<3`, `[2]`},
		{`@.n == '2'`, `[2]`},
		{`@.s == 2`, `[2]`},
		{`@.s < 5`, `[]`},
		{`@.s === 2`, `[]`},
		{`@.s !== 2`, `[1,2,3]`},
		{`@.n > $.limit`, `[3]`},
		{`$['limit'] > @.n`, `[1]`},
		{`@.z == null`, `[3]`},
		{`@.z != null`, `[1,2]`},
		{`@.nope != @.nothing`, `[1,2,3]`},
		{`@.o`, `[2]`},
		{`!@.o`, `[1,3]`},
		{`!(@.n == 1) && !(@.n == 3)`, `[2]`},
		{`(@.n == 1 || @.n == 2) && @.l[0]`, `[1]`},
		{`@.s =~ /[a-z]+/`, `[1]`},
		{`@.s =~ /[A-Z]+/i`, `[1,3]`},
		{`/.*e.*/ =~ @.s`, `[3]`},
		{`@.l =~ /a/`, `[3]`},
		{`@.n in [1, 3]`, `[1,3]`},
		{`@.s in ['abc', "Zed"]`, `[1,3]`},
		{`@.n NIN [1]`, `[2,3]`},
		{`@.nope nin [1]`, `[1,2,3]`},
		{`@.l contains 'a'`, `[3]`},
		{`@.s contains 'e'`, `[3]`},
		{`@.l size 2`, `[1]`},
		{`@.s size 1`, `[2]`},
		{`@.l empty true`, `[2]`},
		{`@.s empty false`, `[1,2,3]`},
		{`@.l subsetof [1,2,3]`, `[1,2]`},
		{`@.l anyof [2,'a']`, `[1,3]`},
		{`@.l noneof ['a']`, `[1,2]`},
		{`@.l all [1]`, `[1]`},
		{`@.l == [1,2]`, `[1]`},
		{`@.o == {'x':1}`, `[2]`},
		{`@.l.length() == 1`, `[3]`},
		{`@.l[?(@ > 1)]`, `[1,2,3]`},
		{`@.n`, `[1,2,3]`},
		{`true == true`, `[1,2,3]`},
		{`9007199254740993 > 9007199254740992`, `[1,2,3]`},
		{`1.5 >= 1`, `[1,2,3]`},
		{`@.s==Zed`, `[3]`},
		{`@.s == Zed || @.s==abc`, `[1,3]`},
		{`@.s==NOT_THERE`, `[]`},
		{`@.s!=2nd&&@.o`, `[2]`},
	}
	root := parse(t, doc)
	for _, tt := range tests {
		p, err := Compile("$.all[?(" + tt.filter + ")].n")
		if err != nil {
			t.Errorf("%s: %v", tt.filter, err)
			continue
		}
		if got, err := p.Eval(root); err != nil || got.JSON() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.filter, got, err, tt.want)
		}
	}
}

func TestEval_functions(t *testing.T) {
	t.Parallel()
	tests := []struct{ path, want string }{
		{`$.counts.length()`, `3`},
		{`$.staff.size()`, `2`},
		{`$.name.length()`, `null`},
		{`$.counts.sum()`, `10.0`},
		{`$.counts.min()`, `1.0`},
		{`$.counts.max()`, `5.0`},
		{`$.counts.avg()`, `3.3333333333333335`},
		{`$.counts.first()`, `5`},
		{`$.counts.last()`, `4`},
		{`$.counts.index(1)`, `1`},
		{`$.counts.append(9,"x")`, `[5,1,4,9,"x"]`},
		{`$.staff.keys()`, `["ada","bob"]`},
		{`$.name.concat($.shelves[*].topic, "!")`, `"gosql!"`},
		{`$..pages.sum()`, `120.0`},
		{`$.sum($..pages)`, `120.0`},
		{`$.length($.counts)`, `3`},
		{`$.shelves[*].books.length()`, `[2,1]`},
	}
	root := parse(t, library)
	for _, tt := range tests {
		p, err := Compile(tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		if got, err := p.Eval(root); err != nil || got.JSON() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.path, got, err, tt.want)
		}
	}
}

func TestEval_missesInJaywaysWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, want string
		pastEnd    bool
	}{
		{`$.no`, `No results for path: $['no']`, false},
		{`$.staff.eve`, `No results for path: $['staff']['eve']`, false},
		{`$.no.such.path`, `Missing property in path $['no']`, false},
		{`$.staff.eve.age`, `Missing property in path $['staff']['eve']`, false},
		{`$.counts[7]`, `No results for path: $['counts'][7]`, true},
		{`$.counts[7].x`, `No results for path: $['counts'][7]['x']`, false},
		{`$.limit[0]`, `Filter: [0] can only be applied to arrays. Current context is: 30`, false},
		{`$.staff[0].x`, `Filter: [0]['x'] can only be applied to arrays. Current context is: {ada={age=36}, bob={age=41}}`, false},
		{`$.none[0]`, `The path $['none'] is null`, false},
		{`$.name.x`, `Expected to find an object with property ['x'] in path $['name'] but found 'java.lang.String'.`, false},
		{`$.stars.x`, `but found 'java.lang.Double'`, false},
		{`$.limit.x`, `but found 'java.lang.Integer'`, false},
		{`$.none.x`, `but found 'null'`, false},
		{`$.name.sum()`, `Aggregation function attempted to calculate value using empty array`, false},
		{`$.staff.eve.keys()`, `Missing property in path $['staff']['eve']`, false},
	}
	root := parse(t, library)
	for _, tt := range tests {
		p, err := Compile(tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		_, err = p.Eval(root)
		var missing *NotFoundError
		if !errors.As(err, &missing) || !strings.Contains(missing.Message, tt.want) || missing.IndexOutOfRange != tt.pastEnd {
			t.Errorf("%s: got %+v, want %s", tt.path, err, tt.want)
		}
	}
}

func TestCompile_refuses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		``, `a.b`, ` $.a`, `@.a`, `$a`, `$.`, `$..`, `$...a`, `$.a.`, `$.a..`, `$. a`, `$.a b`, `$.a]`, `$.a)`,
		`$[`, `$[]`, `$.a[`, `$['a'`, `$['a`, `$['a',]`, `$['a'x]`, `$[1`, `$[x]`, `$[1x]`, `$[1,]`, `$[99999999999]`, `$[:]`, `$[::2]`,
		`$[*`, `$[?]`, `$[?()]`, `$[?(@.x]`, `$[?(@.x)`, `$[?(@.x > )]`, `$[?(@.x % 2)]`, `$[?(1)]`, `$[?(@.x =~ /(/)]`, `$[?(@.x =~ /a)]`,
		`$[?(@.x in [1)]`, `$[?(@.x == {1})]`, `$.x.nope()`, `$.x.sum(`, `$.x.sum(1`, `$.x.sum(x)`,
		"$" + strings.Repeat(".a", 2000),
		"$[?(" + strings.Repeat("(", 5000) + "@.a" + strings.Repeat(")", 5000) + ")]",
		strings.Repeat("$[?(@", 5000),
		"$[?(" + strings.Repeat("!", 5000) + "@.a)]",
	} {
		_, err := Compile(path)
		var invalid *InvalidPathError
		if !errors.As(err, &invalid) {
			t.Errorf("%.60q: got %v", path, err)
		}
	}
}

func TestEval_boundsHostilePaths(t *testing.T) {
	t.Parallel()
	deep := parse(t, strings.Repeat(`{"a":[`, 400)+"1"+strings.Repeat(`]}`, 400))
	wide := parse(t, "["+strings.Repeat("1,", 9999)+"1]")
	for _, path := range []string{
		"$" + strings.Repeat("..*", 300),
		"$" + strings.Repeat("..a", 300) + "[*]",
		"$[?(@ in $..*)]",
		"$..*[?(@..*[?(@..*)])]",
	} {
		p, err := Compile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, root := range []value.Value{deep, wide} {
			_, err := p.Eval(root)
			var limit *NotFoundError
			if err != nil && !errors.As(err, &limit) {
				t.Errorf("%.40s: %v", path, err)
			}
		}
	}
}

func TestReference_isNamesAndIndexesOnly(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"$": true, "$.a": true, "$.a.b[0]['c d']": true, "$['a,b']": true, "$.a[-1]": true,
		"$.a[*]": false, "$..a": false, "$.a[0,1]": false, "$.a[1:]": false, "$['a','b']": false,
		"$.a[?(@.b)]": false, "$.a.length()": false, "$.a@b": false, "$.a:b": false,
	} {
		p, err := Compile(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if p.Reference() != want {
			t.Errorf("%s: got %v", path, p.Reference())
		}
	}
}

func TestSet_replaces(t *testing.T) {
	t.Parallel()
	tests := []struct{ root, path, want string }{
		{`{"a":1,"b":2}`, `$`, `"new"`},
		{`{"a":1,"b":2}`, `$.a`, `{"a":"new","b":2}`},
		{`{"a":1}`, `$.b`, `{"a":1,"b":"new"}`},
		{`{}`, `$.x.y.z`, `{"x":{"y":{"z":"new"}}}`},
		{`{"a":{"b":{"c":1},"d":2}}`, `$.a.b.c`, `{"a":{"b":{"c":"new"},"d":2}}`},
		{`{"a":[1,{"b":2}]}`, `$.a[1].b`, `{"a":[1,{"b":"new"}]}`},
		{`[1,2]`, `$[-1]`, `[1,"new"]`},
	}
	for _, tt := range tests {
		p, err := Compile(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		root := parse(t, tt.root)
		if got, err := p.Set(root, value.Text("new")); err != nil || got.JSON() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.path, got, err, tt.want)
		}
		if root.JSON() != tt.root {
			t.Errorf("%s: changed its input to %s", tt.path, root)
		}
	}
}

func TestSet_saysWhatCannotHoldTheValue(t *testing.T) {
	t.Parallel()
	tests := []struct{ root, path, want string }{
		{`{"a":"s"}`, `$.a.b`, `Unable to apply step "b" to input "s"`},
		{`{"a":[1]}`, `$.a[1]`, `Unable to apply step "1" to input [1]`},
		{`{}`, `$.a[0]`, `Unable to apply step "0" to input null`},
		{`5`, `$.a`, `Unable to apply step "a" to input 5`},
		{`{}`, `$.a[*]`, `Value is not a Reference Path`},
	}
	for _, tt := range tests {
		p, err := Compile(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Set(parse(t, tt.root), value.Int(1)); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.path, err, tt.want)
		}
	}
}

func FuzzCompile_evaluatesWithoutPanic(f *testing.F) {
	for _, s := range []string{
		`$`, `$.a.b[0]`, `$['a','b']`, `$..a[?(@.x > 1 && !(@.y in ['a']))].z`, `$[1:-2]`, `$.a.concat("x",$..b)`, `$[?(@.s =~ /a/i)]`, `$..[0,1].sum()`, `$..*..*`,
	} {
		f.Add(s)
	}
	root, err := value.Parse(library, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Compile(text)
		if err != nil {
			return
		}
		v, err := p.Eval(root)
		if err == nil && !p.Definite() && v.Kind() != value.Array {
			t.Errorf("%s is indefinite and gives %s", text, v)
		}
		if !p.Reference() {
			return
		}
		changed, err := p.Set(root, value.Int(42))
		if err != nil {
			return
		}
		if got, err := p.Eval(changed); err != nil || !value.Equal(got, value.Int(42)) {
			t.Errorf("%s: set, then read %v, %v", text, got, err)
		}
	})
}

func BenchmarkEval_reference(b *testing.B) {
	root := parse(b, `{"order":{"id":1},"a":{"n":"Ada","b":{"c":"London"}}}`)
	p, err := Compile("$.a.b.c")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Eval(root); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkItems(b *testing.B, path string) {
	root := parse(b, `{"items":[`+strings.Repeat(`{"sku":"x1","qty":3,"price":10.5},{"sku":"x2","qty":1,"price":2}`+",", 499)+`{},{}]}`)
	p, err := Compile(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Eval(root); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval_filter1000(b *testing.B) { benchmarkItems(b, "$.items[?(@.qty > 2)].sku") }
func BenchmarkEval_scan1000(b *testing.B)   { benchmarkItems(b, "$..price") }

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("$.order.items[?(@.qty > 2)].sku"); err != nil {
			b.Fatal(err)
		}
	}
}
