package awsapi

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"pawl.dev/value"
)

// BenchmarkCall measures a call without the network: serialise, sign, read.
func BenchmarkCall(b *testing.B) {
	c, err := Open(b.Context(), Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), Endpoints: map[string]string{"dynamodb": "http://localhost"},
		Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: 200, Header: http.Header{}, Request: r,
				Body: io.NopCloser(strings.NewReader(`{"Item":{"id":{"S":"a"},"n":{"N":"1"},"list":{"L":[{"S":"x"},{"BOOL":true}]}}}`)),
			}, nil
		}),
	})
	if err != nil {
		b.Fatal(err)
	}
	in, err := value.Parse(`{"TableName":"t","Key":{"id":{"S":"a"}},"ConsistentRead":true}`, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Call(b.Context(), &Request{Service: "dynamodb", Action: "getItem", Input: in}); err != nil {
			b.Fatal(err)
		}
	}
}
