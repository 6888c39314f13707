package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

// Serve is the bootstrap of a function: it asks the Runtime API for one
// invocation after the other and answers each with handle. It returns when the
// API is gone.
func Serve(handle func(event []byte) ([]byte, error)) error {
	base := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		resp, err := http.Get(base + "next")
		if err != nil {
			return err
		}
		event, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close() // read to its end
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("next invocation: %s", resp.Status)
		}
		id := resp.Header.Get("Lambda-Runtime-Aws-Request-Id")
		result, err := handle(event)
		kind := "/response"
		if err != nil {
			kind = "/error"
			result, err = json.Marshal(map[string]string{"errorMessage": err.Error(), "errorType": "DemoError"})
			if err != nil {
				return err
			}
		}
		if err := post(base+id+kind, result); err != nil {
			return err
		}
	}
}

func post(url string, body []byte) error {
	resp, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close() // read to its end
	return err
}
