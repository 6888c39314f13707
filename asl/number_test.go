package asl

import (
	"strconv"
	"testing"
	"time"
)

const mapFields = `"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`

func TestNumber(t *testing.T) {
	t.Parallel()
	concurrency := func(m *Map) *Number { return m.MaxConcurrency }
	count := func(m *Map) *Number { return m.ToleratedFailureCount }
	items := func(m *Map) *Number { return m.Reader.MaxItems }
	reader := func(config string) string {
		return `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON",` + config + `}}`
	}
	tests := map[string]struct {
		field  string
		number func(*Map) *Number
		input  string
		want   string
	}{
		"literal":         {`"MaxConcurrency":7`, concurrency, `{}`, `7`},
		"path":            {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":8}`, `8`},
		"variable":        {`"MaxConcurrencyPath":"$v.x[1]"`, concurrency, `{}`, `2`},
		"text":            {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":"many"}`, `States.Runtime: The MaxConcurrencyPath field refers to value "many" which is not a valid integer: $.n [in state]`},
		"number as text":  {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":"5"}`, `5`},
		"whole double":    {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":5.0}`, `States.Runtime: The MaxConcurrencyPath field refers to value "5.0" which is not a valid integer: $.n [in state]`},
		"beyond int64":    {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":99999999999999999999}`, `9223372036854775807`},
		"fraction":        {`"MaxConcurrencyPath":"$.n"`, concurrency, `{"n":1.5}`, `States.Runtime: The MaxConcurrencyPath field refers to value "1.5" which is not a valid integer: $.n [in state]`},
		"object":          {`"ToleratedFailureCountPath":"$.n"`, count, `{"n":{}}`, `States.Runtime: The ToleratedFailureCountPath field refers to value "{}" which is not a valid integer: $.n [in state]`},
		"negative":        {`"ToleratedFailureCountPath":"$.n"`, count, `{"n":-1}`, `States.Runtime: ToleratedFailureCount cannot be negative. [in state]`},
		"missing":         {`"ToleratedFailureCountPath":"$.n"`, count, `{}`, `States.Runtime: Invalid path '$.n' : No results for path: $['n'] [in state]`},
		"items":           {reader(`"MaxItems":3`), items, `{}`, `3`},
		"items path":      {reader(`"MaxItemsPath":"$.n"`), items, `{"n":100000001}`, `100000001`},
		"fractional item": {reader(`"MaxItemsPath":"$.n"`), items, `{"n":1.5}`, `States.Runtime: The MaxItemsPath field refers to value "1.5" which is not a valid integer: $.n [in state]`},
		"negative items":  {reader(`"MaxItemsPath":"$.n"`), items, `{"n":-1}`, `States.ItemReaderFailed: field MaxItems must be positive`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := test.number(stateOf(t, mapFields+","+test.field).Map)
			i, failure := n.Int(dataOf(test.input))
			if got := outcome(TextDocument(strconv.FormatInt(i, 10)), failure); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestPercentage(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"n":33.5}`:  `33.5`,
		`{"n":100}`:   `100`,
		`{"n":"7.5"}`: `7.5`,
		`{"n":-1.1}`:  `States.Runtime: ToleratedFailurePercentage must be between 0 and 100. [in state]`,
		`{"n":100.1}`: `States.Runtime: ToleratedFailurePercentage must be between 0 and 100. [in state]`,
		`{"n":"x"}`:   `States.Runtime: The ToleratedFailurePercentagePath field refers to value "x" which is not a valid float: $.n [in state]`,
	}
	n := stateOf(t, mapFields+`,"ToleratedFailurePercentagePath":"$.n"`).Map.ToleratedFailurePercentage
	for input, want := range tests {
		f, failure := n.Float(dataOf(input))
		if got := outcome(TextDocument(strconv.FormatFloat(f, 'g', -1, 64)), failure); got != want {
			t.Errorf("%s: got %s\nwant %s", input, got, want)
		}
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	s := stateOf(t, lambda+`,"TimeoutSecondsPath":"$.t","HeartbeatSeconds":5`)
	if n, f := s.Task.Timeout.Int(dataOf(`{"t":9}`)); n != 9 || f != nil {
		t.Error(n, f)
	}
	if n, f := s.Task.Heartbeat.Int(dataOf(`{}`)); n != 5 || f != nil {
		t.Error(n, f)
	}
	if _, f := s.Task.Timeout.Int(dataOf(`{}`)); f == nil || failureText(f) != `States.Runtime: Invalid path '$.t' : No results for path: $['t'] [in state]` {
		t.Error(f)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	entered := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	const prefix = "States.Runtime: The "
	tests := map[string]struct{ field, input, want string }{
		"seconds":          {`"Seconds":10`, `{}`, `2024-05-06T07:08:19Z`},
		"no seconds":       {`"Seconds":0`, `{}`, `2024-05-06T07:08:09Z`},
		"path":             {`"SecondsPath":"$.s"`, `{"s":60}`, `2024-05-06T07:09:09Z`},
		"missing":          {`"SecondsPath":"$.s"`, `{}`, prefix + `SecondsPath parameter does not reference an input value: $.s [in state]`},
		"negative":         {`"SecondsPath":"$.s"`, `{"s":-1}`, prefix + `SecondsPath parameter references a negative value: $.s == -1 [in state]`},
		"fraction":         {`"SecondsPath":"$.s"`, `{"s":-1.5}`, prefix + `SecondsPath parameter cannot be parsed as a long value: $.s == -1.5 [in state]`},
		"timestamp":        {`"Timestamp":"2030-01-01T00:00:00+01:00"`, `{}`, `2029-12-31T23:00:00Z`},
		"nanoseconds":      {`"Timestamp":"2030-01-01T00:00:00.123456789Z"`, `{}`, `2030-01-01T00:00:00.123456789Z`},
		"past":             {`"Timestamp":"2000-01-01T00:00:00Z"`, `{}`, `2000-01-01T00:00:00Z`},
		"timestamp path":   {`"TimestampPath":"$.t"`, `{"t":"2024-06-01T00:00:00Z"}`, `2024-06-01T00:00:00Z`},
		"without seconds":  {`"TimestampPath":"$.t"`, `{"t":"2024-06-01T00:00Z"}`, `2024-06-01T00:00:00Z`},
		"no T":             {`"TimestampPath":"$.t"`, `{"t":"2024-06-01 00:00:00Z"}`, prefix + `TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2024-06-01 00:00:00Z [in state]`},
		"no timestamp":     {`"TimestampPath":"$.t"`, `{"t":5}`, prefix + `TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 5 [in state]`},
		"24,855 days":      {`"SecondsPath":"$.s"`, `{"s":2147472000}`, `2092-05-24T07:08:09Z`},
		"24,856 days":      {`"SecondsPath":"$.s"`, `{"s":2147558400}`, `States.Runtime: Wait state delay is too long. [in state]`},
		"beyond all years": {`"SecondsPath":"$.s"`, `{"s":9223372036854775807}`, `States.Runtime: Wait state delay is too long. [in state]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := stateOf(t, `"Type":"Wait","End":true,`+test.field).Wait
			until, failure := w.Until(dataOf(test.input), entered)
			if got := outcome(TextDocument(until.UTC().Format(time.RFC3339Nano)), failure); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestTimestamps(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"2024-02-29T23:59:59Z": true, "2024-02-29T23:59:59.1+05:30": true, "2024-02-29T23:59:59.123456789-00:00": true,
		"": false, "2024-02-29": false, "2024-02-29t23:59:59Z": false, "2024-02-29T23:59:59z": false, "2024-02-29T23:59:59": false,
		"2024-02-29T25:59:59Z": false, "2023-02-29T23:59:59Z": false, "2024-02-29T23:59:59.Z": false, "2024-02-29T23:59:59,1Z": false,
		"2024-02-29T23:59:59.1234567890Z": false, "29-02-2024T23:59:59Z": false, "2024-02-29 23:59:59Z": false, "2024-02-29T23:59Z": false,
	} {
		if _, ok := parseTimestamp(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}
