//go:build unix

package function

import "syscall"

// drainChunks bounds drain by a full pipe, so that a process that never stops
// printing cannot hold an answer up.
const drainChunks = 64<<10/chunkBytes + 1

// readAll takes what the pipe brings until it ends. Each chunk is read and
// split under the lock, so that drain never overtakes it.
func (o *output) readAll() {
	// The error is the deadline or a closed file: either way the reader ends.
	_ = o.raw.Read(func(fd uintptr) bool {
		for {
			if more, end := o.readChunk(fd); !more {
				return end
			}
		}
	})
}

// drain takes what is in the pipe now.
func (o *output) drain() {
	// Fails only once the file is closed, and then it was drained before.
	_ = o.raw.Control(func(fd uintptr) {
		for range drainChunks {
			if more, _ := o.readChunk(fd); !more {
				return
			}
		}
	})
}

// readChunk reads without blocking; end tells an empty pipe from its end.
func (o *output) readChunk(fd uintptr) (more, end bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := syscall.Read(int(fd), o.chunk)
	switch {
	case err == syscall.EINTR:
		return true, false
	case err == syscall.EAGAIN:
		return false, false
	case n <= 0:
		return false, true
	}
	o.takeLocked(o.chunk[:n])
	return true, false
}
