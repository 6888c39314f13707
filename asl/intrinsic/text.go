package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"pawl.dev/value"
)

// maxCodedChars is AWS's limit for the argument of Base64 functions and Hash.
const maxCodedChars = 10000

// text returns argument i, which must be a string.
func text(args []value.Value, i int) (string, error) {
	if args[i].Kind() != value.String {
		return "", fmt.Errorf("argument %d must be a string but was: %s", i+1, excerpt(args[i]))
	}
	return args[i].Str(), nil
}

// codedText is text of at most maxCodedChars UTF-16 units.
func codedText(args []value.Value) (string, error) {
	s, err := text(args, 0)
	if err != nil {
		return "", err
	}
	chars := 0
	for _, r := range s {
		chars += utf16.RuneLen(r)
	}
	if chars > maxCodedChars {
		return "", fmt.Errorf("the length of the string must not exceed %d characters but was: %d", maxCodedChars, chars)
	}
	return s, nil
}

// excerpt prints v for an error text: scalars as JSON, containers by kind.
func excerpt(v value.Value) string {
	if k := v.Kind(); k == value.Array || k == value.Object {
		return k.String()
	}
	s := v.JSON()
	if len(s) > 100 {
		return v.Kind().String()
	}
	return s
}

func stringToJSON(args []value.Value, _ Env) (value.Value, error) {
	s, err := text(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	if strings.TrimSpace(s) == "" {
		return value.NullValue, nil // recorded for "" and " "
	}
	v, err := value.Parse(s, nil)
	if err != nil {
		return value.Value{}, fmt.Errorf("the string is not valid JSON: %w", err)
	}
	return v, nil
}

func jsonToString(args []value.Value, _ Env) (value.Value, error) {
	b, err := appendJSON(nil, args[0], maxNesting)
	return value.Text(string(b)), err
}

// appendJSON prints v, but stops when the text gets too long. Values that are
// larger than their source come from nested States.Array calls, so looking at
// the outer levels is enough.
func appendJSON(dst []byte, v value.Value, levels int) ([]byte, error) {
	if v.Kind() != value.Array || levels == 0 {
		dst = v.AppendJSON(dst)
		if len(dst) > maxTextBytes {
			return nil, errTextTooLong
		}
		return dst, nil
	}
	dst = append(dst, '[')
	for i, item := range v.Items() {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendJSON(dst, item, levels-1); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// stringSplit cuts at every character of the second argument and drops empty
// pieces.
func stringSplit(args []value.Value, _ Env) (value.Value, error) {
	s, err := text(args, 0)
	if err != nil {
		return value.Value{}, err
	}
	separators, err := text(args, 1)
	if err != nil {
		return value.Value{}, err
	}
	pieces := []value.Value{}
	start := 0
	for i, r := range s {
		if !strings.ContainsRune(separators, r) {
			continue
		}
		if i > start {
			pieces = append(pieces, value.Text(s[start:i]))
		}
		start = i + len(string(r))
	}
	if start < len(s) {
		pieces = append(pieces, value.Text(s[start:]))
	}
	return value.NewArray(pieces), nil
}

func base64Encode(args []value.Value, _ Env) (value.Value, error) {
	s, err := codedText(args)
	if err != nil {
		return value.Value{}, err
	}
	return value.Text(base64.StdEncoding.EncodeToString([]byte(s))), nil
}

// base64Decode decodes MIME Base64: characters outside of the alphabet are
// skipped, padding may be missing. Bytes that are no UTF-8 become U+FFFD.
func base64Decode(args []value.Value, _ Env) (value.Value, error) {
	s, err := codedText(args)
	if err != nil {
		return value.Value{}, err
	}
	s, _, _ = strings.Cut(s, "=")
	digits := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c|0x20-'a' < 26 || c-'0' < 10 || c == '+' || c == '/' {
			digits = append(digits, c)
		}
	}
	decoded, err := base64.RawStdEncoding.DecodeString(string(digits))
	if err != nil {
		return value.Value{}, errors.New("the string is not valid Base64")
	}
	return value.Text(string([]rune(string(decoded)))), nil
}

func hash(args []value.Value, _ Env) (value.Value, error) {
	s, err := codedText(args)
	if err != nil {
		return value.Value{}, err
	}
	algorithm, err := text(args, 1)
	if err != nil {
		return value.Value{}, err
	}
	sum, ok := digest(algorithm, []byte(s))
	if !ok {
		return value.Value{}, fmt.Errorf("the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384 or SHA-512 but was: %s", excerpt(args[1]))
	}
	return value.Text(hex.EncodeToString(sum)), nil
}

// digest knows the algorithms by AWS's names, whose case matters.
func digest(algorithm string, data []byte) ([]byte, bool) {
	switch algorithm {
	case "MD5":
		sum := md5.Sum(data)
		return sum[:], true
	case "SHA-1":
		sum := sha1.Sum(data)
		return sum[:], true
	case "SHA-256":
		sum := sha256.Sum256(data)
		return sum[:], true
	case "SHA-384":
		sum := sha512.Sum384(data)
		return sum[:], true
	case "SHA-512":
		sum := sha512.Sum512(data)
		return sum[:], true
	}
	return nil, false
}
