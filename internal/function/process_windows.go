package function

import (
	"os"
	"syscall"
)

func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

func limit(int) {}

// killGroup ends the process alone; its children are not known here.
func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill() // gone already
	}
}

// memoryOf is not known here: memory limits are not enforced.
func memoryOf(int) memory { return memory{} }
