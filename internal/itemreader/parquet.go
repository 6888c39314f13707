package itemreader

import (
	"context"

	"pawl.dev/internal/objects"
)

func openParquet(ctx context.Context, b objects.Buckets, ref objectRef, at position) (*file, error) {
	return nil, failed("The InputType %q is not supported.", "PARQUET")
}
