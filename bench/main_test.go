package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pawl.dev/internal/demo"
	"pawl.dev/internal/store"
)

// echoVariable makes the test binary a function that answers its input.
const echoVariable = "PAWL_BENCH_ECHO"

func TestMain(m *testing.M) {
	if os.Getenv(echoVariable) != "" {
		err := demo.Serve(func(event []byte) ([]byte, error) { return event, nil })
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func sortDurations(d []time.Duration) { slices.Sort(d) }

// definitionKey is the key under which the service keeps a machine's definition.
func definitionKey(b *testing.B, p *process, machine string) string {
	b.Helper()
	definition := `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"End":true}}}`
	sum := sha256.Sum256([]byte(definition))
	key := hex.EncodeToString(sum[:])
	err := p.store.View(b.Context(), func(r store.CatalogReader) error {
		_, err := r.Get(store.KindDefinition, key)
		return err
	})
	if err != nil {
		b.Fatalf("definition of %s: %v", machine, err)
	}
	return key
}
