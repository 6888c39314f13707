package jsonpath

import "pawl.dev/value"

// AppendJava appends v as Java's toString prints maps, lists and scalars:
// {a=1, b=[x, null]}. Jayway's messages and States.Format show values so.
func AppendJava(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.String:
		return append(dst, v.Str()...)
	case value.Array:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendJava(dst, item)
		}
		return append(dst, ']')
	case value.Object:
		dst = append(dst, '{')
		for i, key := range v.Keys() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(append(dst, key...), '=')
			dst = AppendJava(dst, v.At(i))
		}
		return append(dst, '}')
	default:
		return v.AppendJSON(dst)
	}
}

// javaClass names the Java class that Jackson gives v, as Jayway's messages do.
func javaClass(v value.Value) string {
	switch v.Kind() {
	case value.Bool:
		return "java.lang.Boolean"
	case value.String:
		return "java.lang.String"
	case value.Array:
		return "java.util.ArrayList"
	case value.Object:
		return "java.util.LinkedHashMap"
	case value.Number:
		if !v.IsInteger() {
			return "java.lang.Double"
		}
		switch n, ok := v.Int64(); {
		case !ok:
			return "java.math.BigInteger"
		case n == int64(int32(n)):
			return "java.lang.Integer"
		default:
			return "java.lang.Long"
		}
	default:
		return "null"
	}
}
