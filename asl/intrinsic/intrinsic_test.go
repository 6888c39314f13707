package intrinsic

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/jsonpath"
	"pawl.dev/value"
)

// data is the surroundings of every test.
type data struct{ input, context, variable value.Value }

func (d data) InputValue() value.Value   { return d.input }
func (d data) ContextValue() value.Value { return d.context }
func (d data) VariableValue(name string) (value.Value, bool) {
	return d.variable, name == "v"
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func surroundings(t testing.TB) data {
	t.Helper()
	return data{
		input:    parse(t, `{"s":"x","n":3,"half":2.5,"nul":null,"list":[1,"a",[2]],"o":{"k":1.50,"l":[]},"tpl":"C:\\d \\{{}\\}","json":"{\"a\": [1, 2.0]}","odd":[{"@":",)"}]}`),
		context:  parse(t, `{"Execution":{"Name":"run"}}`),
		variable: parse(t, `{"w":"var"}`),
	}
}

func eval(t testing.TB, call string, d data) (value.Value, error) {
	t.Helper()
	c, err := Compile(call)
	if err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	return c.Eval(d, Env{Rand: rand.New(rand.NewPCG(1, 2))})
}

func TestEval_functions(t *testing.T) {
	t.Parallel()
	tests := []struct{ call, want string }{
		{`States.Format('{}-{}:{}', $.s, $$.Execution.Name, $v.w)`, `"x-run:var"`},
		{`States.Format('plain')`, `"plain"`},
		{`States.Format('\{\}{}\'\\{', 1)`, `"{}1'\\{"`},
		{`States.Format('{} {} {} {} {}', null, true, -1.50, $.list, $.o)`, `"null true -1.5 [1, a, [2]] {k=1.5, l=[]}"`},
		{`States.Format($.tpl, 'e')`, `"C:\\d {e}"`},
		{`States.Format(States.Format('{}', '{}'), 'in')`, `"in"`},
		{`States.Format('{}', $.odd[?(@['@'] == ',)')])`, `"[{@=,)}]"`},
		{`States.StringToJson($.json)`, `{"a":[1,2.0]}`},
		{`States.StringToJson('{"a":-0}')`, `{"a":0}`},
		{`States.StringToJson('')`, `null`},
		{`States.StringToJson(' ')`, `null`},
		{`States.JsonToString($.o)`, `"{\"k\":1.5,\"l\":[]}"`},
		{`States.JsonToString(States.Array('é', 1))`, `"[\"é\",1]"`},
		{`States.JsonToString('s')`, `"\"s\""`},
		{`States.StringSplit('a.b+c', '.+')`, `["a","b","c"]`},
		{`States.StringSplit(',,,,', ',')`, `[]`},
		{`States.StringSplit('aéb', 'é')`, `["a","b"]`},
		{`States.StringSplit('abc', '')`, `["abc"]`},
		{`States.Base64Encode('Grüße')`, `"R3LDvMOfZQ=="`},
		{`States.Base64Decode('R3LD vMOfZQ==')`, `"Grüße"`},
		{`States.Base64Decode('/w')`, `"` + "\ufffd" + `"`},
		{`States.Hash('', 'MD5')`, `"d41d8cd98f00b204e9800998ecf8427e"`},
		{`States.Hash('abc', 'SHA-1')`, `"a9993e364706816aba3e25717850c26c9cd0d89d"`},
		{`States.Hash('abc', 'SHA-256')`, `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{`States.ArrayLength(States.Array(States.Hash('abc', 'SHA-384'), States.Hash('abc', 'SHA-512')))`, `2`},
		{`States.Array()`, `[]`},
		{`States.Array( 'a' ,1.0,null,$.o,States.Array(false))`, `["a",1.0,null,{"k":1.5,"l":[]},[false]]`},
		{`States.ArrayPartition(States.Array(1,2,3,4,5), 2)`, `[[1,2],[3,4],[5]]`},
		{`States.ArrayPartition(States.Array(1,2,3), 1.5)`, `[[1,2],[3]]`},
		{`States.ArrayPartition(States.Array(), 4)`, `[]`},
		{`States.ArrayPartition($.list, 2147483647)`, `[[1,"a",[2]]]`},
		{`States.ArrayContains($.list, States.Array(2.0))`, `true`},
		{`States.ArrayContains($.list, '1')`, `false`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(3, 1, -1)`, `[3,2,1]`},
		{`States.ArrayRange(0.5, 3.4, 1)`, `[1,2,3]`},
		{`States.ArrayRange(3, 1, 1)`, `[]`},
		{`States.ArrayRange(2147483646, 2147483647, 2147483647)`, `[2147483646]`},
		{`States.ArrayGetItem($.list, 1)`, `"a"`},
		{`States.ArrayLength($.list[*])`, `3`},
		{`States.ArrayUnique(States.StringToJson('[1,1.0,"1",[1,{"a":1,"b":2}],[1.0,{"b":2,"a":1}],null,null]'))`, `[1,"1",[1,{"a":1,"b":2}],null]`},
		{`States.JsonMerge(States.StringToJson('{"a":{"x":1},"b":1}'), States.StringToJson('{"a":{"y":1},"c":2}'), false)`, `{"a":{"y":1},"b":1,"c":2}`},
		{`States.MathAdd($.n, -5)`, `-2`},
		{`States.MathAdd($.half, -1.5)`, `2`},
		{`States.MathAdd(-0.5, 0.49999999999999994)`, `0`},
		{`States.MathAdd(1e3, 111)`, `1111`},
		{`States.MathRandom(7, 8)`, `7`},
		{`States.MathRandom(0, 999, 3)`, `239`},
		{`States.MathRandom(0, 10, 42)`, `0`},
		{`States.MathRandom(0, 16, -7)`, `4`},
		{`States.MathRandom(0, 2147483647, 99)`, `1551465787`},
		{`States.MathRandom(-2000000000, 2000000000, 5)`, `-1157408321`},
	}
	d := surroundings(t)
	for _, tt := range tests {
		if got, err := eval(t, tt.call, d); err != nil || got.JSON() != tt.want {
			t.Errorf("%s:\n got %v, %v\nwant %s", tt.call, got, err, tt.want)
		}
	}
}

func TestEval_failsWithIntrinsicFailure(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxCodedChars+1)
	for _, call := range []string{
		`States.Format('{}')`, `States.Format('{}', 1, 2)`, `States.Format(1)`, `States.Format()`,
		`States.StringToJson('{')`, `States.StringToJson(1)`, `States.JsonToString()`, `States.JsonToString(1, 2)`,
		`States.StringSplit('a', 1)`, `States.StringSplit(1, 'a')`,
		`States.Base64Encode('` + long + `')`, `States.Base64Encode(1)`, `States.Base64Decode('A')`, `States.Base64Decode(null)`,
		`States.Hash('x', 'md5')`, `States.Hash('x', 1)`, `States.Hash(1, 'MD5')`, `States.Hash('` + long + `', 'MD5')`,
		`States.UUID(1)`, `States.ArrayPartition($.list, 0)`, `States.ArrayPartition($.list, -1)`, `States.ArrayPartition($.o, 1)`, `States.ArrayPartition($.list, 'a')`,
		`States.ArrayContains(1, 1)`, `States.ArrayRange(0, 1000, 1)`, `States.ArrayRange(1, 2, 0)`, `States.ArrayRange('a', 2, 1)`, `States.ArrayRange(1, 3000000000, 1)`,
		`States.ArrayGetItem($.list, 3)`, `States.ArrayGetItem($.list, -1)`, `States.ArrayGetItem($.list, 'a')`, `States.ArrayGetItem(1, 1)`,
		`States.ArrayLength('abc')`, `States.ArrayUnique(1)`,
		`States.JsonMerge($.o, $.o, true)`, `States.JsonMerge($.o, 1, false)`, `States.JsonMerge(1, $.o, false)`, `States.JsonMerge($.o, $.o, 0)`,
		`States.MathRandom(2, 2)`, `States.MathRandom('a', 2)`, `States.MathRandom(1, 'b')`, `States.MathRandom(1, 2, 'c')`,
		`States.MathAdd(1, '1')`, `States.MathAdd('1', 1)`, `States.MathAdd(2147483647, 1)`, `States.MathAdd(2147483648, 0)`, `States.MathAdd(1e999, 0)`,
	} {
		_, err := eval(t, call, surroundings(t))
		var failure *Failure
		if !errors.As(err, &failure) || failure.Name != "States.IntrinsicFailure" ||
			!strings.HasPrefix(failure.Cause, "The function '"+call+"' had the following error: ") {
			t.Errorf("%.60s: got %v", call, err)
		}
	}
}

func TestEval_reportsMissingPathsAsAWSDoes(t *testing.T) {
	t.Parallel()
	d := data{input: parse(t, `{"other": 1}`), context: parse(t, `{}`)}
	tests := []struct{ call, text string }{
		{`States.Format('{}', $.nope)`, `The JsonPath argument for the field '$.nope' could not be found in the input '{"other":1}'`},
		{`States.Format('{}', States.ArrayLength($.a.b))`, `The JsonPath argument for the field '$.a.b' could not be found in the input '{"other":1}'`},
		{`States.Array($$.Nope)`, `The JsonPath argument for the field '$.Nope' could not be found in the input '{"other":1}'`},
		{`States.Array($unset)`, `The JsonPath argument for the field '$unset' could not be found in the input '{"other":1}'`},
		{`States.Array($.other[0])`, `Filter: [0] can only be applied to arrays. Current context is: 1`},
	}
	for _, tt := range tests {
		_, err := eval(t, tt.call, d)
		want := &Failure{Name: "States.Runtime", Cause: "The function '" + tt.call + "' had the following error: " + tt.text}
		if diff := cmp.Diff(want, err); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.call, diff)
		}
	}
}

func TestEval_boundsWhatItBuilds(t *testing.T) {
	t.Parallel()
	d := data{input: value.Text(strings.Repeat("x", 1<<18))}
	many := strings.Repeat(", $", 1000)
	for _, call := range []string{
		`States.Format('` + strings.Repeat("{}", 1000) + `'` + many + `)`,
		`States.JsonToString(States.Array(States.Array(''` + many + `)))`,
	} {
		if v, err := eval(t, call, d); err == nil {
			t.Errorf("%.30s: built %d bytes", call, len(v.Str()))
		}
	}
}

func TestUUID_isVersion4(t *testing.T) {
	t.Parallel()
	c, err := Compile(`States.UUID()`)
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Rand: rand.New(rand.NewPCG(3, 4))}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for range 50 {
		v, err := c.Eval(data{}, env)
		if err != nil || !form.MatchString(v.Str()) || seen[v.Str()] {
			t.Fatalf("got %v, %v", v, err)
		}
		seen[v.Str()] = true
	}
}

func TestCompile_describesTheCall(t *testing.T) {
	t.Parallel()
	const text = ` States.Format('{}{}', $.a, States.Array($$.b, $c.d[0])) `
	c, err := Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, r := range c.Refs() {
		refs = append(refs, r.Text)
	}
	if diff := cmp.Diff([]string{"$.a", "$$.b", "$c.d[0]"}, refs); diff != "" {
		t.Error(diff)
	}
	if c.Function() != "States.Format" || c.String() != text {
		t.Errorf("got %s, %s", c.Function(), c)
	}
}

func TestCompile_refuses(t *testing.T) {
	t.Parallel()
	nest := func(n int) string {
		return strings.Repeat("States.Array(", n) + strings.Repeat(")", n)
	}
	if _, err := Compile(nest(maxNesting)); err != nil {
		t.Errorf("%d nested calls: %v", maxNesting, err)
	}
	for _, call := range []string{
		``, `States`, `States.Array`, `States.Array(`, `States.Array(1`, `States.Array(1,)`, `States.Array(,1)`, `States.Array(1 2)`,
		`States.Array()x`, `States.array()`, `States.Nope()`, `Array()`, `States.Array("a")`, `States.Array('a)`, `States.Array('a\n')`, `States.Array('a\`,
		`States.Array(01)`, `States.Array({})`, `States.Array([])`, `States.Array(nul)`, `States.Array($.)`, `States.Array($.a b)`, `States.Array($[)`, `States.Array(@.a)`,
		nest(maxNesting + 1), nest(100000),
	} {
		if _, err := Compile(call); err == nil {
			t.Errorf("%.40s: accepted", call)
		}
	}
}

var _ jsonpath.Data = data{}

func FuzzCompile_evaluatesWithoutPanic(f *testing.F) {
	for _, s := range []string{
		`States.Format('a\{{}\}', $.list[?(@ == 'a')])`, `States.Array(1, null, true, 'x', $$.Execution, $v)`, `States.ArrayRange(1, 9, -1)`,
		`States.JsonMerge($.o, States.StringToJson($.json), false)`, `States.Hash($.s, 'MD5')`, `States.MathRandom(1, 5, 7)`, `States.StringSplit('a b', ' ')`,
		`States.ArrayPartition($.list, 2)`, `States.ArrayUnique($..*)`, `States.Base64Decode('YQ==')`, `States.UUID()`,
	} {
		f.Add(s)
	}
	d := surroundings(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Compile(text)
		if err != nil {
			return
		}
		v, err := c.Eval(d, Env{Rand: rand.New(rand.NewPCG(1, 2))})
		var failure *Failure
		if err != nil && !errors.As(err, &failure) || err == nil && !v.Defined() {
			t.Errorf("%s: got %v, %v", text, v, err)
		}
	})
}

func BenchmarkEval_format(b *testing.B) {
	c, err := Compile(`States.Format('s3://{}/{}', $.s, $$.Execution.Name)`)
	if err != nil {
		b.Fatal(err)
	}
	d := surroundings(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Eval(d, Env{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(`States.Format('s3://{}/{}', $.s, $$.Execution.Name)`); err != nil {
			b.Fatal(err)
		}
	}
}
