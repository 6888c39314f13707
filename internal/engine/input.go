package engine

import (
	"pawl.dev/asl"
	"pawl.dev/internal/history"
)

// Input is what reaches an execution.
type Input interface{ isInput() }

// The inputs. Answers name the attempt by its Scheduled event and nonce; those
// that fit no open attempt decide nothing (I6).
type (
	// Begin starts the execution.
	Begin struct {
		Start          *history.Start
		Input          string // JSON
		Role           string
		Version, Alias string
	}
	// Taken says that a worker took the activity task.
	Taken struct {
		Task   history.EventID
		Nonce  uint64
		Worker string
	}
	// Submitted says that the call of a .sync or .waitForTaskToken task was
	// made, and what it answered.
	Submitted struct {
		Task   history.EventID
		Nonce  uint64
		Output string // JSON
	}
	// TaskDone answers a task with its output.
	TaskDone struct {
		Task   history.EventID
		Nonce  uint64
		Output string // JSON
	}
	// TaskBroke answers a task with an error.
	TaskBroke struct {
		Task    history.EventID
		Nonce   uint64
		Failure *asl.Failure
	}
	// Beat is a heartbeat of a task.
	Beat struct {
		Task  history.EventID
		Nonce uint64
	}
	// MapRunDone answers a distributed Map state.
	MapRunDone struct {
		UUID     string
		Redrives int          // how often the run was redriven: earlier answers are late
		Output   string       // JSON, unless Failure or Aborted
		Failure  *asl.Failure // the run failed
		Aborted  bool         // the run was stopped by its execution's end only
	}
	// Wake says that time has passed.
	Wake struct{}
	// Stop aborts the execution.
	Stop struct{ Error, Cause *string }
	// Continue goes on after a turn that yielded.
	Continue struct{}
	// Redrive goes on with an execution that failed, timed out or was aborted
	// from where it was; that it may be redriven is the caller's to check.
	Redrive struct{ Token string } // the client's, kept with the fact; may be ""
)

func (Begin) isInput()      {}
func (Taken) isInput()      {}
func (Submitted) isInput()  {}
func (TaskDone) isInput()   {}
func (TaskBroke) isInput()  {}
func (Beat) isInput()       {}
func (MapRunDone) isInput() {}
func (Wake) isInput()       {}
func (Stop) isInput()       {}
func (Continue) isInput()   {}
func (Redrive) isInput()    {}
