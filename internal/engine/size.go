package engine

// Size is how many bytes of payload the execution holds on to, at most: equal
// texts that share memory are counted each.
func (x *Execution) Size() int {
	n := len(x.Input) + len(x.Output) + x.variables
	for _, f := range x.frames {
		n += len(f.input)
		if f.task != nil {
			n += len(f.task.scheduled.Payload)
		}
		if f.hold != nil {
			n += len(f.hold.input)
			for _, result := range f.hold.results {
				n += len(result)
			}
		}
	}
	return n
}
