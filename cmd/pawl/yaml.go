package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pawl.dev/asl"
	jsonvalue "pawl.dev/value"
)

// yamlProblem is what is wrong with a YAML file.
type yamlProblem struct {
	line int
	text string
}

func (e *yamlProblem) Error() string { return e.text }

var yamlSyntax = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// yamlLine is the line of an error of fromYAML, 0 when it is unknown.
func yamlLine(err error) int {
	var problem *yamlProblem
	if errors.As(err, &problem) {
		return problem.line
	}
	return 0
}

// fromYAML turns a YAML document into JSON, keys in the order of the file, and
// finds the lines of its parts.
func fromYAML(text string) (string, *place, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		words := err.Error()
		line := 0
		if m := yamlSyntax.FindStringSubmatch(words); m != nil {
			line, _ = strconv.Atoi(m[1]) // 0 when there is none
			words = words[len(m[0]):]
		}
		return "", nil, &yamlProblem{line, words}
	}
	if len(root.Content) == 0 {
		return "", nil, &yamlProblem{0, "the file is empty"}
	}
	c := &yamlConverter{}
	p, err := c.node(root.Content[0], 0)
	return string(c.out), p, err
}

// yamlConverter writes nodes as JSON. Aliases are written out, so that a small
// file can become a large text: the output is bounded.
type yamlConverter struct{ out []byte }

func (c *yamlConverter) node(n *yaml.Node, depth int) (*place, error) {
	p := &place{line: n.Line}
	if depth > maxPlaceDepth {
		return p, &yamlProblem{n.Line, "nested too deeply"}
	}
	if len(c.out) > asl.MaxDefinitionBytes {
		return p, &yamlProblem{n.Line, fmt.Sprintf("the definition is longer than %d bytes", asl.MaxDefinitionBytes)}
	}
	if n.Tag != "" && !strings.HasPrefix(n.ShortTag(), "!!") {
		return p, &yamlProblem{n.Line, "the tag " + n.Tag + " is not supported; only plain YAML is read"}
	}
	switch n.Kind {
	case yaml.MappingNode:
		return p, c.mapping(n, p, depth)
	case yaml.SequenceNode:
		c.out = append(c.out, '[')
		for i, element := range n.Content {
			if i > 0 {
				c.out = append(c.out, ',')
			}
			inner, err := c.node(element, depth+1)
			if err != nil {
				return p, err
			}
			p.elements = append(p.elements, inner)
		}
		c.out = append(c.out, ']')
		return p, nil
	case yaml.AliasNode:
		return c.node(n.Alias, depth+1)
	default:
		return p, c.scalar(n)
	}
}

func (c *yamlConverter) mapping(n *yaml.Node, p *place, depth int) error {
	p.members = map[string]*place{}
	c.out = append(c.out, '{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return &yamlProblem{key.Line, "a key must be a plain text"}
		}
		if key.ShortTag() == "!!merge" {
			return &yamlProblem{key.Line, "merge keys (<<) are not supported; write the members out"}
		}
		if p.members[key.Value] != nil {
			return &yamlProblem{key.Line, fmt.Sprintf("the key %q comes twice", key.Value)}
		}
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.out = append(jsonvalue.AppendQuoted(c.out, key.Value), ':')
		inner, err := c.node(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		inner.line = key.Line
		p.members[key.Value] = inner
	}
	c.out = append(c.out, '}')
	return nil
}

// scalar writes a plain value. What only YAML has (dates, binary) stays text.
func (c *yamlConverter) scalar(n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!null":
		c.out = append(c.out, "null"...)
	case "!!bool":
		c.out = strconv.AppendBool(c.out, strings.EqualFold(n.Value, "true"))
	case "!!int", "!!float":
		return c.number(n)
	default:
		c.out = jsonvalue.AppendQuoted(c.out, n.Value)
	}
	return nil
}

// number keeps the spelling when JSON allows it.
func (c *yamlConverter) number(n *yaml.Node) error {
	if v, err := jsonvalue.Parse(n.Value, nil); err == nil && v.Is(jsonvalue.Number) {
		c.out = append(c.out, n.Value...)
		return nil
	}
	if n.ShortTag() == "!!int" {
		var i int64
		if err := n.Decode(&i); err != nil {
			return &yamlProblem{n.Line, "the number " + n.Value + " is out of range"}
		}
		c.out = strconv.AppendInt(c.out, i, 10)
		return nil
	}
	var f float64
	if err := n.Decode(&f); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return &yamlProblem{n.Line, "JSON has no number " + n.Value}
	}
	c.out = strconv.AppendFloat(c.out, f, 'g', -1, 64)
	return nil
}
