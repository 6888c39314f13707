package main

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestNestedExecution_survivesAKill: a task that waits for an execution goes on
// waiting for the same one in the next server.
func TestNestedExecution_survivesAKill(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::123456789012:role/r"
	data := t.TempDir()
	s := startServer(t, "--data", data, "--functions", "")
	var child, parent struct{ StateMachineArn string }
	s.call(t, "CreateStateMachine", map[string]string{
		"name": "child", "roleArn": role,
		"definition": `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","Result":7,"End":true}}}`,
	}, &child)
	s.call(t, "CreateStateMachine", map[string]string{
		"name": "parent", "roleArn": role,
		"definition": `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
			"Parameters":{"StateMachineArn":"` + child.StateMachineArn + `","Name":"only"},"OutputPath":"$.Output","End":true}}}`,
	}, &parent)
	var execution struct{ ExecutionArn string }
	s.call(t, "StartExecution", map[string]string{"stateMachineArn": parent.StateMachineArn}, &execution)
	var children struct {
		Executions []struct{ Name, Status string }
	}
	deadline := time.Now().Add(20 * time.Second)
	for len(children.Executions) == 0 && time.Now().Before(deadline) {
		s.call(t, "ListExecutions", map[string]string{"stateMachineArn": child.StateMachineArn}, &children)
	}
	if err := s.end(t, syscall.SIGKILL); err == nil {
		t.Fatal("the server ended without an error")
	}

	s = startServer(t, "--data", data, "--functions", "")
	if status, output := s.outcome(t, execution.ExecutionArn); status != "SUCCEEDED" || output != "7" {
		t.Errorf("the parent ended %s with %s", status, output)
	}
	s.call(t, "ListExecutions", map[string]string{"stateMachineArn": child.StateMachineArn}, &children)
	if len(children.Executions) != 1 || children.Executions[0].Name != "only" || children.Executions[0].Status != "SUCCEEDED" {
		t.Errorf("children are %+v", children.Executions)
	}
	if err := s.end(t, os.Interrupt); err != nil {
		t.Errorf("the second server: %v; %s", err, s.logs.String())
	}
}
