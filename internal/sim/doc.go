// Package sim simulates executions with virtual time: random programs, crashes at
// every commit, inputs that come late, twice, early or from nobody. It has tests
// only and must not be imported.
//
// The judge is plain: a stormy run must store the same events as the calm run
// with the same seed, byte for byte. That covers I1 (recovery folds the log), I3
// (an effect that was not committed is never seen), I6 (repeated inputs decide
// nothing) and I9 (every execution comes to an end).
package sim
