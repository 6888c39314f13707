package awsapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"
)

// Retries follow the SDK for Java's standard mode: three attempts in all, for
// what passes by itself, with full jitter.
const (
	maxAttempts   = 3
	retryBase     = 100 * time.Millisecond
	throttledBase = time.Second
	retryMax      = 20 * time.Second
)

// throttlingCodes are the codes with which services say "slower".
var throttlingCodes = []string{
	"BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
	"ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
	"SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
	"TransactionInProgressException",
}

// retry calls f, numbered from 1, until it succeeds, must not be repeated, or
// was repeated enough.
func (c *Client) retry(ctx context.Context, f func(attempt int) (*Response, error)) (*Response, error) {
	for attempt := 1; ; attempt++ {
		resp, err := f(attempt)
		base := retryAfter(err)
		if base == 0 || attempt == maxAttempts {
			return resp, err
		}
		most := min(base<<(attempt-1), retryMax)
		if err := c.config.Pause(ctx, rand.N(most)); err != nil { //nolint:gosec // spreads load
			return nil, err
		}
	}
}

// retryAfter returns the base of the pause after err, 0 if there is no point in
// another attempt.
func retryAfter(err error) time.Duration {
	var refused *Error
	var unanswered *ClientError
	switch {
	case errors.As(err, &refused):
		switch {
		case slices.Contains(throttlingCodes, refused.Code), refused.Status == 429:
			return throttledBase
		case refused.Status == 500, refused.Status == 502, refused.Status == 503, refused.Status == 504:
			return retryBase
		}
	case errors.As(err, &unanswered) && unanswered.transient():
		return retryBase
	}
	return 0
}

// transient reports whether a request was sent, or tried to be.
func (e *ClientError) transient() bool {
	var wire interface{ Timeout() bool } // of package net's and url's errors
	return errors.As(e.cause, &wire)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
