package auth

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Policy says what a key may do, in the form of IAM's identity-based policies:
// what a statement denies is denied, what none allows is denied too.
type Policy struct{ statements []statement }

type statement struct {
	deny               bool
	actions, resources []string // patterns
	otherThanActions   bool     // NotAction: the actions are those not meant
	otherThanResources bool     // NotResource
}

// decision is what a policy says of a request.
type decision uint8

const (
	unmentioned decision = iota
	allowed
	denied
)

func (p *Policy) decide(action, resource string) decision {
	d := unmentioned
	for i := range p.statements {
		s := &p.statements[i]
		if !s.covers(action, resource) {
			continue
		}
		if s.deny {
			return denied
		}
		d = allowed
	}
	return d
}

func (s *statement) covers(action, resource string) bool {
	return matchesAny(s.actions, action, true) != s.otherThanActions &&
		matchesAny(s.resources, resource, false) != s.otherThanResources
}

func matchesAny(patterns []string, text string, anyCase bool) bool {
	for _, p := range patterns {
		if anyCase {
			p, text = strings.ToLower(p), strings.ToLower(text)
		}
		if matches(p, text) {
			return true
		}
	}
	return false
}

// matches reports whether the text is as the pattern says, where "*" stands for
// any text and "?" for any character. It goes back to the last star only, so
// its time is bounded by the product of the lengths.
func matches(pattern, text string) bool {
	p, t := 0, 0
	star, after := -1, 0 // the last star, and where its text ended so far
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, after = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			after++
			p, t = star+1, after
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// texts is one text or a list of them.
type texts []string

func (l *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = texts{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// statementText is a statement as it is written.
type statementText struct {
	Sid          string    `yaml:"Sid"`
	Effect       string    `yaml:"Effect"`
	Action       texts     `yaml:"Action"`
	NotAction    texts     `yaml:"NotAction"`
	Resource     texts     `yaml:"Resource"`
	NotResource  texts     `yaml:"NotResource"`
	Condition    yaml.Node `yaml:"Condition"`
	Principal    yaml.Node `yaml:"Principal"`
	NotPrincipal yaml.Node `yaml:"NotPrincipal"`
}

// policyText is a policy as it is written; Statement may be a single one.
type policyText struct {
	ID        string    `yaml:"Id"`
	Version   string    `yaml:"Version"`
	Statement yaml.Node `yaml:"Statement"`
}

// read reads a policy, in YAML or JSON. What is not understood is an error: a
// policy must not be wider than its author thinks.
func (p *Policy) read(n *yaml.Node) error {
	var text policyText
	if err := strictly(n, &text); err != nil {
		return err
	}
	if text.Version != "" && text.Version != "2012-10-17" && text.Version != "2008-10-17" {
		return fmt.Errorf("the version %q is unknown; use 2012-10-17", text.Version)
	}
	list := []*yaml.Node{&text.Statement}
	if text.Statement.Kind == yaml.SequenceNode {
		list = text.Statement.Content
	}
	for i, item := range list {
		s, err := newStatement(item)
		if err != nil {
			return fmt.Errorf("statement %d: %w", i+1, err)
		}
		p.statements = append(p.statements, s)
	}
	return nil
}

func newStatement(n *yaml.Node) (statement, error) {
	var text statementText
	if err := strictly(n, &text); err != nil {
		return statement{}, err
	}
	s := statement{deny: text.Effect == "Deny", otherThanActions: text.NotAction != nil, otherThanResources: text.NotResource != nil}
	switch {
	case text.Effect != "Allow" && text.Effect != "Deny":
		return s, fmt.Errorf("Effect must be Allow or Deny, not %q", text.Effect) //nolint:staticcheck // Effect is the member's name
	case !text.Condition.IsZero():
		return s, errors.New("conditions are not supported")
	case !text.Principal.IsZero() || !text.NotPrincipal.IsZero():
		return s, errors.New("a key's policy has no Principal: it is about the key")
	case (text.Action == nil) == (text.NotAction == nil):
		return s, errors.New("there must be an Action or a NotAction, and not both")
	case (text.Resource == nil) == (text.NotResource == nil):
		return s, errors.New("there must be a Resource or a NotResource, and not both")
	}
	s.actions = append(text.Action, text.NotAction...)
	s.resources = append(text.Resource, text.NotResource...)
	for _, a := range s.actions {
		if service, _, ok := strings.Cut(a, ":"); a != "*" && (!ok || service == "") {
			return s, fmt.Errorf("the action %q must be \"*\" or have the form service:name", a)
		}
	}
	for _, r := range s.resources {
		if strings.Contains(r, "${") {
			return s, fmt.Errorf("the resource %q has a policy variable; they are not supported", r)
		}
		if r != "*" && !strings.HasPrefix(r, "arn:") && !strings.HasPrefix(r, "*") {
			return s, fmt.Errorf("the resource %q must be \"*\" or an ARN", r)
		}
	}
	return s, nil
}

// otherLines are those of the object alone, not of the file.
var otherLines = regexp.MustCompile(`line \d+: `)

// strictly decodes a mapping of which every member is known.
func strictly(n *yaml.Node, into any) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return errors.New("an object was expected")
	}
	encoded, err := yaml.Marshal(n) // only a Decoder is strict
	if err != nil {
		return err
	}
	if err := decodeStrictly(encoded, into); err != nil {
		return fmt.Errorf("in the object of line %d: %s", n.Line, otherLines.ReplaceAllString(err.Error(), ""))
	}
	return nil
}
