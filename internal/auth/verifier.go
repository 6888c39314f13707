package auth

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// maxSkew is how far a client's clock may be from ours, as at AWS.
const maxSkew = 5 * time.Minute

// mismatch is AWS's text for a signature that is not that of the request.
const mismatch = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

// Options say who and where a Verifier is. The zero Options are ready.
type Options struct {
	Account string           // of the callers' ARNs; default "123456789012"
	Region  string           // of resources' ARNs; default "us-east-1"
	Now     func() time.Time // default time.Now
}

// Verifier proves who sent a request. It is safe for concurrent use.
type Verifier struct {
	keys    map[string]*knownKey // by AccessKeyID
	options Options
}

// knownKey is a key with what it last signed with: a client signs all day with
// the same key of its scope, and deriving it is half the work of a check.
type knownKey struct {
	Key
	derived atomic.Pointer[derivedKey]
}

type derivedKey struct {
	scope string
	key   []byte
}

// signingKey returns the key for the claim's scope.
func (k *knownKey) signingKey(c *claim) []byte {
	scope := c.scope()
	if d := k.derived.Load(); d != nil && d.scope == scope {
		return d.key
	}
	d := &derivedKey{scope, signingKey(string(k.Secret), c)}
	k.derived.Store(d)
	return d.key
}

// New returns a Verifier of requests that were signed with one of the keys.
// Errors: no key, or the same access key id twice.
func New(keys []Key, options Options) (*Verifier, error) {
	if options.Account == "" {
		options.Account = "123456789012"
	}
	if options.Region == "" {
		options.Region = "us-east-1"
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if len(keys) == 0 {
		return nil, errors.New("there are no access keys")
	}
	v := &Verifier{keys: make(map[string]*knownKey, len(keys)), options: options}
	for i := range keys {
		k := keys[i]
		if err := k.check(); err != nil {
			return nil, err
		}
		if v.keys[k.AccessKeyID] != nil {
			return nil, fmt.Errorf("access key %s is there twice", k.AccessKeyID)
		}
		v.keys[k.AccessKeyID] = &knownKey{Key: k}
	}
	return v, nil
}

// ResourceARN is the ARN of a resource of ours, such as "activity:a" of "states".
func (v *Verifier) ResourceARN(service, resource string) string {
	return "arn:aws:" + service + ":" + v.options.Region + ":" + v.options.Account + ":" + resource
}

// Proof is a request whose signature was checked as far as it goes without the
// body: the key is known, the time is right.
type Proof struct {
	request *http.Request
	query   url.Values
	claim   *claim
	key     *knownKey
	account string
}

// Open reads the signature of a request to a service ("states", "lambda"), so
// that a stranger's body need not be read. The region that the client signs for
// is not compared with ours. Errors: *Error.
func (v *Verifier) Open(r *http.Request, service string) (*Proof, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(IncompleteSignature, "The query string is malformed.")
	}
	c, err := readClaim(r, query)
	if err != nil {
		return nil, err
	}
	if err := v.checkTime(c); err != nil {
		return nil, err
	}
	if c.service != service {
		return nil, refuse(InvalidSignature, "Credential should be scoped to correct service: '"+service+"'.")
	}
	if err := checkSigned(r, c); err != nil {
		return nil, err
	}
	key := v.keys[c.accessKeyID]
	if key == nil {
		return nil, refuse(UnrecognizedClient, "The security token included in the request is invalid.")
	}
	return &Proof{r, query, c, key, v.options.Account}, nil
}

// checkTime refuses what was signed too long ago or in the future.
func (v *Verifier) checkTime(c *claim) error {
	stamp := c.at.Format(dateForm)
	if c.date != stamp[:8] {
		return refuse(InvalidSignature, fmt.Sprintf(
			"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", c.date, stamp[:8], stamp))
	}
	now := v.options.Now().UTC()
	if now.Before(c.at.Add(-maxSkew)) {
		return refuse(InvalidSignature, fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 5 min.)",
			stamp, now.Add(maxSkew).Format(dateForm), now.Format(dateForm)))
	}
	valid, shown := maxSkew, "5 min."
	if c.expires != 0 {
		valid, shown = c.expires, c.expires.String()
	}
	if now.After(c.at.Add(valid)) {
		return refuse(InvalidSignature, fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %s)",
			stamp, now.Add(-valid).Format(dateForm), now.Format(dateForm), shown))
	}
	return nil
}

// checkSigned refuses headers that change what a request means and that the
// signature does not cover: whoever carries the request could change them.
func checkSigned(r *http.Request, c *claim) error {
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") && !slices.Contains(c.signedHeaders, lower) {
			return refuse(InvalidSignature, "'"+lower+"' must be a 'SignedHeader' in the AWS Authorization.")
		}
	}
	byDate := c.expires == 0 && r.Header.Get("X-Amz-Date") == ""
	if byDate && !slices.Contains(c.signedHeaders, "date") {
		return refuse(InvalidSignature, "'Date' must be a 'SignedHeader' in the AWS Authorization.")
	}
	return nil
}

// Verify checks the signature with the request's whole body and returns who
// made it. Errors: *Error.
func (p *Proof) Verify(body []byte) (*Caller, error) {
	want := sign(p.key.signingKey(p.claim), p.claim, canonicalRequest(p.request, p.query, p.claim, body))
	if subtle.ConstantTimeCompare(want, []byte(p.claim.signature)) != 1 {
		return nil, refuse(InvalidSignature, mismatch)
	}
	return &Caller{key: &p.key.Key, account: p.account}, nil
}

// Caller is who sent a request. The nil Caller is whoever asks where no keys are
// configured: it may do everything.
type Caller struct {
	key     *Key
	account string
}

// ARN names the caller as IAM names a user.
func (c *Caller) ARN() string {
	name := c.key.Name
	if name == "" {
		name = c.key.AccessKeyID
	}
	return "arn:aws:iam::" + c.account + ":user/" + name
}

// Authorize checks that the caller may do the action ("states:StartExecution")
// to the resource: an ARN, or "*" for actions that are on none. Errors: *Error
// with the code AccessDenied.
func (c *Caller) Authorize(action, resource string) error {
	if c == nil || c.key.Policy == nil {
		return nil
	}
	reason := ""
	switch c.key.Policy.decide(action, resource) {
	case allowed:
		return nil
	case denied:
		reason = " with an explicit deny in an identity-based policy"
	case unmentioned:
		reason = " because no identity-based policy allows the " + action + " action"
	}
	return refuse(AccessDenied, "User: "+c.ARN()+" is not authorized to perform: "+action+" on resource: "+resource+reason)
}
