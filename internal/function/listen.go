package function

import "time"

// accept serves the connections of the process until the listener closes.
func (in *instance) accept() {
	defer close(in.closed)
	for {
		nc, err := in.ln.Accept()
		if err != nil {
			return
		}
		c := newConn(in, nc)
		in.connMu.Lock()
		in.conns[c] = struct{}{}
		in.connMu.Unlock()
		in.work.Go(func() {
			c.serve()
			in.connMu.Lock()
			delete(in.conns, c)
			in.connMu.Unlock()
		})
	}
}

// closeConnections reads what the dead process sent last and ends the Runtime
// API. The short wait lets a connection in that is still in the listener's
// queue: an init error can be all that a process ever sent. A descendant that
// escaped the process group may hold a connection open: hence the deadlines.
func (in *instance) closeConnections() {
	if in.ln == nil {
		return
	}
	in.p.mu.Lock()
	ours := in.cause != causeNone
	in.p.mu.Unlock()
	if !ours {
		_ = in.ln.SetDeadline(time.Now().Add(20 * time.Millisecond)) // fails only when closed
		<-in.closed
	}
	_ = in.ln.Close()
	<-in.closed
	in.connMu.Lock()
	for c := range in.conns {
		if ours {
			_ = c.conn.Close()
		} else {
			_ = c.conn.SetDeadline(time.Now().Add(time.Second))
		}
	}
	in.connMu.Unlock()
	in.work.Wait()
}
