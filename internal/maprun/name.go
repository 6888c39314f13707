package maprun

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// A child's name is a UUID of the name-based version (3), as AWS gives it. It
// holds the map run (48 bits) and the child's index (40 bits), scrambled by a
// small Feistel network so that names look alike to nobody: a child is found by
// its name without an index row for each.

const (
	halfBits = 61 // a UUID has 122 bits beside version and variant
	halfMask = 1<<halfBits - 1
	checks   = 1<<34 - 1
)

// ChildName returns the name of child index of the map run whose identifier is
// run (twelve hexadecimal digits, see store.RunOf).
func ChildName(run string, index uint64) string {
	n, _ := strconv.ParseUint(run, 16, 48) // identifiers are made by RunOf
	check := mix(n<<8^index, 7) & checks
	// 122 bits: run(48) index(40) check(34), in two halves.
	left := n<<13 | index>>27
	right := (index&(1<<27-1))<<34 | check
	for round := range uint64(4) {
		left, right = right, left^mix(right, round)&halfMask
	}
	return formatName(left, right)
}

// ParseChildName is the reverse of ChildName; false when name is no child's.
func ParseChildName(name string) (run string, index uint64, ok bool) {
	left, right, ok := parseName(name)
	if !ok {
		return "", 0, false
	}
	for round := uint64(4); round > 0; round-- {
		left, right = right^mix(left, round-1)&halfMask, left
	}
	n := left >> 13
	index = left&(1<<13-1)<<27 | right>>34
	if mix(n<<8^index, 7)&checks != right&checks {
		return "", 0, false
	}
	run = strconv.FormatUint(n, 16)
	return strings.Repeat("0", 12-len(run)) + run, index, true
}

// mix is the finaliser of SplitMix64 over v and a round constant.
func mix(v, round uint64) uint64 {
	v += 0x9e3779b97f4a7c15 * (round + 1)
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// formatName lays 122 bits around the version and variant bits of a UUID.
func formatName(left, right uint64) string {
	high := left>>13<<16 | 3<<12 | left>>1&0xfff // 48 bits, version, 12 bits
	low := 2<<62 | left&1<<61 | right            // variant, 62 bits
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], high)
	binary.BigEndian.PutUint64(b[8:], low)
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

func parseName(name string) (left, right uint64, ok bool) {
	if len(name) != 36 || name[8] != '-' || name[13] != '-' || name[14] != '3' || name[18] != '-' || name[23] != '-' {
		return 0, 0, false
	}
	b, err := hex.DecodeString(strings.ReplaceAll(name, "-", ""))
	if err != nil || len(b) != 16 || b[8]>>6 != 2 {
		return 0, 0, false
	}
	high, low := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	left = high>>16<<13 | high&0xfff<<1 | low>>61&1
	return left, low & halfMask, true
}
