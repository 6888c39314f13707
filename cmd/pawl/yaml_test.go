package main

import (
	"strings"
	"testing"

	jsonvalue "pawl.dev/value"
)

func TestFromYAML(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml, want, wantErr string
	}{
		{"order of keys", "b: 1\na: 2\n", `{"b":1,"a":2}`, ""},
		{"scalars", "[x, 'y', \"z\", true, False, null, ~, 1.50, 1e3, -0, 0x10, 0o10, .5, 2026-08-01]",
			`["x","y","z",true,false,null,null,1.50,1e3,-0,16,8,0.5,"2026-08-01"]`, ""},
		{"words that old YAML took for booleans", "[yes, no, on, off]", `["yes","no","on","off"]`, ""},
		{"block text", "a: |\n  {% $x %}\n  \"q\"\n", `{"a":"{% $x %}\n\"q\"\n"}`, ""},
		{"alias", "a: &r [{ErrorEquals: [E]}]\nb: *r\n", `{"a":[{"ErrorEquals":["E"]}],"b":[{"ErrorEquals":["E"]}]}`, ""},
		{"keys are texts", "200: x\ntrue: y\n", `{"200":"x","true":"y"}`, ""},
		{"empty", "# nothing\n", "", "the file is empty"},
		{"key twice", "a: 1\nb: 2\na: 3\n", "", `the key "a" comes twice`},
		{"merge key", "a: &r {x: 1}\nb:\n  <<: *r\n", "", "merge keys"},
		{"list as key", "? [a]\n: 1\n", "", "a key must be a plain text"},
		{"foreign tag", "a: !Ref B\n", "", "the tag !Ref is not supported"},
		{"no number in JSON", "a: .inf\n", "", "JSON has no number .inf"},
		{"too deep", strings.Repeat("[", maxPlaceDepth+5) + strings.Repeat("]", maxPlaceDepth+5), "", "nested too deeply"},
		{"aliases that explode", bomb(), "", "the definition is longer than 1048576 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := fromYAML(tt.yaml)
			switch {
			case err == nil && tt.wantErr == "":
				if got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			case err == nil || tt.wantErr == "" || !strings.Contains(err.Error(), tt.wantErr):
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
		})
	}
}

// bomb is 10^9 texts in a few lines.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := byte('1'); i <= '8'; i++ {
		was := "*a" + string(i-1)
		b.WriteString("a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat(was+", ", 9) + was + "]\n")
	}
	return b.String()
}

func FuzzFromYAML(f *testing.F) {
	for _, seed := range []string{"a: [1, {b: c}]", "&a [*a]", "- !!binary aGk=", "? x", "a: 0b1_0", "\"\\uD800\"", "k: !!float 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		got, places, err := fromYAML(text)
		if err != nil {
			return
		}
		if err := jsonvalue.Valid(got); err != nil || places == nil {
			t.Errorf("%q became %q: %v", text, got, err)
		}
	})
}
