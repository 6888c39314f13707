package jsonata

// Reference is a name that the expression reads from outside itself.
type Reference struct {
	// Path is the reference's leading names: ["$x"], ["$states", "input", "a"],
	// ["phone"] for a bare top-level name, ["$$"] for the root.
	Path     []string
	Position int
}

// References lists what the expression reads from outside: variables that it
// does not bind itself, bare names of a path's first step without context, and
// "$$". Names of built-in functions are left out.
func (e *Expr) References() []Reference { return nil }
