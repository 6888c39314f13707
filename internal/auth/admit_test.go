package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAdmit_servesOnlyThisMachineWithoutKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		remote, host, origin string
		verified, admitted   bool
	}{
		"loopback":                {"127.0.0.1:5", "localhost:8083", "", false, true},
		"IPv6 loopback":           {"[::1]:5", "[::1]:8083", "", false, true},
		"mapped loopback":         {"[::ffff:127.0.0.1]:5", "localhost", "", false, true},
		"an SDK's sync prefix":    {"127.0.0.1:5", "sync-localhost:8083", "", false, true},
		"another machine":         {"10.0.0.7:5", "pawl:8083", "", false, false},
		"another with keys":       {"10.0.0.7:5", "pawl:8083", "", true, true},
		"a page of ours":          {"127.0.0.1:5", "localhost:8083", "http://localhost:8083", false, true},
		"a page of ours by IP":    {"127.0.0.1:5", "127.0.0.1:8083", "http://127.0.0.1:8083", false, true},
		"a page of elsewhere":     {"127.0.0.1:5", "localhost:8083", "https://evil.example", false, false},
		"a page without origin":   {"127.0.0.1:5", "localhost:8083", "null", false, false},
		"a rebound name":          {"127.0.0.1:5", "evil.example:8083", "http://evil.example:8083", false, false},
		"a page of ours by name":  {"10.0.0.7:5", "pawl:8083", "https://pawl:8083", true, true},
		"elsewhere with keys too": {"10.0.0.7:5", "pawl:8083", "https://evil.example", true, false},
	}
	for name, test := range tests {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr, r.Host = test.remote, test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if err := Admit(r, test.verified); (err == nil) != test.admitted {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
