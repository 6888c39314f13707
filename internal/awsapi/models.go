package awsapi

import (
	_ "embed" // models.bin
	"fmt"
	"os"
	"sync"

	"pawl.dev/internal/awsapi/model"
)

// embedded is the table of the models that this release knows. It is derived
// from botocore's service models; see MODELS.md.
//
//go:embed models.bin
var embedded []byte

// keptServices is how many services stay ready for calls. One takes 0.5 to 5 MB
// and 1 to 40 ms to make ready again.
const keptServices = 24

// Models knows the operations of AWS's services. It is safe for concurrent use.
type Models struct {
	tables []*model.Table // the first that has a service counts

	mu     sync.Mutex
	loaded map[string]*loading
	recent []string // names in loaded, the latest used last
}

// loading is a service that is made ready once.
type loading struct {
	once    sync.Once
	service *service
	err     error
}

// Embedded returns the models of this release.
var Embedded = sync.OnceValue(func() *Models {
	table, err := model.ParseTable(embedded)
	if err != nil {
		panic("awsapi: the embedded table is broken: " + err.Error())
	}
	return newModels(table)
})

// LoadModels returns the models of this release and, before them, those of a
// file that internal/awsapi/generate wrote.
func LoadModels(file string) (*Models, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	table, err := model.ParseTable(data)
	if err != nil {
		return nil, fmt.Errorf("read AWS models %s: %w", file, err)
	}
	return newModels(append([]*model.Table{table}, Embedded().tables...)...), nil
}

func newModels(tables ...*model.Table) *Models {
	return &Models{tables: tables, loaded: make(map[string]*loading)}
}

// Known reports whether Step Functions can call the action of the service, both
// by Step Functions' names: "dynamodb", "putItem".
func Known(service, action string) bool { return Embedded().Known(service, action) }

// Members returns the names of the parameters that an action requires and of all
// that it takes, by name; ok is false for an action that is not Known.
func Members(service, action string) (required, all []string, ok bool) {
	return Embedded().Members(service, action)
}

// Known is the function Known for these models.
func (m *Models) Known(service, action string) bool {
	_, op, err := m.find(service, action)
	return err == nil && op != nil && !op.unsupported
}

// Members is the function Members for these models.
func (m *Models) Members(service, action string) (required, all []string, ok bool) {
	_, op, err := m.find(service, action)
	if err != nil || op == nil || op.unsupported {
		return nil, nil, false
	}
	if op.input == nil {
		return nil, nil, true
	}
	for i := range op.input.Members {
		all = append(all, memberName(op.input.Members[i].Name))
	}
	for _, i := range op.input.Required {
		if op.input.Members[i].Flags&model.IdempotencyToken == 0 { // the client fills it in
			required = append(required, all[i])
		}
	}
	return required, all, true
}

// find returns a service and its operation, nil where there is none.
func (m *Models) find(name, action string) (*service, *operation, error) {
	s, err := m.service(name)
	if s == nil || err != nil {
		return nil, nil, err
	}
	return s, s.operations[action], nil
}

// service returns the service that Step Functions calls name, nil if there is
// none.
func (m *Models) service(name string) (*service, error) {
	table := m.table(name)
	if table == nil {
		return nil, nil
	}
	l := m.use(name)
	l.once.Do(func() {
		from, err := table.Service(name)
		if err != nil {
			l.err = err
			return
		}
		l.service, l.err = newService(from)
	})
	return l.service, l.err
}

func (m *Models) table(name string) *model.Table {
	for _, t := range m.tables {
		if t.Has(name) {
			return t
		}
	}
	return nil
}

// use notes that a service is wanted and forgets the one that was wanted least
// recently if there are too many. Calls in hand keep what they have.
func (m *Models) use(name string) *loading {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, n := range m.recent {
		if n == name {
			copy(m.recent[i:], m.recent[i+1:])
			m.recent[len(m.recent)-1] = name
			return m.loaded[name]
		}
	}
	if len(m.recent) == keptServices {
		delete(m.loaded, m.recent[0])
		m.recent = append(m.recent[:0], m.recent[1:]...)
	}
	l := new(loading)
	m.loaded[name] = l
	m.recent = append(m.recent, name)
	return l
}
