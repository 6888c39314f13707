package awsapi

import (
	"fmt"
	"strings"
	"sync"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/traits"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/aws/smithy-go/transport/http/protocol/ec2query"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
	"github.com/aws/smithy-go/transport/http/protocol/restxml"
	"github.com/aws/smithy-go/transport/http/protocol/rpcv2"

	"pawl.dev/internal/awsapi/model"
)

// service is a service that is ready for calls.
type service struct {
	*model.Service
	name       string // of its exceptions: "DynamoDb"
	protocol   smithyhttp.ClientProtocol
	operations map[string]*operation // by action
	exceptions map[string]string     // shapes by code on the wire
	members    sync.Map              // memberIndex by the name of the shape
}

// operation is one action of a service.
type operation struct {
	*model.Operation
	schema       *smithy.OperationSchema
	input        *model.Shape // nil: no parameters
	inputStream  string       // the member that is the request's body; "": none
	outputStream string       // the member that is the response's body; "": none
	emptyMaps    []string     // members that are there even if no header is
	unsupported  bool         // Step Functions does not call it
}

// newService builds the schemas that the wire protocols of the SDK for Go work by.
func newService(m *model.Service) (*service, error) {
	s := &service{
		Service: m, name: className(model.ShortID(m.ID)),
		operations: make(map[string]*operation, len(m.Operations)), exceptions: make(map[string]string),
	}
	if s.protocol = newProtocol(m); s.protocol == nil {
		return nil, fmt.Errorf("%s speaks the unknown protocol %q", m.ID, m.Protocol)
	}
	schemas := newSchemas(m)
	for i := range m.Shapes {
		shape := &m.Shapes[i]
		if !shape.Exception {
			continue
		}
		s.exceptions[shape.Name] = shape.Name
		if shape.ErrorCode != "" {
			s.exceptions[shape.ErrorCode] = shape.Name
		}
	}
	for i := range m.Operations {
		s.add(&m.Operations[i], schemas)
	}
	return s, nil
}

func newProtocol(m *model.Service) smithyhttp.ClientProtocol {
	name := m.TargetPrefix
	if name == "" {
		name = strings.ReplaceAll(m.ID, " ", "")
	}
	var t []smithy.Trait
	if m.XMLNamespace != "" {
		t = append(t, &traits.XMLNamespace{URI: m.XMLNamespace})
	}
	if m.QueryCompatible {
		t = append(t, &traits.AWSQueryCompatible{})
	}
	schema := smithy.NewServiceSchema(smithy.NewSchema(shapeID(name), smithy.ShapeTypeService, 0, t...), m.Version)
	switch m.Protocol {
	case model.AWSJSON10:
		return awsjson.New10(schema)
	case model.AWSJSON11:
		return awsjson.New11(schema)
	case model.RESTJSON:
		return restjson1.New(schema)
	case model.RESTXML:
		return restxml.New(schema)
	case model.AWSQuery:
		return awsquery.New(schema)
	case model.EC2Query:
		return ec2query.New(schema)
	case model.RPCv2CBOR:
		return rpcv2.NewCBOR(schema)
	}
	return nil
}

func shapeID(name string) smithy.ShapeID { return smithy.ShapeID{Namespace: "aws", Name: name} }

var shapeTypes = [...]smithy.ShapeType{
	model.Blob: smithy.ShapeTypeBlob, model.Boolean: smithy.ShapeTypeBoolean, model.String: smithy.ShapeTypeString,
	model.Timestamp: smithy.ShapeTypeTimestamp, model.Byte: smithy.ShapeTypeByte, model.Short: smithy.ShapeTypeShort,
	model.Integer: smithy.ShapeTypeInteger, model.Long: smithy.ShapeTypeLong, model.Float: smithy.ShapeTypeFloat,
	model.Double: smithy.ShapeTypeDouble, model.Document: smithy.ShapeTypeDocument, model.List: smithy.ShapeTypeList,
	model.Map: smithy.ShapeTypeMap, model.Structure: smithy.ShapeTypeStructure, model.Union: smithy.ShapeTypeUnion,
	model.EventStream: smithy.ShapeTypeUnion,
}

var timestampFormats = map[string]string{"unixTimestamp": "epoch-seconds", "iso8601": "date-time", "rfc822": "http-date"}

// newSchemas makes all schemas first and adds members then: a member copies its
// target's traits and shares its members, which may come later.
func newSchemas(m *model.Service) []*smithy.Schema {
	schemas := make([]*smithy.Schema, len(m.Shapes))
	for i := range m.Shapes {
		shape := &m.Shapes[i]
		var t []smithy.Trait
		if f := timestampFormats[shape.Timestamp]; f != "" {
			t = append(t, &traits.TimestampFormat{Format: f})
		}
		if shape.Type == model.EventStream {
			t = append(t, &traits.Streaming{})
		}
		schemas[i] = smithy.NewSchema(shapeID(shape.Name), shapeTypes[shape.Type], len(shape.Members), t...)
	}
	for i := range m.Shapes {
		for j := range m.Shapes[i].Members {
			member := &m.Shapes[i].Members[j]
			schemas[i].AddMember(member.Name, schemas[member.Target], memberTraits(m, member)...)
		}
	}
	return schemas
}

func memberTraits(s *model.Service, m *model.Member) []smithy.Trait {
	t := bindingTraits(s, m)
	for _, f := range []struct {
		flag  model.Flags
		trait smithy.Trait
	}{
		{model.Flattened, &traits.XMLFlattened{}}, {model.XMLAttribute, &traits.XMLAttribute{}},
		{model.Streaming, &traits.Streaming{}}, {model.HostLabel, &traits.HostLabel{}},
		{model.JSONText, &traits.MediaType{Type: "application/json"}},
	} {
		if m.Flags&f.flag != 0 {
			t = append(t, f.trait)
		}
	}
	if f := timestampFormats[m.Timestamp]; f != "" {
		t = append(t, &traits.TimestampFormat{Format: f})
	}
	if m.Namespace != "" {
		t = append(t, &traits.XMLNamespace{URI: m.Namespace, Prefix: m.NamespacePre})
	}
	if m.EC2Name != "" {
		t = append(t, &traits.EC2QueryName{Name: m.EC2Name})
	}
	return t
}

// bindingTraits say where in the message a member is, and what it is called there.
func bindingTraits(s *model.Service, m *model.Member) []smithy.Trait {
	wire := m.WireName
	if wire == "" {
		wire = m.Name
	}
	switch m.Location {
	case model.Header:
		return []smithy.Trait{&traits.HTTPHeader{Name: wire}}
	case model.PrefixHeaders:
		return []smithy.Trait{&traits.HTTPPrefixHeaders{Prefix: m.WireName}}
	case model.Label:
		return []smithy.Trait{&traits.HTTPLabel{}}
	case model.Query:
		if m.WireName == "" && s.Shapes[m.Target].Type == model.Map {
			return []smithy.Trait{&traits.HTTPQueryParams{}}
		}
		return []smithy.Trait{&traits.HTTPQuery{Name: wire}}
	case model.StatusCode:
		return []smithy.Trait{&traits.HTTPResponseCode{}}
	}
	var t []smithy.Trait
	if m.Location == model.Payload {
		t = append(t, &traits.HTTPPayload{})
	}
	switch {
	case m.WireName == "":
	case s.Protocol.XML():
		t = append(t, &traits.XMLName{Name: m.WireName})
	default:
		t = append(t, &traits.JSONName{Name: m.WireName})
	}
	return t
}

// unit stands for parameters or results that there are none of.
var unit = smithy.NewSchema(smithy.ShapeID{Namespace: "smithy.api", Name: "Unit"}, smithy.ShapeTypeStructure, 0, &traits.UnitShape{})

func (s *service) add(from *model.Operation, schemas []*smithy.Schema) {
	op := &operation{Operation: from}
	http := &traits.HTTP{Method: from.Method, URI: from.URI, Code: from.Status}
	if http.Method == "" {
		http.Method = "POST"
	}
	if http.URI == "" {
		http.URI = "/"
	}
	if http.Code == 0 {
		http.Code = 200
	}
	in, out := unit, unit
	if from.Input > 0 {
		in, op.input = schemas[from.Input-1], &s.Shapes[from.Input-1]
		op.inputStream = streamOf(op.input, s.Service)
		if from.Namespace != "" || from.Element != "" {
			in = withElement(in, from)
		}
	}
	if from.Output > 0 {
		shape := &s.Shapes[from.Output-1]
		out = schemas[from.Output-1]
		op.outputStream = streamOf(shape, s.Service)
		for i := range shape.Members {
			if shape.Members[i].Location == model.PrefixHeaders {
				op.emptyMaps = append(op.emptyMaps, shape.Members[i].Name)
			}
		}
	}
	schema := smithy.NewSchema(shapeID(from.Name), smithy.ShapeTypeOperation, 0, http)
	op.schema = smithy.NewOperationSchema(schema, in, out)
	op.unsupported = from.Bearer || op.schema.IsInputEventStream() || op.schema.IsOutputEventStream() ||
		isUnsupported(model.StepFunctionsName(s.ID), from.Name)
	s.operations[actionName(from.Name)] = op
}

// streamOf returns the member that is all of the body, as bytes that are not
// looked into.
func streamOf(shape *model.Shape, s *model.Service) string {
	for i := range shape.Members {
		m := &shape.Members[i]
		if m.Flags&model.Streaming != 0 && s.Shapes[m.Target].Type == model.Blob {
			return m.Name
		}
	}
	return ""
}

// withElement copies an input's schema with the name and namespace that the
// operation gives the request's element.
func withElement(in *smithy.Schema, op *model.Operation) *smithy.Schema {
	var t []smithy.Trait
	if op.Namespace != "" {
		t = append(t, &traits.XMLNamespace{URI: op.Namespace})
	}
	if op.Element != "" {
		t = append(t, &traits.XMLName{Name: op.Element})
	}
	copied := smithy.NewSchema(in.ID(), in.Type(), len(in.Members()), t...)
	for name, m := range in.Members() {
		copied.Members()[name] = m // the map is the schema's own
	}
	return copied
}
