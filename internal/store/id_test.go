package store

import (
	"fmt"
	"testing"
)

func TestLogID_child(t *testing.T) {
	t.Parallel()
	for _, index := range []uint64{0, 1, 0xabc, 1<<48 - 1, 1 << 48, 1<<64 - 1} {
		id := ChildID("0f8fad5bd9cb", index)
		if want := LogID(fmt.Sprintf("c/0f8fad5bd9cb/%012x", index)); id != want {
			t.Errorf("ChildID(%d) = %s, want %s", index, id, want)
		}
		if run, got, ok := id.Child(); run != "0f8fad5bd9cb" || got != index || !ok {
			t.Errorf("%s.Child() = %s, %d, %v", id, run, got, ok)
		}
		for _, shards := range []uint32{1, 4, 256} {
			if id.Shard(shards) != MapRunID("0f8fad5bd9cb").Shard(shards) {
				t.Errorf("%s is in another shard than its run", id)
			}
		}
	}
	for _, id := range []LogID{"e/m/a", "m/0f8fad5bd9cb", "c/0f8fad5bd9cb", "c/0f8fad5bd9cb/x", ""} {
		if _, _, ok := id.Child(); ok {
			t.Errorf("%s passes for a child", id)
		}
	}
}

func TestRunOf(t *testing.T) {
	t.Parallel()
	for uuid, want := range map[string]RunID{
		testUUID:                               "0f8fad5bd9cb",
		"0F8FAD5BD9CB469FA16570867728950E":     "0f8fad5bd9cb",
		"":                                     "",
		"0f8fad5b-d9cb-469f-a165-70867728950":  "",
		"0f8fad5b-d9cb-469f-a165-7086772895zz": "",
	} {
		if run, err := RunOf(uuid); run != want || (err == nil) != (want != "") {
			t.Errorf("RunOf(%q) = %q, %v, want %q", uuid, run, err, want)
		}
	}
}
