package jsonata

import "pawl.dev/value"

// library lists the functions with their signatures and the number of
// parameters that jsonata-js declares, which decides what $map and its like pass
// to them. Signatures of AWS's own functions are inferred from its answers.
// $eval is not there: AWS takes it away.
var library = []struct {
	name, signature string
	arity           int
	call            func(st *state, args []value.Value) (value.Value, *Error)
}{
	{"sum", "<a<n>:n>", 1, callSum},
	{"count", "<a:n>", 1, callCount},
	{"max", "<a<n>:n>", 1, callMax},
	{"min", "<a<n>:n>", 1, callMin},
	{"average", "<a<n>:n>", 1, callAverage},

	{"string", "<x-b?:s>", 1, callString},
	{"substring", "<s-nn?:s>", 3, callSubstring},
	{"substringBefore", "<s-s:s>", 2, callSubstringBefore},
	{"substringAfter", "<s-s:s>", 2, callSubstringAfter},
	{"lowercase", "<s-:s>", 1, callLowercase},
	{"uppercase", "<s-:s>", 1, callUppercase},
	{"length", "<s-:n>", 1, callLength},
	{"trim", "<s-:s>", 1, callTrim},
	{"pad", "<s-ns?:s>", 3, callPad},
	{"match", "<s-f<s:o>n?:a<o>>", 3, callMatch},
	{"contains", "<s-(sf):b>", 2, callContains},
	{"replace", "<s-(sf)(sf)n?:s>", 4, callReplace},
	{"split", "<s-(sf)n?:a<s>>", 3, callSplit},
	{"join", "<a<s>s?:s>", 2, callJoin},
	{"base64encode", "<s-:s>", 1, callBase64Encode},
	{"base64decode", "<s-:s>", 1, callBase64Decode},
	{"encodeUrlComponent", "<s-:s>", 1, callEncodeURLComponent},
	{"encodeUrl", "<s-:s>", 1, callEncodeURL},
	{"decodeUrlComponent", "<s-:s>", 1, callDecodeURLComponent},
	{"decodeUrl", "<s-:s>", 1, callDecodeURL},

	{"formatNumber", "<n-so?:s>", 3, callFormatNumber},
	{"formatBase", "<n-n?:s>", 2, callFormatBase},
	{"formatInteger", "<n-s:s>", 2, callFormatInteger},
	{"parseInteger", "<s-s:n>", 2, callParseInteger},
	{"number", "<(nsb)-:n>", 1, callNumber},
	{"floor", "<n-:n>", 1, callFloor},
	{"ceil", "<n-:n>", 1, callCeil},
	{"round", "<n-n?:n>", 2, callRound},
	{"abs", "<n-:n>", 1, callAbs},
	{"sqrt", "<n-:n>", 1, callSqrt},
	{"power", "<n-n:n>", 2, callPower},

	{"boolean", "<x-:b>", 1, callBoolean},
	{"not", "<x-:b>", 1, callNot},
	{"exists", "<x:b>", 1, callExists},
	{"type", "<x:s>", 1, callType},
	{"error", "<s?:x>", 1, callError},
	{"assert", "<bs?:x>", 2, callAssert},

	{"map", "<af>", 2, callMap},
	{"zip", "<a+>", 0, callZip},
	{"filter", "<af>", 2, callFilter},
	{"single", "<af?>", 2, callSingle},
	{"reduce", "<afj?:j>", 3, callReduce},
	{"sift", "<o-f?:o>", 2, callSift},
	{"each", "<o-f:a>", 2, callEach},
	{"sort", "<af?:a>", 2, callSort},

	{"keys", "<x-:a<s>>", 1, callKeys},
	{"lookup", "<x-s:x>", 2, callLookup},
	{"spread", "<x-:a<o>>", 1, callSpread},
	{"merge", "<a<o>:o>", 1, callMerge},
	{"clone", "<(oa)-:o>", 1, callClone},

	{"append", "<xx:a>", 2, callAppend},
	{"reverse", "<a:a>", 1, callReverse},
	{"shuffle", "<a:a>", 1, callShuffle},
	{"distinct", "<x:x>", 1, callDistinct},

	{"now", "<s?s?:s>", 2, callNow},
	{"millis", "<:n>", 0, callMillis},
	{"toMillis", "<s-s?:n>", 2, callToMillis},
	{"fromMillis", "<n-s?s?:s>", 3, callFromMillis},

	{"partition", "<a<x>n?:a>", 2, callPartition},
	{"range", "<nnn?:a>", 3, callRange},
	{"hash", "<s-s?:s>", 2, callHash},
	{"random", "<n?:n>", 1, callRandom},
	{"uuid", "<:s>", 0, callUUID},
	{"parse", "<s?:x>", 1, callParse},
}

// builtins are the functions by name.
var builtins map[string]value.Value

// init, not an initializer: the functions reach the evaluator, which reads the
// table.
func init() {
	builtins = make(map[string]value.Value, len(library))
	for _, f := range library {
		builtins[f.name] = value.NewExtension(&builtin{f.name, mustSignature(f.signature), f.arity, f.call})
	}
}
