package service_test

import (
	"fmt"
	"testing"

	"pawl.dev/internal/host"
	"pawl.dev/internal/service"
	"pawl.dev/internal/service/servicetest"
)

func TestActivities_areCreatedOnceAndDeleted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, err := b.CreateActivity(b.ctx, "a", nil, []service.Tag{{Key: "k", Value: "v"}})
	ok(t, err)
	again, err := b.CreateActivity(b.ctx, "a", nil, nil)
	ok(t, err)
	same(t, again, first)
	_, err = b.CreateActivity(b.ctx, "a", &service.EncryptionConfiguration{Type: service.CustomerManagedKey, KMSKeyID: "k"}, nil)
	refused(t, err, service.ActivityAlreadyExists, "Activity Already Exists: '"+first.ActivityARN+"'")
	items, _, err := b.ListActivities(b.ctx, service.Page{})
	ok(t, err)
	same(t, items, []*service.Activity{first})

	ok(t, b.DeleteActivity(b.ctx, first.ActivityARN))
	ok(t, b.DeleteActivity(b.ctx, first.ActivityARN))
	missing := "Activity Does Not Exist: '" + first.ActivityARN + "'"
	_, err = b.DescribeActivity(b.ctx, first.ActivityARN)
	refused(t, err, service.ActivityDoesNotExist, missing)
	_, err = b.GetActivityTask(b.ctx, first.ActivityARN, "")
	refused(t, err, service.ActivityDoesNotExist, missing)
	_, err = b.ListTagsForResource(b.ctx, first.ActivityARN)
	refused(t, err, service.ResourceNotFound, "Resource not found: '"+first.ActivityARN+"'")
}

func TestCreateActivity_refusesNames(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, name := range []string{"a name", "a>b", "a}b", "a]b", "a?b", "a*b", `a"b`, "a#b", "a|b", "a~b", "a`b", "a$b", "a&b", "a;b", "a/b", "\x00a", "a\x7f", ""} {
		_, err := b.CreateActivity(b.ctx, name, nil, nil)
		refused(t, err, service.InvalidName, "Invalid Name: '"+name+"'")
	}
	for _, name := range []string{"a.b", "A_b-1", "käse"} {
		_, err := b.CreateActivity(b.ctx, name, nil, nil)
		ok(t, err)
	}
}

func TestGetActivityTask_waitsAndThenAnswersNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, err := b.CreateActivity(b.ctx, "a", nil, nil)
	ok(t, err)
	b.host.Activity = &host.ActivityTask{Token: "t", Input: "{}"}
	task, err := b.GetActivityTask(b.ctx, a.ActivityARN, "w")
	ok(t, err)
	same(t, task, &host.ActivityTask{Token: "t", Input: "{}"})
	task, err = b.GetActivityTask(b.ctx, a.ActivityARN, "w")
	ok(t, err)
	same(t, task, (*host.ActivityTask)(nil))
	b.host.PollErr = host.ErrTooManyPollers
	_, err = b.GetActivityTask(b.ctx, a.ActivityARN, "w")
	refused(t, err, service.ActivityWorkerLimitExceeded, "The maximum number of workers concurrently polling for activity tasks has been reached.")
}

func TestCallbacks_sayWhatBecameOfTheTask(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.host.Tokens = map[string]error{"live": nil, "over": host.ErrTaskOver, "gone": host.ErrNotFound, "closed": host.ErrClosed}
	why := "E"
	ok(t, b.SendTaskSuccess(b.ctx, "live", `{"a":1}`))
	ok(t, b.SendTaskFailure(b.ctx, "live", &why, nil))
	ok(t, b.SendTaskHeartbeat(b.ctx, "live"))
	same(t, b.host.Answers, []host.Answer{{Output: `{"a":1}`}, {Failed: true, Error: &why}})

	refused(t, b.SendTaskSuccess(b.ctx, "over", "1"), service.TaskTimedOut, "Task Timed Out: '"+servicetest.ActivityResource+"'")
	refused(t, b.SendTaskFailure(b.ctx, "gone", nil, nil), service.TaskDoesNotExist, "Task does not exist")
	refused(t, b.SendTaskHeartbeat(b.ctx, "nonsense"), service.InvalidToken, "Invalid Token: 'Invalid token'")
	refused(t, b.SendTaskHeartbeat(b.ctx, "closed"), service.ServiceUnavailable, "The server is shutting down.")
	refused(t, b.SendTaskSuccess(b.ctx, "live", "x"), service.InvalidOutput,
		"Invalid Output: 'Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'")
}

func TestTags_mergeAndStayWithinTheLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m", published).StateMachineARN
	ok(t, b.TagResource(b.ctx, arn, []service.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}))
	ok(t, b.TagResource(b.ctx, arn, []service.Tag{{Key: "b", Value: "3"}, {Key: "B"}}))
	ok(t, b.UntagResource(b.ctx, arn, []string{"a", "a", "none"}))
	tags, err := b.ListTagsForResource(b.ctx, arn)
	ok(t, err)
	same(t, tags, []service.Tag{{Key: "B"}, {Key: "b", Value: "3"}})

	var many []service.Tag
	for i := range 49 {
		many = append(many, service.Tag{Key: fmt.Sprint(i)})
	}
	err = b.TagResource(b.ctx, arn, many)
	refused(t, err, service.TooManyTags, "Too many tags: a resource can have at most 50 tags, '"+arn+"' would have 51.")

	err = b.TagResource(b.ctx, arn+":1", many[:1])
	refused(t, err, service.ResourceNotFound, "Resource not found: '"+arn+":1'")
	tags, err = b.ListTagsForResource(b.ctx, arn+":1")
	ok(t, err)
	same(t, tags, []service.Tag{})
}
