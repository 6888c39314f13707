package function

// queue is a first-in first-out ring of invocations.
type queue struct {
	ring []*Invocation
	head int
	size int
}

func (q *queue) push(inv *Invocation) {
	q.room()
	q.ring[(q.head+q.size)%len(q.ring)] = inv
	q.size++
}

// pushFront puts back what was taken last.
func (q *queue) pushFront(inv *Invocation) {
	q.room()
	q.head = (q.head + len(q.ring) - 1) % len(q.ring)
	q.ring[q.head] = inv
	q.size++
}

func (q *queue) pop() *Invocation {
	if q.size == 0 {
		return nil
	}
	inv := q.ring[q.head]
	q.ring[q.head] = nil
	q.head = (q.head + 1) % len(q.ring)
	q.size--
	if q.size == 0 && len(q.ring) > 1024 {
		q.ring, q.head = nil, 0 // give the memory of a burst back
	}
	return inv
}

func (q *queue) peek() *Invocation {
	if q.size == 0 {
		return nil
	}
	return q.ring[q.head]
}

func (q *queue) room() {
	if q.size < len(q.ring) {
		return
	}
	grown := make([]*Invocation, max(8, 2*len(q.ring)))
	n := copy(grown, q.ring[q.head:])
	copy(grown[n:], q.ring[:q.head])
	q.ring, q.head = grown, 0
}
