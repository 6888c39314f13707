package jsonata

import "pawl.dev/value"

// maxHeight bounds how deeply syntax may nest, so that neither the parser nor
// what walks its tree can exhaust the stack. Evaluation stops at a tenth of it.
const maxHeight = 1000

// bindingPowers of the operators that may stand between two expressions.
var bindingPowers = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20,
	"+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
	"=": 40, "<": 40, ">": 40, "^": 40, "!=": 40, "<=": 40, ">=": 40,
	"~>": 40, "in": 40, "and": 30, "or": 25, "&": 50, ":=": 10,
}

// parser is a top-down operator-precedence parser (V. Pratt, 1973). Its methods
// panic with an *Error, which Compile recovers.
type parser struct {
	lex    lexer
	tok    token
	depth  int
	height int // of the expressions parsed so far inside the current one

	slots []*slot // parents met, by index
}

func (p *parser) fail(code string, at int, tok value.Value) *Error {
	e := fail(code)
	e.at, e.token = at+1, tok
	return e
}

func (p *parser) is(op string) bool { return p.tok.kind == tokenOperator && p.tok.text == op }

// next moves to the next token; infix says that an operator is due there.
func (p *parser) next(infix bool) {
	p.tok = p.lex.next(infix)
	if p.tok.kind == tokenOperator && (p.tok.text == "!" || p.tok.text == "~") {
		panic(p.fail("S0204", p.tok.at, value.Text(p.tok.text)))
	}
}

// expect passes the operator op.
func (p *parser) expect(op string, infix bool) {
	if !p.is(op) {
		code := "S0202"
		if p.tok.kind == tokenEnd {
			code = "S0203"
		}
		e := p.fail(code, p.tok.at, p.tok.value())
		e.Value = value.Text(op)
		panic(e)
	}
	p.next(infix)
}

func (p *parser) power() int {
	if p.tok.kind != tokenOperator {
		return 0
	}
	return bindingPowers[p.tok.text]
}

// expression parses as far as operators bind tighter than power.
func (p *parser) expression(power int) *node {
	outer := p.height
	p.height = 0
	if p.depth++; p.depth > maxHeight {
		panic(overflow())
	}
	t := p.tok
	p.next(true)
	left := p.prefix(t)
	left.height = p.height + 1
	for power < p.power() {
		p.height = left.height
		t = p.tok
		p.next(false)
		left = p.infix(t, left)
		left.height = p.height + 1
		if left.height > maxHeight {
			panic(overflow())
		}
	}
	p.depth--
	p.height = max(outer, left.height)
	return left
}

// prefix parses what starts with t.
func (p *parser) prefix(t token) *node {
	n := &node{at: t.at, text: t.text}
	switch t.kind {
	case tokenEnd:
		n.kind, n.text = nodeEnd, "(end)"
	case tokenName:
		n.kind = nodeName
	case tokenVariable:
		n.kind = nodeVariable
	case tokenString:
		n.kind, n.val = nodeString, value.Text(t.text)
	case tokenNumber:
		n.kind, n.val = nodeNumber, t.val
	case tokenLiteral:
		n.kind, n.val = nodeLiteral, t.val
	case tokenRegex:
		n.kind, n.regex = nodeRegex, t.regex
	case tokenOperator:
		p.prefixOperator(t, n)
	}
	return n
}

func (p *parser) prefixOperator(t token, n *node) {
	switch t.text {
	case "and", "or", "in":
		n.kind = nodeOperator
	case "-":
		n.kind, n.lhs = nodeUnary, p.expression(70)
	case "*":
		n.kind = nodeWildcard
	case "**":
		n.kind = nodeDescendant
	case "%":
		n.kind = nodeParent
	case "(":
		p.block(n)
	case "[":
		p.array(n)
	case "{":
		n.kind, n.pairs = nodeUnary, p.pairs()
	case "|":
		p.transform(n)
	default:
		panic(p.fail("S0211", t.at, value.Text(t.text)))
	}
}

func (p *parser) block(n *node) {
	n.kind = nodeBlock
	for !p.is(")") {
		n.list = append(n.list, p.expression(0))
		if !p.is(";") {
			break
		}
		p.next(false)
	}
	p.expect(")", true)
}

func (p *parser) array(n *node) {
	n.kind, n.isArray = nodeUnary, true
	if !p.is("]") {
		for {
			item := p.expression(0)
			if p.is("..") {
				item = &node{kind: nodeBinary, text: "..", at: p.tok.at, lhs: item}
				p.next(false)
				item.rhs = p.expression(0)
			}
			n.list = append(n.list, item)
			if !p.is(",") {
				break
			}
			p.next(false)
		}
	}
	p.expect("]", true)
}

func (p *parser) pairs() [][2]*node {
	var pairs [][2]*node
	if !p.is("}") {
		for {
			key := p.expression(0)
			p.expect(":", false)
			pairs = append(pairs, [2]*node{key, p.expression(0)})
			if !p.is(",") {
				break
			}
			p.next(false)
		}
	}
	p.expect("}", true)
	return pairs
}

func (p *parser) transform(n *node) {
	n.kind = nodeTransform
	n.lhs = p.expression(0)
	p.expect("|", false)
	n.rhs = p.expression(0)
	if p.is(",") {
		p.next(false)
		n.other = p.expression(0)
	}
	p.expect("|", false)
}

// infix parses what follows left and the operator t.
func (p *parser) infix(t token, left *node) *node {
	n := &node{kind: nodeBinary, at: t.at, text: t.text, lhs: left}
	switch t.text {
	case "(":
		p.call(n, left)
	case "[":
		if p.is("]") {
			step := left
			for step.kind == nodeBinary && step.text == "[" {
				step = step.lhs
			}
			step.keepArray = true
			p.next(false)
			return left
		}
		n.rhs = p.expression(0)
		p.expect("]", true)
	case "{":
		n.pairs = p.pairs()
	case "^":
		p.orderBy(n)
	case ":=":
		if left.kind != nodeVariable {
			panic(p.fail("S0212", left.at, left.tokenValue()))
		}
		n.rhs = p.expression(bindingPowers[":="] - 1)
	case "@", "#":
		n.rhs = p.expression(bindingPowers[t.text])
		if n.rhs.kind != nodeVariable {
			panic(p.fail("S0214", n.rhs.at, value.Text(t.text)))
		}
	case "?":
		n.kind = nodeCondition
		n.rhs = p.expression(0)
		if p.is(":") {
			p.next(false)
			n.other = p.expression(0)
		}
	default:
		n.rhs = p.expression(bindingPowers[t.text])
	}
	return n
}

func (p *parser) orderBy(n *node) {
	p.expect("(", false)
	for {
		var term sortTerm
		if p.is("<") {
			p.next(false)
		} else if p.is(">") {
			term.descending = true
			p.next(false)
		}
		term.expression = p.expression(0)
		n.terms = append(n.terms, term)
		if !p.is(",") {
			break
		}
		p.next(false)
	}
	p.expect(")", false)
}

// call parses the arguments of a call, or a function definition.
func (p *parser) call(n, left *node) {
	n.kind, n.lhs, n.procedure = nodeFunction, nil, left
	if !p.is(")") {
		for {
			if p.is("?") {
				n.kind = nodePartial
				n.list = append(n.list, &node{kind: nodeOperator, text: "?", at: p.tok.at})
				p.next(false)
			} else {
				n.list = append(n.list, p.expression(0))
			}
			if !p.is(",") {
				break
			}
			p.next(false)
		}
	}
	p.expect(")", true)
	if left.kind == nodeName && (left.text == "function" || left.text == "λ") {
		p.lambda(n)
	}
}

func (p *parser) lambda(n *node) {
	for i, arg := range n.list {
		if arg.kind != nodeVariable {
			e := p.fail("S0208", arg.at, arg.tokenValue())
			e.Value = value.Int(int64(i + 1))
			panic(e)
		}
		n.params = append(n.params, arg.text)
	}
	n.kind, n.list, n.procedure = nodeLambda, nil, nil
	if p.is("<") {
		n.signature = p.lambdaSignature()
	}
	p.expect("{", false)
	n.body = p.expression(0)
	p.expect("}", false)
}

func (p *parser) lambdaSignature() *signature {
	at, text, depth := p.tok.at, "<", 1
	for depth > 0 && !p.is("{") && p.tok.kind != tokenEnd {
		p.next(false)
		switch {
		case p.is(">"):
			depth--
		case p.is("<"):
			depth++
		}
		if p.tok.kind == tokenNumber || p.tok.kind == tokenLiteral {
			text += jsonText(p.tok.val)
		}
		text += p.tok.text
	}
	p.expect(">", false)
	s, err := parseSignature(text)
	if err != nil {
		err.at += at
		panic(err)
	}
	return s
}

// tokenValue is the node's token as error messages show it.
func (n *node) tokenValue() value.Value {
	switch n.kind {
	case nodeNumber, nodeLiteral:
		return n.val
	case nodeRegex:
		return value.Text(n.regex.source)
	}
	return value.Text(n.text)
}
