//go:build unix && !linux

package function

import "syscall"

func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func limit(int) {}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) } // ESRCH: gone already

// memoryOf is not known here: memory limits are not enforced.
func memoryOf(int) memory { return memory{} }
