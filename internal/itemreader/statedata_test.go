package itemreader_test

import (
	"testing"

	"pawl.dev/internal/itemreader"
	"pawl.dev/value"
)

func TestStateData_arraysAndObjects(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`[1,"a",[2]]`:            {"1", `"a"`, "[2]"},
		`{"a":1,"b":{"c":null}}`: {"a=1", `b={"c":null}`},
		`[]`:                     {},
		`{}`:                     {},
	} {
		checkItems(t, func(cursor string) (itemreader.Reader, error) {
			return itemreader.FromJSON([]byte(text), cursor)
		}, want)
		v, err := value.Parse(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkItems(t, func(cursor string) (itemreader.Reader, error) { return itemreader.FromValue(v, cursor) }, want)
	}
}

func TestStateData_refusesScalars(t *testing.T) {
	t.Parallel()
	const cause = "Attempting to map over non-iterable node."
	_, err := itemreader.FromJSON([]byte("3"), "")
	checkFailure(t, err, cause)
	_, err = itemreader.FromValue(value.NullValue, "")
	checkFailure(t, err, cause)
}

func TestStateData_source(t *testing.T) {
	t.Parallel()
	r, err := itemreader.FromJSON([]byte("[1]"), "")
	if err != nil {
		t.Fatal(err)
	}
	if item, err := r.Next(t.Context()); err != nil || item.Source != "STATE_DATA" {
		t.Errorf("%q, %v", item.Source, err)
	}
}
