package main

import (
	"net/url"
	"regexp"
	"strings"
)

// ruleSet is botocore's endpoint-rule-set-1.json: Smithy's endpoint rules.
// Source: https://smithy.io/2.0/additional-specs/rules-engine/specification.html
type ruleSet struct {
	Parameters map[string]struct{ Default any }
	Rules      []rule
}

type rule struct {
	Type       string // "endpoint", "error" or "tree"
	Conditions []call
	Rules      []rule
	Endpoint   *struct {
		URL        any
		Properties struct {
			AuthSchemes []struct{ SigningRegion string }
		}
	}
}

type call struct {
	Fn     string
	Argv   []any
	Assign string
}

// endpointAnswer is where the rules send a request.
type endpointAnswer struct{ url, signingRegion string }

// evaluation asks a rule set for one region.
type evaluation struct {
	partitions []partition
	values     map[string]any
}

// resolve returns the endpoint for a client that says nothing but its region.
func (e *evaluation) resolve(set *ruleSet, region string) (endpointAnswer, bool) {
	e.values = make(map[string]any)
	for name, p := range set.Parameters {
		if p.Default != nil {
			e.values[name] = p.Default
		}
	}
	e.values["Region"] = region
	answer, done := e.first(set.Rules)
	return answer, done && answer.url != ""
}

// first finds the first rule whose conditions hold; done says that one was found,
// be it an error.
func (e *evaluation) first(rules []rule) (answer endpointAnswer, done bool) {
	for i := range rules {
		r := &rules[i]
		if !e.holds(r.Conditions) {
			continue
		}
		switch r.Type {
		case "tree":
			return e.first(r.Rules)
		case "endpoint":
			text, _ := e.value(r.Endpoint.URL).(string)
			answer.url = text
			if schemes := r.Endpoint.Properties.AuthSchemes; len(schemes) > 0 {
				answer.signingRegion = e.expand(schemes[0].SigningRegion)
			}
			return answer, true
		default:
			return endpointAnswer{}, true
		}
	}
	return endpointAnswer{}, false
}

func (e *evaluation) holds(conditions []call) bool {
	for i := range conditions {
		c := &conditions[i]
		v := e.call(c)
		if v == nil || v == false {
			return false
		}
		if c.Assign != "" {
			e.values[c.Assign] = v
		}
	}
	return true
}

// value is an argument's: a literal, a template, a reference or a call.
func (e *evaluation) value(arg any) any {
	switch arg := arg.(type) {
	case string:
		return e.expand(arg)
	case map[string]any:
		if name, ok := arg["ref"].(string); ok {
			return e.values[name]
		}
		fn, _ := arg["fn"].(string)
		argv, _ := arg["argv"].([]any)
		return e.call(&call{Fn: fn, Argv: argv})
	}
	return arg
}

var template = regexp.MustCompile(`\{[^{}]+\}`)

// expand replaces {Name} and {Name#member}.
func (e *evaluation) expand(text string) string {
	return template.ReplaceAllStringFunc(text, func(t string) string {
		name, member, nested := strings.Cut(t[1:len(t)-1], "#")
		v := e.values[name]
		if nested {
			v = attribute(v, member)
		}
		s, _ := v.(string)
		return s
	})
}

// attribute follows a path such as "url.authority" into an object.
func attribute(v any, path string) any {
	for _, name := range strings.Split(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// call runs a function of the rules. Functions on bucket names and ARNs answer
// nothing: no rule needs them without such parameters.
func (e *evaluation) call(c *call) any {
	args := make([]any, len(c.Argv))
	for i, a := range c.Argv {
		args[i] = e.value(a)
	}
	text := func(i int) string { s, _ := args[i].(string); return s }
	switch c.Fn {
	case "isSet":
		return args[0] != nil
	case "not":
		return args[0] == nil || args[0] == false
	case "booleanEquals", "stringEquals":
		return args[0] == args[1]
	case "getAttr":
		return attribute(args[0], text(1))
	case "aws.partition":
		return e.partition(text(0))
	case "isValidHostLabel":
		return text(0) != "" && !strings.ContainsAny(text(0), "/:")
	case "uriEncode":
		return url.QueryEscape(text(0))
	}
	return nil
}

func (e *evaluation) partition(region string) any {
	for i := range e.partitions {
		p := &e.partitions[i]
		if _, listed := p.Regions[region]; listed || p.pattern.MatchString(region) {
			return p.Outputs
		}
	}
	return nil
}
