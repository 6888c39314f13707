package lambda

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"pawl.dev/internal/auth"
	"pawl.dev/internal/function"
)

// actions are the names of the operations on a function in policies, by method
// and path; CreateFunction names its function in the body.
var actions = map[string]string{
	"GET ":                    "GetFunction",
	"DELETE ":                 "DeleteFunction",
	"GET configuration":       "GetFunctionConfiguration",
	"PUT configuration":       "UpdateFunctionConfiguration",
	"GET code":                "GetFunction",
	"PUT code":                "UpdateFunctionCode",
	"GET versions":            "ListVersionsByFunction",
	"GET aliases":             "ListAliases",
	"GET concurrency":         "GetFunctionConcurrency",
	"GET code-signing-config": "GetFunctionCodeSigningConfig",
	"POST invocations":        "InvokeFunction",
}

// tagActions are those below /tags, by method.
var tagActions = map[string]string{
	http.MethodGet:    "ListTags",
	http.MethodPost:   "TagResource",
	http.MethodDelete: "UntagResource",
}

// admit finds out who sent the request.
func (c *call) admit() error {
	verifier := c.options.Verifier
	if err := auth.Admit(c.r, verifier != nil); err != nil || verifier == nil {
		return err
	}
	proof, err := verifier.Open(c.r, "lambda")
	if err != nil {
		return err
	}
	body, err := c.body(maxBodyBytes, "")
	if err != nil {
		return err
	}
	if c.caller, err = proof.Verify(body); err != nil {
		return err
	}
	c.r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// mayList checks that the caller may do what is on no function.
func (c *call) mayList(action string) error { return c.caller.Authorize("lambda:"+action, "*") }

// may checks that the caller may do the action to the function of the name, in
// any of the forms that AWS accepts. "" is no action: the request is refused
// elsewhere.
func (c *call) may(action, name string) error {
	if c.caller == nil || action == "" {
		return nil
	}
	reference, err := function.ParseReference(name, c.query("Qualifier"))
	if err != nil {
		return err
	}
	resource := "function:" + reference.Name
	if reference.Qualifier != "" {
		resource += ":" + reference.Qualifier
	}
	return c.caller.Authorize("lambda:"+action, c.options.Verifier.ResourceARN("lambda", resource))
}

// refusedCaller translates an error of package auth; REST answers 403 to all.
func refusedCaller(err error) (*function.Error, bool) {
	var refused *auth.Error
	if !errors.As(err, &refused) {
		return nil, false
	}
	return refuse(http.StatusForbidden, string(refused.Code), refused.Message), true
}
