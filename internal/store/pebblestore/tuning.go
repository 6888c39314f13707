package pebblestore

import (
	"fmt"
	"log/slog"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

const (
	memTableBytes = 16 << 20
	memTables     = 4 // writes stall when as many are full

	// tableBytes is the size of a file of sorted rows. Its Bloom filter is read
	// as one block (about 100 KB at this size), so a bigger file would make a
	// miss of the cache dear once the filters of a large store outgrow it.
	tableBytes = 8 << 20
	blockBytes = 16 << 10
	filterBits = 10 // per key: 1 % of the look-ups for absent rows read a block
)

// tuning returns Pebble's options for a server that stays under 60 MB when idle
// and 300 MB under load: memory tables grow on demand to at most 64 MB, blocks
// to CacheBytes.
func tuning(options Options) *pebble.Options {
	o := &pebble.Options{
		FS:                          options.FS,
		CacheSize:                   options.CacheBytes,
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: memTables,
		L0CompactionThreshold:       2,
		L0StopWritesThreshold:       24,
		LBaseMaxBytes:               64 << 20,
		MaxManifestFileSize:         16 << 20,
		BytesPerSync:                1 << 20,
		// The disk's format never changes by an update of the library alone.
		FormatMajorVersion:         pebble.FormatTableFormatV6,
		CompactionConcurrencyRange: func() (int, int) { return 1, 2 },
	}
	if o.CacheSize <= 0 {
		o.CacheSize = DefaultCacheBytes
	}
	for i := range o.Levels {
		o.Levels[i].BlockSize = blockBytes
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(filterBits)
		o.TargetFileSizes[i] = tableBytes
	}
	log := options.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	o.LoggerAndTracer = nil
	o.Logger = logger{log}
	listener := pebble.EventListener{
		BackgroundError: func(err error) { log.Error("store: background work", "error", err) },
		DiskSlow: func(info pebble.DiskSlowInfo) {
			log.Warn("store: slow disk", "operation", info.String())
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			log.Warn("store: writes wait for compaction", "reason", info.Reason)
		},
	}
	o.EventListener = &listener
	return o
}

// logger hands Pebble's lines to slog.
type logger struct{ log *slog.Logger }

func (l logger) Infof(format string, args ...any)  { l.log.Debug(fmt.Sprintf(format, args...)) }
func (l logger) Errorf(format string, args ...any) { l.log.Error(fmt.Sprintf(format, args...)) }

// Fatalf must not return: Pebble calls it when a write to the log failed and
// nothing it holds can be trusted to become durable.
func (l logger) Fatalf(format string, args ...any) {
	panic("pebblestore: " + fmt.Sprintf(format, args...))
}
