package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progressLine shows one line of progress: redrawn in place on a terminal, a
// plain line every few seconds elsewhere.
type progressLine struct {
	out      *os.File
	terminal bool

	mu    sync.Mutex
	shown int // characters on the line
	last  time.Time
}

// plainEvery is how often progress is printed where lines can't be redrawn.
const plainEvery = 5 * time.Second

func newProgressLine(out *os.File) *progressLine {
	return &progressLine{out: out, terminal: term.IsTerminal(int(out.Fd()))}
}

func (p *progressLine) show(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.terminal {
		if now := time.Now(); now.Sub(p.last) >= plainEvery {
			p.last = now
			_, _ = fmt.Fprintln(p.out, text) // progress is worth no error
		}
		return
	}
	if time.Since(p.last) < 50*time.Millisecond {
		return
	}
	p.last = time.Now()
	pad := max(p.shown-len(text), 0)
	_, _ = fmt.Fprint(p.out, "\r"+text+strings.Repeat(" ", pad))
	p.shown = len(text)
}

// clear takes the line away.
func (p *progressLine) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal && p.shown > 0 {
		_, _ = fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.shown)+"\r")
	}
	p.shown, p.last = 0, time.Time{}
}

// demoProcesses is how many function processes the demonstration uses: they
// compute, so a few per processor are enough.
func demoProcesses() int { return max(2*runtime.NumCPU(), 2) }

// peakMemory is the most memory this process has had resident, in bytes; 0 where
// the system does not tell.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return 0
			}
			return kb << 10
		}
	}
	return 0
}
