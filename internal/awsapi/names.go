package awsapi

import (
	"regexp"
	"strings"
	"unicode"
)

// Step Functions calls AWS with the SDK for Java 2 and shows its names: those of
// its accessors for members ("DBInstanceIdentifier" is DbInstanceIdentifier,
// "ChecksumCRC32" stays), those of its classes for services and exceptions.
// Source: DefaultNamingStrategy of aws-sdk-java-v2.

// lowerFirst lowers the first word, which can be an acronym: "DBInstance" is
// dbInstance, "ETag" is eTag.
func lowerFirst(name string) string {
	b := []byte(name)
	for i := range b {
		followed := i+1 < len(b) && b[i+1] >= 'a' && b[i+1] <= 'z'
		if i > 0 && (!upper(b[i]) || followed) {
			break
		}
		b[i] = lower(b[i])
	}
	return string(b)
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

func lower(c byte) byte {
	if upper(c) {
		return c + 'a' - 'A'
	}
	return c
}

// actionName returns Step Functions' name of an operation.
func actionName(operation string) string { return lowerFirst(operation) }

// memberName returns Step Functions' name of a member.
func memberName(name string) string {
	if name == "NULL" {
		return "Nul" // of DynamoDB's AttributeValue, by hand
	}
	name = lowerFirst(name)
	if takenInJava[name] {
		name += "Value"
	}
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// takenInJava are keywords and methods of every object, which no accessor can be
// called.
var takenInJava = func() map[string]bool {
	taken := make(map[string]bool)
	for _, word := range strings.Fields(`abstract assert boolean break byte case catch char class const continue
		default do double else enum extends false final finally float for goto if implements import instanceof int
		interface long native new null package private protected public return short static strictfp super switch
		synchronized this throw throws transient true try void volatile while
		equals getClass hashCode notify notifyAll toString wait`) {
		taken[word] = true
	}
	return taken
}()

// exceptionName returns the name of the exception for an error's shape. It always
// ends in Exception.
func exceptionName(shape string) string {
	shape = strings.TrimSuffix(strings.TrimSuffix(shape, "Fault"), "Exception")
	return className(shape) + "Exception"
}

// wordBreaks put blanks between the words of a name.
var wordBreaks = []struct {
	pattern *regexp.Regexp
	with    string
	// again: Java looks at neighbours without taking them, so matches that
	// touch each other need another round.
	again bool
}{
	{pattern: regexp.MustCompile(`[^A-Za-z0-9]+`), with: " "},
	{pattern: regexp.MustCompile(`([^a-z]{2,})v([0-9]+)`), with: "$1 v$2 "},
	{pattern: regexp.MustCompile(`([^A-Z]{2,})V([0-9]+)`), with: "$1 V$2 "},
	{pattern: regexp.MustCompile(`([a-z])([A-Z][a-zA-Z0-9])`), with: "$1 $2", again: true},
	{pattern: regexp.MustCompile(`([A-Z]+)([A-Z][a-z])`), with: "$1 $2", again: true},
	{pattern: regexp.MustCompile(`([0-9])([a-zA-Z])`), with: "$1 $2", again: true},
}

// className returns the name of a class for an identifier: "DynamoDB" is
// DynamoDb, "SageMaker A2I Runtime" SageMakerA2IRuntime.
func className(name string) string {
	for _, b := range wordBreaks {
		for {
			next := b.pattern.ReplaceAllString(name, b.with)
			if next == name || !b.again {
				name = next
				break
			}
			name = next
		}
	}
	var out strings.Builder
	for _, word := range strings.Fields(name) {
		word = strings.ToLower(word)
		out.WriteRune(unicode.ToUpper(rune(word[0])))
		out.WriteString(word[1:])
	}
	return out.String()
}
