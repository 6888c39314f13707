package service

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// Page asks for a page of a list.
type Page struct {
	MaxResults int    // 1 to 1,000; 0 is 100
	NextToken  string // from the page before; "" for the first
}

const defaultPageSize = 100

func (p Page) limit() int {
	if p.MaxResults == 0 {
		return defaultPageSize
	}
	return p.MaxResults
}

// tokenLife is how long a page token may be used. Source: API reference,
// nextToken.
const tokenLife = 24 * time.Hour

// listing seals and opens the page tokens of one list. A token is the cursor with
// its expiry and a checksum over both and the list's parameters, so that a token
// that was garbled, has expired, or belongs to another list is refused. It is no
// secret: a forged one shows only what the client may list anyway.
type listing struct {
	parameters string
	now        time.Time
}

// listing is the list of an operation with parameters.
func (s *Service) listing(parameters ...string) listing {
	return listing{strings.Join(parameters, "\x00"), s.now()}
}

const (
	sumBytes    = 8
	expiryBytes = 8
)

func (l listing) seal(cursor string) string {
	raw := binary.BigEndian.AppendUint64(make([]byte, sumBytes, sumBytes+expiryBytes+len(cursor)), uint64(l.now.Add(tokenLife).Unix()))
	raw = append(raw, cursor...)
	copy(raw, l.sum(raw[sumBytes:]))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// open returns the cursor in a token, "" for the first page. Codes: InvalidToken.
func (l listing) open(token string) (cursor string, err error) {
	if token == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= sumBytes+expiryBytes || string(raw[:sumBytes]) != string(l.sum(raw[sumBytes:])) {
		return "", invalidToken()
	}
	if int64(binary.BigEndian.Uint64(raw[sumBytes:])) < l.now.Unix() {
		return "", invalidToken()
	}
	return string(raw[sumBytes+expiryBytes:]), nil
}

func (l listing) sum(body []byte) []byte {
	h := sha256.New()
	_, _ = h.Write(body) // a hash does not fail
	_, _ = h.Write([]byte(l.parameters))
	return h.Sum(nil)[:sumBytes]
}
