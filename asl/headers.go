package asl

import (
	"slices"
	"strings"
)

// headerRule says which request headers a task may not set, in lower case.
type headerRule struct {
	names    []string
	prefixes []string
}

var (
	apiGatewayHeaders = &headerRule{
		names: []string{
			"authorization", "connection", "content-md5", "expect", "host", "max-forwards", "proxy-authenticate",
			"server", "te", "transfer-encoding", "trailer", "upgrade", "via", "www-authenticate",
		},
		prefixes: []string{"x-forwarded", "x-amz", "x-amzn"},
	}
	httpHeaders = &headerRule{
		names: []string{
			"a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control",
			"connection", "content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host",
			"http2-settings", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
			"max-forwards", "origin", "pragma", "proxy-authorization", "referer", "server", "te", "trailer",
			"transfer-encoding", "upgrade", "via", "warning",
		},
		prefixes: []string{"x-forwarded-", "x-amz-", "x-amzn-"},
	}
)

// forbids reports whether the header, a key of a template, may not be set.
func (r *headerRule) forbids(header string) bool {
	header = strings.ToLower(header)
	return slices.Contains(r.names, header) ||
		slices.ContainsFunc(r.prefixes, func(p string) bool { return strings.HasPrefix(header, p) })
}

// checkHeaders reports the headers that are written out and forbidden.
func (o object) checkHeaders(r *headerRule, l Language) {
	var bad []string
	for _, k := range o.v.Member("Headers").Keys() {
		if l == JSONPath && isDynamic(k) {
			k = strings.TrimSuffix(k, ".$")
		}
		if r.forbids(k) {
			bad = append(bad, strings.ToLower(k))
		}
	}
	if bad != nil {
		o.fail("The 'Headers' field contains unsupported values: [" + strings.Join(bad, ", ") + "]")
	}
}
