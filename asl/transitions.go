package asl

// checkTransitions reports states that can't be reached, in the machine and in
// those inside it, and a machine that can't end. It says nothing as long as
// other findings stand: a graph with holes has no reachable end.
func (c *compiler) checkTransitions(root *Machine) {
	if c.diagnostics.Failed() {
		return
	}
	if !ends(root) {
		c.report(CodeMissingEnd, "", "Workflow has no terminal state")
		return
	}
	c.checkReachable(root, "")
}

// ends reports whether the machine has a state without successor.
func ends(m *Machine) bool {
	for _, s := range m.States {
		if s.Next == nil && s.Type != TypeChoice {
			return true
		}
	}
	return false
}

func (c *compiler) checkReachable(m *Machine, at string) {
	reached := map[*State]bool{m.Start: true}
	open := []*State{m.Start}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		for _, next := range successors(s) {
			if next != nil && !reached[next] {
				reached[next] = true
				open = append(open, next)
			}
		}
	}
	for _, s := range m.States {
		place := at + "/States/" + s.Name
		if !reached[s] {
			c.report(CodeMissingTarget, place, `State "`+s.Name+`" is not reachable.`)
		}
		switch s.Type {
		case TypeParallel:
			for _, b := range s.Parallel.Branches {
				c.checkReachable(b, place+indexed("/Branches", b.Branch))
			}
		case TypeMap:
			c.checkReachable(s.Map.Processor, place+"/"+s.Map.processorField)
		default:
		}
	}
}

// successors lists the states that s can lead to; nil stands for none.
func successors(s *State) []*State {
	all := []*State{s.Next}
	for _, c := range s.Catch {
		all = append(all, c.Next)
	}
	if s.Choice != nil {
		all = append(all, s.Choice.Default)
		for _, r := range s.Choice.Rules {
			all = append(all, r.Next)
		}
	}
	return all
}
