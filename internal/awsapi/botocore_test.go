package awsapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/value"
)

// botocoreRequest is a request that botocore made of generated parameters.
type botocoreRequest struct {
	Service, Operation        string // by Step Functions' name, by AWS's
	Params                    json.RawMessage
	Method, Path, Query, Body string
	Headers                   map[string]string
}

// TestCall_asBotocore makes the requests that another client makes. The sample
// holds two operations of some fifty services; testdata/README.md tells more.
func TestCall_asBotocore(t *testing.T) {
	t.Parallel()
	var sent *http.Request
	var body []byte
	f := new(fakeService)
	c := f.client(t, func(conf *Config) {
		conf.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
			sent = r
			body, _ = io.ReadAll(r.Body)
			return nil, errors.New("not sent")
		})
	})
	file, err := os.Open("testdata/botocore.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var want botocoreRequest
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		in, err := value.Parse(string(want.Params), nil)
		if err != nil {
			t.Fatal(err)
		}
		s, op, err := c.config.Models.find(want.Service, actionName(want.Operation))
		if op == nil {
			t.Errorf("%s:%s is not known: %v", want.Service, want.Operation, err)
			continue
		}
		if _, err = c.call(t.Context(), &Request{Service: want.Service, Input: in}, s, op); err == nil || sent == nil {
			t.Errorf("%s:%s was not sent: %v", want.Service, want.Operation, err)
			continue
		}
		if diff := cmp.Diff(comparableRequest(want.Method, want.Path, want.Query, want.Body), comparableRequest(sent.Method, sent.URL.EscapedPath(), sent.URL.RawQuery, string(body))); diff != "" {
			t.Errorf("%s:%s (-botocore +got):\n%s", want.Service, want.Operation, diff)
		}
		for name, v := range want.Headers {
			if got := sent.Header.Get(name); got != v {
				t.Errorf("%s:%s sends %s: %q, botocore %q", want.Service, want.Operation, name, got, v)
			}
		}
		sent = nil
	}
}

// comparableRequest is a request without what has no meaning: order and blanks.
func comparableRequest(method, path, query, body string) []string {
	path = strings.TrimSuffix(strings.ReplaceAll(path, "%7E", "~"), "/")
	values, _ := url.ParseQuery(query)
	for _, v := range values {
		slices.Sort(v) // signing does so too
	}
	return []string{method, path, values.Encode(), comparableBody(body)}
}

func comparableBody(body string) string {
	var v any
	switch {
	case json.Unmarshal([]byte(body), &v) == nil:
		text, _ := json.Marshal(v)
		return string(text)
	case strings.HasPrefix(strings.TrimSpace(body), "<"):
		return sortedXML(body)
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return body
	}
	return form.Encode()
}

// sortedXML lists elements with the path to them, sorted: members have no order,
// and items of lists keep theirs only among each other.
func sortedXML(body string) string {
	var path, lines []string
	d := xml.NewDecoder(bytes.NewReader([]byte(body)))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Space+"|"+token.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			lines = append(lines, fmt.Sprintf("%s=%s", strings.Join(path, "/"), token))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
