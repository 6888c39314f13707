package awsapi

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/value"
)

func TestAWSEndpoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ service, region, url, signing string }{
		{"sqs", "eu-west-1", "https://sqs.eu-west-1.amazonaws.com", "eu-west-1"},
		{"sqs", "cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"},
		{"iam", "eu-west-1", "https://iam.amazonaws.com", "us-east-1"},
		{"iam", "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"},
		{"route53", "eu-central-1", "https://route53.amazonaws.com", "us-east-1"},
		{"datazone", "eu-west-1", "https://datazone.eu-west-1.api.aws", "eu-west-1"},
		{"networkmanager", "eu-west-1", "https://networkmanager.us-west-2.amazonaws.com", "us-west-2"},
		{"s3control", "eu-west-1", "https://s3-control.eu-west-1.amazonaws.com", "eu-west-1"},
	} {
		s, err := Embedded().service(c.service)
		if err != nil || s == nil {
			t.Fatal(c.service, err)
		}
		url, signing := awsEndpoint(s, c.region)
		if url != c.url || signing != c.signing {
			t.Errorf("%s in %s: %s, %s; want %s, %s", c.service, c.region, url, signing, c.url, c.signing)
		}
	}
}

// TestOpen_readsTheConfigurationOfAWS sets the environment, so it runs alone.
func TestOpen_readsTheConfigurationOfAWS(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte("[default]\nregion = eu-west-3\nservices = mine\n[services mine]\nsns =\n  endpoint_url = http://shared:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]string{
		"AWS_CONFIG_FILE": file, "AWS_SHARED_CREDENTIALS_FILE": file + "-none", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_PROFILE": "",
		"AWS_ENDPOINT_URL": "http://every:1", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://secrets:1",
		"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
	} {
		t.Setenv(name, v)
	}
	hosts := func() map[string]string {
		t.Helper()
		var host string
		c, err := Open(t.Context(), Config{
			Endpoints: map[string]string{"dynamodb": "http://ours:1"},
			Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
				host = r.URL.Host
				return nil, errors.New("not sent")
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]string)
		for _, name := range []string{"dynamodb:listTables", "secretsmanager:listSecrets", "sns:listTopics", "sqs:listQueues"} {
			host = ""
			_, _ = call(t, c, name, `{}`)
			got[strings.Split(name, ":")[0]] = host
		}
		return got
	}
	want := map[string]string{"dynamodb": "ours:1", "secretsmanager": "secrets:1", "sns": "shared:1", "sqs": "every:1"}
	if diff := cmp.Diff(want, hosts()); diff != "" {
		t.Error(diff)
	}
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
	want = map[string]string{
		"dynamodb": "ours:1", "secretsmanager": "secretsmanager.eu-west-3.amazonaws.com",
		"sns": "sns.eu-west-3.amazonaws.com", "sqs": "sqs.eu-west-3.amazonaws.com",
	}
	if diff := cmp.Diff(want, hosts()); diff != "" {
		t.Error(diff)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCall_hostPrefixes(t *testing.T) {
	t.Parallel()
	var host string
	f := new(fakeService)
	c := f.client(t, func(conf *Config) {
		delete(conf.Endpoints, "s3control")
		conf.Region = "eu-west-1"
		conf.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
			host = r.URL.Host
			return nil, errors.New("not sent")
		})
	})
	if _, err := call(t, c, "s3control:listJobs", `{"AccountId":"123456789012"}`); err == nil {
		t.Fatal("the call succeeded")
	}
	// AWS_ENDPOINT_URL may be set where the test runs.
	if strings.HasSuffix(host, "amazonaws.com") && host != "123456789012.s3-control.eu-west-1.amazonaws.com" {
		t.Errorf("sent to %s", host)
	}
}

func TestCall_assumesRoles(t *testing.T) {
	t.Parallel()
	f := &fakeService{body: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>assumed</AccessKeyId>` +
		`<SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken><Expiration>` +
		time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `</Expiration></Credentials></AssumeRoleResult><ListTopicsResult></ListTopicsResult></AssumeRoleResponse>`}
	c := f.client(t)
	for range 2 {
		_, err := c.Call(t.Context(), &Request{Service: "sns", Action: "listTopics", Input: value.NewObject(nil, nil), Role: "arn:aws:iam::1:role/r"})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(f.requests) != 3 {
		t.Fatalf("%d requests, want one for the role and two calls", len(f.requests))
	}
	if r := f.requests[0]; !strings.Contains(r.Body, "Action=AssumeRole") || !strings.Contains(r.Body, "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr") {
		t.Errorf("the role is asked for by %s", r.Body)
	}
	for _, r := range f.requests[1:] {
		if !strings.Contains(r.header.Get("Authorization"), "Credential=assumed/") || r.header.Get("X-Amz-Security-Token") != "token" {
			t.Errorf("the call is signed %s", r.header.Get("Authorization"))
		}
	}
}

func TestCall_roleRefused(t *testing.T) {
	t.Parallel()
	f := &fakeService{status: 403, body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`}
	_, err := f.client(t).Call(t.Context(), &Request{Service: "sns", Action: "listTopics", Role: "arn:aws:iam::1:role/r"})
	var refused *RoleError
	if !errors.As(err, &refused) || refused.Role != "arn:aws:iam::1:role/r" {
		t.Error(err)
	}
}

func TestCall_customisations(t *testing.T) {
	t.Parallel()
	f := new(fakeService)
	c := f.client(t)
	if _, err := call(t, c, "route53:getHostedZone", `{"Id":"/hostedzone/Z1"}`); err != nil {
		t.Error(err)
	}
	if got := f.requests[0].Path; got != "/2013-04-01/hostedzone/Z1" {
		t.Errorf("the zone is asked for at %s", got)
	}
	if _, err := call(t, c, "glacier:listVaults", `{"AccountId":"-"}`); err != nil {
		t.Error(err)
	}
	if got := f.requests[1].header.Get("X-Amz-Glacier-Version"); got != "2012-06-01" {
		t.Errorf("Glacier's version is %q", got)
	}
}
