package function

import (
	"bytes"
	"context"
	_ "embed"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

//go:embed bootstrap/bootstrap.py
var pythonBootstrap []byte

//go:embed bootstrap/bootstrap.mjs
var nodeBootstrap []byte

// taskRoot is where functions live on AWS; uploaded ones show it in their
// stack traces. Declared functions show their real files.
const taskRoot = "/var/task"

// interpreters finds the programs that run scripts. A name on the PATH may be
// a shim that starts slowly or not at all (pyenv's python3.12 without a
// version chosen), so each is asked once for its real path.
type interpreters struct {
	dir string // where the bootstraps were written

	mu    sync.Mutex
	found map[string]string
}

func newInterpreters(dir string) (*interpreters, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for name, content := range map[string][]byte{"bootstrap.py": pythonBootstrap, "bootstrap.mjs": nodeBootstrap} {
		path := filepath.Join(dir, name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
			continue // a synced write costs more than all the rest of Open
		}
		if err := writeFile(path, content); err != nil {
			return nil, err
		}
	}
	return &interpreters{dir: dir, found: map[string]string{}}, nil
}

// command returns how to start a function of the runtime. Order for
// python3.12: python3.12, python3, python; for nodejs22.x: node. A bootstrap
// among the function's own files wins for every runtime but those two.
// Errors: *Error InvalidRuntimeException, fs.ErrNotExist for a missing bootstrap.
func (i *interpreters) command(runtime, dir, handler, shownRoot string) ([]string, error) {
	switch {
	case strings.HasPrefix(runtime, "python"):
		exe, err := i.find(runtime, "import sys; print(sys.executable)", "-c", runtime, "python3", "python")
		return []string{exe, filepath.Join(i.dir, "bootstrap.py"), handler, shownRoot}, err
	case strings.HasPrefix(runtime, "nodejs"):
		exe, err := i.find(runtime, "console.log(process.execPath)", "-e", "node", "nodejs")
		return []string{exe, filepath.Join(i.dir, "bootstrap.mjs"), handler, shownRoot}, err
	}
	own := filepath.Join(dir, "bootstrap")
	if _, err := os.Stat(own); err == nil {
		return []string{own}, nil
	}
	if strings.HasPrefix(runtime, "provided") || runtime == "" {
		return nil, errNoBootstrap
	}
	return nil, &Error{"InvalidRuntimeException", "The runtime " + runtime +
		" has no interpreter here; put an executable named bootstrap into the code.", http.StatusBadGateway}
}

func (i *interpreters) find(runtime, program, flag string, names ...string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if exe, ok := i.found[runtime]; ok {
		return exe, nil
	}
	for _, name := range names {
		if exe := realPath(name, flag, program); exe != "" {
			i.found[runtime] = exe
			return exe, nil
		}
	}
	return "", &Error{"InvalidRuntimeException", "The runtime " + runtime + " needs " + names[0] +
		", which was not found on the PATH of the server.", http.StatusBadGateway}
}

// realPath asks an interpreter where it really is; "" if it does not run.
func realPath(name, flag, program string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, flag, program).Output()
	if err != nil {
		return ""
	}
	if exe := strings.TrimSpace(string(out)); filepath.IsAbs(exe) {
		return exe
	}
	return path
}
