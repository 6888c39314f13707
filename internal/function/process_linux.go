package function

import (
	"bytes"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxOpenFiles is the limit of a function's process; AWS allows 1,024.
const maxOpenFiles = 4096

// processAttributes: a process group of its own, so that children die with it,
// and a kill when the thread that started it ends. See spawner.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// limit sets what is safe to set: RLIMIT_AS would kill Go and Node, which
// reserve address space; RLIMIT_NPROC counts the user's other processes too.
func limit(pid int) {
	files := unix.Rlimit{Cur: maxOpenFiles, Max: maxOpenFiles}
	// Without them a function runs with the server's own limits.
	_ = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &files, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
}

func killGroup(pid int) { _ = unix.Kill(-pid, unix.SIGKILL) } // ESRCH: gone already

var pageBytes = int64(os.Getpagesize())

// memoryOf reads /proc/PID/statm: size resident shared ..., in pages. Zero when
// the process is gone.
func memoryOf(pid int) memory {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return memory{}
	}
	fields := bytes.Fields(b)
	if len(fields) < 3 {
		return memory{}
	}
	resident, _ := strconv.ParseInt(string(fields[1]), 10, 64) // the kernel writes numbers
	shared, _ := strconv.ParseInt(string(fields[2]), 10, 64)
	return memory{total: resident * pageBytes, private: (resident - shared) * pageBytes}
}
