//go:build unix

package function

import "syscall"

// readAll takes what the pipe brings until it ends. The bytes are read and
// split under the lock, so that drain never overtakes them.
func (o *output) readAll() {
	// The error is the deadline or a closed file: either way the reader ends.
	_ = o.raw.Read(func(fd uintptr) bool { return o.readAvailable(fd) })
}

// drain takes what is in the pipe now.
func (o *output) drain() {
	// Fails only once the file is closed, and then it was drained before.
	_ = o.raw.Control(func(fd uintptr) { o.readAvailable(fd) })
}

// readAvailable reads without blocking; true at the end of the pipe.
func (o *output) readAvailable(fd uintptr) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		n, err := syscall.Read(int(fd), o.chunk)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return false
		case n <= 0:
			return true
		default:
			o.takeLocked(o.chunk[:n])
		}
		if n == 0 {
			return true
		}
	}
}
