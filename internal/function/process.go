package function

import (
	"os"
	"os/exec"
	"sync"
)

// process is a started process.
type process struct {
	cmd *exec.Cmd

	mu     sync.Mutex
	reaped bool // its id may belong to another process by now
}

// memory is what a process uses, in bytes. private leaves out files that are
// mapped, such as its own binary.
type memory struct{ total, private int64 }

// startProcess starts argv with exactly env, both outputs into out.
func startProcess(argv []string, dir string, env []string, out *os.File) (*process, error) {
	cmd := &exec.Cmd{Path: argv[0], Args: argv, Dir: dir, Env: env, Stdout: out, Stderr: out, SysProcAttr: processAttributes()}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	limit(cmd.Process.Pid)
	return &process{cmd: cmd}, nil
}

// wait returns how the process ended: "" for status 0.
func (p *process) wait() string {
	err := p.cmd.Wait()
	if err == nil {
		return ""
	}
	return err.Error()
}

// killGroup kills the process and all of its group. The group can outlive its
// leader, so it is signalled after the wait too; the leader's id cannot be
// reused as long as the group has members, and run signals it only once more.
func (p *process) killGroup() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		killGroup(p.cmd.Process.Pid)
	}
}

// forget makes killGroup do nothing from now on.
func (p *process) forget() {
	p.mu.Lock()
	p.reaped = true
	p.mu.Unlock()
}

func (p *process) memory() memory {
	if p == nil {
		return memory{}
	}
	return memoryOf(p.cmd.Process.Pid)
}
