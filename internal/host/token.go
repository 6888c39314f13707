package host

import (
	"encoding/base64"
	"encoding/binary"

	"pawl.dev/internal/history"
	"pawl.dev/internal/store"
)

// attempt names one attempt of a task. Its printed form is the task token: the
// nonce in it is what makes it hard to guess.
type attempt struct {
	id       store.LogID
	task     history.EventID
	nonce    uint64
	resource string
}

// tokenVersion is the first byte of every task token.
const tokenVersion = 1

// String prints the token, which is at most 2,048 characters long.
func (a attempt) String() string {
	b := []byte{tokenVersion}
	b = binary.AppendUvarint(b, uint64(a.task))
	b = binary.BigEndian.AppendUint64(b, a.nonce)
	b = binary.AppendUvarint(b, uint64(len(a.id)))
	b = append(b, a.id...)
	b = append(b, a.resource...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseToken reads a task token. Errors: ErrBadToken.
func parseToken(token string) (attempt, error) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 2 || b[0] != tokenVersion {
		return attempt{}, ErrBadToken
	}
	var a attempt
	task, n := binary.Uvarint(b[1:])
	if b = b[1+max(n, 0):]; n <= 0 || len(b) < 9 {
		return attempt{}, ErrBadToken
	}
	a.task = history.EventID(task)
	a.nonce = binary.BigEndian.Uint64(b)
	size, n := binary.Uvarint(b[8:])
	if b = b[8+max(n, 0):]; n <= 0 || size > uint64(len(b)) {
		return attempt{}, ErrBadToken
	}
	a.id = store.LogID(b[:size])
	a.resource = string(b[size:])
	return a, nil
}
