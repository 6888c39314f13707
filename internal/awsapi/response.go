package awsapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"pawl.dev/value"
)

// readResponse reads a service's answer.
func (c *Client) readResponse(ctx context.Context, r *Request, s *service, op *operation, resp *http.Response) (*Response, error) {
	body, err := c.readBody(resp.Body)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, newClientError(s, resp.Request.URL.Host, err)
	}
	if resp.StatusCode >= 300 {
		return nil, newError(ctx, s, op, resp, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	out := &result{op: op, native: r.NativeNames, out: value.NewObject(nil, nil)}
	var into smithy.Deserializable = out
	if op.outputStream != "" {
		into = &streamedResult{result: out}
	}
	if err := s.protocol.DeserializeResponse(ctx, op.schema, new(smithy.TypeRegistry), &smithyhttp.Response{Response: resp}, into); err != nil {
		return nil, &ClientError{Service: s.name, Message: "Unable to unmarshall response (" + err.Error() + ")", cause: err}
	}
	if op.outputStream != "" {
		out.out = withBody(out.out, out.name(op.outputStream), body)
	}
	return &Response{Output: out.out, Status: resp.StatusCode, Header: resp.Header, RequestID: requestID(resp.Header, body)}, nil
}

// readBody reads a body up to the client's limit.
func (c *Client) readBody(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, c.config.MaxResponseBytes+1))
	if err == nil && int64(len(body)) > c.config.MaxResponseBytes {
		return nil, ErrTooLarge
	}
	return body, err
}

// withBody adds a streamed body, which Step Functions puts last.
func withBody(v value.Value, name string, body []byte) value.Value {
	var b value.Builder
	for i, key := range v.Keys() {
		b.Set(key, v.At(i))
	}
	b.Set(name, bytesValue(body))
	return b.Object()
}
