//go:build !unix

package storetest

import "time"

// cpuTime is not known here: rates are reported without it.
func cpuTime() time.Duration { return 0 }
