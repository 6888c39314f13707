package jsonpath

import (
	"errors"
	"testing"

	"pawl.dev/value"
)

type data struct{ input, context, variable value.Value }

func (d data) InputValue() value.Value   { return d.input }
func (d data) ContextValue() value.Value { return d.context }
func (d data) VariableValue(name string) (value.Value, bool) {
	return d.variable, name == "größe_1"
}

func TestRef_choosesTheRoot(t *testing.T) {
	t.Parallel()
	d := data{parse(t, `{"a":1}`), parse(t, `{"a":2}`), parse(t, `{"a":3}`)}
	tests := []struct {
		text string
		root Root
		name string
		want string
	}{
		{"$", Input, "", `{"a":1}`},
		{"$.a", Input, "", "1"},
		{"$['a']", Input, "", "1"},
		{"$$", Context, "", `{"a":2}`},
		{"$$.a", Context, "", "2"},
		{"$größe_1", Variable, "größe_1", `{"a":3}`},
		{"$größe_1.a", Variable, "größe_1", "3"},
		{"$größe_1['a']", Variable, "größe_1", "3"},
	}
	for _, tt := range tests {
		ref, err := CompileRef(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if ref.Root != tt.root || ref.Name != tt.name || ref.Text != tt.text {
			t.Errorf("%s: got %+v", tt.text, ref)
		}
		if got, err := ref.Eval(d); err != nil || got.JSON() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.text, got, err, tt.want)
		}
	}
	ref, err := CompileRef("$other.a")
	if err != nil {
		t.Fatal(err)
	}
	var missing *NotFoundError
	if _, err := ref.Eval(d); !errors.As(err, &missing) {
		t.Errorf("unassigned variable: got %v", err)
	}
}

func TestCompileRef_refuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", "$1", "$_x", "$a-b", "$$a", "$$$.a", "$-x.a"} {
		if _, err := CompileRef(text); err == nil {
			t.Errorf("%q: accepted", text)
		}
	}
}

func TestIsVariableName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"x": true, "größe_1": true, "変数": true, "": false, "1x": false, "x-y": false, "x.y": false, "_x": false} {
		if IsVariableName(name) != want {
			t.Errorf("%q: got %v", name, !want)
		}
	}
}
