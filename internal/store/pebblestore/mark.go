package pebblestore

import (
	"encoding/binary"
	"errors"
	"time"

	"pawl.dev/internal/store"
)

// A mark says where a log's wake-up and open rows are, so that Delete finds them
// by the id alone. It costs no row: it is the head of each turn, and that of
// the last turn counts. Only a record without a turn that moves them (a heartbeat)
// writes a mark row, with the length of the log it belongs to.
//
//	byte     version, 1
//	byte     1: has a wake-up, 2: open
//	uvarint  shard, if any of them
//	varint   the wake-up in Unix milliseconds, if any
type mark struct {
	shard   uint32
	hasWake bool
	wake    int64
	open    bool
}

const markVersion = 1

var errBadMark = errors.New("malformed head of a turn")

func markOf(shard uint32, r *store.Record) mark {
	m := mark{shard: shard, open: r.Open}
	if !r.Wake.IsZero() {
		m.hasWake, m.wake = true, r.Wake.UnixMilli()
	}
	return m
}

func (m mark) append(dst []byte) []byte {
	dst = append(dst, markVersion, 0)
	flags := &dst[len(dst)-1]
	if m.hasWake {
		*flags |= 1
	}
	if m.open {
		*flags |= 2
	}
	if *flags == 0 {
		return dst
	}
	dst = binary.AppendUvarint(dst, uint64(m.shard))
	if m.hasWake {
		dst = binary.AppendVarint(dst, m.wake)
	}
	return dst
}

// cutMark takes the mark off the front of a turn's row.
func cutMark(value []byte) (m mark, turn []byte, err error) {
	if len(value) < 2 || value[0] != markVersion || value[1] > 3 {
		return m, nil, errBadMark
	}
	flags, rest := value[1], value[2:]
	if flags == 0 {
		return m, rest, nil
	}
	shard, n := binary.Uvarint(rest)
	if n <= 0 {
		return m, nil, errBadMark
	}
	rest = rest[n:]
	m.shard, m.open = uint32(shard), flags&2 != 0
	if flags&1 != 0 {
		wake, n := binary.Varint(rest)
		if n <= 0 {
			return m, nil, errBadMark
		}
		m.hasWake, m.wake, rest = true, wake, rest[n:]
	}
	return m, rest, nil
}

// appendRow appends the value of a mark row for a log of length turns.
func (m mark) appendRow(dst []byte, length uint64) []byte {
	return binary.AppendUvarint(m.append(dst), length)
}

// readMarkRow reads a mark row.
func readMarkRow(value []byte) (m mark, length uint64, err error) {
	m, rest, err := cutMark(value)
	if err != nil {
		return m, 0, err
	}
	length, n := binary.Uvarint(rest)
	if n <= 0 {
		return m, 0, errBadMark
	}
	return m, length, nil
}

// sameMilli reports whether two times are one wake-up row.
func sameMilli(a, b time.Time) bool {
	return a.IsZero() == b.IsZero() && (a.IsZero() || a.UnixMilli() == b.UnixMilli())
}
