package service

import (
	"fmt"
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

// MaxDefinitionBytes bounds a definition.
const MaxDefinitionBytes = 1 << 20

// checkLength refuses a payload or a definition of more than max bytes. The API
// refuses it before; other callers come here with it.
func checkLength(member, text string, max int) error {
	if len(text) <= max {
		return nil
	}
	return refuse(ValidationException, fmt.Sprintf(
		"1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", member, max))
}
