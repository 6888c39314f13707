package main

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/awsapi/model"
)

const partitionsFile = `{"partitions":[
{"id":"aws","regionRegex":"^(us|eu)\\-\\w+\\-\\d+$","regions":{},"outputs":{"name":"aws","dnsSuffix":"amazonaws.com","dualStackDnsSuffix":"api.aws","implicitGlobalRegion":"us-east-1"}},
{"id":"aws-cn","regionRegex":"^cn\\-\\w+\\-\\d+$","regions":{"cn-north-1":{}},"outputs":{"name":"aws-cn","dnsSuffix":"amazonaws.com.cn","implicitGlobalRegion":"cn-northwest-1"}}]}`

const service = `{"metadata":{"apiVersion":"2020-01-01","endpointPrefix":"things","protocol":"rest-xml","serviceId":"Thing Service",
 "signingName":"things","xmlNamespace":"urn:service"},
"operations":{
 "PutThing":{"http":{"method":"PUT","requestUri":"/things/{id+}","responseCode":201},
  "input":{"shape":"PutThingRequest","locationName":"Put","xmlNamespace":{"uri":"urn:put"}},"output":{"shape":"Empty"},
  "errors":[{"shape":"Gone"}],"httpChecksum":{"requestChecksumRequired":true},"endpoint":{"hostPrefix":"{Id}."}},
 "Public":{"http":{"method":"POST","requestUri":"/"},"authtype":"none"}},
"shapes":{
 "Unused":{"type":"string"},
 "Empty":{"type":"structure","members":{}},
 "Gone":{"type":"structure","members":{},"exception":true,"error":{"code":"Thing.Gone"}},
 "Text":{"type":"string"},
 "Tags":{"type":"list","flattened":true,"member":{"shape":"Text","locationName":"Tag"}},
 "Labels":{"type":"map","key":{"shape":"Text"},"value":{"shape":"Text"}},
 "PutThingRequest":{"type":"structure","required":["Id"],"members":{
  "Id":{"shape":"Text","location":"uri","locationName":"id"},
  "Labels":{"shape":"Labels","location":"headers","locationName":"x-label-"},
  "Tags":{"shape":"Tags"},
  "Token":{"shape":"Text","location":"header","locationName":"x-token","idempotencyToken":true},
  "Kind":{"shape":"Text","locationName":"x:kind","xmlAttribute":true}}}}}`

// rules send things to a global endpoint, but in China.
const rules = `{"parameters":{"Region":{},"UseFIPS":{"default":false}},"rules":[
{"conditions":[{"fn":"isSet","argv":[{"ref":"Endpoint"}]}],"type":"error","error":"no"},
{"conditions":[{"fn":"not","argv":[{"fn":"booleanEquals","argv":[{"ref":"UseFIPS"},true]}]},{"fn":"aws.partition","argv":[{"ref":"Region"}],"assign":"P"}],"type":"tree","rules":[
 {"conditions":[{"fn":"stringEquals","argv":[{"fn":"getAttr","argv":[{"ref":"P"},"name"]},"aws-cn"]}],"type":"endpoint","endpoint":{"url":"https://things.{Region}.{P#dnsSuffix}"}},
 {"conditions":[],"type":"endpoint","endpoint":{"url":"https://things.{P#dnsSuffix}","properties":{"authSchemes":[{"name":"sigv4","signingRegion":"us-east-1"}]}}}]}]}`

func writeGzip(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	newest := filepath.Join(dir, "thing", "2020-01-01")
	writeGzip(t, filepath.Join(dir, "thing", "2010-01-01", "service-2.json.gz"), `{"metadata":{"protocol":"unknown"}}`)
	writeGzip(t, filepath.Join(newest, "service-2.json.gz"), service)
	writeGzip(t, filepath.Join(newest, "endpoint-rule-set-1.json.gz"), rules)
	writeGzip(t, filepath.Join(dir, "zz-thing-old", "2020-01-01", "service-2.json.gz"), service) // the same service's older name
	if err := os.WriteFile(filepath.Join(dir, "partitions.json"), []byte(partitionsFile), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "models.bin")
	if err := run(dir, out); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	table, err := model.ParseTable(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := table.Service("thing")
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Service{
		ID: "Thing Service", Source: "thing", EndpointPrefix: "things", Version: "2020-01-01",
		Protocol: model.RESTXML, XMLNamespace: "urn:service",
		Endpoints: []model.Endpoint{{Partition: "aws", Host: "things.amazonaws.com", SigningRegion: "us-east-1"}},
		Operations: []model.Operation{
			{Name: "Public", Unsigned: true},
			{
				Name: "PutThing", Method: "PUT", URI: "/things/{Id+}", Status: 201, Input: 1, Output: 2,
				HostPrefix: "{Id}.", Checksum: true, Namespace: "urn:put", Element: "Put",
			},
		},
		Shapes: []model.Shape{
			{Name: "PutThingRequest", Type: model.Structure, Required: []int{0}, Members: []model.Member{
				{Name: "Id", Target: 3, Location: model.Label},
				{Name: "Kind", Target: 3, WireName: "x:kind", Flags: model.XMLAttribute, NamespacePre: "x"},
				{Name: "Labels", Target: 4, Location: model.PrefixHeaders, WireName: "x-label-"},
				{Name: "Tags", Target: 5, WireName: "Tag", Flags: model.Flattened},
				{Name: "Token", Target: 3, Location: model.Header, WireName: "x-token", Flags: model.IdempotencyToken},
			}},
			{Name: "Empty", Type: model.Structure},
			{Name: "Gone", Type: model.Structure, Exception: true, ErrorCode: "Thing.Gone"},
			{Name: "Text", Type: model.String},
			{Name: "Labels", Type: model.Map, Members: []model.Member{{Name: "key", Target: 3}, {Name: "value", Target: 3}}},
			{Name: "Tags", Type: model.List, Members: []model.Member{{Name: "member", Target: 3, WireName: "Tag"}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRun_needsModels(t *testing.T) {
	t.Parallel()
	if err := run(t.TempDir(), "unused"); err == nil {
		t.Error("an empty directory was taken for botocore's")
	}
}

func TestProtocolOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		meta botoMetadata
		want model.Protocol
	}{
		{botoMetadata{Protocol: "json"}, model.AWSJSON10},
		{botoMetadata{Protocol: "json", JSONVersion: "1.1"}, model.AWSJSON11},
		{botoMetadata{Protocol: "query"}, model.AWSQuery},
		{botoMetadata{Protocol: "ec2"}, model.EC2Query},
		{botoMetadata{Protocol: "rest-json"}, model.RESTJSON},
		{botoMetadata{Protocol: "smithy-rpc-v2-cbor"}, model.RPCv2CBOR},
		{botoMetadata{Protocol: "smithy-rpc-v2-cbor", Protocols: []string{"smithy-rpc-v2-cbor", "json"}, TargetPrefix: "T", JSONVersion: "1.1"}, model.AWSJSON11},
	} {
		if got, err := protocolOf(&c.meta); got != c.want || err != nil {
			t.Errorf("%+v is %s (%v), want %s", c.meta, got, err, c.want)
		}
	}
}
