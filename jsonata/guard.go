package jsonata

import (
	"math/rand/v2"
	"time"

	"pawl.dev/value"
)

const (
	defaultDepth = 100
	// defaultBytes is the size of the largest value that AWS lets an expression
	// build: 873,782 numbers of 8 bytes.
	defaultBytes = 6_990_256
	// depthCeiling holds even without a limit: it keeps the Go stack safe.
	depthCeiling = 20_000
	// totalFactor times the largest value is what one evaluation may build
	// altogether, garbage included.
	totalFactor = 16
	// maxNesting is how deeply data may nest for functions that walk it.
	maxNesting = value.MaxDepth
	// stepsPerCheck is how many nodes are evaluated between two looks at the time.
	stepsPerCheck = 256
	// bytesPerItem is what an array element or member is charged.
	bytesPerItem = 8
)

// state is one evaluation: its surroundings, its guards and its tail call.
type state struct {
	vars    Bindings
	now     time.Time
	random  *rand.Rand
	expired func() bool

	depth, maxDepth int
	steps           int
	maxBytes        int // of one value; 0: no limit
	left            int // bytes that may still be built

	tail tailCallee
	args []value.Value // arguments of the calls being made, as a stack
}

func newState(vars Bindings, env *Env) *state {
	st := &state{vars: vars, maxDepth: defaultDepth, maxBytes: defaultBytes}
	if env == nil {
		env = &Env{}
	}
	st.now, st.random, st.expired = env.Now, env.Rand, env.Expired
	switch {
	case env.MaxDepth < 0:
		st.maxDepth = depthCeiling
	case env.MaxDepth > 0:
		st.maxDepth = min(env.MaxDepth, depthCeiling)
	}
	switch {
	case env.MaxBytes < 0:
		st.maxBytes = 0
	case env.MaxBytes > 0:
		st.maxBytes = env.MaxBytes
	}
	st.left = totalFactor * st.maxBytes
	return st
}

// charge is asked before a value of n bytes is built.
func (st *state) charge(n int) *Error {
	if st.maxBytes == 0 {
		return nil
	}
	st.left -= n
	if n > st.maxBytes || n < 0 || st.left < 0 {
		return &Error{Message: textMemory}
	}
	return nil
}

// chargeItems is asked before an array of n items is built.
func (st *state) chargeItems(n int) *Error {
	if n > 1<<40 {
		return st.charge(-1)
	}
	return st.charge(n * bytesPerItem)
}

// work accounts for n steps of a loop inside a function.
func (st *state) work(n int) *Error {
	before := st.steps / stepsPerCheck
	st.steps += n
	if st.steps/stepsPerCheck == before {
		return nil
	}
	return st.checkTime()
}

func (st *state) checkTime() *Error {
	if st.expired != nil && st.expired() {
		return &Error{Message: textTimeout}
	}
	return nil
}

// rand returns the source of chance, a fixed one if there is none.
func (st *state) rand() *rand.Rand {
	if st.random == nil {
		st.random = rand.New(rand.NewPCG(0, 0))
	}
	return st.random
}
