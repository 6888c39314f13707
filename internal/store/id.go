package store

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// LogID names a log: an execution, a child of a map run or a map run. It is
// printable, at most 200 bytes, and holds no control bytes.
type LogID string

// RunID identifies a map run: the first twelve hexadecimal digits of its UUID.
type RunID string

const (
	executionPrefix = "e/"
	childPrefix     = "c/"
	runPrefix       = "m/"
)

// ExecutionID is the log of the execution name of a state machine. An Express
// execution has its start's UUID behind its name ("name:uuid").
func ExecutionID(machine, name string) LogID {
	return LogID(executionPrefix + machine + "/" + name)
}

// ChildID is the log of child index (from 0) of a map run.
func ChildID(run RunID, index uint64) LogID {
	const digits = "000000000000"
	hex := strconv.FormatUint(index, 16)
	if pad := len(digits) - len(hex); pad > 0 {
		hex = digits[:pad] + hex
	}
	return LogID(childPrefix + string(run) + "/" + hex)
}

// MapRunID is the log of a map run.
func MapRunID(run RunID) LogID { return LogID(runPrefix + string(run)) }

// RunOf returns the run identifier in a map run's UUID.
func RunOf(uuid string) (RunID, error) {
	digits := strings.ReplaceAll(uuid, "-", "")
	if len(digits) != 32 {
		return "", fmt.Errorf("store: %q is no UUID", uuid)
	}
	if _, err := hex.DecodeString(digits); err != nil {
		return "", fmt.Errorf("store: %q is no UUID", uuid)
	}
	return RunID(strings.ToLower(digits[:12])), nil
}

// Child returns the run and index of a child's log.
func (id LogID) Child() (run RunID, index uint64, ok bool) {
	rest, ok := strings.CutPrefix(string(id), childPrefix)
	if !ok {
		return "", 0, false
	}
	r, i, _ := strings.Cut(rest, "/")
	index, err := strconv.ParseUint(i, 16, 64)
	return RunID(r), index, err == nil
}

// Run returns the run of a map run's log.
func (id LogID) Run() (RunID, bool) {
	rest, ok := strings.CutPrefix(string(id), runPrefix)
	return RunID(rest), ok
}

// Shard returns the shard of the log among shards. A map run and its children
// share one, so that one commit can advance the run and start children.
func (id LogID) Shard(shards uint32) uint32 {
	key := string(id)
	if run, _, ok := id.Child(); ok {
		key = string(MapRunID(run))
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash does not fail
	return h.Sum32() % shards
}
