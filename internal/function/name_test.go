package function

import (
	"strings"
	"testing"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestParseReference(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, qualifier string
		want            Reference
		fails           string
	}{
		{"f", "", Reference{"f", ""}, ""},
		{"f", "$LATEST", Reference{"f", "$LATEST"}, ""},
		{"f:live", "", Reference{"f", "live"}, ""},
		{"f:live", "live", Reference{"f", "live"}, ""},
		{"f:live", "1", Reference{}, "InvalidParameterValueException"},
		{"function:f", "", Reference{"f", ""}, ""},
		{"123456789012:f", "", Reference{"f", ""}, ""},
		{"123456789012:function:f:7", "", Reference{"f", "7"}, ""},
		{"us-east-1:123456789012:function:f", "", Reference{"f", ""}, ""},
		{"arn:aws:lambda:eu-west-1:999999999999:function:f:$LATEST", "", Reference{"f", "$LATEST"}, ""},
		{"arn:aws-cn:lambda:cn-north-1:999999999999:function:f", "2", Reference{"f", "2"}, ""},
		{"", "", Reference{}, "ValidationException"},
		{"a/b", "", Reference{}, "ValidationException"},
		{"..", "", Reference{}, "ValidationException"},
		{"f:", "", Reference{}, "ValidationException"},
		{"f:a:b", "", Reference{}, "ValidationException"},
		{"arn:aws:s3:us-east-1:123456789012:function:f", "", Reference{}, "ValidationException"},
		{strings.Repeat("x", 65), "", Reference{}, "ValidationException"},
		{"f", "a b", Reference{}, "ValidationException"},
	}
	for _, test := range tests {
		got, err := ParseReference(test.name, test.qualifier)
		if test.fails != "" {
			wantCode(t, err, test.fails)
		} else if err != nil || got != test.want {
			t.Errorf("%s %s: got %+v, %v", test.name, test.qualifier, got, err)
		}
	}
}

// A name that is accepted must be safe as a file name and mean itself.
func FuzzParseReference(f *testing.F) {
	for _, s := range []string{"f", "f:1", "123456789012:function:f", "arn:aws:lambda:r-x-1:123456789012:function:f:$LATEST", "::", "../f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := ParseReference(s, "")
		if err != nil {
			return
		}
		if !validName(ref.Name) || strings.ContainsAny(ref.Name, "./\\:") {
			t.Fatalf("%q became %q", s, ref.Name)
		}
		if again, err := ParseReference(ref.Name, ref.Qualifier); err != nil || again != ref {
			t.Fatalf("%q became %+v, then %+v, %v", s, ref, again, err)
		}
	})
}
