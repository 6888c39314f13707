package optimized

import (
	"maps"
	"slices"

	"pawl.dev/asl"
	"pawl.dev/internal/awsapi"
	"pawl.dev/value"
)

// withMetadata is a result with what the SDK for Java 1 knows of the HTTP
// exchange.
func withMetadata(resp *awsapi.Response) (string, *asl.Failure) {
	var all, single value.Builder
	for _, name := range slices.Sorted(maps.Keys(resp.Header)) {
		values := resp.Header[name]
		if len(values) == 0 {
			continue
		}
		spelt := name
		if s, ok := spellings[name]; ok {
			spelt = s
		}
		items := make([]value.Value, len(values))
		for i, v := range values {
			items[i] = value.Text(v)
		}
		all.Set(spelt, value.NewArray(items))
		single.Set(spelt, items[len(items)-1])
	}
	var exchange, response, out value.Builder
	exchange.Set("AllHttpHeaders", all.Object())
	exchange.Set("HttpHeaders", single.Object())
	exchange.Set("HttpStatusCode", value.Int(int64(resp.Status)))
	response.Set("RequestId", value.Text(resp.RequestID))
	for i, key := range resp.Output.Keys() {
		out.Set(key, resp.Output.At(i))
	}
	out.Set("SdkHttpMetadata", exchange.Object())
	out.Set("SdkResponseMetadata", response.Object())
	return out.Object().JSON(), nil
}

// spellings are headers as AWS spells them, by Go's spelling.
var spellings = map[string]string{"X-Amzn-Requestid": "x-amzn-RequestId", "X-Amz-Crc32": "x-amz-crc32"}
