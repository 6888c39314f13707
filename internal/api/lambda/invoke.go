package lambda

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"

	"pawl.dev/internal/function"
)

// maxPayloadBytes is AWS's limit of a synchronous event.
const maxPayloadBytes = 6_291_456

func (c *call) invoke(name string) error {
	payload, err := c.body(maxPayloadBytes, "InvokeFunction")
	if err != nil {
		return err
	}
	if len(payload) > 0 && !json.Valid(payload) {
		return refuse(http.StatusBadRequest, "InvalidRequestContentException",
			"Could not parse request body into json: Could not parse payload into json: "+syntaxError(payload))
	}
	req := function.Request{
		Function: name, Qualifier: c.query("Qualifier"), Payload: payload,
		Type:        c.r.Header.Get("X-Amz-Invocation-Type"),
		LogTail:     c.r.Header.Get("X-Amz-Log-Type") == "Tail",
		TraceHeader: c.r.Header.Get("X-Amzn-Trace-Id"),
	}
	if text := c.r.Header.Get("X-Amz-Client-Context"); text != "" {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || !json.Valid(b) {
			return refuse(http.StatusBadRequest, "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")
		}
		req.ClientContext = string(b)
	}
	res, err := c.functions.Invoke(c.r.Context(), req)
	if err != nil {
		if c.r.Context().Err() != nil {
			return nil // nobody is there to read the answer
		}
		return err
	}
	return c.answerInvoke(res)
}

func (c *call) answerInvoke(res function.Response) error {
	h := c.w.Header()
	h.Set("x-amzn-RequestId", res.RequestID)
	h.Set("x-amzn-Remapped-Content-Length", "0")
	if res.StatusCode != http.StatusOK {
		c.w.WriteHeader(res.StatusCode)
		return nil
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(res.Payload)))
	h.Set("X-Amz-Executed-Version", res.ExecutedVersion)
	if res.FunctionError != "" {
		h.Set("X-Amz-Function-Error", res.FunctionError)
	}
	if res.LogResult != nil {
		h.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(res.LogResult))
	}
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write(res.Payload) // the client went away
	return nil
}

func syntaxError(b []byte) string {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err.Error()
	}
	return "not JSON"
}
