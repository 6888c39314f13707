package api

import (
	"context"

	"pawl.dev/internal/service"
)

func createActivity(ctx context.Context, s *service.Service, q *request, w *response) error {
	name, key, tags := q.text("name", resourceName.need()), encryption(q), tags(q, false)
	if err := q.check(); err != nil {
		return err
	}
	a, err := s.CreateActivity(ctx, name, key, tags)
	if err != nil {
		return err
	}
	w.text("activityArn", a.ActivityARN)
	w.date("creationDate", a.CreationDate)
	return nil
}

func describeActivity(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn := q.text("activityArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	a, err := s.DescribeActivity(ctx, arn)
	if err != nil {
		return err
	}
	w.text("activityArn", a.ActivityARN)
	w.date("creationDate", a.CreationDate)
	writeEncryption(w, a.Encryption)
	w.text("name", a.Name)
	return nil
}

func deleteActivity(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn := q.text("activityArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	return s.DeleteActivity(ctx, arn)
}

func listActivities(ctx context.Context, s *service.Service, q *request, w *response) error {
	p := page(q, pageToken)
	if err := q.check(); err != nil {
		return err
	}
	items, next, err := s.ListActivities(ctx, p)
	if err != nil {
		return err
	}
	w.list("activities", len(items), func(i int) {
		w.text("activityArn", items[i].ActivityARN)
		w.date("creationDate", items[i].CreationDate)
		w.text("name", items[i].Name)
	})
	w.some("nextToken", next)
	return nil
}

func getActivityTask(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn, worker := q.text("activityArn", resourceARN), q.text("workerName", resourceName)
	if err := q.check(); err != nil {
		return err
	}
	task, err := s.GetActivityTask(ctx, arn, worker)
	if err != nil || task == nil {
		return err
	}
	w.text("input", task.Input)
	w.text("taskToken", task.Token)
	return nil
}

func sendTaskSuccess(ctx context.Context, s *service.Service, q *request, _ *response) error {
	token, output := q.text("taskToken", taskToken), q.text("output", payload.need())
	if err := q.check(); err != nil {
		return err
	}
	return s.SendTaskSuccess(ctx, token, output)
}

func sendTaskFailure(ctx context.Context, s *service.Service, q *request, _ *response) error {
	token, code, why := q.text("taskToken", taskToken), q.optional("error", errorText), q.optional("cause", causeText)
	if err := q.check(); err != nil {
		return err
	}
	return s.SendTaskFailure(ctx, token, code, why)
}

func sendTaskHeartbeat(ctx context.Context, s *service.Service, q *request, _ *response) error {
	token := q.text("taskToken", taskToken)
	if err := q.check(); err != nil {
		return err
	}
	return s.SendTaskHeartbeat(ctx, token)
}
