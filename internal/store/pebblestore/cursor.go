package pebblestore

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"pawl.dev/internal/store"
)

// A cursor is the key's suffix of the last row of a page, with a checksum over it
// and the question asked, in URL-safe base64: a cursor of another question or
// none at all is told from a good one. It is no secret and no signature.
//
//	byte     version
//	4 bytes  checksum
//	…        suffix
const cursorVersion = 1

func encodeCursor(q store.Query, suffix []byte) string {
	raw := append(make([]byte, 0, 5+len(suffix)), cursorVersion)
	raw = binary.BigEndian.AppendUint32(raw, cursorSum(q, suffix))
	return base64.RawURLEncoding.EncodeToString(append(raw, suffix...))
}

// decodeCursor returns the suffix. Errors: store.ErrBadCursor.
func decodeCursor(q store.Query) (suffix []byte, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(q.Cursor)
	if err != nil || len(raw) < 6 || raw[0] != cursorVersion ||
		binary.BigEndian.Uint32(raw[1:]) != cursorSum(q, raw[5:]) {
		return nil, store.ErrBadCursor
	}
	return raw[5:], nil
}

func cursorSum(q store.Query, suffix []byte) uint32 {
	text := make([]byte, 0, keyBytes)
	text = appendText(text, q.Machine)
	text = appendText(text, q.Run)
	text = appendText(text, q.Parent)
	text = appendText(text, q.Status)
	return crc32.ChecksumIEEE(append(text, suffix...))
}
