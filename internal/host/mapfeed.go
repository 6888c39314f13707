package host

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"pawl.dev/asl"
	"pawl.dev/internal/itemreader"
	"pawl.dev/internal/maprun"
	"pawl.dev/internal/store"
	"pawl.dev/value"
)

// prepared is the input of one child: an item, or a batch of them.
type prepared struct {
	input  string // JSON
	items  int64
	cursor string // of the reader, behind the last item
}

// feed reads a map run's items ahead of the children that will take them, in a
// goroutine of its own: reading, selecting and batching are not the shard's work.
// What it holds is bounded by count and by bytes.
type feed struct {
	run    *mapRun
	cancel context.CancelFunc

	mu     sync.Mutex
	room   sync.Cond
	ready  []*prepared
	bytes  int
	items  int64 // in ready
	hungry bool  // the run found nothing and waits to be woken
	done   bool  // the source is exhausted, all is in ready
	ended  bool  // stopped
}

// Bounds of what a feed reads ahead.
const (
	feedMax      = 4096
	feedMaxBytes = 16 << 20
)

func newFeed(run *mapRun) *feed {
	ctx, cancel := context.WithCancel(run.s.h.ctx)
	f := &feed{run: run, cancel: cancel}
	f.room.L = &f.mu
	context.AfterFunc(ctx, f.stop)
	run.s.h.wg.Go(func() { f.read(ctx, run.state.Cursor, run.state.Taken) })
	return f
}

// stop ends the reading; what was read is dropped.
func (f *feed) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.room.Broadcast()
	f.cancel()
}

// take returns the next child's input, nil when there is none yet; the run is
// then woken as soon as there is.
func (f *feed) take() *prepared {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.ready) == 0 {
		f.hungry = true
		return nil
	}
	p := f.ready[0]
	f.ready = f.ready[1:]
	f.bytes -= len(p.input)
	f.items -= p.items
	f.room.Signal()
	return p
}

// exhausted reports whether everything was taken.
func (f *feed) exhausted() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done && len(f.ready) == 0
}

// pending is how many items and children are read but not started.
func (f *feed) pending() (items, children int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.items, int64(len(f.ready))
}

func (f *feed) put(p *prepared) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.ended && len(f.ready) > 0 && (len(f.ready) >= feedMax || f.bytes+len(p.input) > feedMaxBytes) {
		f.room.Wait()
	}
	if f.ended {
		return false
	}
	f.ready = append(f.ready, p)
	f.bytes += len(p.input)
	f.items += p.items
	f.feedRun()
	return true
}

// feedRun wakes the run if it waits. f.mu is held.
func (f *feed) feedRun() {
	if f.hungry {
		f.hungry = false
		_ = f.run.s.offer(message{id: store.MapRunID(f.run.id), run: runStep{}})
	}
}

func (f *feed) read(ctx context.Context, cursor string, taken int64) {
	err := f.run.prepareItems(ctx, cursor, taken, f.put)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		_ = f.run.s.offer(message{id: store.MapRunID(f.run.id), run: runBroken{reasonOf(err)}})
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = true
	f.hungry = true
	f.feedRun()
}

// itemsFailure is a failure that ends the run: of the source, or of a selector.
type itemsFailure struct{ failure *asl.Failure }

func (e *itemsFailure) Error() string { return text(e.failure.Error) + ": " + text(e.failure.Cause) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// reasonOf words an error of reading as the failure of the run.
func reasonOf(err error) *maprun.Reason {
	var source *itemreader.Failure
	var items *itemsFailure
	switch {
	case errors.As(err, &source):
		return &maprun.Reason{Error: source.Name, Cause: source.Cause}
	case errors.As(err, &items):
		return &maprun.Reason{Error: text(items.failure.Error), Cause: text(items.failure.Cause)}
	default:
		return &maprun.Reason{Error: asl.ErrItemReaderFailed, Cause: err.Error()}
	}
}

// prepareItems reads the items behind cursor, of which taken were taken before,
// selects and batches them and hands them to yield until it returns false.
func (run *mapRun) prepareItems(ctx context.Context, cursor string, taken int64, yield func(*prepared) bool) error {
	reader, err := run.openReader(ctx, cursor)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // nothing was written
	p := newPreparer(run)
	b := batcher{spec: run.spec, on: run.def.Batcher != nil}
	for index := taken; ; index++ {
		item, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		input, fail := p.selected(index, item)
		if fail != nil {
			return &itemsFailure{fail}
		}
		for _, full := range b.add(input, reader.Cursor()) {
			if !yield(full) {
				return nil
			}
		}
		if b.tooLarge != nil {
			return &itemsFailure{b.tooLarge}
		}
	}
	if last := b.flush(); last != nil {
		yield(last)
	}
	return nil
}

func (run *mapRun) openReader(ctx context.Context, cursor string) (itemreader.Reader, error) {
	def := run.def.Reader
	if def == nil {
		return itemreader.FromJSON([]byte(run.spec.Items), cursor)
	}
	var args struct{ Bucket, Prefix, Key, VersionId string }
	if run.spec.ReaderArguments != "" {
		if err := json.Unmarshal([]byte(run.spec.ReaderArguments), &args); err != nil {
			return nil, &itemreader.Failure{Name: asl.ErrItemReaderFailed, Cause: "The ItemReader parameters are not valid: " + err.Error()}
		}
	}
	if run.s.h.config.Buckets == nil {
		return nil, &itemreader.Failure{Name: asl.ErrItemReaderFailed, Cause: "No object storage is configured."}
	}
	return itemreader.Open(ctx, run.s.h.config.Buckets, itemreader.Spec{
		Resource: def.Resource, Bucket: args.Bucket, Prefix: args.Prefix, Key: args.Key, VersionID: args.VersionId,
		InputType: def.InputType, Transformation: def.Transformation, ManifestType: def.ManifestType,
		CSVDelimiter: def.CSVDelimiter, CSVHeaderLocation: def.CSVHeaderLocation, CSVHeaders: def.CSVHeaders,
		ItemsPointer: def.ItemsPointer, MaxItems: run.spec.MaxItems,
	}, cursor)
}

// preparer evaluates ItemSelector for one item after the other.
type preparer struct {
	selector  *asl.Template
	input     asl.Document
	context   string
	variables value.Value
	env       asl.Env
	arena     value.Arena
}

func newPreparer(run *mapRun) *preparer {
	p := &preparer{
		selector: run.def.ItemSelector, input: asl.TextDocument(run.spec.Input), context: run.spec.Context,
	}
	p.env = asl.Env{Now: run.s.h.now(), Rand: newRand(), Arena: &p.arena}
	if run.spec.Variables != "" {
		v, err := value.Parse(run.spec.Variables, nil)
		if err != nil {
			panic("host: stored variables are no JSON: " + err.Error())
		}
		p.variables = v
	}
	return p
}

// Variable implements asl.Variables.
func (p *preparer) Variable(name string) (value.Value, bool) { return p.variables.Get(name) }

// selected is the item after ItemSelector, as JSON of its own.
func (p *preparer) selected(index int64, item itemreader.Item) (string, *asl.Failure) {
	if p.selector == nil {
		if item.HasKey {
			return `{"Key":` + value.Quoted(item.Key) + `,"Value":` + string(item.Value) + `}`, nil
		}
		return string(item.Value), nil
	}
	defer p.arena.Reset()
	raw := string(item.Value)
	d := &asl.Data{
		Input: asl.TextDocument(p.input.JSON()), Variables: p, Env: &p.env,
		MakeContext: func() value.Value { return p.itemContext(index, raw, item) },
	}
	doc, fail := p.selector.Eval(d)
	if fail != nil {
		return "", fail
	}
	return doc.JSON(), nil
}

// itemContext is the Map state's context object with Map.Item in it.
func (p *preparer) itemContext(index int64, raw string, item itemreader.Item) value.Value {
	context, err := value.Parse(p.context, &p.arena)
	if err != nil {
		panic("host: stored context is no JSON: " + err.Error())
	}
	v, err := value.Parse(raw, &p.arena)
	if err != nil {
		v = value.NullValue // readers give valid JSON only
	}
	var b value.Builder
	b.Set("Index", value.Int(index))
	if item.HasKey {
		b.Set("Key", value.Text(item.Key))
	}
	b.Set("Value", v)
	b.Set("Source", value.Text(item.Source))
	var c value.Builder
	for i, key := range context.Keys() {
		c.Set(key, context.At(i))
	}
	c.Set("Map", value.NewObject([]string{"Item"}, []value.Value{b.Object()}))
	return c.Object()
}
