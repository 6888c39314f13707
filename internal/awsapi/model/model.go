// Package model is the compact form of the models of AWS's services, and the
// table that holds many of them in one file.
//
// A model says what a client needs to call a service: operations, shapes, wire
// names. Documentation, constraints and examples are left out. The package does
// no I/O and knows nothing of calls. Models are written by
// internal/awsapi/generate and read by internal/awsapi; JSON keys are short
// because there are half a million of them.
package model

import (
	"strings"
	"unicode"
)

// Protocol is how a service's requests look.
type Protocol string

// The protocols, by Smithy's names.
const (
	AWSJSON10 Protocol = "awsJson1_0"
	AWSJSON11 Protocol = "awsJson1_1"
	RESTJSON  Protocol = "restJson1"
	RESTXML   Protocol = "restXml"
	AWSQuery  Protocol = "awsQuery"
	EC2Query  Protocol = "ec2Query"
	RPCv2CBOR Protocol = "rpcv2Cbor"
)

// XML reports whether responses are XML documents.
func (p Protocol) XML() bool { return p == RESTXML || p == AWSQuery || p == EC2Query }

// Service is the model of one service.
type Service struct {
	ID              string      `json:"i"`           // "Cognito Identity Provider"
	Source          string      `json:"d"`           // botocore's name: "cognito-idp"
	EndpointPrefix  string      `json:"e"`           // first label of the host: "cognito-idp"
	SigningName     string      `json:"s,omitempty"` // "": EndpointPrefix
	Version         string      `json:"v"`           // of the API: "2016-04-18"
	Protocol        Protocol    `json:"p"`
	TargetPrefix    string      `json:"t,omitempty"` // of X-Amz-Target
	QueryCompatible bool        `json:"q,omitempty"` // error codes of its query past come in a header
	XMLNamespace    string      `json:"n,omitempty"`
	Endpoints       []Endpoint  `json:"x,omitempty"` // exceptions to https://{prefix}.{region}.{suffix}
	Operations      []Operation `json:"o"`
	Shapes          []Shape     `json:"h"`
}

// Endpoint is where a service is in one partition, if not where most are.
type Endpoint struct {
	Partition     string `json:"p"`           // "aws", "aws-cn", "aws-us-gov"
	Host          string `json:"h"`           // may contain {region}
	SigningRegion string `json:"r,omitempty"` // "": the client's
}

// Operation is one action of a service.
type Operation struct {
	Name       string `json:"n"`
	Method     string `json:"m,omitempty"` // "": POST
	URI        string `json:"u,omitempty"` // "": /; labels are member names
	Status     int    `json:"c,omitempty"` // 0: 200
	Input      int    `json:"i,omitempty"` // index of a shape, from 1; 0: none
	Output     int    `json:"o,omitempty"`
	HostPrefix string `json:"h,omitempty"` // may contain {Member}
	Unsigned   bool   `json:"a,omitempty"` // the request is not signed
	Bearer     bool   `json:"b,omitempty"` // only bearer tokens are taken
	Checksum   bool   `json:"k,omitempty"` // the request must carry a checksum
	Namespace  string `json:"x,omitempty"` // of the request element (restXml)
	Element    string `json:"w,omitempty"` // the request element's name (restXml)
}

// Shape is one type.
type Shape struct {
	Name      string   `json:"n"`
	Type      Type     `json:"t"`
	Members   []Member `json:"m,omitempty"` // by name; of a list "member", of a map "key" and "value"
	Required  []int    `json:"r,omitempty"` // indexes of Members
	Timestamp string   `json:"f,omitempty"` // format; "": the protocol's
	Exception bool     `json:"x,omitempty"`
	ErrorCode string   `json:"e,omitempty"` // on the wire; "": Name
}

// Member is one member of a structure or union.
type Member struct {
	Name         string   `json:"n"`
	Target       int      `json:"t"` // index of a shape, from 0
	Location     Location `json:"l,omitempty"`
	WireName     string   `json:"w,omitempty"` // "": Name
	Flags        Flags    `json:"g,omitempty"`
	Timestamp    string   `json:"f,omitempty"`
	Namespace    string   `json:"x,omitempty"`
	NamespacePre string   `json:"y,omitempty"` // prefix of Namespace
	EC2Name      string   `json:"c,omitempty"` // ec2Query only
}

// Type is the type of a shape.
type Type uint8

// The types. Characters are strings, big integers are longs and big decimals
// doubles.
const (
	Blob Type = iota
	Boolean
	String
	Timestamp
	Byte
	Short
	Integer
	Long
	Float
	Double
	Document
	List
	Map
	Structure
	Union
	EventStream
)

// Location is the part of the HTTP message that carries a member.
type Location uint8

// The locations. Body is where everything is unless said otherwise.
const (
	Body Location = iota
	Header
	PrefixHeaders
	Label
	Query
	StatusCode
	Payload // the member is all of the body
)

// Flags are what else is to be known of a member.
type Flags uint8

// The flags.
const (
	Flattened Flags = 1 << iota
	XMLAttribute
	Streaming
	IdempotencyToken
	HostLabel
	JSONText // a JSON value in a string
)

// StepFunctionsName returns the name that Step Functions gives a service in
// "aws-sdk:NAME:action": the package name in the SDK for Java.
func StepFunctionsName(serviceID string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, ShortID(serviceID))
}

// ShortID takes Amazon, AWS and Service off a service's id, as the SDK for Java
// does: "Config Service" is "Config".
func ShortID(serviceID string) string {
	id := strings.TrimPrefix(strings.TrimPrefix(serviceID, "Amazon "), "AWS ")
	return strings.TrimSuffix(id, " Service")
}
