package service

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNameChars is the length of the names of state machines, executions and
// activities.
const MaxNameChars = 80

// checkName refuses names that AWS refuses for state machines, executions and
// activities: white space, brackets, wildcards, special characters and controls.
// Source: CreateStateMachine, parameter name.
func checkName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > MaxNameChars || strings.ContainsFunc(name, forbidden) {
		return refuse(InvalidName, "Invalid Name: '"+name+"'")
	}
	return nil
}

func forbidden(r rune) bool {
	switch {
	case r <= 0x1f, r >= 0x7f && r <= 0x9f, r == 0xfffe, r == 0xffff, r == utf8.RuneError:
		return true
	case unicode.IsSpace(r):
		return true
	}
	return strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
}
