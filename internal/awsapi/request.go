package awsapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"pawl.dev/internal/awsapi/model"
	"pawl.dev/value"
)

const idempotencyToken = model.IdempotencyToken

// message is an HTTP request that can be sent more than once.
type message struct {
	request *http.Request // without body
	body    []byte
	hash    string // of body, hexadecimal SHA-256
}

// newMessage serialises a call; id names it.
func newMessage(ctx context.Context, s *service, op *operation, e endpoint, in value.Value, id string) (*message, error) {
	p := &parameters{service: s, op: op, in: customised(s, in)}
	p.fillTokens(id)
	p.checkLabels()
	if len(p.problems) > 0 {
		return nil, &ParameterError{p.problems}
	}
	req := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	req.URL.Scheme, req.URL.Host, req.URL.Path = e.base.Scheme, e.base.Host, e.base.Path
	if op.HostPrefix != "" && !e.custom {
		req.URL.Host = p.expandHost(op.HostPrefix) + req.URL.Host
	}
	if op.inputStream != "" {
		req.Header.Set("Content-Type", "text/plain; charset=UTF-8") // unless a parameter says otherwise
	}
	if err := s.protocol.SerializeRequest(ctx, op.schema, p.serializable(), req); err != nil {
		return nil, &ParameterError{append(p.problems, err.Error())}
	}
	if len(p.problems) > 0 {
		return nil, &ParameterError{p.problems}
	}
	m := new(message)
	if stream := req.GetStream(); stream != nil {
		var err error
		if m.body, err = io.ReadAll(stream); err != nil {
			return nil, err
		}
	}
	if s.Protocol == model.RESTXML && string(m.body) == "{}" {
		m.body = nil // an empty structure as smithy-go writes it in every protocol
		req.Header.Del("Content-Type")
	}
	if op.Checksum {
		sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(m.body))
		req.Header.Set("X-Amz-Checksum-Crc32", base64.StdEncoding.EncodeToString(sum))
		req.Header.Set("X-Amz-Sdk-Checksum-Algorithm", "CRC32")
	}
	hash := sha256.Sum256(m.body)
	m.hash = hex.EncodeToString(hash[:])
	if isS3(s) {
		req.Header.Set("X-Amz-Content-Sha256", m.hash)
	}
	addHeaders(s, req.Header)
	req.Header.Set("User-Agent", "pawl")
	req, err := req.SetStream(nil)
	if err != nil {
		return nil, err
	}
	m.request = req.Build(ctx)
	return m, nil
}

// isS3 reports whether a service signs paths as S3 does.
func isS3(s *service) bool { return s.Source == "s3" || s.Source == "s3control" }

// expandHost puts parameters into a host prefix such as "{AccountId}.".
func (p *parameters) expandHost(prefix string) string {
	for i := range p.op.input.Members {
		name := p.op.input.Members[i].Name
		if v, ok := p.service.lookup(p.op.schema.Input, p.in, name); ok && strings.Contains(prefix, "{"+name+"}") {
			prefix = strings.ReplaceAll(prefix, "{"+name+"}", TextOf(v))
		}
	}
	return prefix
}

// attempt returns a request to send, signed at now if credentials are given.
func (m *message) attempt(ctx context.Context, s *service, region string, signer *v4.Signer, credentials *aws.Credentials, now time.Time) (*http.Request, error) {
	r := m.request.Clone(ctx)
	r.Body, r.ContentLength = http.NoBody, int64(len(m.body))
	if len(m.body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(m.body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.body)), nil }
	}
	if credentials == nil {
		return r, nil
	}
	name := s.SigningName
	if name == "" {
		name = s.EndpointPrefix
	}
	err := signer.SignHTTP(ctx, *credentials, r, m.hash, name, region, now, func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = isS3(s)
	})
	if err != nil {
		return nil, fmt.Errorf("sign request: %w", err)
	}
	return r, nil
}

// tokenOf returns a UUID for a member of a call, random if the call has no id.
func tokenOf(id, member string) string {
	var b [16]byte
	if id == "" {
		_, _ = rand.Read(b[:]) // never fails
	} else {
		sum := sha256.Sum256([]byte(id + "\x00" + member))
		copy(b[:], sum[:])
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
