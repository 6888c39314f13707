package awsapi

import (
	"net/http"
	"strings"

	"pawl.dev/value"
)

// The SDKs do a few things by hand that no model says.

// addHeaders adds the headers that a service wants of every request.
func addHeaders(s *service, h http.Header) {
	if s.Source == "glacier" {
		h.Set("X-Amz-Glacier-Version", s.Version)
	}
}

// route53Prefixes stand before ids in Route 53's answers and must not in
// requests.
var route53Prefixes = []string{"/hostedzone/", "/change/", "/delegationset/"}

// customised returns parameters as the service wants them.
func customised(s *service, in value.Value) value.Value {
	if s.Source != "route53" {
		return in
	}
	var b value.Builder
	for i, key := range in.Keys() {
		v := in.At(i)
		for _, prefix := range route53Prefixes {
			if id, ok := strings.CutPrefix(v.Str(), prefix); ok && v.Is(value.String) {
				v = value.Text(id)
			}
		}
		b.Set(key, v)
	}
	return b.Object()
}
