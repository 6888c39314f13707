package auth

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Admit refuses requests that must not be served whatever they ask. verified
// says that signatures are checked as well. If they are not, the machine is the
// border: a request must come from it, and if a browser sent it, from a page of
// this very server. A page of elsewhere that points a name of its own at this
// machine (DNS rebinding) is told by the name.
func Admit(r *http.Request, verified bool) error {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Host != r.Host {
			return refuse(AccessDenied, "Requests of pages of other origins are not served.")
		}
		if !verified && !localName(r.Host) {
			return refuse(AccessDenied, "Without access keys pages are only served under a local name.")
		}
	}
	if !verified && !loopback(r.RemoteAddr) {
		return refuse(AccessDenied, "Without access keys only clients on the same machine are served.")
	}
	return nil
}

// loopback reports whether an address with port is of this machine.
func loopback(address string) bool {
	a, err := netip.ParseAddrPort(address)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// localName reports whether a Host header names this machine.
func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	// The AWS SDKs put "sync-" before the host of two operations.
	host = strings.TrimPrefix(host, "sync-")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
