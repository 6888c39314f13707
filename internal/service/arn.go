package service

import (
	"slices"
	"strings"

	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// resource is the type of a resource as its ARN spells it.
type resource string

const (
	stateMachineResource resource = "stateMachine"
	executionResource    resource = "execution"
	expressResource      resource = "express"
	mapRunResource       resource = "mapRun"
	activityResource     resource = "activity"
)

// ARN is the parts of an ARN of ours. Which are set depends on the resource:
//
//	stateMachine:NAME              stateMachine:NAME:7     (version)
//	stateMachine:NAME/LABEL        stateMachine:NAME:prod  (alias)
//	execution:NAME[/LABEL]:EXECUTION
//	express:NAME[/LABEL]:EXECUTION:UUID
//	mapRun:NAME/LABEL:UUID
//	activity:NAME
type ARN struct {
	text     string
	foreign  bool // of another account or region
	resource resource
	Name     string // of the state machine or activity
	Label    string // of a distributed map
	// Qualifier is a version's number or an alias's name.
	Qualifier string
	// Execution is the execution's name ("name:uuid" when Express), or the
	// map run's UUID.
	Execution string
}

// String returns the ARN as it was given.
func (a ARN) String() string { return a.text }

// version reports whether the qualifier is a version's number: digits only.
func (a ARN) version() bool {
	return a.Qualifier != "" && strings.Trim(a.Qualifier, "0123456789") == ""
}

// alias reports whether the qualifier is an alias's name.
func (a ARN) alias() bool { return a.Qualifier != "" && !a.version() }

// ref names the execution for the host.
func (a ARN) ref() host.ExecutionRef {
	return host.ExecutionRef{Machine: a.Name, Label: a.Label, Name: a.Execution, Express: a.resource == expressResource}
}

// arns builds and parses the ARNs of one account and region.
type arns struct {
	prefix string // "arn:aws:states:us-east-1:123456789012:"
}

func newARNs(region, account string) arns {
	return arns{prefix: "arn:aws:states:" + region + ":" + account + ":"}
}

func (a arns) machine(name string) string { return a.prefix + "stateMachine:" + name }

// qualified is the ARN of a version (by its number) or an alias (by its name).
func (a arns) qualified(name, qualifier string) string { return a.machine(name) + ":" + qualifier }

func (a arns) activity(name string) string { return a.prefix + "activity:" + name }

func (a arns) mapRun(machine, label, uuid string) string {
	return a.prefix + "mapRun:" + labeled(machine, label) + ":" + uuid
}

// machineOf is the ARN of the state machine that an execution shows.
func (a arns) machineOf(x *store.Summary) string { return a.machine(labeled(x.Machine, x.Label)) }

func (a arns) execution(x *store.Summary) string {
	kind := "execution:"
	if x.Express {
		kind = "express:"
	}
	return a.prefix + kind + labeled(x.Machine, x.Label) + ":" + x.Name
}

func labeled(machine, label string) string {
	if label == "" {
		return machine
	}
	return machine + "/" + label
}

// parse reads an ARN of one of the wanted resources. The refusals' texts were
// recorded from AWS where they are known.
func (a arns) parse(text string, wanted ...resource) (ARN, error) {
	rest, ours := strings.CutPrefix(text, a.prefix)
	if !ours {
		parts := strings.SplitN(text, ":", 6)
		if parts[0] != "arn" || len(parts) < 6 || parts[2] != "states" {
			return ARN{}, invalidARN("Invalid ARN prefix: " + text)
		}
		rest = parts[5]
	}
	kind, rest, _ := strings.Cut(rest, ":")
	arn := ARN{text: text, foreign: !ours, resource: resource(kind)}
	if !slices.Contains(wanted, arn.resource) {
		return ARN{}, invalidARN("Resource type not valid in this context: " + kind)
	}
	if !arn.fill(rest) {
		return ARN{}, invalidARN("Invalid ARN: " + text)
	}
	return arn, nil
}

// fill sets the parts behind the resource type; false when they do not fit it.
func (a *ARN) fill(rest string) bool {
	name, rest, more := strings.Cut(rest, ":")
	a.Name, a.Label, _ = strings.Cut(name, "/")
	if a.Name == "" || strings.HasSuffix(name, "/") {
		return false
	}
	switch a.resource {
	case stateMachineResource:
		a.Qualifier = rest
		return more == (rest != "") && !strings.Contains(rest, ":")
	case executionResource:
		a.Execution = rest
		return rest != "" && !strings.Contains(rest, ":")
	case expressResource:
		a.Execution = rest
		start, uuid, _ := strings.Cut(rest, ":")
		return start != "" && uuid != "" && !strings.Contains(uuid, ":")
	case mapRunResource:
		a.Execution = rest
		return a.Label != "" && rest != "" && !strings.Contains(rest, ":")
	case activityResource:
		return !more && a.Label == ""
	}
	return false
}

// parseMachine reads the ARN of a state machine, plain or qualified.
func (a arns) parseMachine(text string) (ARN, error) { return a.parse(text, stateMachineResource) }

// parseExecution reads the ARN of an execution that has a history of its own:
// Standard, or a child of a map run.
func (a arns) parseExecution(text string) (ARN, error) {
	arn, err := a.parse(text, executionResource, expressResource)
	if err != nil {
		return arn, err
	}
	if arn.resource == expressResource && arn.Label == "" {
		return arn, invalidARN("Resource type not valid in this context: express")
	}
	return arn, nil
}

func (a arns) parseActivity(text string) (ARN, error) { return a.parse(text, activityResource) }

func (a arns) parseMapRun(text string) (ARN, error) { return a.parse(text, mapRunResource) }
