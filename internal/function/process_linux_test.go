package function

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

const serverVariable = "PAWL_TEST_SERVER"

func readPID(t *testing.T, file string) int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		b, err := os.ReadFile(file)
		if pid, convErr := strconv.Atoi(string(b)); err == nil && convErr == nil {
			return pid
		}
		if time.Now().After(deadline) {
			t.Fatalf("no pid in %s", file)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// waitGone waits until the process is gone or nothing but a zombie.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil || bytes.Contains(b, []byte(") Z ")) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %d lives: %s", pid, b)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestServerProcess is the body of the server that the next test kills.
func TestServerProcess(t *testing.T) {
	file := os.Getenv(serverVariable)
	if file == "" {
		t.Skip("only as a process of TestKill_takesFunctionsAlong")
	}
	s := openService(t, Config{Dir: filepath.Dir(file)})
	create(t, s, "f", "provided.al2023", "x", "bootstrap", "#!/bin/sh\necho -n $$ > "+file+"\nwhile :; do sleep 1; done\n")
	invoke(t, s, "f", `{}`)
}

// F3: even a kill -9 of the server ends the functions.
func TestKill_takesFunctionsAlong(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pid")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(exe, "-test.run=^TestServerProcess$")
	server.Env = append(os.Environ(), serverVariable+"="+file)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	pid := readPID(t, file)
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("function process %d: %v", pid, err)
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	server.Wait() // killed, as asked
	waitGone(t, pid)
}

func TestInvoke_killsChildrenToo(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	declare(t, s, Declared{Name: "f", Timeout: 300 * time.Millisecond}, "orders")
	file := filepath.Join(t.TempDir(), "pid")
	r := invoke(t, s, "f", `{"Child":`+strconv.Quote(file)+`,"SleepMS":60000}`)
	if r.FunctionError == "" {
		t.Fatalf("got %s", r.Payload)
	}
	waitGone(t, readPID(t, file))
}

// A process that dies while nobody needs it is not handed an event.
func TestPool_forgetsTheDead(t *testing.T) {
	t.Parallel()
	s := openService(t, Config{})
	f := declareEcho(t, s)
	for range 3 {
		invoke(t, s, f, `{}`)
		eventually(t, "one idle", s.statsAre(f, Stats{Processes: 1, Idle: 1}))
		for _, p := range s.livePools() {
			p.mu.Lock()
			pid := p.idle[0].proc.cmd.Process.Pid
			p.mu.Unlock()
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "none", s.statsAre(f, Stats{}))
	}
}
