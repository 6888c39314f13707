package auth

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The names that AWS's signatures use.
const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	dateForm   = "20060102T150405Z" // ISO 8601, basic
)

// maxExpires is how long a presigned URL can be valid, in seconds: 7 days.
const maxExpires = 604_800

// claim is what a request says of its signature, checked in form only.
type claim struct {
	accessKeyID           string
	date, region, service string // of the credential's scope; date is YYYYMMDD
	signedHeaders         []string
	signature             string // 64 lower-case hexadecimal digits
	at                    time.Time
	expires               time.Duration // presigned URLs only, else 0
}

// scope is what the signing key is bound to.
func (c *claim) scope() string {
	return c.date + "/" + c.region + "/" + c.service + "/" + terminator
}

// presigned reports whether the signature is in the URL, as that of a link is.
func presigned(r *http.Request) bool {
	return r.Header.Get("Authorization") == "" && strings.Contains(r.URL.RawQuery, "X-Amz-Signature=")
}

// readClaim finds the signature of a request, in its header Authorization or in
// its URL. query is the URL's.
func readClaim(r *http.Request, query url.Values) (*claim, error) {
	if presigned(r) {
		return claimOfQuery(query)
	}
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return nil, refuse(MissingAuthentication, "Missing Authentication Token")
	}
	if len(headers) > 1 {
		return nil, refuse(IncompleteSignature, "There is more than one Authorization header.")
	}
	c, err := parseAuthorization(headers[0])
	if err != nil {
		return nil, err
	}
	if c.at, err = dateOf(r.Header); err != nil {
		return nil, err
	}
	return c, nil
}

// parseAuthorization reads a header Authorization:
//
//	AWS4-HMAC-SHA256 Credential=AKID/20260923/us-east-1/states/aws4_request, SignedHeaders=host;x-amz-date, Signature=…
func parseAuthorization(header string) (*claim, error) {
	rest, ok := strings.CutPrefix(header, algorithm)
	if !ok || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return nil, refuse(IncompleteSignature, "The Authorization header must begin with '"+algorithm+" '.")
	}
	parameters := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return nil, refuse(IncompleteSignature, "A part of the Authorization header is not a valid key=value pair (missing equal-sign).")
		}
		if _, twice := parameters[name]; twice {
			return nil, refuse(IncompleteSignature, "The Authorization header has a parameter twice.")
		}
		parameters[name] = value
	}
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if parameters[name] == "" {
			missing = append(missing, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if missing != nil {
		return nil, refuse(IncompleteSignature, strings.Join(missing, " "))
	}
	return newClaim(parameters["Credential"], parameters["SignedHeaders"], parameters["Signature"])
}

// claimOfQuery reads the parameters of a presigned URL.
func claimOfQuery(query url.Values) (*claim, error) {
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature", "X-Amz-SignedHeaders"} {
		if len(query[name]) != 1 {
			return nil, refuse(IncompleteSignature, "AWS query-string parameters must include '"+name+"', once.")
		}
	}
	if query.Get("X-Amz-Algorithm") != algorithm {
		return nil, refuse(IncompleteSignature, "X-Amz-Algorithm must be '"+algorithm+"'.")
	}
	c, err := newClaim(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"))
	if err != nil {
		return nil, err
	}
	if c.at, err = time.Parse(dateForm, query.Get("X-Amz-Date")); err != nil {
		return nil, malformedDate()
	}
	seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
	if err != nil || seconds < 1 || seconds > maxExpires {
		return nil, refuse(IncompleteSignature, "X-Amz-Expires must be a number of seconds from 1 to "+strconv.Itoa(maxExpires)+".")
	}
	c.expires = time.Duration(seconds) * time.Second
	return c, nil
}

func newClaim(credential, signedHeaders, signature string) (*claim, error) {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[0] == "" {
		return nil, refuse(IncompleteSignature, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")
	}
	if parts[4] != terminator {
		return nil, refuse(InvalidSignature, "Credential should be scoped with a valid terminator: '"+terminator+"'.")
	}
	if len(signature) != 64 || strings.Trim(signature, "0123456789abcdef") != "" {
		return nil, refuse(InvalidSignature, mismatch)
	}
	headers := strings.Split(signedHeaders, ";")
	seen := make(map[string]bool, len(headers))
	for _, h := range headers {
		if h == "" || h != strings.ToLower(h) || seen[h] {
			return nil, refuse(IncompleteSignature, "SignedHeaders must be names in lower case, each once, separated by semicolons.")
		}
		seen[h] = true
	}
	if !seen["host"] {
		return nil, refuse(InvalidSignature, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	return &claim{
		accessKeyID: parts[0], date: parts[1], region: parts[2], service: parts[3],
		signedHeaders: headers, signature: signature,
	}, nil
}

// dateOf is when a request was signed, by its headers.
func dateOf(h http.Header) (time.Time, error) {
	if dates := h.Values("X-Amz-Date"); len(dates) > 0 {
		at, err := time.Parse(dateForm, dates[0])
		if err != nil || len(dates) > 1 {
			return at, malformedDate()
		}
		return at, nil
	}
	dates := h.Values("Date")
	if len(dates) == 0 {
		return time.Time{}, refuse(IncompleteSignature, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	at, err := http.ParseTime(dates[0])
	if err != nil {
		at, err = time.Parse(dateForm, dates[0])
	}
	if err != nil || len(dates) > 1 {
		return at, malformedDate()
	}
	return at.UTC(), nil
}

func malformedDate() error {
	return refuse(IncompleteSignature, "Date must be in ISO-8601 'basic format', such as 20260923T214447Z.")
}
