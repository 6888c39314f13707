package service_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"pawl.dev/internal/service"
)

// TestStartExecution_besideUpdatesAndADeletion starts executions while their
// state machine changes and goes away: each start either is before the deletion
// is told to the host, or refused.
func TestStartExecution_besideUpdatesAndADeletion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arn := b.create("m").StateMachineARN
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 200 {
				_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn, Name: fmt.Sprintf("x%d-%d", worker, i)})
				var refused *service.Error
				if errors.As(err, &refused) && refused.Code == service.StateMachineDeleting {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 20 {
			r := fmt.Sprintf("%s%d", role, i)
			if _, err := b.UpdateStateMachine(b.ctx, service.UpdateStateMachineInput{StateMachineARN: arn, RoleARN: &r}); err != nil {
				t.Error(err)
			}
		}
		if err := b.DeleteStateMachine(b.ctx, arn); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	_, err := b.StartExecution(b.ctx, service.StartExecutionInput{StateMachineARN: arn})
	refused(t, err, service.StateMachineDeleting, "State Machine is being deleted: '"+arn+"'")
}
