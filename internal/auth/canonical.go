package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest is the text whose hash is signed.
// Source: AWS IAM user guide, "Create a signed AWS API request".
func canonicalRequest(r *http.Request, query url.Values, c *claim, body []byte) []byte {
	b := make([]byte, 0, 512)
	b = append(b, r.Method...)
	b = append(b, '\n')
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	b = appendEscaped(b, path, true) // every service but S3 escapes the path a second time
	b = append(b, '\n')
	b = appendQuery(b, query)
	b = append(b, '\n')
	names := slices.Sorted(slices.Values(c.signedHeaders))
	for _, name := range names {
		b = append(append(b, name...), ':')
		b = append(append(b, headerValue(r, name)...), '\n')
	}
	b = append(b, '\n')
	b = append(b, strings.Join(names, ";")...)
	b = append(b, '\n')
	sum := sha256.Sum256(body)
	return hex.AppendEncode(b, sum[:])
}

// headerValue is a header as it is signed: values joined, blanks collapsed. Two
// headers are the request's own in Go.
func headerValue(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := r.Header.Values(name)
	if len(values) == 1 && !strings.Contains(values[0], "  ") {
		return strings.TrimSpace(values[0])
	}
	plain := make([]string, len(values))
	for i, v := range values {
		plain[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(plain, ",")
}

// appendQuery appends the parameters in the order of names, then of values. The
// signature itself is not signed.
func appendQuery(b []byte, query url.Values) []byte {
	if len(query) == 0 {
		return b
	}
	type parameter struct{ name, value string }
	parameters := make([]parameter, 0, len(query))
	for name, values := range query {
		if name == "X-Amz-Signature" {
			continue
		}
		escaped := string(appendEscaped(nil, name, false))
		for _, v := range values {
			parameters = append(parameters, parameter{escaped, string(appendEscaped(nil, v, false))})
		}
	}
	slices.SortFunc(parameters, func(p, q parameter) int {
		if p.name != q.name {
			return strings.Compare(p.name, q.name)
		}
		return strings.Compare(p.value, q.value)
	})
	for i, p := range parameters {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(append(append(b, p.name...), '='), p.value...)
	}
	return b
}

// appendEscaped escapes every byte that RFC 3986 does not call unreserved.
func appendEscaped(b []byte, s string, path bool) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '_', c == '.', c == '~', path && c == '/':
			b = append(b, c)
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}

// signingKey derives the key for the claim's scope from a secret.
func signingKey(secret string, c *claim) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{c.date, c.region, c.service, terminator} {
		key = mac(key, []byte(part))
	}
	return key
}

// sign returns the signature of a canonical request, as hexadecimal digits.
func sign(key []byte, c *claim, canonical []byte) []byte {
	sum := sha256.Sum256(canonical)
	text := []byte(algorithm + "\n" + c.at.UTC().Format(dateForm) + "\n" + c.scope() + "\n")
	return hex.AppendEncode(nil, mac(key, hex.AppendEncode(text, sum[:])))
}

func mac(key, text []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(text)
	return m.Sum(nil)
}
