package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pawl.dev/asl"
	"pawl.dev/internal/store"
)

// The catalogue's documents. Each is JSON whose member "v" is the version of its
// form; a released form stays readable. A state machine is spread over
// documents so that each change writes little:
//
//	machine   NAME                what never changes, and which revision is current
//	revision  NAME:REVISION       what UpdateStateMachine changes
//	version   NAME:0000000007     a number for a revision
//	alias     NAME:ALIAS          names for one or two versions
//	definition SHA-256            the text, stored once, kept for executions
const documentForm = 1

// initialRevision is the id of the revision that CreateStateMachine makes. AWS
// does not show it.
const initialRevision = "INITIAL"

type machine struct {
	Form     int             `json:"v"`
	Name     string          `json:"name"`
	Type     asl.MachineType `json:"type,omitempty"` // 0 Standard, 1 Express
	Created  time.Time       `json:"created"`
	Deleting bool            `json:"deleting,omitempty"`
	Revision string          `json:"revision"` // the current one
	// LastVersion is the highest number published so far; numbers are never
	// used again.
	LastVersion int `json:"last,omitempty"`
	// Published and Description are publish and versionDescription of
	// CreateStateMachine, of which its repetition must be told apart.
	Published   bool   `json:"published,omitempty"`
	Description string `json:"description,omitempty"`
}

type revision struct {
	Form       int                     `json:"v"`
	ID         string                  `json:"id"`
	Created    time.Time               `json:"created"`
	Definition string                  `json:"definition"` // key of the document
	Role       string                  `json:"role"`
	Logging    LoggingConfiguration    `json:"logging"`
	Tracing    bool                    `json:"tracing,omitempty"`
	Encryption EncryptionConfiguration `json:"encryption"`
	Variables  map[string][]string     `json:"variables,omitempty"` // variableReferences
	// Version is the number that the revision is published as, 0 when it is
	// not.
	Version int `json:"version,omitempty"`
}

type version struct {
	Form        int       `json:"v"`
	Number      int       `json:"number"`
	Revision    string    `json:"revision"`
	Created     time.Time `json:"created"`
	Description string    `json:"description,omitempty"`
}

type alias struct {
	Form        int       `json:"v"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Routes      []route   `json:"routes"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated,omitzero"`
}

type route struct {
	Version int `json:"version"`
	Weight  int `json:"weight"` // percent
}

type activity struct {
	Form       int                     `json:"v"`
	Name       string                  `json:"name"`
	Created    time.Time               `json:"created"`
	Encryption EncryptionConfiguration `json:"encryption"`
}

type tagSet struct {
	Form int               `json:"v"`
	Tags map[string]string `json:"tags"`
}

func versionKey(machine string, number int) string { return fmt.Sprintf("%s:%010d", machine, number) }

func aliasKey(machine, alias string) string { return machine + ":" + alias }

// Revisions live among the settings: the store has no kind for them.
func revisionKey(machine, id string) string { return revisionPrefix(machine) + id }

func revisionPrefix(machine string) string { return "revision:" + machine + ":" }

func encode(document any) []byte {
	text, err := json.Marshal(document)
	if err != nil {
		panic("service: document does not encode: " + err.Error())
	}
	return text
}

func decode[D any](stored []byte) (*D, error) {
	form := struct {
		Form int `json:"v"`
	}{}
	if err := json.Unmarshal(stored, &form); err != nil {
		return nil, fmt.Errorf("decode document: %w", err)
	}
	if form.Form != documentForm {
		return nil, fmt.Errorf("decode document: unknown form %d", form.Form)
	}
	d := new(D)
	if err := json.Unmarshal(stored, d); err != nil {
		return nil, fmt.Errorf("decode document: %w", err)
	}
	return d, nil
}

// get returns a document, nil when there is none.
func get[D any](r store.CatalogReader, kind store.Kind, key string) (*D, error) {
	stored, err := r.Get(kind, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get %s %s: %w", kind, key, err)
	}
	d, err := decode[D](stored)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", kind, key, err)
	}
	return d, nil
}

// must returns a document that another one refers to.
func must[D any](r store.CatalogReader, kind store.Kind, key string) (*D, error) {
	d, err := get[D](r, kind, key)
	if d == nil && err == nil {
		return nil, fmt.Errorf("%s %s is missing", kind, key)
	}
	return d, err
}

// scan returns all documents whose keys have the prefix, in the order of keys.
func scan[D any](r store.CatalogReader, kind store.Kind, prefix string) ([]*D, error) {
	documents, err := r.Scan(kind, prefix, "", 0)
	if err != nil {
		return nil, fmt.Errorf("scan %s %s: %w", kind, prefix, err)
	}
	all := make([]*D, len(documents))
	for i, d := range documents {
		if all[i], err = decode[D](d.Value); err != nil {
			return nil, fmt.Errorf("%s %s: %w", kind, d.Key, err)
		}
	}
	return all, nil
}
