package host

import (
	"pawl.dev/asl"
	"pawl.dev/internal/engine"
)

// batcher puts items together as ItemBatcher says: a batch is full by count or
// by the bytes of the child's input, whichever comes first.
type batcher struct {
	spec *engine.MapRunSpec
	on   bool

	buf      []byte // the open batch: {"BatchInput":…,"Items":[a,b
	items    int64
	cursor   string // behind the last item of the open batch
	out      [2]*prepared
	tooLarge *asl.Failure
}

// add takes an item and returns the children's inputs that are complete. The
// slice is valid until the next call.
func (b *batcher) add(item, cursor string) []*prepared {
	if !b.on {
		if len(item) > asl.MaxPayloadBytes {
			b.tooLarge = itemTooLarge()
			return nil
		}
		b.out[0] = &prepared{input: item, items: 1, cursor: cursor}
		return b.out[:1]
	}
	limit := int64(asl.MaxPayloadBytes)
	if n := b.spec.MaxBatchBytes; n > 0 && n < limit {
		limit = n
	}
	n := 0
	const closing = len("]}")
	if b.items > 0 && int64(len(b.buf)+1+len(item)+closing) > limit {
		b.out[n] = b.flush()
		n++
	}
	if b.items == 0 {
		b.open()
	} else {
		b.buf = append(b.buf, ',')
	}
	b.buf = append(b.buf, item...)
	b.items++
	b.cursor = cursor
	if int64(len(b.buf)+closing) > limit {
		b.tooLarge = itemTooLarge()
		return b.out[:n]
	}
	if b.spec.MaxItemsPerBatch > 0 && b.items >= b.spec.MaxItemsPerBatch {
		b.out[n] = b.flush()
		n++
	}
	return b.out[:n]
}

func itemTooLarge() *asl.Failure {
	return asl.NewFailure(asl.ErrDataLimitExceeded,
		"The input of a child workflow execution exceeds the maximum number of bytes service limit.")
}

func (b *batcher) open() {
	b.buf = append(b.buf[:0], '{')
	if b.spec.BatchInput != "" {
		b.buf = append(b.buf, `"BatchInput":`...)
		b.buf = append(b.buf, b.spec.BatchInput...)
		b.buf = append(b.buf, ',')
	}
	b.buf = append(b.buf, `"Items":[`...)
}

// flush closes the open batch; nil when it is empty.
func (b *batcher) flush() *prepared {
	if b.items == 0 {
		return nil
	}
	p := &prepared{input: string(append(b.buf, "]}"...)), items: b.items, cursor: b.cursor}
	b.items = 0
	return p
}
