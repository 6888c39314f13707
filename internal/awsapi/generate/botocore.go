package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
)

// The part of botocore's service-2.json that is read. Field names match those
// of the file but for case.
type (
	botoService struct {
		Metadata   botoMetadata
		Operations map[string]*botoOperation
		Shapes     map[string]*botoShape
	}
	botoMetadata struct {
		APIVersion, EndpointPrefix, JSONVersion, Protocol string
		ServiceID, SigningName, TargetPrefix              string
		Protocols                                         []string
		AWSQueryCompatible                                *struct{}
		XMLNamespace                                      xmlNamespace
	}
	botoOperation struct {
		HTTP struct {
			Method, RequestURI string
			ResponseCode       int
		}
		Input, Output        *botoReference
		Errors               []botoReference
		Endpoint             *struct{ HostPrefix string }
		AuthType             string
		Auth                 []string
		HTTPChecksumRequired bool
		HTTPChecksum         *struct{ RequestChecksumRequired bool }
	}
	botoReference struct {
		Shape, Location, LocationName, QueryName, TimestampFormat                  string
		Flattened, XMLAttribute, Streaming, IdempotencyToken, HostLabel, JSONValue bool
		XMLNamespace                                                               xmlNamespace
	}
	botoShape struct {
		Type                                                          string
		Members                                                       map[string]botoReference
		Required                                                      []string
		Payload                                                       string
		Member, Key, Value                                            *botoReference
		Flattened, Streaming, Union, EventStream, Document, Exception bool
		TimestampFormat                                               string
		Error                                                         *struct{ Code string }
	}
)

// xmlNamespace is written as a text or as an object.
type xmlNamespace struct{ URI, Prefix string }

func (n *xmlNamespace) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &n.URI)
	}
	type object xmlNamespace // has no UnmarshalJSON
	return json.Unmarshal(text, (*object)(n))
}

// readGzip decodes a compressed JSON file.
func readGzip(name string, into any) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
