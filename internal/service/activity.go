package service

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pawl.dev/internal/host"
	"pawl.dev/internal/store"
)

// Activity describes an activity.
type Activity struct {
	ActivityARN  string
	Name         string
	CreationDate time.Time
	Encryption   EncryptionConfiguration
}

func (s *Service) activity(a *activity) *Activity {
	return &Activity{s.names.activity(a.Name), a.Name, a.Created, a.Encryption}
}

// CreateActivity creates an activity. A repetition answers as the first time;
// tags are then not looked at. Codes: ActivityAlreadyExists,
// InvalidEncryptionConfiguration, InvalidName, TooManyTags.
func (s *Service) CreateActivity(ctx context.Context, name string, given *EncryptionConfiguration, tags []Tag) (*Activity, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	encryption, err := s.checkEncryption(given)
	if err != nil {
		return nil, err
	}
	arn := s.names.activity(name)
	set, err := s.checkTags(arn, nil, tags)
	if err != nil {
		return nil, err
	}
	a := &activity{Form: documentForm, Name: name, Created: s.now(), Encryption: encryption}
	err = s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		old, err := get[activity](w, store.KindActivity, name)
		if err != nil {
			return err
		}
		if old != nil {
			if old.Encryption != encryption {
				return refuse(ActivityAlreadyExists, "Activity Already Exists: '"+arn+"'")
			}
			a = old
			return nil
		}
		if len(set.Tags) > 0 {
			if err := w.Put(store.KindTags, arn, encode(set)); err != nil {
				return err
			}
		}
		return w.Put(store.KindActivity, name, encode(a))
	})
	if err != nil {
		return nil, err
	}
	return s.activity(a), nil
}

// DescribeActivity describes an activity. Codes: ActivityDoesNotExist,
// InvalidArn.
func (s *Service) DescribeActivity(ctx context.Context, activityARN string) (*Activity, error) {
	arn, err := s.names.parseActivity(activityARN)
	if err != nil {
		return nil, err
	}
	if arn.foreign {
		return nil, noActivity(activityARN)
	}
	var a *activity
	err = s.catalog.View(ctx, func(r store.CatalogReader) (err error) {
		a, err = get[activity](r, store.KindActivity, arn.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, noActivity(activityARN)
	}
	return s.activity(a), nil
}

// DeleteActivity deletes an activity with its tags. An unknown ARN is no error.
// Codes: InvalidArn.
func (s *Service) DeleteActivity(ctx context.Context, activityARN string) error {
	arn, err := s.names.parseActivity(activityARN)
	if err != nil || arn.foreign {
		return err
	}
	return s.catalog.Update(ctx, func(w store.CatalogWriter) error {
		if err := w.Delete(store.KindTags, activityARN); err != nil {
			return err
		}
		return w.Delete(store.KindActivity, arn.Name)
	})
}

// ListActivities returns a page of activities by name. Codes: InvalidToken.
func (s *Service) ListActivities(ctx context.Context, p Page) (items []*Activity, nextToken string, err error) {
	list := s.listing("ListActivities")
	after, err := list.open(p.NextToken)
	if err != nil {
		return nil, "", err
	}
	err = s.catalog.View(ctx, func(r store.CatalogReader) error {
		documents, err := r.Scan(store.KindActivity, "", after, p.limit()+1)
		if err != nil {
			return err
		}
		if len(documents) > p.limit() {
			documents = documents[:p.limit()]
			nextToken = list.seal(documents[len(documents)-1].Key)
		}
		for _, d := range documents {
			a, err := decode[activity](d.Value)
			if err != nil {
				return fmt.Errorf("activity %s: %w", d.Key, err)
			}
			items = append(items, s.activity(a))
		}
		return nil
	})
	return items, nextToken, err
}

// GetActivityTask waits for a task for the worker, Config.PollTimeout at most;
// nil means that there was none. Codes: ActivityDoesNotExist,
// ActivityWorkerLimitExceeded, InvalidArn.
func (s *Service) GetActivityTask(ctx context.Context, activityARN, worker string) (*host.ActivityTask, error) {
	a, err := s.DescribeActivity(ctx, activityARN)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.PollTimeout)
	defer cancel()
	task, err := s.host.PollActivity(ctx, a.Name, strings.Clone(worker))
	if errors.Is(err, host.ErrTooManyPollers) {
		return nil, refuse(ActivityWorkerLimitExceeded,
			"The maximum number of workers concurrently polling for activity tasks has been reached.")
	}
	if err != nil {
		return nil, hostError(err)
	}
	return task, nil
}
