package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// author writes random definitions. They end: transitions lead forward only.
type author struct {
	r     *rand.Rand
	names int
	vars  int
}

type object = map[string]any

// definition returns a random state machine and an input for it.
func definition(r *rand.Rand) (text, input string) {
	a := &author{r: r}
	m := a.machine(0, nil)
	if r.IntN(4) == 0 {
		m["TimeoutSeconds"] = 2 + r.IntN(20)
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b), `{"items":[1,{"k":"v"},"three"],"n":5}`
}

func (a *author) chance(percent int) bool { return a.r.IntN(100) < percent }

func (a *author) pick(words ...string) string { return words[a.r.IntN(len(words))] }

// machine writes a States object of one to five states; vars are the variables
// that its states may read.
func (a *author) machine(depth int, vars []string) object {
	n := 1 + a.r.IntN(5-depth)
	names := make([]string, n)
	for i := range names {
		a.names++
		names[i] = fmt.Sprintf("S%d", a.names)
	}
	states := object{}
	for i, name := range names {
		states[name] = a.state(depth, names[i+1:], &vars)
	}
	return object{"StartAt": names[0], "States": states}
}

// state writes one state; ahead are the states it may lead to. The first of them
// is always a target, so that all can be reached.
func (a *author) state(depth int, ahead []string, vars *[]string) object {
	s := object{}
	kind := a.kind(depth, len(ahead) > 0)
	s["Type"] = kind
	switch kind {
	case "Pass":
		a.pass(s, vars)
	case "Task":
		a.task(s)
	case "Wait":
		s["Seconds"] = a.r.IntN(4)
	case "Choice":
		a.choice(s, ahead)
		return s
	case "Fail":
		s["Error"] = a.pick("E1", "E2", "Custom")
		return s
	case "Succeed":
		return s
	case "Parallel":
		branches := make([]any, 1+a.r.IntN(3))
		for i := range branches {
			branches[i] = a.machine(depth+1, *vars)
		}
		s["Branches"] = branches
	case "Map":
		a.mapState(s, depth, *vars)
	}
	if kind == "Task" || kind == "Parallel" || kind == "Map" {
		a.handlers(s, ahead)
		if a.chance(40) {
			s["ResultPath"] = a.pick("$.r", "$.out.deep", "$")
		} else {
			s["ResultSelector"] = object{"size": 1, "n.$": "$$.State.RetryCount"}
		}
	}
	a.next(s, ahead)
	return s
}

func (a *author) next(s object, ahead []string) {
	if len(ahead) > 0 {
		s["Next"] = ahead[0]
	} else {
		s["End"] = true
	}
}

// kind draws a state type that fits the place.
func (a *author) kind(depth int, more bool) string {
	for {
		k := a.pick("Pass", "Pass", "Task", "Task", "Task", "Task", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail")
		switch k {
		case "Choice":
			if !more {
				continue
			}
		case "Parallel", "Map":
			if depth >= 2 {
				continue
			}
		case "Succeed", "Fail":
			if more || k == "Fail" && !a.chance(30) {
				continue
			}
		}
		return k
	}
}

func (a *author) pass(s object, vars *[]string) {
	switch a.r.IntN(5) {
	case 0:
		s["Result"] = object{"fixed": a.r.IntN(100)}
	case 1:
		p := object{"at.$": "$$.State.EnteredTime"}
		if len(*vars) > 0 {
			p["var.$"] = "$" + a.pick(*vars...)
		}
		s["Parameters"] = p
	case 2:
		s["ResultPath"] = nil
	case 3:
		s["QueryLanguage"] = "JSONata"
		s["Output"] = object{"entered": "{% $states.context.State.EnteredTime %}", "type": "{% $type($states.input) %}"}
	default:
		a.vars++
		name := fmt.Sprintf("v%d", a.vars)
		s["Assign"] = object{name + ".$": a.pick("$", "$$.Execution.Input.n")}
		*vars = append(*vars, name)
	}
}

// The resources say what the world does with them.
func (a *author) task(s object) {
	switch a.r.IntN(5) {
	case 0:
		s["Resource"] = "arn:aws:lambda:eu-central-1:111122223333:function:f"
	case 1:
		s["Resource"] = "arn:aws:states:eu-central-1:111122223333:activity:a"
	case 2:
		s["Resource"] = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
		s["Parameters"] = object{"QueueUrl": "q", "MessageBody": object{"t.$": "$$.Task.Token"}}
		if a.chance(50) {
			s["HeartbeatSeconds"] = 2
		}
	case 3:
		s["Resource"] = "arn:aws:states:::states:startExecution.sync"
		s["Parameters"] = object{"StateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:x"}
	default:
		s["Resource"] = "arn:aws:states:::sns:publish"
		s["Parameters"] = object{"Message.$": "$"}
		if a.chance(2) {
			s["InputPath"] = "$.nowhere"
		}
	}
	// The world may lose answers for good: every task has a time limit.
	s["TimeoutSeconds"] = 3 + a.r.IntN(8)
}

func (a *author) choice(s object, ahead []string) {
	rule := object{"Variable": a.pick("$", "$.n", "$.items"), a.pick("IsPresent", "IsNull", "IsPresent"): a.chance(50), "Next": ahead[a.r.IntN(len(ahead))]}
	if rule["IsNull"] != nil {
		rule["Variable"] = "$"
	}
	s["Choices"] = []any{rule}
	s["Default"] = ahead[0]
}

func (a *author) handlers(s object, ahead []string) {
	if a.chance(50) {
		r := object{"ErrorEquals": []string{a.pick("E1", "States.TaskFailed", "States.Timeout", "States.ALL")}, "MaxAttempts": a.r.IntN(3)}
		r["IntervalSeconds"] = a.r.IntN(3)
		if a.chance(30) {
			r["JitterStrategy"] = "FULL"
		}
		s["Retry"] = []any{r}
	}
	if len(ahead) > 0 && a.chance(60) {
		s["Catch"] = []any{object{"ErrorEquals": []string{"States.ALL"}, "Next": ahead[a.r.IntN(len(ahead))], "ResultPath": a.pick("$", "$.err")}}
	}
}

func (a *author) mapState(s object, depth int, vars []string) {
	s["ItemsPath"] = "$$.Execution.Input.items"
	processor := a.machine(depth+1, vars)
	if depth == 0 && a.chance(25) && !strings.Contains(fmt.Sprint(processor), "DISTRIBUTED") {
		processor = (&author{r: a.r, names: a.names}).machine(2, nil)
		processor["ProcessorConfig"] = object{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
		a.names += 10
	} else {
		s["MaxConcurrency"] = a.r.IntN(3)
	}
	if a.chance(50) {
		s["ItemSelector"] = object{"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}
	}
	s["ItemProcessor"] = processor
}
