package jsonata

import "pawl.dev/value"

// sortable is one item of an order-by with the context its terms see.
type sortable struct {
	item  value.Value
	at    value.Value
	scope *frame
	row   *tuple
}

// evalSortStep sorts the input of an order-by step.
func (st *state) evalSortStep(step *node, inputs list, env *frame) (list, *Error) {
	items := make([]sortable, inputs.n)
	for i, item := range inputs.items() {
		items[i] = sortable{item: item, at: item, scope: env}
	}
	if err := st.sortBy(step, items); err != nil {
		return list{}, err
	}
	sorted := make([]value.Value, len(items))
	for i := range items {
		sorted[i] = items[i].item
	}
	out := listFrom(sorted)
	if step.stages == nil {
		return out, nil
	}
	return st.evalFilters(step.stages, out.value(), env)
}

// sortTuples sorts rows. Without rows yet, the sorted input becomes rows, each
// with its position.
func (st *state) sortTuples(step *node, inputs list, stream *tuples, env *frame) (*tuples, *Error) {
	var items []sortable
	if stream != nil {
		for _, row := range stream.rows {
			items = append(items, sortable{at: row.at, scope: row.frame(env), row: row})
		}
	} else {
		for _, item := range inputs.items() {
			items = append(items, sortable{at: item, scope: env, row: &tuple{at: item}})
		}
	}
	if err := st.sortBy(step, items); err != nil {
		return nil, err
	}
	out := &tuples{rows: make([]*tuple, len(items))}
	for i := range items {
		out.rows[i] = items[i].row
		if stream == nil && step.index != "" {
			out.rows[i] = items[i].row.with(step.index, value.Int(int64(i)))
		}
	}
	return out, nil
}

func (st *state) sortBy(step *node, items []sortable) *Error {
	return mergeSort(st, items, func(a, b sortable) (bool, *Error) { return st.comesAfter(step, a, b) })
}

// comesAfter reports whether a belongs behind b. Items without a value for a
// term come last.
func (st *state) comesAfter(step *node, a, b sortable) (bool, *Error) {
	for _, term := range step.terms {
		x, err := st.eval(term.expression, a.at, a.scope)
		if err != nil {
			return false, err
		}
		y, err := st.eval(term.expression, b.at, b.scope)
		if err != nil {
			return false, err
		}
		if !x.Defined() || !y.Defined() {
			if !x.Defined() && !y.Defined() {
				continue
			}
			return !x.Defined(), nil
		}
		order, err := compareTerms(step, x, y)
		if err != nil {
			return false, err
		}
		if order != 0 {
			return (order > 0) != term.descending, nil
		}
	}
	return false, nil
}

func compareTerms(step *node, x, y value.Value) (int, *Error) {
	var e *Error
	switch sortsX := x.Is(value.String) || x.Is(value.Number); {
	case !sortsX:
		e = failValue("T2008", x)
	case !y.Is(value.String) && !y.Is(value.Number):
		e = failValue("T2008", y)
	case x.Kind() != y.Kind():
		e = failValue("T2007", x)
		e.value2 = y
	default:
		return compareScalars(x, y), nil
	}
	e.at = step.at + 1
	return 0, e
}

// mergeSort sorts stably, and asks in jsonata-js's order, which shows when the
// comparator fails or is inconsistent. after reports whether a belongs behind b.
func mergeSort[T any](st *state, items []T, after func(a, b T) (bool, *Error)) *Error {
	if err := st.chargeItems(len(items)); err != nil {
		return err
	}
	return mergeSortInto(st, items, make([]T, len(items)), after)
}

func mergeSortInto[T any](st *state, items, room []T, after func(a, b T) (bool, *Error)) *Error {
	if len(items) <= 1 {
		return nil
	}
	middle := len(items) / 2
	if err := mergeSortInto(st, items[:middle], room[:middle], after); err != nil {
		return err
	}
	if err := mergeSortInto(st, items[middle:], room[middle:], after); err != nil {
		return err
	}
	copy(room, items)
	left, right := room[:middle], room[middle:]
	for i := range items {
		if len(left) == 0 || len(right) == 0 {
			copy(items[i:], left)
			copy(items[i:], right)
			return nil
		}
		if err := st.work(1); err != nil {
			return err
		}
		swap, err := after(left[0], right[0])
		if err != nil {
			return err
		}
		if swap {
			items[i], right = right[0], right[1:]
		} else {
			items[i], left = left[0], left[1:]
		}
	}
	return nil
}
