package auth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Secret is a secret access key. It prints as a placeholder, whatever prints it.
type Secret string

const hidden = "[secret]"

// String returns a placeholder.
func (Secret) String() string { return hidden }

// GoString returns a placeholder.
func (Secret) GoString() string { return hidden }

// MarshalText returns a placeholder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue returns a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Key is an access key.
type Key struct {
	AccessKeyID string
	Secret      Secret
	// Name is the user's name in the caller's ARN; "": the AccessKeyID.
	Name string
	// Policy is what the key may do; nil: everything.
	Policy *Policy
}

// keyText is a key as it is written.
type keyText struct {
	AccessKeyID string    `yaml:"accessKeyId"`
	Secret      Secret    `yaml:"secretAccessKey"`
	Name        string    `yaml:"name"`
	Policy      yaml.Node `yaml:"policy"`
}

// UnmarshalYAML reads a key. A policy that is there but empty is an error: left
// blank by mistake, it must not allow everything.
func (k *Key) UnmarshalYAML(n *yaml.Node) error {
	var text keyText
	if err := strictly(n, &text); err != nil {
		return err
	}
	*k = Key{AccessKeyID: text.AccessKeyID, Secret: text.Secret, Name: text.Name}
	if text.Policy.IsZero() {
		return nil
	}
	k.Policy = new(Policy)
	if err := k.Policy.read(&text.Policy); err != nil {
		return fmt.Errorf("access key %s: policy: %w", k.AccessKeyID, err)
	}
	return nil
}

// maxKeyIDBytes is AWS's limit of an access key's id, and more than its limit of
// a user's name.
const maxKeyIDBytes = 128

func (k *Key) check() error {
	switch {
	case k.AccessKeyID == "":
		return errors.New("an access key has no accessKeyId")
	case !plain(k.AccessKeyID):
		return fmt.Errorf("the accessKeyId %q must be letters, digits and _ - . + = @, at most %d", k.AccessKeyID, maxKeyIDBytes)
	case k.Name != "" && !plain(k.Name):
		return fmt.Errorf("access key %s: the name %q must be letters, digits and _ - . + = @, at most %d", k.AccessKeyID, k.Name, maxKeyIDBytes)
	case k.Secret == "":
		return fmt.Errorf("access key %s has no secretAccessKey", k.AccessKeyID)
	}
	return nil
}

// plain reports whether s can stand in a credential and in an ARN.
func plain(s string) bool {
	return len(s) <= maxKeyIDBytes && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.+=@", r))
	}) < 0
}

// ParseKeys reads a list of keys, in YAML or JSON:
//
//   - accessKeyId: AKIAIOSFODNN7EXAMPLE
//     secretAccessKey: …
//     name: ci
//     policy: {Version: 2012-10-17, Statement: [{Effect: Allow, Action: "states:*", Resource: "*"}]}
//
// An unknown member is an error. The errors repeat no secret.
func ParseKeys(text []byte) ([]Key, error) {
	var keys []Key
	if err := decodeStrictly(text, &keys); err != nil {
		return nil, err
	}
	for i := range keys {
		if err := keys[i].check(); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// decodeStrictly decodes one document of which every member is known.
func decodeStrictly(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		return quiet(wrong)
	}
	return err
}

// quiet words a decoding error without the values in it, which could be secrets:
// "line 3: cannot unmarshal !!seq into string", "line 2: field x not found in …".
func quiet(e *yaml.TypeError) error {
	lines := make([]string, len(e.Errors))
	for i, text := range e.Errors {
		if before, after, ok := strings.Cut(text, "`"); ok {
			_, after, _ = strings.Cut(after, "` ")
			text = before + after
		}
		text, _, _ = strings.Cut(text, " not found in type")
		lines[i] = strings.Replace(text, ": field ", ": unknown member ", 1)
	}
	return errors.New(strings.Join(lines, "; "))
}

// LoadKeys reads a file of keys, see ParseKeys. exposed reports that everybody on
// this machine can read the file.
func LoadKeys(path string) (keys []Key, exposed bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, fmt.Errorf("read access keys: %w", err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return nil, false, fmt.Errorf("read access keys: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFileBytes))
	if err != nil {
		return nil, false, fmt.Errorf("read access keys: %w", err)
	}
	if keys, err = ParseKeys(text); err != nil {
		return nil, false, fmt.Errorf("access keys in %s: %w", path, err)
	}
	return keys, info.Mode().Perm()&0o004 != 0, nil
}

// maxFileBytes bounds a file of keys.
const maxFileBytes = 16 << 20
