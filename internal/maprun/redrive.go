package maprun

import "time"

// Redriven is the start of a redrive: what has not succeeded is done again.
type Redriven struct {
	Count int       `json:"count"` // from 1
	At    time.Time `json:"at"`
}

// Resumed is a batch of children that one commit looked at in a redrive.
type Resumed struct {
	Next     uint64         `json:"next"` // the first child that was not looked at
	Children []ResumedChild `json:"children,omitempty"`
}

// ResumedChild is a child that had not succeeded.
type ResumedChild struct {
	Index uint64  `json:"index"`
	Items int64   `json:"items"`
	Was   Outcome `json:"was"`
	Kept  bool    `json:"kept,omitempty"` // it can't be redriven
}

// Redrive is how far a redrive is.
type Redrive struct {
	Count int
	At    time.Time
	Next  uint64 // the first child to be looked at
	Until uint64 // children from here on are new
	// LeftItems and Left count what has yet to be redriven by what it was.
	LeftItems, Left    Counts
	NotRedrivableItems int64 // of children that can't be redriven
	NotRedrivable      int64 // such children
}

// Redriving reports whether children of former runs have yet to be looked at.
func (s *State) Redriving() bool { return s.Redrive != nil && s.Redrive.Next < s.Redrive.Until }

// redrive folds the start of a redrive: counters of what failed become those of
// what is to be redriven.
func (s *State) redrive(r *Redriven) {
	s.Redrive = &Redrive{
		Count: r.Count, At: r.At, Until: s.Next,
		LeftItems: s.Items.forget(), Left: s.Children.forget(),
	}
	s.Stop, s.Ended = nil, nil
	s.Running = make(map[uint64]int64)
}

// forget takes back everything that did not succeed and returns it.
func (c *Counts) forget() Counts {
	lost := *c
	lost.Succeeded, lost.Running = 0, 0
	*c = Counts{Succeeded: c.Succeeded, Running: c.Running}
	return lost
}

// Totals are the counts of items and children of a run that ends now: what was
// not redriven stays what it was.
func (s *State) Totals() (items, children Counts) {
	items, children = s.Items, s.Children
	if s.Redrive != nil {
		items.take(s.Redrive.LeftItems)
		children.take(s.Redrive.Left)
	}
	return items, children
}

func (c *Counts) take(left Counts) {
	c.Failed += left.Failed
	c.TimedOut += left.TimedOut
	c.Aborted += left.Aborted
}

func (s *State) resume(r *Resumed) {
	d := s.Redrive
	d.Next = r.Next
	for _, c := range r.Children {
		d.Left.add(c.Was, -1)
		d.LeftItems.add(c.Was, -c.Items)
		if c.Kept {
			s.Items.add(c.Was, c.Items)
			s.Children.add(c.Was, 1)
			d.NotRedrivable++
			d.NotRedrivableItems += c.Items
			continue
		}
		s.Running[c.Index] = c.Items
		s.Items.Running += c.Items
		s.Children.Running++
	}
}
