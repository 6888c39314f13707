package asl

import (
	"slices"
	"strconv"
	"strings"
)

// place is a part of a field that holds a template or an expression. It is a
// list from the leaf to the root and spelled out only when a finding or a
// failure wants it: a hostile definition could make the paths of all parts
// together much longer than itself.
type place struct {
	parent *place
	name   string // of a member; of the root: the field's path in causes ("Catch[0]/Output")
	index  int    // of an element, when there is a parent and no name
	member bool
	at     string // of the root: its location in the definition
}

// fieldPlace is the place of field name of o, whose path in causes is prefix.
func (o object) fieldPlace(prefix, name string) *place {
	return &place{name: prefix + name, at: o.under(name)}
}

func (p *place) key(name string) *place { return &place{parent: p, name: name, member: true} }

func (p *place) item(i int) *place { return &place{parent: p, index: i} }

// field is the path in causes and in the location of events: "Output/a[0]".
func (p *place) field() string {
	root, tail := p.split()
	return root.name + tail
}

// location is the place in the definition: "/States/A/Output/a[0]".
func (p *place) location() string {
	root, tail := p.split()
	return root.at + tail
}

// top is the location of the whole field.
func (p *place) top() string {
	for p.parent != nil {
		p = p.parent
	}
	return p.at
}

func (p *place) split() (*place, string) {
	var parts []string
	for ; p.parent != nil; p = p.parent {
		if p.member {
			parts = append(parts, "/"+p.name)
		} else {
			parts = append(parts, "["+strconv.Itoa(p.index)+"]")
		}
	}
	slices.Reverse(parts)
	return p, strings.Join(parts, "")
}
