package function

import "strings"

// Limits of names. Source: Lambda API, FunctionName.
const (
	maxNameBytes    = 64
	maxNameARNBytes = 170
)

const namePattern = `Member must satisfy regular expression pattern: ` +
	`(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?` +
	`([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

// Reference is a function's name taken apart.
type Reference struct {
	Name      string
	Qualifier string // version, alias or "$LATEST"; "" when none was given
}

// ParseReference reads the forms AWS accepts where a function is named:
//
//	f   f:live   123456789012:function:f:1   arn:aws:lambda:us-east-1:123456789012:function:f
//
// Partition, region and account are not compared with ours, so that a
// definition written for another account runs against the local functions of
// the same names. A qualifier given beside a qualified name must be the same.
// Errors: ValidationException, InvalidParameterValueException.
func ParseReference(name, qualifier string) (Reference, error) {
	invalid := errorValidation(name, "functionName", namePattern)
	if len(name) > maxNameARNBytes {
		return Reference{}, invalid
	}
	rest := name
	if i := strings.LastIndex(rest, ":function:"); i >= 0 {
		if !validPrefix(rest[:i]) {
			return Reference{}, invalid
		}
		rest = rest[i+len(":function:"):]
	} else if after, ok := strings.CutPrefix(rest, "function:"); ok {
		rest = after
	} else if account, after, ok := strings.Cut(rest, ":"); ok && isAccount(account) {
		rest = after
	}
	own, inner, qualified := strings.Cut(rest, ":")
	if !validName(own) || len(own) > maxNameBytes || qualified && !validQualifier(inner) {
		return Reference{}, invalid
	}
	if qualifier != "" && !validQualifier(qualifier) {
		return Reference{}, errorValidation(qualifier, "qualifier",
			`Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)`)
	}
	if qualified && qualifier != "" && inner != qualifier {
		return Reference{}, errorInvalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	return Reference{Name: own, Qualifier: or(qualifier, inner)}, nil
}

// validPrefix reports whether s is what may stand before ":function:".
func validPrefix(s string) bool {
	parts := strings.Split(s, ":")
	switch len(parts) {
	case 1: // account
		return isAccount(s)
	case 2: // region:account
		return isAccount(parts[1])
	case 5: // arn:partition:lambda:region:account
		return parts[0] == "arn" && strings.HasPrefix(parts[1], "aws") && parts[2] == "lambda" && isAccount(parts[4])
	}
	return false
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func validQualifier(s string) bool { return s == latest || validName(s) && len(s) <= 128 }

func validName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != ""
}

// arn returns the function's ARN in this service's region and account.
func (c *Config) arn(name, qualifier string) string {
	arn := "arn:" + c.Partition + ":lambda:" + c.Region + ":" + c.Account + ":function:" + name
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return arn
}
