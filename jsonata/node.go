package jsonata

import "pawl.dev/value"

// nodeKind is the type of a syntax node. The kinds are those of jsonata-js,
// since AWS's depth guard counts their nesting.
type nodeKind uint8

const (
	nodeEnd nodeKind = iota
	nodePath
	nodeBinary
	nodeUnary
	nodeName
	nodeString
	nodeNumber
	nodeLiteral // true, false, null
	nodeWildcard
	nodeDescendant
	nodeParent
	nodeCondition
	nodeBlock
	nodeBind
	nodeRegex
	nodeFunction
	nodeVariable
	nodeLambda
	nodePartial
	nodeApply
	nodeTransform
	nodeSort
	nodeOperator // and, or, in as a name; ? as an open argument
)

// kindNames are jsonata-js's names of the kinds, which S0217 prints.
var kindNames = [...]string{
	nodeEnd: "(end)", nodePath: "path", nodeBinary: "binary", nodeUnary: "unary", nodeName: "name",
	nodeString: "string", nodeNumber: "number", nodeLiteral: "value", nodeWildcard: "wildcard",
	nodeDescendant: "descendant", nodeParent: "parent", nodeCondition: "condition", nodeBlock: "block",
	nodeBind: "bind", nodeRegex: "regex", nodeFunction: "function", nodeVariable: "variable",
	nodeLambda: "lambda", nodePartial: "partial", nodeApply: "apply", nodeTransform: "transform",
	nodeSort: "sort", nodeOperator: "operator",
}

// operator is a binary operator that reaches the evaluator.
type operator uint8

const (
	opNone operator = iota
	opAdd
	opSubtract
	opMultiply
	opDivide
	opModulo
	opEqual
	opUnequal
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opConcat
	opRange
	opIn
	opAnd
	opOr
)

var operatorCodes = map[string]operator{
	"+": opAdd, "-": opSubtract, "*": opMultiply, "/": opDivide, "%": opModulo,
	"=": opEqual, "!=": opUnequal, "<": opLess, "<=": opLessEqual, ">": opGreater, ">=": opGreaterEqual,
	"&": opConcat, "..": opRange, "in": opIn, "and": opAnd, "or": opOr,
}

// node is one syntax node, both as parsed and as processed; which fields it uses
// depends on its kind.
type node struct {
	kind nodeKind
	code operator    // nodeBinary, processed
	at   int         // byte offset in the source
	text string      // operator; name of a name or variable; text of a string
	val  value.Value // literals

	lhs, rhs, other *node       // operands; condition, then, else; pattern, update, delete
	list            []*node     // steps, arguments or expressions
	pairs           [][2]*node  // object constructor or grouping, as parsed
	terms           []sortTerm  // order-by
	procedure, body *node       // call; lambda
	signature       *signature  // lambda
	params          []string    // lambda
	regex           *regex      // nodeRegex
	builtin         value.Value // nodeVariable: the built-in function of that name
	slot            *slot       // nodeParent

	predicates []*node // filters of a node that is no path step
	stages     []stage // filters and index bindings of a path step
	group      *group
	object     *group // object constructor

	focus, index string // @$focus, #$index
	ancestor     *slot
	seeking      []*slot // parents looked for further up

	tuple         bool // carries bindings along
	keepArray     bool // []
	keepSingleton bool // path: a singleton stays an array
	consArray     bool // array constructor that is not flattened
	thunk         bool // tail call
	ownFrame      bool // block that binds variables
	plain         bool // path of names only, perhaps from a variable
	constant      bool // literal and nothing else
	isArray       bool // array constructor: nested, not flattened, in another one
	height        int
}

type stage struct {
	filter *node
	index  string // binding of #$index when filter is nil
}

type sortTerm struct {
	descending bool
	expression *node
}

// group is an object constructor or a grouping.
type group struct {
	pairs [][2]*node
	at    int
	keys  []string // when all keys are literals, and distinct
}

// slot is where the object of a parent operator is kept: a label in the frames
// of the steps below it.
type slot struct {
	label string
	level int
	index int
}
