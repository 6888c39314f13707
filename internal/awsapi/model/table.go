package model

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// A table is:
//
//	magic      8 bytes, the last one is the version
//	index      uvarint length in bytes, then for each service
//	             uvarint length, Step Functions' name
//	             uvarint length of the frame
//	frames     one zstd frame a service, in the order of the index
//
// Frames are apart so that a service is read without the others: in one frame
// the table would be a fifth smaller, and every first use would cost 300 ms.
const magic = "pawlaws\x01"

// maxModelBytes bounds what a frame may grow to; EC2's model has 1.5 MB.
const maxModelBytes = 64 << 20

// Table is many models, still compressed. It is safe for concurrent use.
type Table struct {
	frames  map[string][]byte
	decoder *zstd.Decoder
}

// ErrTable is wrapped by errors about a table that cannot be read.
var ErrTable = errors.New("not a table of AWS models")

// ParseTable reads the index of a table. The table keeps data.
func ParseTable(data []byte) (*Table, error) {
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, ErrTable
	}
	index, rest, ok := cutBytes(data[len(magic):])
	if !ok {
		return nil, fmt.Errorf("%w: the index is cut off", ErrTable)
	}
	t := &Table{frames: make(map[string][]byte, len(index)/16)}
	for len(index) > 0 {
		var name []byte
		if name, index, ok = cutBytes(index); !ok {
			return nil, fmt.Errorf("%w: a name is cut off", ErrTable)
		}
		size, n := binary.Uvarint(index)
		if n <= 0 || size > uint64(len(rest)) {
			return nil, fmt.Errorf("%w: the model of %q is cut off", ErrTable, name)
		}
		index = index[n:]
		t.frames[string(name)], rest = rest[:size:size], rest[size:]
	}
	var err error
	t.decoder, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxModelBytes))
	return t, err
}

// cutBytes takes a length and as many bytes off data.
func cutBytes(data []byte) (head, rest []byte, ok bool) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size > uint64(len(data)-n) {
		return nil, nil, false
	}
	return data[n : n+int(size)], data[n+int(size):], true
}

// Names returns the services' names, sorted.
func (t *Table) Names() []string {
	names := make([]string, 0, len(t.frames))
	for name := range t.frames {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Has reports whether the table holds the service that Step Functions calls name.
func (t *Table) Has(name string) bool { return t.frames[name] != nil }

// Service reads the model of a service, nil if the table does not hold it. It
// takes 1 to 40 ms.
func (t *Table) Service(name string) (*Service, error) {
	frame, ok := t.frames[name]
	if !ok {
		return nil, nil
	}
	text, err := t.decoder.DecodeAll(frame, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: model of %s: %w", ErrTable, name, err)
	}
	s := new(Service)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%w: model of %s: %w", ErrTable, name, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%w: model of %s: %w", ErrTable, name, err)
	}
	return s, nil
}

// check looks at the indexes, on which everybody relies.
func (s *Service) check() error {
	for i := range s.Operations {
		if o := &s.Operations[i]; o.Input < 0 || o.Output < 0 || max(o.Input, o.Output) > len(s.Shapes) {
			return fmt.Errorf("operation %s has no such shape", o.Name)
		}
	}
	for i := range s.Shapes {
		shape := &s.Shapes[i]
		for _, m := range shape.Members {
			if m.Target < 0 || m.Target >= len(s.Shapes) {
				return fmt.Errorf("member %s.%s has no such shape", shape.Name, m.Name)
			}
		}
		for _, r := range shape.Required {
			if r < 0 || r >= len(shape.Members) {
				return fmt.Errorf("shape %s requires no such member", shape.Name)
			}
		}
		if n := map[Type]int{List: 1, Map: 2}[shape.Type]; n > 0 && len(shape.Members) != n {
			return fmt.Errorf("shape %s has %d members", shape.Name, len(shape.Members))
		}
	}
	return nil
}

// AppendTable appends the table of services, which must have distinct names.
func AppendTable(dst []byte, services []*Service) ([]byte, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	var index, frames []byte
	seen := make(map[string]bool)
	for _, s := range services {
		name := StepFunctionsName(s.ID)
		if seen[name] {
			return nil, fmt.Errorf("two services are called %s", name)
		}
		seen[name] = true
		text, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		before := len(frames)
		frames = encoder.EncodeAll(text, frames)
		index = binary.AppendUvarint(index, uint64(len(name)))
		index = append(index, name...)
		index = binary.AppendUvarint(index, uint64(len(frames)-before))
	}
	dst = append(dst, magic...)
	dst = binary.AppendUvarint(dst, uint64(len(index)))
	dst = append(dst, index...)
	return append(dst, frames...), nil
}
