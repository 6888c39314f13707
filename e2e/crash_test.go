package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestServer_keepsExecutionsThroughKill9(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "")
	c := s.sfn()
	machine := createMachine(t, c, "m", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"Next":"P"},"P":{"Type":"Pass","Result":"done","End":true}}}`)
	var arns []string
	for i := range 50 {
		arns = append(arns, startExecution(t, c, machine, fmt.Sprintf("e%d", i), `{}`))
		if i == 25 {
			s.kill()
			s.restart()
		}
	}
	s.kill()
	s.restart()
	for _, arn := range arns {
		if x := ended(t, c, arn); x.Status != "SUCCEEDED" || *x.Output != `"done"` {
			t.Fatalf("%s: %+v", arn, x)
		}
	}
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestDemo_countsEveryFileOnceWhateverIsKilled(t *testing.T) {
	slow(t)
	files, batch := 100_000, 50
	data := t.TempDir()
	args := []string{"demo", "--files", fmt.Sprint(files), "--batch", fmt.Sprint(batch), "--data", data}
	if out, err := exec.Command(binary, args...).CombinedOutput(); err != nil {
		t.Fatalf("first run: %v\n%s", err, out)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	for range 8 {
		cmd := exec.Command(binary, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(50+chance.IntN(1500)) * time.Millisecond) // the moment of the kill is the point
		_ = cmd.Process.Kill()                                             // it may have ended by itself
		_ = cmd.Wait()                                                     // killed
	}
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "agrees") {
		t.Fatalf("last run: %v\n%s", err, out)
	}
	checkResults(t, filepath.Join(data, "buckets", "loans", "results"), files/batch)
}

// checkResults demands that every finished map run has one record a batch.
func checkResults(t *testing.T, dir string, want int) {
	t.Helper()
	runs, err := os.ReadDir(dir)
	if err != nil || len(runs) == 0 {
		t.Fatalf("results: %v, %v", runs, err)
	}
	for _, run := range runs {
		if _, err := os.Stat(filepath.Join(dir, run.Name(), "manifest.json")); err != nil {
			continue // cut off and gone on under the same run, or another's
		}
		text, err := os.ReadFile(filepath.Join(dir, run.Name(), "SUCCEEDED_0.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(text), "\n"); got != want {
			t.Errorf("map run %s: %d records, want %d", run.Name(), got, want)
		}
	}
}
