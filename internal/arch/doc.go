// Package arch holds the architecture to its word: which package may import
// which, what the pure ones must not touch, what must not reach the binary.
//
// It has tests only and must not be imported. They read source with go/parser and
// run nothing. A rule that fails says why it is there; who needs another arrow
// changes the table in arrows_test.go and has its reason reviewed.
package arch
