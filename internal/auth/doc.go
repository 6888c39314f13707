// Package auth proves who sent an HTTP request and says what they may do: AWS
// Signature Version 4 for the one, policies in IAM's JSON form for the other.
//
// It knows no operation of any API: a skin names the action and the resource of
// a request. It stores nothing, and a secret key leaves it in no text: neither in
// an error nor in a log. Where no keys are configured the machine is the border,
// see Admit.
package auth
