package demo

import "encoding/json"

// The names of what the demonstration deploys.
const (
	MachineName    = "LoanStressTest"
	StressFunction = "loan-stress-test"
	RatioFunction  = "loan-failure-ratio"
	resultsPrefix  = "results"
)

// Definition is the state machine over n applications: a distributed map with
// one function call a batch, then one that reads the written results.
func Definition(n, batch, concurrency int, functionARN func(name string) string) (string, error) {
	type object = map[string]any
	body, err := json.MarshalIndent(object{
		"Comment":       "Which loans fail when the interest rate rises by two points?",
		"QueryLanguage": "JSONata",
		"StartAt":       "StressTest",
		"States": object{
			"StressTest": object{
				"Type":           "Map",
				"Label":          "Loans",
				"MaxConcurrency": concurrency,
				"ItemReader": object{
					"Resource":  "arn:aws:states:::s3:listObjectsV2",
					"Arguments": object{"Bucket": Bucket, "Prefix": Prefix(n)},
				},
				"ItemSelector": object{"Key": "{% $states.context.Map.Item.Value.Key %}"},
				"ItemBatcher":  object{"MaxItemsPerBatch": batch},
				"ItemProcessor": object{
					"ProcessorConfig": object{"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
					"StartAt":         "TestBatch",
					"States": object{"TestBatch": object{
						"Type":     "Task",
						"Resource": functionARN(StressFunction),
						"Retry": []object{{
							"ErrorEquals":     []string{"Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"},
							"IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2,
						}},
						"End": true,
					}},
				},
				"ResultWriter": object{
					"Resource":     "arn:aws:states:::s3:putObject",
					"Arguments":    object{"Bucket": Bucket, "Prefix": resultsPrefix},
					"WriterConfig": object{"Transformation": "COMPACT", "OutputType": "JSONL"},
				},
				"Next": "FailureRatio",
			},
			"FailureRatio": object{
				"Type":      "Task",
				"Resource":  functionARN(RatioFunction),
				"Arguments": "{% $states.input.ResultWriterDetails %}",
				"End":       true,
			},
		},
	}, "", "  ")
	return string(body), err
}
