package asl

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pawl.dev/value"
)

// maxSeconds is the upper limit of every duration in whole seconds.
const maxSeconds = 99999999

// object is one JSON object of the definition and the place where it stands.
// Its methods read fields and report what is wrong with them; they answer zero
// values for absent and wrong fields alike.
type object struct {
	c  *compiler
	v  value.Value
	at string // "/States/A"; "" for the root
}

func (o object) has(name string) bool {
	_, ok := o.v.Get(name)
	return ok
}

// place is the object's own location.
func (o object) place() string {
	if o.at == "" {
		return "/"
	}
	return o.at
}

// under is the location of a field.
func (o object) under(name string) string { return o.at + "/" + name }

// fail reports a schema finding at the object.
func (o object) fail(message string) { o.c.report(CodeSchema, o.place(), message) }

// failAt reports a schema finding at a field.
func (o object) failAt(name, message string) { o.c.report(CodeSchema, o.under(name), message) }

// allow reports all fields but those named.
func (o object) allow(names ...string) {
	for _, k := range o.v.Keys() {
		if !slices.Contains(names, k) {
			o.fail("Field '" + k + "' is not supported")
		}
	}
}

// require reports those of the fields that are missing, in the given order.
func (o object) require(names ...string) bool {
	var missing []string
	for _, n := range names {
		if !o.has(n) {
			missing = append(missing, n)
		}
	}
	if missing != nil {
		o.fail("These fields are required: [" + strings.Join(missing, ", ") + "]")
	}
	return missing == nil
}

// single reports when more than one of the fields is there, and also when none
// is and one is required. It returns the first that is there.
func (o object) single(required bool, names ...string) string {
	found := ""
	for _, n := range names {
		if !o.has(n) {
			continue
		}
		if found != "" {
			o.fail("There should only be one of the following fields: [" + strings.Join(names, ", ") + "]")
			return found
		}
		found = n
	}
	if found == "" && required {
		o.fail("This object should have only one of the following fields: [" + strings.Join(names, ", ") + "]")
	}
	return found
}

// text reads a string field.
func (o object) text(name string) string {
	v, ok := o.v.Get(name)
	if !ok {
		return ""
	}
	if !v.Is(value.String) {
		o.failAt(name, "Expected value of type [STRING]")
	}
	return v.Str()
}

// enum reads a string field that has one of the values; "" for anything else.
func (o object) enum(name string, values ...string) string {
	s := o.text(name)
	if !o.has(name) || slices.Contains(values, s) {
		return s
	}
	if o.v.Member(name).Is(value.String) {
		o.failAt(name, "Value should be one of the following: ["+strings.Join(values, ", ")+"]")
	}
	return ""
}

// integer reads an integer field from least to most; otherwise is its default.
// Numbers beyond an int64 count as the nearest one.
func (o object) integer(name string, least, most, otherwise int64) int64 {
	v, ok := o.v.Get(name)
	if !ok {
		return otherwise
	}
	n, ok := wholeNumber(v)
	switch {
	case !ok:
		o.failAt(name, "Expected value of type Integer")
	case n < least:
		o.failAt(name, "Minimum value is "+strconv.FormatInt(least, 10))
	case n > most:
		o.failAt(name, "Maximum value is "+strconv.FormatInt(most, 10))
	default:
		return n
	}
	return otherwise
}

// wholeNumber reads an integer of any size, clamped to int64.
func wholeNumber(v value.Value) (int64, bool) {
	if n, ok := v.Int64(); ok {
		return n, true
	}
	if !v.IsInteger() {
		return 0, false
	}
	if strings.HasPrefix(v.NumberText(), "-") {
		return math.MinInt64, true
	}
	return math.MaxInt64, true
}

// decimal reads a number field from least to most.
func (o object) decimal(name string, least, most, otherwise float64) float64 {
	v, ok := o.v.Get(name)
	if !ok {
		return otherwise
	}
	f := v.Float64()
	switch {
	case !v.Is(value.Number):
		o.failAt(name, "Expected value of type Number")
	case f < least:
		o.failAt(name, "Minimum value is "+string(value.AppendDouble(nil, least)))
	case f > most:
		o.failAt(name, "Maximum value is "+string(value.AppendDouble(nil, most)))
	default:
		return f
	}
	return otherwise
}

// child reads a field that is an object.
func (o object) child(name string) (object, bool) {
	v, ok := o.v.Get(name)
	if !ok {
		return object{}, false
	}
	if !v.Is(value.Object) {
		o.failAt(name, "Expected value of type [OBJECT]")
		return object{}, false
	}
	return object{c: o.c, v: v, at: o.under(name)}, true
}

// objects reads a field that is an array of objects.
func (o object) objects(name string) []object {
	v, ok := o.v.Get(name)
	if !ok {
		return nil
	}
	if !v.Is(value.Array) {
		o.failAt(name, "Expected value of type [ARRAY]")
		return nil
	}
	all := make([]object, 0, v.Len())
	for i, x := range v.Items() {
		e := object{c: o.c, v: x, at: o.under(name) + "[" + strconv.Itoa(i) + "]"}
		if !x.Is(value.Object) {
			e.fail("Expected value of type [OBJECT]")
			continue
		}
		all = append(all, e)
	}
	return all
}

// strings reads a field that is an array of strings.
func (o object) strings(name string) []string {
	v, ok := o.v.Get(name)
	if !ok {
		return nil
	}
	if !v.Is(value.Array) {
		o.failAt(name, "Expected value of type [ARRAY]")
		return nil
	}
	all := make([]string, 0, v.Len())
	for i, x := range v.Items() {
		if !x.Is(value.String) {
			o.failAt(name+"["+strconv.Itoa(i)+"]", "Expected value of type [STRING]")
			continue
		}
		all = append(all, x.Str())
	}
	return all
}

// queryLanguage reads QueryLanguage. Any value but "JSONPath" means JSONata to
// the checks that follow, as at AWS. The second result is false when the field
// is absent.
func (o object) queryLanguage(inherited Language) (Language, bool) {
	v, ok := o.v.Get("QueryLanguage")
	if !ok {
		return inherited, false
	}
	o.enum("QueryLanguage", "JSONPath", "JSONata")
	if v.Str() == "JSONPath" {
		return JSONPath, true
	}
	return JSONata, true
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
