package function

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Runtimes that guessed functions are shown with; the interpreter is whatever
// is installed, newest asked for first.
const (
	guessedPython   = "python3.12"
	guessedNode     = "nodejs22.x"
	guessedProvided = "provided.al2023"
)

var errNoFunction = errors.New("no bootstrap, *.py, *.mjs, *.js or *.cjs that could be the function; name Runtime and Handler, or Command, in function.json")

// guess finds runtime and handler from a folder's files: an executable
// bootstrap; a Python or Node file with one of the usual names, or the only
// one; in it, a function with one of the usual names.
func guess(dir string) (runtime, handler string, err error) {
	if info, err := os.Stat(filepath.Join(dir, "bootstrap")); err == nil && info.Mode()&0o111 != 0 && info.Mode().IsRegular() {
		return guessedProvided, "bootstrap", nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", err
	}
	var python, node []string
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".py":
			python = append(python, e.Name())
		case ".mjs", ".js", ".cjs":
			node = append(node, e.Name())
		}
	}
	if file := pick(python, "lambda_function", "handler", "app", "index", "main", "function"); file != "" {
		return guessedPython, guessHandler(dir, file, pythonFunction, "lambda_handler"), nil
	}
	if file := pick(node, "index", "handler", "app", "main", "function"); file != "" {
		return guessedNode, guessHandler(dir, file, nodeExport, "handler"), nil
	}
	return "", "", errNoFunction
}

// pick returns the first file with a usual name, or the only one.
func pick(files []string, usual ...string) string {
	for _, name := range usual {
		for _, f := range files {
			if strings.TrimSuffix(f, filepath.Ext(f)) == name {
				return f
			}
		}
	}
	if len(files) == 1 {
		return files[0]
	}
	return ""
}

var (
	usualHandlers  = []string{"lambda_handler", "handler", "lambdaHandler", "main"}
	pythonFunction = regexp.MustCompile(`(?m)^(?:async\s+)?def\s+(\w+)|^(\w+)\s*=`)
	nodeExport     = regexp.MustCompile(`(?m)exports\.(\w+)\s*=|^export\s+(?:async\s+)?(?:function\s*\*?|const|let|var)\s+(\w+)`)
)

func guessHandler(dir, file string, definition *regexp.Regexp, fallback string) string {
	module := strings.TrimSuffix(file, filepath.Ext(file))
	source, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return module + "." + fallback
	}
	found := map[string]bool{}
	for _, m := range definition.FindAllSubmatch(source, -1) {
		found[string(m[1])+string(m[2])] = true
	}
	for _, name := range usualHandlers {
		if found[name] {
			return module + "." + name
		}
	}
	return module + "." + fallback
}
