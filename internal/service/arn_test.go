package service

import (
	"strings"
	"testing"
	"time"

	"pawl.dev/internal/store"
)

var testARNs = newARNs("us-east-1", "123456789012")

func TestParseARN_readsWhatIsBuilt(t *testing.T) {
	t.Parallel()
	x := &store.Summary{Machine: "m", Name: "x"}
	child := &store.Summary{Machine: "m", Label: "L", Name: "u3:u4", Express: true}
	tests := []struct {
		text string
		want ARN
	}{
		{testARNs.machine("m"), ARN{resource: stateMachineResource, Name: "m"}},
		{testARNs.qualified("m", "7"), ARN{resource: stateMachineResource, Name: "m", Qualifier: "7"}},
		{testARNs.qualified("m", "7a"), ARN{resource: stateMachineResource, Name: "m", Qualifier: "7a"}},
		{testARNs.machineOf(child), ARN{resource: stateMachineResource, Name: "m", Label: "L"}},
		{testARNs.execution(x), ARN{resource: executionResource, Name: "m", Execution: "x"}},
		{testARNs.execution(child), ARN{resource: expressResource, Name: "m", Label: "L", Execution: "u3:u4"}},
		{testARNs.mapRun("m", "L", "u"), ARN{resource: mapRunResource, Name: "m", Label: "L", Execution: "u"}},
		{testARNs.activity("a"), ARN{resource: activityResource, Name: "a"}},
		{strings.Replace(testARNs.activity("a"), "us-east-1", "eu-west-1", 1), ARN{resource: activityResource, Name: "a", foreign: true}},
	}
	for _, test := range tests {
		got, err := testARNs.parse(test.text, stateMachineResource, executionResource, expressResource, mapRunResource, activityResource)
		test.want.text = test.text
		if err != nil || got != test.want {
			t.Errorf("%s: got %+v, %v", test.text, got, err)
		}
	}
	if v, a := (ARN{Qualifier: "7"}), (ARN{Qualifier: "7a"}); !v.version() || v.alias() || a.version() || !a.alias() {
		t.Error("a qualifier of digits is a version, any other an alias")
	}
}

func TestParseARN_refuses(t *testing.T) {
	t.Parallel()
	base := "arn:aws:states:us-east-1:123456789012:"
	tests := map[string]string{
		"":                          "Invalid ARN prefix: ",
		"x":                         "Invalid ARN prefix: x",
		"arn:aws:s3:::b:c":          "Invalid ARN prefix: arn:aws:s3:::b:c",
		base + "activity:a":         "Resource type not valid in this context: activity",
		base + "stateMachine":       "Invalid ARN: " + base + "stateMachine",
		base + "stateMachine:m:":    "Invalid ARN: " + base + "stateMachine:m:",
		base + "stateMachine:m/":    "Invalid ARN: " + base + "stateMachine:m/",
		base + "stateMachine:m:1:2": "Invalid ARN: " + base + "stateMachine:m:1:2",
		base + "execution:m":        "Invalid ARN: " + base + "execution:m",
		base + "express:m:x":        "Invalid ARN: " + base + "express:m:x",
		base + "mapRun:m:x":         "Invalid ARN: " + base + "mapRun:m:x",
	}
	for text, why := range tests {
		_, err := testARNs.parse(text, stateMachineResource, executionResource, expressResource, mapRunResource)
		if want := "InvalidArn: Invalid Arn: '" + why + "'"; err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParseARN_rebuildsWhatItRead(f *testing.F) {
	for _, seed := range []string{"stateMachine:m:1", "execution:m/L:x", "express:m:x:y", "mapRun:m/L:u", "activity:a"} {
		f.Add("arn:aws:states:us-east-1:123456789012:" + seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := testARNs.parse(text, stateMachineResource, executionResource, expressResource, mapRunResource, activityResource)
		if err != nil || a.foreign {
			return
		}
		rebuilt := testARNs.prefix + string(a.resource) + ":" + labeled(a.Name, a.Label)
		for _, part := range []string{a.Qualifier, a.Execution} {
			if part != "" {
				rebuilt += ":" + part
			}
		}
		if rebuilt != text {
			t.Errorf("%q was read as %+v", text, a)
		}
	})
}

func TestListing_refusesForeignAndOldTokens(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_000)
	list := listing{"ListExecutions\x00a", now}
	token := list.seal("cursor")
	if cursor, err := list.open(token); cursor != "cursor" || err != nil {
		t.Errorf("got %q, %v", cursor, err)
	}
	later := listing{list.parameters, now.Add(24*time.Hour - time.Second)}
	if _, err := later.open(token); err != nil {
		t.Error(err)
	}
	for name, l := range map[string]listing{
		"expired": {list.parameters, now.Add(24*time.Hour + time.Second)},
		"foreign": {"ListExecutions\x00b", now},
	} {
		if _, err := l.open(token); err == nil {
			t.Errorf("a token that is %s was taken", name)
		}
	}
}

func FuzzListing_neverPanics(f *testing.F) {
	list := listing{"L", time.UnixMilli(0)}
	f.Add(list.seal("x"))
	f.Add("AAAA")
	f.Fuzz(func(_ *testing.T, token string) { _, _ = list.open(token) })
}
