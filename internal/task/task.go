// Package task says what a task handler is: the adapter that does the work of
// one kind of Task resource (Lambda functions, HTTP endpoints, …).
//
// It holds the interface and the request's shape only; each integration has a
// folder of its own and knows nothing of the others. Delivery is at least once
// (I6): the same attempt can be handed over again after a crash, with the same
// token.
package task

import (
	"context"
	"errors"
	"strings"
	"time"

	"pawl.dev/asl"
)

// Request is one attempt of a Task state.
type Request struct {
	// ID is the same when the attempt is handed over again after a crash, and
	// never that of another attempt.
	ID    string
	Token string // task token, for .waitForTaskToken and .sync

	Kind         asl.ResourceKind
	Resource     string      // ARN of a Lambda function, else "action[.pattern]"
	ResourceType string      // service: "lambda", "aws-sdk:dynamodb"
	Pattern      asl.Pattern // of a service task
	Input        string      // JSON: the function's payload, or the service's parameters
	Role         string      // Credentials.RoleArn; "" for the execution's own
	Deadline     time.Time   // TimeoutSeconds; zero: none
	// Submitted is what the call of a .sync task answered (JSON) when it was
	// made before a restart: watch that job again instead of starting another.
	// "" when the call has yet to be made.
	Submitted string

	ExecutionARN    string
	StateMachineARN string
	Definition      string // key of the definition, for handlers that look at it
}

// Action returns the request's action without its pattern: "invoke".
func (r *Request) Action() string {
	action, _, _ := strings.Cut(r.Resource, ".")
	return action
}

// Reply takes what a handler has to say about one attempt. Done and Failed end
// it; whatever comes later decides nothing.
type Reply interface {
	// Submitted says that the call of a .sync or .waitForTaskToken task was
	// made, and what it answered (JSON).
	Submitted(output string)
	// Done ends the attempt with its output (JSON).
	Done(output string)
	// Failed ends the attempt with an error.
	Failed(failure *asl.Failure)
}

// ErrAbandoned is the cause (context.Cause) of the end of an attempt's context
// when nobody waits for the attempt any more: it timed out, the execution was
// stopped, a sibling failed. What the attempt started is then to be stopped too.
// A context that ends for another reason says nothing of the kind: the attempt
// was answered, or the host shuts down and will hand it out again.
var ErrAbandoned = errors.New("task: nobody waits for the attempt")

// Handler does the work of one kind of resource.
type Handler interface {
	// Run starts the attempt and returns soon; the answer goes to reply, at
	// once, in months or twice. ctx ends when the attempt was answered, when
	// nobody waits for it any more (ErrAbandoned) or the host shuts down.
	Run(ctx context.Context, r Request, reply Reply)
}

// Registry finds the handler of a resource. It is filled by hand before the
// host starts and not changed afterwards.
type Registry struct {
	lambda   Handler
	services map[string]Handler
}

// Lambda sets the handler of Lambda function ARNs.
func (g *Registry) Lambda(h Handler) { g.lambda = h }

// Service sets the handler of a service's resources ("lambda", "states").
func (g *Registry) Service(resourceType string, h Handler) {
	if g.services == nil {
		g.services = make(map[string]Handler)
	}
	g.services[resourceType] = h
}

// Find returns the handler for r, nil when there is none.
func (g *Registry) Find(r *Request) Handler {
	if r.Kind == asl.LambdaFunction {
		return g.lambda
	}
	if h, ok := g.services[r.ResourceType]; ok {
		return h
	}
	family, _, _ := strings.Cut(r.ResourceType, ":")
	return g.services[family]
}
