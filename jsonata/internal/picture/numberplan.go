package picture

import "slices"

// numberParts are the parts of a sub-picture (XPath F&O 4.7.3).
type numberParts struct {
	whole                   []rune
	prefix, suffix          []rune
	active                  []rune
	mantissa                []rune
	integer, fraction       []rune
	exponent                []rune
	hasExponent             bool
	hasPercent, hasPerMille bool
	decimalAt               int // in whole, -1 if there is none
}

// parts cuts a sub-picture and checks it.
func (s *symbols) parts(sub []rune) (*numberParts, error) {
	from := slices.IndexFunc(sub, s.bounds)
	if from < 0 {
		return nil, fail("D3085", "")
	}
	to := len(sub)
	for !s.bounds(sub[to-1]) {
		to--
	}
	p := &numberParts{whole: sub, prefix: sub[:from], suffix: sub[to:], active: sub[from:to], mantissa: sub[from:to]}
	p.decimalAt = index(sub, s.decimal, 0)
	p.hasPercent = index(sub, s.percent, 0) >= 0
	p.hasPerMille = index(sub, s.perMille, 0) >= 0
	// The reference uses the position in the whole sub-picture as one in its
	// active part.
	if at := index(sub, s.exponent, from); at >= 0 && at <= to {
		p.hasExponent = true
		p.mantissa = p.active[:min(at, len(p.active))]
		p.exponent = p.active[min(at+1, len(p.active)):]
	}
	p.integer, p.fraction = p.mantissa, p.suffix
	if at := index(p.mantissa, s.decimal, 0); at >= 0 {
		p.integer, p.fraction = p.mantissa[:at], p.mantissa[min(at+1, len(p.mantissa)):]
	}
	if code := s.check(p); code != "" {
		return nil, fail(code, "")
	}
	return p, nil
}

// check returns the code of the last rule that the sub-picture breaks.
func (s *symbols) check(p *numberParts) string {
	code := ""
	rule := func(name string, broken bool) {
		if broken {
			code = name
		}
	}
	at := func(text []rune, i int, symbol []rune) bool { return i >= 0 && i < len(text) && is(text[i], symbol) }
	repeated := func(symbol []rune) bool { return index(p.whole, symbol, 0) != lastIndex(p.whole, symbol) }

	rule("D3081", repeated(s.decimal))
	rule("D3082", repeated(s.percent))
	rule("D3083", repeated(s.perMille))
	rule("D3084", p.hasPercent && p.hasPerMille)
	rule("D3085", s.digits(p.mantissa, true) == 0)
	rule("D3086", slices.ContainsFunc(p.active, func(c rune) bool { return !s.isActive(c) }))
	if p.decimalAt >= 0 {
		rule("D3087", at(p.whole, p.decimalAt-1, s.grouping) || at(p.whole, p.decimalAt+1, s.grouping))
	} else {
		rule("D3088", at(p.integer, len(p.integer)-1, s.grouping))
	}
	rule("D3089", index(p.whole, slices.Concat(s.grouping, s.grouping), 0) >= 0)
	if i := index(p.integer, s.digit, 0); i >= 0 {
		rule("D3090", s.digits(p.integer[:i], false) > 0)
	}
	if i := lastIndex(p.fraction, s.digit); i >= 0 {
		rule("D3091", s.digits(p.fraction[i:], false) > 0)
	}
	rule("D3092", len(p.exponent) > 0 && (p.hasPercent || p.hasPerMille))
	rule("D3093", p.hasExponent && (len(p.exponent) == 0 || s.digits(p.exponent, false) < len(p.exponent)))
	return code
}

// numberPlan says how to write a number (XPath F&O 4.7.4).
type numberPlan struct {
	prefix, suffix []rune
	scale          float64 // 1, 100 for percent, 1000 for per-mille
	hasPoint       bool    // the picture has a decimal separator
	minInteger     int
	scaling        int // integer digits of a mantissa
	minFraction    int
	maxFraction    int
	minExponent    int   // 0: no exponent
	integerGroups  []int // digits to the right of each grouping separator
	regularGroup   int   // their distance when they are regular, else 0
	fractionGroups []int // digits to the left of each
}

func (s *symbols) plan(p *numberParts) *numberPlan {
	plan := &numberPlan{
		prefix: p.prefix, suffix: p.suffix, scale: 1, hasPoint: p.decimalAt >= 0,
		minInteger:     s.digits(p.integer, false),
		minFraction:    s.digits(p.fraction, false),
		maxFraction:    s.digits(p.fraction, true),
		minExponent:    s.digits(p.exponent, false),
		integerGroups:  s.groups(p, p.integer, false),
		fractionGroups: s.groups(p, p.fraction, true),
	}
	plan.regularGroup = regularStep(plan.integerGroups)
	plan.scaling = plan.minInteger
	switch {
	case p.hasPercent:
		plan.scale = 100
	case p.hasPerMille:
		plan.scale = 1000
	}
	if plan.minInteger == 0 && plan.maxFraction == 0 {
		if p.hasExponent {
			plan.minFraction, plan.maxFraction = 1, 1
		} else {
			plan.minInteger = 1
		}
	}
	if p.hasExponent && plan.minInteger == 0 && index(p.integer, s.digit, 0) >= 0 {
		plan.minInteger = 1
	}
	if plan.minInteger == 0 && plan.minFraction == 0 {
		plan.minFraction = 1
	}
	return plan
}

// groups returns the grouping positions of a part. The reference looks for all
// but the first separator in the integer part, in either case.
func (s *symbols) groups(p *numberParts, part []rune, fraction bool) []int {
	var positions []int
	for at := index(part, s.grouping, 0); at >= 0; at = index(p.integer, s.grouping, at+1) {
		side := part[min(at, len(part)):]
		if fraction {
			side = part[:min(at, len(part))]
		}
		positions = append(positions, s.digits(side, true))
	}
	return positions
}
