package model

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleService() *Service {
	return &Service{
		ID: "Amazon Sample Service", Source: "sample", EndpointPrefix: "sample", Version: "2020-01-01", Protocol: RESTXML,
		Endpoints:  []Endpoint{{Partition: "aws", Host: "sample.amazonaws.com", SigningRegion: "us-east-1"}},
		Operations: []Operation{{Name: "GetThing", Method: "GET", URI: "/{Id}", Input: 1, Output: 1}},
		Shapes: []Shape{
			{Name: "Thing", Type: Structure, Members: []Member{{Name: "Id", Target: 1, Location: Label}}, Required: []int{0}},
			{Name: "Id", Type: String},
		},
	}
}

func TestTable_roundTrip(t *testing.T) {
	t.Parallel()
	other := sampleService()
	other.ID = "Other"
	data, err := AppendTable(nil, []*Service{sampleService(), other})
	if err != nil {
		t.Fatal(err)
	}
	table, err := ParseTable(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"other", "sample"}, table.Names()); diff != "" {
		t.Error(diff)
	}
	got, err := table.Service("sample")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleService(), got); diff != "" {
		t.Error(diff)
	}
	if s, err := table.Service("none"); s != nil || err != nil || table.Has("none") {
		t.Errorf("unknown service: %v, %v", s, err)
	}
}

func TestTable_refuses(t *testing.T) {
	t.Parallel()
	good, err := AppendTable(nil, []*Service{sampleService()})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "other file": []byte("PK\x03\x04 something"), "no index": good[:len(magic)],
		"index cut off": good[:len(magic)+3], "frame cut off": good[:len(good)-1],
	} {
		if _, err := ParseTable(data); !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := AppendTable(nil, []*Service{sampleService(), sampleService()}); err == nil {
		t.Error("two services of one name were taken")
	}
}

func TestTable_checksIndexes(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Service){
		"input":    func(s *Service) { s.Operations[0].Input = 3 },
		"target":   func(s *Service) { s.Shapes[0].Members[0].Target = 2 },
		"required": func(s *Service) { s.Shapes[0].Required[0] = 1 },
		"list":     func(s *Service) { s.Shapes[1].Type = List },
	} {
		s := sampleService()
		spoil(s)
		data, err := AppendTable(nil, []*Service{s})
		if err != nil {
			t.Fatal(err)
		}
		table, err := ParseTable(data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := table.Service("sample"); !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStepFunctionsName(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"Config Service": "config", "SFN": "sfn", "Cost Explorer": "costexplorer", "ACM PCA": "acmpca",
		"Database Migration Service": "databasemigration", "Elastic Load Balancing v2": "elasticloadbalancingv2",
		"SageMaker A2I Runtime": "sagemakera2iruntime", "Resource Groups Tagging API": "resourcegroupstaggingapi",
	} {
		if got := StepFunctionsName(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

func FuzzParseTable(f *testing.F) {
	good, err := AppendTable(nil, []*Service{sampleService()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := ParseTable(data)
		if err != nil {
			return
		}
		for _, name := range table.Names() {
			_, _ = table.Service(name) // must not panic
		}
	})
}
