package console

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// protect sets the headers that keep a page's abilities small: it runs its own
// scripts, talks to its own server and is no part of another's page.
func protect(header http.Header) {
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// refuses says why a request is not served whatever it asks, "" when it is.
//
// Nobody signs in, so the machine is the border: a request must come from it,
// under a local name (a page of elsewhere that points a name of its own at this
// machine is told by the name), and if a page sent it, from a page of ours. A
// proxy on this machine would make everybody local: what one passed on is not
// served. What changes something must be JSON, which pages of elsewhere cannot
// send unasked.
func refuses(r *http.Request) string {
	if a, err := netip.ParseAddrPort(r.RemoteAddr); err != nil || !a.Addr().Unmap().IsLoopback() {
		return "The console serves clients on the same machine only."
	}
	if !localName(r.Host) {
		return "The console is served under a local name only, such as localhost."
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return "The console is not served through a proxy."
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
			return "Requests of pages of other origins are not served."
		}
	}
	if strings.HasPrefix(r.URL.Path, api) {
		switch r.Header.Get("Sec-Fetch-Site") {
		case "cross-site", "same-site":
			return "Requests of pages of other origins are not served."
		}
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return ""
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return "What changes something must be sent as application/json."
	}
	return ""
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
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
