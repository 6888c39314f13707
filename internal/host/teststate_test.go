package host_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"pawl.dev/internal/task"
	"pawl.dev/internal/teststate"
)

// tested is a test of the state with the given definition.
func tested(t *testing.T, definition string) *teststate.Test {
	t.Helper()
	x, err := teststate.New(teststate.Request{Definition: definition, Input: `{"a":1}`, Role: "r"}, time.Now(), rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

const testedTask = `{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":60,"End":true}`

func TestTest_runsTasks(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.handler.do = func(r task.Request, reply task.Reply) { go reply.Done(`[` + r.Input + `]`) }
	x := tested(t, testedTask)
	if err := b.host.Test(context.Background(), x); err != nil {
		t.Fatal(err)
	}
	if r := x.Result(); r.Status != teststate.Succeeded || r.Output != `[{"a":1}]` {
		t.Errorf("got %+v", r)
	}
	b.handler.plays(boom)
	x = tested(t, testedTask)
	if err := b.host.Test(context.Background(), x); err != nil {
		t.Fatal(err)
	}
	if r := x.Result(); r.Status != teststate.Failed || *r.Error != "Boom" {
		t.Errorf("got %+v", r)
	}
}

func TestTest_letsTimePass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		for definition, want := range map[string]string{
			`{"Type":"Wait","Seconds":30,"End":true}`: `{"a":1}`,
			testedTask: ``,
		} {
			x := tested(t, definition)
			if err := b.host.Test(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			if r := x.Result(); r.Output != want || want == "" && *r.Error != "States.Timeout" {
				t.Errorf("%s: got %+v", definition, r)
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := b.host.Test(ctx, tested(t, `{"Type":"Wait","Seconds":30,"End":true}`)); !errors.Is(err, context.Canceled) {
			t.Errorf("without a client: %v", err)
		}
		b.close()
	})
}
