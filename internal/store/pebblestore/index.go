package pebblestore

import (
	"strings"

	"pawl.dev/internal/store"
)

// Index rows have no values: the key tells the log. A row's place depends on
// the log, its start and its status alone, and the first two never change.

// index moves the summary's index rows from the status before.
func (w *rowWriter) index(s *store.Summary, old store.Status) error {
	if key := ageKey(w.key[:0], s); key != nil && old == "" {
		if err := w.batch.Set(key, nil, nil); err != nil {
			return err
		}
	}
	if old == s.Status {
		return nil
	}
	if key := statusKey(w.key[:0], s, old); key != nil && old != "" {
		if err := w.batch.Delete(key, nil); err != nil {
			return err
		}
	}
	if key := statusKey(w.key[:0], s, s.Status); key != nil {
		return w.batch.Set(key, nil, nil)
	}
	return nil
}

// ageKey returns the row by which a log is listed whatever its status, nil when
// its summary's row serves.
func ageKey(dst []byte, s *store.Summary) []byte {
	switch {
	case isExecution(s.ID):
		dst = appendText(append(dst, machineRow), s.Machine)
		return appendExecution(appendNewest(dst, s.Start), s)
	case isMapRun(s.ID):
		dst = appendID(append(dst, parentRow), s.Parent)
		return appendID(appendNewest(dst, s.Start), s.ID)
	}
	return nil
}

// statusKey returns the row by which a log of a status is listed, nil when such
// logs are found by looking through all.
func statusKey(dst []byte, s *store.Summary, status store.Status) []byte {
	switch {
	case isExecution(s.ID):
		dst = appendText(appendText(append(dst, statusRow), s.Machine), status)
		return appendExecution(appendNewest(dst, s.Start), s)
	case isMapRun(s.ID) || !rare(status):
		return nil
	}
	return appendID(appendText(append(dst, childRow), status), s.ID)
}

// rare reports whether children of the status have index rows. Most children
// run and succeed: they are found soon without, and pay for no row.
func rare(status store.Status) bool {
	switch status {
	case store.Running, store.Succeeded, "":
		return false
	default:
		return true
	}
}

func isExecution(id store.LogID) bool { return strings.HasPrefix(string(id), "e/") }
func isMapRun(id store.LogID) bool    { return strings.HasPrefix(string(id), "m/") }

// machinePart is what the id of an execution of the machine begins with.
func machinePart(machine string) string { return "e/" + machine + "/" }

// appendExecution appends the id of an execution whose machine the key names
// already: a byte 1 and the rest of the id, or all of it.
func appendExecution(dst []byte, s *store.Summary) []byte {
	if name, ok := strings.CutPrefix(string(s.ID), machinePart(s.Machine)); ok {
		return append(append(dst, 1), name...)
	}
	return append(dst, s.ID...)
}

// readExecution reads what appendExecution wrote.
func readExecution(machine string, suffix []byte) (store.LogID, bool) {
	if len(suffix) == 0 {
		return "", false
	}
	if suffix[0] == 1 {
		return store.LogID(machinePart(machine) + string(suffix[1:])), true
	}
	return store.LogID(suffix), true
}
