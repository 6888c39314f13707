package states

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/asl"
	"pawl.dev/internal/task"
)

const (
	childARN = "arn:aws:states:us-east-1:123456789012:execution:child:e"
	started  = `{"executionArn":"` + childARN + `","startDate":1.8E9}`
)

// fakeAPI answers as the test says and notes what it was asked.
type fakeAPI struct {
	mu      sync.Mutex
	asked   []string
	answers map[string]string // by operation
	refuse  *Refusal
	ended   func()
	left    bool
}

func (f *fakeAPI) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

func (f *fakeAPI) Start(_ context.Context, attempt, request string) (string, error) {
	f.note(attempt + " StartExecution " + request)
	if f.refuse != nil {
		return "", f.refuse
	}
	return started, nil
}

func (f *fakeAPI) Call(_ context.Context, operation, request string) (string, error) {
	f.note(operation + " " + request)
	if f.refuse != nil {
		return "", f.refuse
	}
	return f.answers[operation], nil
}

func (f *fakeAPI) OnEnd(_ context.Context, arn string, ended func()) (func(), error) {
	f.note("OnEnd " + arn)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = ended
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.left = true
	}, nil
}

// replies notes what an attempt answers.
type replies struct {
	mu   sync.Mutex
	said []string
}

func (r *replies) say(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, what)
}

func (r *replies) Submitted(output string) { r.say("submitted " + output) }
func (r *replies) Done(output string)      { r.say("done " + output) }
func (r *replies) Failed(f *asl.Failure)   { r.say("failed " + *f.Error + ": " + *f.Cause) }

// stage is one attempt of a handler over a fake API, in a synctest bubble.
type stage struct {
	api     *fakeAPI
	reply   *replies
	handler *Handler
	abandon context.CancelCauseFunc
}

func run(t *testing.T, api *fakeAPI, r task.Request) *stage {
	t.Helper()
	s := &stage{api: api, reply: new(replies), handler: New(func() time.Time { return time.Unix(1_800_000_000, 0) })}
	ctx, cancel := context.WithCancelCause(context.Background())
	s.abandon = cancel
	r.Kind = asl.Service
	s.handler.Run(ctx, r, s.reply)
	s.handler.Serve(api)
	synctest.Wait()
	return s
}

// end frees the bubble.
func (s *stage) end(t *testing.T) {
	t.Helper()
	s.abandon(nil)
	if err := s.handler.Close(); err != nil {
		t.Error(err)
	}
}

func (s *stage) want(t *testing.T, asked []string, said ...string) {
	t.Helper()
	if diff := cmp.Diff(asked, s.api.asked); diff != "" {
		t.Error("asked", diff)
	}
	if diff := cmp.Diff(said, s.reply.said); diff != "" {
		t.Error("said", diff)
	}
}

func optimizedRequest(pattern asl.Pattern, suffix, input string) task.Request {
	return task.Request{ID: "x#3.1", ResourceType: "states", Resource: "startExecution" + suffix, Pattern: pattern, Input: input}
}

// submitted is the result of a start in the words of the optimized integration.
const submitted = `{"ExecutionArn":"` + childARN + `",` +
	`"SdkHttpMetadata":{"AllHttpHeaders":{"connection":["keep-alive"],"Content-Length":["92"],"Content-Type":["application/x-amz-json-1.0"],"Date":["Fri, 15 Jan 2027 08:00:00 GMT"],"x-amzn-RequestId":["ID"]},` +
	`"HttpHeaders":{"connection":"keep-alive","Content-Length":"92","Content-Type":"application/x-amz-json-1.0","Date":"Fri, 15 Jan 2027 08:00:00 GMT","x-amzn-RequestId":"ID"},"HttpStatusCode":200},` +
	`"SdkResponseMetadata":{"RequestId":"ID"},"StartDate":1800000000000}`

// withID is submitted with the request id of the attempt.
func withID(r task.Request) string {
	return strings.ReplaceAll(submitted, "ID", (&attempt{r: r}).id("StartExecution"))
}

func TestStartExecution_answersAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := optimizedRequest(asl.RequestResponse, "", `{"StateMachineArn":"m","Input":{"a": 1},"Name":"e"}`)
		s := run(t, new(fakeAPI), r)
		s.want(t, []string{`x#3.1 StartExecution {"stateMachineArn":"m","input":"{\"a\":1}","name":"e"}`}, "done "+withID(r))
		s.end(t)
	})
}

func TestStartExecution_namesTheChildAfterTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := optimizedRequest(asl.Callback, ".waitForTaskToken", `{"StateMachineArn":"m","Input":null}`)
		for range 2 {
			s := run(t, new(fakeAPI), r)
			s.want(t, []string{`x#3.1 StartExecution {"stateMachineArn":"m","name":"` + (&attempt{r: r}).id("name") + `"}`}, "submitted "+withID(r))
			s.end(t)
		}
	})
}

func TestStartExecution_wordsRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := optimizedRequest(asl.Sync, ".sync", `{"StateMachineArn":"m"}`)
		s := run(t, &fakeAPI{refuse: &Refusal{"StateMachineDoesNotExist", "State Machine Does Not Exist: 'm'", 400}}, r)
		s.want(t, s.api.asked, "failed StepFunctions.StateMachineDoesNotExistException: State Machine Does Not Exist: 'm' "+
			"(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: "+(&attempt{r: r}).id("error")+"; Proxy: null)")
		s.end(t)
	})
}

const succeededChild = `{"executionArn":"a","input":"{\"b\":1}","inputDetails":{"included":true},"name":"e","output":"[2]",` +
	`"outputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","startDate":1.8E9,"stateMachineArn":"m","status":"SUCCEEDED","stopDate":1800000000.5}`

func TestSync_waitsForTheEnd(t *testing.T) {
	t.Parallel()
	const (
		failedChild = `{"cause":"why","error":"E","executionArn":"a","input":"{}","inputDetails":{"included":true},"name":"e","startDate":1.8E9,"status":"FAILED","stopDate":1.8E9}`
		head        = `{"ExecutionArn":"a","Input":`
		middle      = `,"InputDetails":{"Included":true},"Name":"e"`
		dates       = `"StartDate":1800000000000,"StateMachineArn":"m","Status":"SUCCEEDED","StopDate":1800000000500}`
	)
	tests := []struct {
		name    string
		pattern asl.Pattern
		child   string
		want    string
	}{
		{"texts", asl.Sync, succeededChild, "done " + head + `"{\"b\":1}"` + middle + `,"Output":"[2]","OutputDetails":{"Included":true},` + dates},
		{"values", asl.Sync2, succeededChild, "done " + head + `{"b":1}` + middle + `,"Output":[2],"OutputDetails":{"Included":true},` + dates},
		{"failure", asl.Sync2, failedChild, `failed States.TaskFailed: {"Cause":"why","Error":"E","ExecutionArn":"a","Input":"{}"` + middle +
			`,"StartDate":1800000000000,"Status":"FAILED","StopDate":1800000000000}`},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			r := optimizedRequest(tt.pattern, ".sync", `{"StateMachineArn":"m","Name":"e"}`)
			s := run(t, &fakeAPI{answers: map[string]string{"DescribeExecution": tt.child}}, r)
			s.want(t, []string{`x#3.1 StartExecution {"stateMachineArn":"m","name":"e"}`, "OnEnd " + childARN}, "submitted "+withID(r))
			s.api.ended()
			synctest.Wait()
			if got := s.reply.said[len(s.reply.said)-1]; got != tt.want {
				t.Errorf("%s: %s", tt.name, cmp.Diff(tt.want, got))
			}
			s.end(t)
		})
	}
}

func TestSync_watchesWhatWasSubmitted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := optimizedRequest(asl.Sync, ".sync", `{"StateMachineArn":"m"}`)
		r.Submitted = submitted
		s := run(t, new(fakeAPI), r)
		s.want(t, []string{"OnEnd " + childARN})
		s.end(t)
	})
}

func TestSync_stopsTheChildOfAnAbandonedAttempt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cause error
		stops bool
	}{{task.ErrAbandoned, true}, {nil, false}} {
		synctest.Test(t, func(t *testing.T) {
			s := run(t, new(fakeAPI), optimizedRequest(asl.Sync, ".sync", `{"StateMachineArn":"m"}`))
			s.abandon(tt.cause)
			synctest.Wait()
			stopped := s.api.asked[len(s.api.asked)-1] == `StopExecution {"executionArn":"`+childARN+`"}`
			if stopped != tt.stops || !s.api.left {
				t.Errorf("%v: asked %q, left %t", tt.cause, s.api.asked, s.api.left)
			}
			s.end(t)
		})
	}
}

func TestSDK_wordsRequestsAndResults(t *testing.T) {
	t.Parallel()
	tests := []struct{ action, input, asked, answer, want string }{
		{
			"describeExecution", `{"ExecutionArn":"a"}`, `DescribeExecution {"executionArn":"a"}`, succeededChild,
			`done {"ExecutionArn":"a","Input":"{\"b\":1}","InputDetails":{"Included":true},"Name":"e","Output":"[2]","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","StartDate":"2027-01-15T08:00:00Z","StateMachineArn":"m","Status":"SUCCEEDED","StopDate":"2027-01-15T08:00:00.500Z"}`,
		},
		{
			"tagResource", `{"ResourceArn":"a","Tags":[{"Key":"k","Value":"v"}]}`,
			`TagResource {"resourceArn":"a","tags":[{"key":"k","value":"v"}]}`, `{}`, `done {}`,
		},
		{
			"sendTaskSuccess", `{"TaskToken":"t","Output":{"Big":1}}`, `SendTaskSuccess {"taskToken":"t","output":"{\"Big\":1}"}`, `{}`, `done {}`,
		},
		{
			"describeStateMachine", `{"StateMachineArn":"m"}`, `DescribeStateMachine {"stateMachineArn":"m"}`,
			`{"variableReferences":{"first state":["x"]}}`, `done {"VariableReferences":{"first state":["x"]}}`,
		},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			api := &fakeAPI{answers: map[string]string{upper(tt.action): tt.answer}}
			s := run(t, api, task.Request{ID: "x", ResourceType: "aws-sdk:sfn", Resource: tt.action, Input: tt.input})
			s.want(t, []string{tt.asked}, tt.want)
			s.end(t)
		})
	}
}

func TestSDK_wordsRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := task.Request{ID: "x", ResourceType: "aws-sdk:sfn", Resource: "sendTaskHeartbeat", Input: `{"TaskToken":"t"}`}
		s := run(t, &fakeAPI{refuse: &Refusal{"ValidationException", "Bad.", 400}}, r)
		s.want(t, s.api.asked, "failed Sfn.ValidationException: Bad. (Service: Sfn, Status Code: 400, Request ID: "+(&attempt{r: r}).id("error")+") (SDK Attempt Count: 1)")
		s.end(t)
	})
}
