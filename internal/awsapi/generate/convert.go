package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"pawl.dev/internal/awsapi/model"
)

// converter turns one of botocore's models into ours.
type converter struct {
	from  *botoService
	to    *model.Service
	names []string       // the shapes that are used, in the order of their indexes
	index map[string]int // their indexes
}

// convert returns the compact model of a service; source is botocore's name.
func convert(source string, from *botoService) (*model.Service, error) {
	meta := &from.Metadata
	to := &model.Service{
		ID: meta.ServiceID, Source: source, EndpointPrefix: meta.EndpointPrefix, SigningName: meta.SigningName,
		Version: meta.APIVersion, TargetPrefix: meta.TargetPrefix, QueryCompatible: meta.AWSQueryCompatible != nil,
		XMLNamespace: meta.XMLNamespace.URI,
	}
	if to.ID == "" {
		to.ID = source
	}
	if to.SigningName == to.EndpointPrefix {
		to.SigningName = ""
	}
	var err error
	if to.Protocol, err = protocolOf(meta); err != nil {
		return nil, err
	}
	c := &converter{from: from, to: to, index: make(map[string]int)}
	for _, name := range slices.Sorted(maps.Keys(from.Operations)) {
		c.operation(name, from.Operations[name])
	}
	for i := 0; i < len(c.names); i++ { // grows: a shape uses others
		shape, err := c.shape(c.names[i])
		if err != nil {
			return nil, err
		}
		to.Shapes = append(to.Shapes, shape)
	}
	return to, nil
}

func protocolOf(m *botoMetadata) (model.Protocol, error) {
	jsonRPC := model.AWSJSON10
	if m.JSONVersion == "1.1" {
		jsonRPC = model.AWSJSON11
	}
	switch m.Protocol {
	case "json":
		return jsonRPC, nil
	case "rest-json":
		return model.RESTJSON, nil
	case "rest-xml":
		return model.RESTXML, nil
	case "query":
		return model.AWSQuery, nil
	case "ec2":
		return model.EC2Query, nil
	case "smithy-rpc-v2-cbor":
		// Servers that stand in for AWS know JSON best.
		if slices.Contains(m.Protocols, "json") && m.TargetPrefix != "" {
			return jsonRPC, nil
		}
		return model.RPCv2CBOR, nil
	}
	return "", fmt.Errorf("protocol %q is unknown", m.Protocol)
}

// use returns the index of a shape.
func (c *converter) use(name string) int {
	i, ok := c.index[name]
	if !ok {
		i = len(c.names)
		c.index[name] = i
		c.names = append(c.names, name)
	}
	return i
}

func (c *converter) operation(name string, from *botoOperation) {
	to := model.Operation{
		Name: name, URI: from.HTTP.RequestURI,
		Checksum: from.HTTPChecksumRequired || from.HTTPChecksum != nil && from.HTTPChecksum.RequestChecksumRequired,
	}
	if from.HTTP.Method != "POST" {
		to.Method = from.HTTP.Method
	}
	if from.HTTP.ResponseCode != 200 {
		to.Status = from.HTTP.ResponseCode
	}
	if from.Input != nil {
		to.Input = c.use(from.Input.Shape) + 1
		to.URI = memberLabels(to.URI, c.from.Shapes[from.Input.Shape])
		if c.to.Protocol == model.RESTXML {
			to.Namespace, to.Element = from.Input.XMLNamespace.URI, from.Input.LocationName
		}
	}
	if to.URI == "/" {
		to.URI = ""
	}
	if from.Output != nil {
		to.Output = c.use(from.Output.Shape) + 1
	}
	for _, e := range from.Errors {
		c.use(e.Shape)
	}
	if from.Endpoint != nil {
		to.HostPrefix = from.Endpoint.HostPrefix
	}
	to.Unsigned = from.AuthType == "none" || slices.Contains(from.Auth, "smithy.api#noAuth") && !slices.Contains(from.Auth, "aws.auth#sigv4")
	to.Bearer = from.AuthType == "bearer" || len(from.Auth) == 1 && from.Auth[0] == "smithy.api#httpBearerAuth"
	c.to.Operations = append(c.to.Operations, to)
}

var label = regexp.MustCompile(`\{([^}+]+)(\+?)\}`)

// memberLabels writes member names into a URI that has wire names.
func memberLabels(uri string, input *botoShape) string {
	byWire := make(map[string]string)
	for name, r := range input.Members {
		if r.Location == "uri" {
			byWire[r.LocationName] = name
		}
	}
	return label.ReplaceAllStringFunc(uri, func(text string) string {
		parts := label.FindStringSubmatch(text)
		if name, ok := byWire[parts[1]]; ok {
			return "{" + name + parts[2] + "}"
		}
		return text
	})
}

var types = map[string]model.Type{
	"blob": model.Blob, "boolean": model.Boolean, "string": model.String, "character": model.String,
	"timestamp": model.Timestamp, "byte": model.Byte, "short": model.Short, "integer": model.Integer,
	"long": model.Long, "biginteger": model.Long, "float": model.Float, "double": model.Double,
	"bigdecimal": model.Double, "list": model.List, "map": model.Map, "structure": model.Structure,
}

func (c *converter) shape(name string) (model.Shape, error) {
	from := c.from.Shapes[name]
	if from == nil {
		return model.Shape{}, fmt.Errorf("shape %s does not exist", name)
	}
	typ, ok := types[from.Type]
	if !ok {
		return model.Shape{}, fmt.Errorf("shape %s has the unknown type %q", name, from.Type)
	}
	to := model.Shape{Name: name, Type: typ, Timestamp: from.TimestampFormat, Exception: from.Exception}
	switch {
	case from.EventStream:
		to.Type = model.EventStream
	case from.Document:
		to.Type = model.Document
	case from.Union:
		to.Type = model.Union
	}
	if from.Error != nil && from.Error.Code != name {
		to.ErrorCode = from.Error.Code
	}
	switch from.Type {
	case "structure":
		for i, k := range slices.Sorted(maps.Keys(from.Members)) {
			to.Members = append(to.Members, c.member(from, k, from.Members[k]))
			if slices.Contains(from.Required, k) {
				to.Required = append(to.Required, i)
			}
		}
	case "list":
		to.Members = []model.Member{c.member(from, "member", *from.Member)}
	case "map":
		to.Members = []model.Member{c.member(from, "key", *from.Key), c.member(from, "value", *from.Value)}
	}
	return to, nil
}

var locations = map[string]model.Location{
	"header": model.Header, "headers": model.PrefixHeaders, "uri": model.Label,
	"querystring": model.Query, "statusCode": model.StatusCode,
}

func (c *converter) member(shape *botoShape, name string, r botoReference) model.Member {
	target := c.from.Shapes[r.Shape]
	m := model.Member{
		Name: name, Target: c.use(r.Shape), Location: locations[r.Location], Timestamp: r.TimestampFormat,
		Namespace: r.XMLNamespace.URI, NamespacePre: r.XMLNamespace.Prefix,
	}
	wire := r.LocationName
	if m.Location == model.Label {
		wire = "" // it stands in the operation's URI by its member name
	}
	if shape.Type == "structure" && shape.Payload == name {
		m.Location = model.Payload
	}
	if c.to.Protocol.XML() && m.Location == model.Body && (r.Flattened || target.Flattened) {
		m.Flags |= model.Flattened
		// Its items stand in for the list, so they lend it their name.
		if target.Member != nil && target.Member.LocationName != "" {
			wire = target.Member.LocationName
		}
	}
	if wire != name {
		m.WireName = wire
	}
	if prefix, _, ok := strings.Cut(m.WireName, ":"); ok && r.XMLAttribute && m.NamespacePre == "" {
		m.NamespacePre = prefix
	}
	for flag, set := range map[model.Flags]bool{
		model.XMLAttribute: r.XMLAttribute, model.Streaming: r.Streaming || target.Streaming,
		model.IdempotencyToken: r.IdempotencyToken, model.HostLabel: r.HostLabel, model.JSONText: r.JSONValue,
	} {
		if set {
			m.Flags |= flag
		}
	}
	if c.to.Protocol == model.EC2Query {
		m.EC2Name = r.QueryName
	}
	return m
}
