package service

import "testing"

func TestTargetCache_refusesWhatWasReadBeforeAChange(t *testing.T) {
	t.Parallel()
	var c targetCache
	_, changes := c.find("m", "")
	c.drop("m") // the state machine changes while it is being read
	c.add("m", "", &target{}, changes)
	if found, _ := c.find("m", ""); found != nil {
		t.Error("a target from before the change is in the cache")
	}
	_, changes = c.find("m", "")
	c.add("m", "7", &target{}, changes)
	c.add("n", "", &target{}, changes)
	c.drop("m")
	if found, _ := c.find("m", "7"); found != nil {
		t.Error("a version outlives its state machine's change")
	}
	if found, _ := c.find("n", ""); found == nil {
		t.Error("another state machine was dropped too")
	}
}
