package awsapi

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawl.dev/internal/awsapi/model"
)

func TestKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service, action string
		want            bool
	}{
		{"dynamodb", "putItem", true},
		{"rds", "describeDBInstances", true},
		{"cloudwatchlogs", "createLogGroup", true},
		{"dynamodb", "PutItem", false}, // actions start small
		{"dynamodb", "dropTable", false},
		{"stepfunctions", "startExecution", false}, // it is sfn
		{"sts", "assumeRole", false},               // Step Functions does not call it
		{"kinesis", "subscribeToShard", false},
		{"bedrockruntime", "converseStream", false}, // an event stream
		{"bedrockruntime", "converse", true},
	} {
		if got := Known(c.service, c.action); got != c.want {
			t.Errorf("%s:%s known: %t, want %t", c.service, c.action, got, c.want)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	required, all, ok := Members("dynamodb", "getItem")
	if !ok {
		t.Fatal("getItem is not known")
	}
	if diff := cmp.Diff([]string{"Key", "TableName"}, required); diff != "" {
		t.Error(diff)
	}
	if !slices.Contains(all, "ConsistentRead") || slices.Contains(all, "Item") {
		t.Errorf("getItem takes %v", all)
	}
	if required, _, _ := Members("ecs", "runTask"); slices.Contains(required, "ClientToken") {
		t.Error("an idempotency token is required of the caller")
	}
	if _, _, ok := Members("dynamodb", "dropTable"); ok {
		t.Error("an unknown action has members")
	}
}

// TestUnsupported keeps the list of unsupported operations spelt as the models
// spell them.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	for name, operations := range unsupported {
		s, err := Embedded().service(name)
		if err != nil {
			t.Fatal(err)
		}
		if s == nil {
			t.Errorf("there is no service %s", name)
			continue
		}
		for _, o := range strings.Fields(operations) {
			if op := s.operations[actionName(o)]; op == nil || !op.unsupported {
				t.Errorf("there is no operation %s in %s", o, name)
			}
		}
	}
}

func TestModels_forgetWhatIsNotUsed(t *testing.T) {
	t.Parallel()
	m := newModels(Embedded().tables...)
	names := m.tables[0].Names()
	small := slices.DeleteFunc(names, func(n string) bool { return len(n) < 14 })[:keptServices+2]
	for _, n := range small {
		if s, err := m.service(n); s == nil || err != nil {
			t.Fatalf("%s: %v, %v", n, s, err)
		}
		if _, err := m.service(small[0]); err != nil { // stays in use
			t.Fatal(err)
		}
	}
	if len(m.loaded) != keptServices || m.loaded[small[0]] == nil || m.loaded[small[1]] != nil {
		t.Errorf("%d services are kept", len(m.loaded))
	}
}

func TestLoadModels_addsServices(t *testing.T) {
	t.Parallel()
	data, err := model.AppendTable(nil, []*model.Service{{
		ID: "Brand New", EndpointPrefix: "new", Version: "2030-01-01", Protocol: model.AWSJSON11,
		Operations: []model.Operation{{Name: "DoIt"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "models.bin")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := LoadModels(file)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Known("brandnew", "doIt") || !m.Known("sqs", "sendMessage") {
		t.Error("services are missing")
	}
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadModels(file); !errors.Is(err, model.ErrTable) {
		t.Errorf("a broken file: %v", err)
	}
}

// TestModels_all makes every service ready: no model may be broken.
func TestModels_all(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	table := Embedded().tables[0]
	operations := 0
	for _, name := range table.Names() {
		from, err := table.Service(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := newService(from)
		if err != nil {
			t.Fatal(err)
		}
		operations += len(s.operations)
	}
	if operations < 18_000 {
		t.Errorf("there are only %d operations", operations)
	}
}

func BenchmarkLoad_EC2(b *testing.B) {
	table := Embedded().tables[0]
	for b.Loop() {
		from, err := table.Service("ec2")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := newService(from); err != nil {
			b.Fatal(err)
		}
	}
}
