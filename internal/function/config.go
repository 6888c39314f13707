package function

import (
	"log/slog"
	"runtime"
	"time"
)

// Config says where functions live and how much of the machine they may use.
// The zero value of every field but Dir has a default.
type Config struct {
	// Dir is the service's own folder: uploaded functions, logs, temporary
	// files, the embedded bootstraps. Created when missing.
	Dir string

	// Declared is a folder whose sub-folders are functions that need no
	// upload; "" for none. See function.json in declared.go.
	Declared string

	Partition string // default "aws"
	Region    string // default "us-east-1"
	Account   string // default "123456789012"

	// Environment is added to the environment of every function: credentials,
	// AWS_ENDPOINT_URL and the like. A function's own variables win, except
	// over reserved names.
	Environment map[string]string

	// MaxConcurrency bounds the processes of one function; default 64. More
	// invocations wait in its queue.
	MaxConcurrency int

	// MaxStarting bounds the processes that start at the same time, over all
	// functions; default 2 × cores. (64 Pythons at once need 10 s on 2 cores.)
	MaxStarting int

	// MaxQueue bounds the invocations that wait for a process of one function;
	// default 1,000,000. Beyond it: TooManyRequestsException.
	MaxQueue int

	IdleTimeout time.Duration // an unused process is stopped; default 5 min
	InitTimeout time.Duration // limit of the first init; default 10 s, as AWS

	// EventRetries is how often a failed Event invocation is tried again, after
	// 1 and 2 minutes; default 2, as AWS; negative for none.
	EventRetries int

	// MaxLogBytes bounds the log of one function (two files of half of it);
	// default 32 MiB.
	MaxLogBytes int64

	Log   *slog.Logger // default: discard
	Clock Clock        // default: the system's
}

func (c Config) withDefaults() Config {
	c.Partition = or(c.Partition, "aws")
	c.Region = or(c.Region, "us-east-1")
	c.Account = or(c.Account, "123456789012")
	c.MaxConcurrency = or(c.MaxConcurrency, 64)
	c.MaxStarting = or(c.MaxStarting, 2*runtime.NumCPU())
	c.MaxQueue = or(c.MaxQueue, 1_000_000)
	c.IdleTimeout = or(c.IdleTimeout, 5*time.Minute)
	c.InitTimeout = or(c.InitTimeout, 10*time.Second)
	c.EventRetries = or(c.EventRetries, 2)
	c.MaxLogBytes = or(c.MaxLogBytes, 32<<20)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	return c
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
