package pebblestore

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"

	"pawl.dev/internal/store"
)

// The rows. Numbers are big-endian so that keys sort as they should; id stands
// for appendID, text for bytes with a zero byte behind.
//
//	!                             format version of the store
//	e shard                       epoch of the shard's lease
//	t id position                 a turn (mark.go: its head says the log's wake-up)
//	k id                          the wake-up of a log that changed without a turn
//	s id                          summary; a run's children lie in index order
//	w shard time id               wake-up
//	o shard id                    open log
//	i machine-text ^start name    executions of a machine, newest first
//	j machine-text status-text ^start name
//	r parent-id ^start id         map runs of an execution, newest first
//	x status-text id              children whose status is rare (listed by status)
//	d kind-text key               a document of the catalogue
const (
	formatRow   = '!'
	epochRow    = 'e'
	turnRow     = 't'
	markRow     = 'k'
	summaryRow  = 's'
	wakeRow     = 'w'
	openRow     = 'o'
	machineRow  = 'i'
	statusRow   = 'j'
	parentRow   = 'r'
	childRow    = 'x'
	documentRow = 'd'
)

func formatKey() []byte { return []byte{formatRow} }

func epochKey(shard uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{epochRow}, shard)
}

// childTag begins the short form of a child's id, below every printable byte.
const childTag = 1

// childForm is an example of the ids that have a short form.
const childForm = "c/0123456789ab/0123456789ab"

// appendID appends an id so that ids sort as their text does and none is the
// prefix of another: the text and a zero byte, or, for a child, 13 bytes.
func appendID(dst []byte, id store.LogID) []byte {
	if !isChild(id) {
		dst = append(dst, id...)
		return append(dst, 0)
	}
	dst = append(dst, childTag)
	dst = appendHex(dst, string(id[2:14]))
	return appendHex(dst, string(id[15:27]))
}

// isChild reports whether id is a child's in the form that ChildID gives it.
func isChild(id store.LogID) bool {
	return len(id) == len(childForm) && id[0] == 'c' && id[1] == '/' && id[14] == '/' &&
		isHex(string(id[2:14])) && isHex(string(id[15:27]))
}

// runPrefix returns what appendID's results for the children of run begin with.
func runPrefix(dst []byte, run store.RunID) []byte {
	if len(run) == 12 && isHex(string(run)) {
		return appendHex(append(dst, childTag), string(run))
	}
	dst = append(dst, "c/"...)
	dst = append(dst, run...)
	return append(dst, '/')
}

// cutID takes the id off the front of key.
func cutID(key []byte) (id store.LogID, rest []byte, ok bool) {
	if len(key) >= 13 && key[0] == childTag {
		text := []byte(childForm)
		putHex(text[2:14], key[1:7])
		putHex(text[15:27], key[7:13])
		return store.LogID(text), key[13:], true
	}
	text, rest, ok := bytes.Cut(key, []byte{0})
	return store.LogID(text), rest, ok && len(text) > 0 && text[0] != childTag
}

func isHex(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func appendHex(dst []byte, digits string) []byte {
	for i := 0; i < len(digits); i += 2 {
		dst = append(dst, nibble(digits[i])<<4|nibble(digits[i+1]))
	}
	return dst
}

func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'a' + 10
}

func putHex(dst, src []byte) {
	const digits = "0123456789abcdef"
	for i, b := range src {
		dst[2*i], dst[2*i+1] = digits[b>>4], digits[b&15]
	}
}

// appendPosition appends a position: one byte below 0xf8 (most logs are short),
// else the count of the bytes that follow, plus 0xf7, and those.
func appendPosition(dst []byte, position uint64) []byte {
	if position < 0xf8 {
		return append(dst, byte(position))
	}
	var full [8]byte
	binary.BigEndian.PutUint64(full[:], position)
	short := bytes.TrimLeft(full[:], "\x00")
	dst = append(dst, 0xf7+byte(len(short)))
	return append(dst, short...)
}

// readPosition reads what appendPosition wrote, which must be all of key.
func readPosition(key []byte) (position uint64, ok bool) {
	if len(key) == 1 && key[0] < 0xf8 {
		return uint64(key[0]), true
	}
	if len(key) < 2 || len(key) != int(key[0])-0xf7+1 {
		return 0, false
	}
	for _, b := range key[1:] {
		position = position<<8 | uint64(b)
	}
	return position, true
}

// logPrefix returns the prefix of the log's turns.
func logPrefix(dst []byte, id store.LogID) []byte { return appendID(append(dst, turnRow), id) }

func turnKey(dst []byte, id store.LogID, position uint64) []byte {
	return appendPosition(logPrefix(dst, id), position)
}

func markKey(dst []byte, id store.LogID) []byte    { return appendID(append(dst, markRow), id) }
func summaryKey(dst []byte, id store.LogID) []byte { return appendID(append(dst, summaryRow), id) }

// wakePrefix returns the prefix of the shard's wake-ups.
func wakePrefix(dst []byte, shard uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, wakeRow), shard)
}

// wakeFrom returns the key before the wake-ups of the millisecond at.
func wakeFrom(dst []byte, shard uint32, at int64) []byte {
	return binary.BigEndian.AppendUint64(wakePrefix(dst, shard), uint64(at)^(1<<63))
}

func wakeKey(dst []byte, shard uint32, at int64, id store.LogID) []byte {
	return appendID(wakeFrom(dst, shard, at), id)
}

// readWake reads a wake-up's key.
func readWake(key []byte) (at int64, id store.LogID, ok bool) {
	if len(key) < 13 {
		return 0, "", false
	}
	at = int64(binary.BigEndian.Uint64(key[5:]) ^ (1 << 63))
	id, rest, ok := cutID(key[13:])
	return at, id, ok && len(rest) == 0
}

func openPrefix(dst []byte, shard uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, openRow), shard)
}

func openKey(dst []byte, shard uint32, id store.LogID) []byte {
	return appendID(openPrefix(dst, shard), id)
}

func documentPrefix(kind store.Kind) []byte {
	return append(append([]byte{documentRow}, kind...), 0)
}

// appendNewest appends a time so that later ones sort first.
func appendNewest(dst []byte, at time.Time) []byte {
	return binary.BigEndian.AppendUint64(dst, ^(uint64(at.UnixMilli()) ^ (1 << 63)))
}

func appendText[T ~string](dst []byte, text T) []byte { return append(append(dst, text...), 0) }

// successor returns the first key behind all that begin with prefix; nil is the
// end of all keys.
func successor(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != math.MaxUint8 {
			end := bytes.Clone(prefix[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}
