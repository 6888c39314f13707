package service

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pawl.dev/internal/store"
)

// Tag is a key and a value that a user attached to a resource.
type Tag struct{ Key, Value string }

// MaxTags is how many tags a resource has at most.
const MaxTags = 50

// checkTags returns the resource's tags with the new ones merged in. old may be
// nil.
func (s *Service) checkTags(arn string, old *tagSet, tags []Tag) (*tagSet, error) {
	set := &tagSet{Form: documentForm, Tags: make(map[string]string, len(tags))}
	if old != nil {
		maps.Copy(set.Tags, old.Tags)
	}
	for _, t := range tags {
		if strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return nil, refuse(AccessDeniedException, "Caller is an end user and not allowed to mutate system tags")
		}
		set.Tags[t.Key] = t.Value
	}
	if len(set.Tags) > MaxTags {
		return nil, &Error{
			Code: TooManyTags, Resource: arn,
			Message: fmt.Sprintf("Too many tags: a resource can have at most %d tags, '%s' would have %d.", MaxTags, arn, len(set.Tags)),
		}
	}
	return set, nil
}

// TagResource adds tags to a state machine or an activity; a key that it has gets
// the new value. Codes: AccessDeniedException, InvalidArn, ResourceNotFound,
// TooManyTags.
func (s *Service) TagResource(ctx context.Context, resourceARN string, tags []Tag) error {
	return s.changeTags(ctx, resourceARN, func(old *tagSet) (*tagSet, error) {
		return s.checkTags(resourceARN, old, tags)
	})
}

// UntagResource removes tags; keys that the resource does not have are ignored.
// Codes: InvalidArn, ResourceNotFound.
func (s *Service) UntagResource(ctx context.Context, resourceARN string, keys []string) error {
	return s.changeTags(ctx, resourceARN, func(old *tagSet) (*tagSet, error) {
		if old == nil {
			old = &tagSet{Form: documentForm}
		}
		for _, key := range keys {
			delete(old.Tags, key)
		}
		return old, nil
	})
}

func (s *Service) changeTags(ctx context.Context, resourceARN string, change func(old *tagSet) (*tagSet, error)) error {
	arn, err := s.names.parse(resourceARN, stateMachineResource, activityResource)
	if err != nil {
		return err
	}
	return s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		if exists, err := s.taggable(w, arn); err != nil || !exists {
			return orElse(err, noResource(resourceARN))
		}
		old, err := get[tagSet](w, store.KindTags, resourceARN)
		if err != nil {
			return err
		}
		set, err := change(old)
		if err != nil {
			return err
		}
		if len(set.Tags) == 0 {
			return w.Delete(store.KindTags, resourceARN)
		}
		return w.Put(store.KindTags, resourceARN, encode(set))
	})
}

// orElse returns err, or other when err is nil.
func orElse(err error, other *Error) error {
	if err != nil {
		return err
	}
	return other
}

// taggable reports whether there is such a resource that can have tags:
// versions and aliases cannot.
func (s *Service) taggable(r store.CatalogReader, arn ARN) (bool, error) {
	if arn.foreign || arn.Qualifier != "" || arn.Label != "" {
		return false, nil
	}
	kind := store.KindStateMachine
	if arn.resource == activityResource {
		kind = store.KindActivity
	}
	_, err := r.Get(kind, arn.Name)
	if absent(err) {
		return false, nil
	}
	return err == nil, err
}

// ListTagsForResource returns the tags of a state machine or an activity by key.
// A version of a state machine has none. Codes: InvalidArn, ResourceNotFound.
func (s *Service) ListTagsForResource(ctx context.Context, resourceARN string) ([]Tag, error) {
	arn, err := s.names.parse(resourceARN, stateMachineResource, activityResource)
	if err != nil {
		return nil, err
	}
	plain := arn
	plain.Qualifier = ""
	tags := []Tag{}
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		if exists, err := s.taggable(r, plain); err != nil || !exists {
			return orElse(err, noResource(resourceARN))
		}
		set, err := get[tagSet](r, store.KindTags, resourceARN)
		if err != nil || set == nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(set.Tags)) {
			tags = append(tags, Tag{key, set.Tags[key]})
		}
		return nil
	})
	return tags, err
}
