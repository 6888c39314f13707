package api

import (
	"context"

	"pawl.dev/internal/service"
)

// tags reads the member tags.
func tags(q *request, required bool) []service.Tag {
	list, _ := q.structures("tags", required)
	tags := make([]service.Tag, len(list))
	for i, t := range list {
		tags[i] = service.Tag{Key: t.text("key", tagKey), Value: t.text("value", tagValue)}
	}
	return tags
}

func tagResource(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn, tags := q.text("resourceArn", resourceARN), tags(q, true)
	if err := q.check(); err != nil {
		return err
	}
	return s.TagResource(ctx, arn, tags)
}

func untagResource(ctx context.Context, s *service.Service, q *request, _ *response) error {
	arn, keys := q.text("resourceArn", resourceARN), q.texts("tagKeys", true, tagKey)
	if err := q.check(); err != nil {
		return err
	}
	return s.UntagResource(ctx, arn, keys)
}

func listTagsForResource(ctx context.Context, s *service.Service, q *request, w *response) error {
	arn := q.text("resourceArn", resourceARN)
	if err := q.check(); err != nil {
		return err
	}
	found, err := s.ListTagsForResource(ctx, arn)
	if err != nil {
		return err
	}
	w.list("tags", len(found), func(i int) {
		w.text("key", found[i].Key)
		w.text("value", found[i].Value)
	})
	return nil
}
