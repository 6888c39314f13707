package value

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParsePrint_normalises(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"order kept", `{"b":1,"a":[true,false,null]}`, `{"b":1,"a":[true,false,null]}`},
		{"compacted", " { \"a\" : [ 1 , 2 ] } ", `{"a":[1,2]}`},
		{"double", `[1.00,0.0,1e2,1e21,1e-7,100000000.0,1.5]`, `[1.0,0.0,100.0,1.0E21,1.0E-7,1.0E8,1.5]`},
		{"big integer", `[123456789012345678901234567890,-0]`, `[123456789012345678901234567890,0]`},
		{"duplicate key", `{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{"escapes", `"\u0041\/\n\ud83d\ude00\ud800"`, `"A/\n😀` + "\ufffd" + `"`},
		{"control", `"\u001f"`, `"\u001F"`},
		{"non-ascii", `{"é":"日本"}`, `{"é":"日本"}`},
		{"inner blank keeps outer text", `[[1,2],[3, 4]]`, `[[1,2],[3,4]]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := Parse(tt.in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.JSON(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := v.Clone().JSON(); got != tt.want {
				t.Errorf("clone: got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestParse_refusesWithJacksonsWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{`not a definition`, `Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`},
		{`{'a':1}`, `Unexpected character (''' (code 39)): was expecting double-quote to start field name`},
		{`truex`, `Unrecognized token 'truex'`},
		{`[1,]`, `Unexpected character (']' (code 93))`},
		{`01`, `Leading zeroes not allowed`},
		{"\"\xff\"", `Invalid UTF-8`},
		{`{"a":1} x`, `Unexpected character ('x' (code 120))`},
		{strings.Repeat("[", 2000), `nesting depth`},
		{``, `No content`},
		{`"abc`, `Unexpected end-of-input`},
	}
	for _, tt := range tests {
		_, err := Parse(tt.in, nil)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(syntax.Message, tt.want) {
			t.Errorf("%.20q: got %v, want %s", tt.in, err, tt.want)
		}
	}
	_, err := Parse("not a definition", nil)
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != 1 || syntax.Column != 4 {
		t.Errorf("position: got %+v", err)
	}
}

func TestArena_reuseDoesNotChangeResults(t *testing.T) {
	t.Parallel()
	var a Arena
	for range 3 {
		for _, in := range []string{`{"a":[1,{"b":"c"}],"d":{}}`, `[[],[[]],"x"]`, `"s"`} {
			v, err := Parse(in, &a)
			if err != nil || v.JSON() != in {
				t.Fatalf("%s: got %v, %v", in, v, err)
			}
		}
		a.Reset()
	}
}

func TestObject_findsKeysPastTheIndexThreshold(t *testing.T) {
	t.Parallel()
	var b Builder
	for i := range 40 {
		b.Set(strings.Repeat("k", i+1), Int(int64(i)))
	}
	v := b.Object()
	parsed, err := Parse(v.JSON(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		got, ok := parsed.Member(strings.Repeat("k", i+1)).Int64()
		if !ok || got != int64(i) {
			t.Errorf("key %d: got %d, %v", i, got, ok)
		}
	}
	if !Equal(v, parsed) {
		t.Error("built and parsed objects differ")
	}
}

func TestNumbers_convert(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"3": 3, "3.0": 3, "3e0": 3, "-7": -7, "9223372036854775807": math.MaxInt64} {
		v, err := Parse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := v.Int64(); !ok || got != want {
			t.Errorf("%s: got %d, %v", in, got, ok)
		}
	}
	if v, _ := Parse("1.5", nil); func() bool { _, ok := v.Int64(); return ok }() {
		t.Error("1.5 is no integer")
	}
	one, _ := Parse("1.0", nil)
	if !Equal(one, Int(1)) {
		t.Error("1.0 must equal 1")
	}
}

func FuzzParse_printedTextParsesToTheSame(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.50,"x\n"],"a":null}`, `[[[]]]`, `-0`, `1e400`, `"\ud800"`, ` [ 1 ] `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		v, err := Parse(in, nil)
		if err != nil {
			return
		}
		once := v.JSON()
		again, err := Parse(once, nil)
		if err != nil {
			t.Fatalf("printed %q does not parse: %v", once, err)
		}
		if twice := again.JSON(); twice != once {
			t.Fatalf("printed %q, then %q", once, twice)
		}
	})
}

var sample = `{"order":{"id":"A-1001","total":129.5,"items":[{"sku":"x1","qty":2,"price":10},{"sku":"x2","qty":1,"price":109.5}]},"customer":{"name":"Ada","tier":"gold","address":{"city":"Zurich","zip":"8001"}},"tags":["new","priority","eu"],"notes":null,"active":true,"history":[1,2,3,4,5,6,7,8,9,10]}`

func BenchmarkParse_reused(b *testing.B) {
	var a Arena
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(sample, &a); err != nil {
			b.Fatal(err)
		}
		a.Reset()
	}
}

func BenchmarkPrint_rebuilt(b *testing.B) {
	v, err := Parse(sample, nil)
	if err != nil {
		b.Fatal(err)
	}
	v = v.Clone()
	buf := make([]byte, 0, 1024)
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		buf = v.AppendJSON(buf[:0])
	}
}
